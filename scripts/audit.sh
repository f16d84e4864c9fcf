# Asks whether anything installed has a known vulnerability: sh scripts/audit.sh PYTHON FOLDER
# Fails only when one was found. Where pip-audit or its data cannot be had, as without a network, one sentence says so.
python=$1
folder=$2
seconds=${AUDIT_SECONDS:-8}
unknown() {
  echo "audit: $1; nothing is known about the packages' vulnerabilities."
  exit 0
}

# A folder, no environment: making one takes longer than the audit.
[ -d "$folder/pip_audit" ] ||
  timeout "$seconds" "$python" -m pip install --quiet --disable-pip-version-check --retries 0 --timeout 4 --target "$folder" pip-audit==2.10.1 >/dev/null 2>&1 ||
  unknown "pip-audit cannot be installed here"

list=$(mktemp) said=$(mktemp)
trap 'rm -f "$list" "$said"' EXIT
"$python" -m pip --disable-pip-version-check freeze --exclude-editable >"$list" 2>/dev/null || unknown "the packages cannot be listed"
PYTHONPATH=$folder timeout "$seconds" "$python" -m pip_audit --requirement "$list" --no-deps --disable-pip --progress-spinner off --timeout 3 --desc off >"$said" 2>&1
result=$?
all=$(grep -c == "$list")
missed=$(grep -c "could not be audited" "$said")
if grep -q "^Found [1-9]" "$said"; then
  cat "$said"
  exit 1
fi
[ "$result" = 124 ] && unknown "the advisories did not come within $seconds s"
[ "$result" = 0 ] || unknown "the advisories cannot be reached"
[ "$missed" -lt "$all" ] || unknown "the index used here has no advisories"
echo "audit: no known vulnerability in $((all - missed)) packages ($missed are not in the index)."

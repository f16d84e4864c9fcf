#!/bin/sh
# Print the path of a Chromium for the browser tests, installing one where none is there. Usage: browser.sh PYTHON
set -u
find_one() {
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
    command -v "$name" && return 0
  done
  return 1
}
[ -n "${PLAYGROUND_BROWSER:-}" ] && { echo "$PLAYGROUND_BROWSER"; exit 0; }
find_one && exit 0
if command -v apt-get >/dev/null; then
  root=""
  [ "$(id -u)" = 0 ] || root="sudo -n"
  { $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends chromium; } >&2
  find_one && exit 0
fi
"$1" -m playwright install chromium >&2
path=$("$1" -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)' 2>/dev/null)
[ -n "$path" ] && [ -x "$path" ] && { echo "$path"; exit 0; }
echo "No browser for the tests: install Chromium or Google Chrome, or name one in PLAYGROUND_BROWSER." >&2
exit 1

"""All benchmarks, one after another, and one table of what they found.

    python -m benchmarks [--peers PYTHON] [--only engine,many] [--out benchmarks/RESULTS.md] [--quick]

``--peers``: the interpreter that has PyTorch and Keras, else this one. A benchmark that fails, or takes too long, says
so in its row."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.rows import FILE, recorded

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("jax", "optax", "numpy", "streamlit", "scikit-learn", "torch", "keras")


@dataclass(frozen=True)
class Benchmark:
    """A module and its arguments; ``peers`` tells whether it needs others' engines, ``minutes`` how long it may
    take."""

    name: str
    arguments: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()
    peers: bool = False
    minutes: float = 15.0


BENCHMARKS = (
    Benchmark("engine", quick=("--rounds", "2"), peers=True),
    Benchmark("many", quick=("--rounds", "1", "--networks", "256", "--steps", "500"), peers=True),
    Benchmark("landscape"),
    Benchmark("understand", quick=("--rounds", "2")),
    Benchmark("depth", quick=("--rounds", "1")),
    Benchmark("stage", quick=("--minutes", "0.3")),
    Benchmark("first_visit", quick=("--visits", "1")),
    Benchmark("classroom", quick=("--quick",), minutes=60.0),
)


def run(one: Benchmark, python: str, quick: bool) -> list[tuple[str, str, str]]:
    """The rows that a benchmark found; what it prints is shown as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows"
        command = [python, "-m", f"benchmarks.{one.name}", *(one.quick if quick else one.arguments)]
        try:
            status = subprocess.run(
                command, cwd=ROOT, env=os.environ | {FILE: str(file)}, timeout=one.minutes * 60, check=False
            ).returncode
            failure = f"failed with exit code {status}" if status else ""
        except subprocess.TimeoutExpired:
            failure = f"took more than {one.minutes:g} minutes"
        rows = recorded(file)
    return [*rows, ("**did not end well**", failure, "")] if failure else rows


def versions(python: str) -> str:
    """The packages as ``python`` has them."""
    if python == sys.executable:
        found = []
        for name in PACKAGES:
            try:
                found.append(f"{name} {version(name)}")
            except PackageNotFoundError:
                found.append(f"{name} not installed")
        return ", ".join(found)
    asked = "from benchmarks.__main__ import versions; import sys; print(versions(sys.executable))"
    answer = subprocess.run([python, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def processor() -> str:
    """The processor's name and number of cores."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def table(found: dict[str, list[tuple[str, str, str]]], machine: str, packages: str) -> str:
    """The Markdown page of all rows."""
    lines = [
        "# Measured",
        "",
        f"{time.strftime('%Y-%m-%d')}, {machine}, {platform.system()}, Python {platform.python_version()}; {packages}.",
        "Medians, and from the least to the most where nothing else is said. Made by `make bench`.",
        "",
        "| benchmark | what | median | spread |",
        "|---|---|---|---|",
    ]
    for name, rows in found.items():
        cells = rows or [("nothing was recorded", "", "")]
        lines += ["| " + " | ".join(one.replace("|", "/") for one in (name, *row)) + " |" for row in cells]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run what the arguments ask for; exit code 1 when a benchmark failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default=sys.executable, help="the interpreter for comparisons with other engines")
    parser.add_argument("--only", default="", help="benchmarks by name: " + ", ".join(one.name for one in BENCHMARKS))
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="a few minutes: does it work")
    arguments = parser.parse_args()
    only = [one for one in arguments.only.split(",") if one]
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in BENCHMARKS:
        if not only or one.name in only:
            print(f"\n## {one.name}\n", flush=True)
            found[one.name] = run(one, arguments.peers if one.peers else sys.executable, arguments.quick)
            # Written after each: what was measured stays when a later one is interrupted.
            arguments.out.write_text(table(found, processor(), versions(arguments.peers)), encoding="utf-8")
    print(f"\n{arguments.out}")
    sys.exit(any(row[0].startswith("**") for rows in found.values() for row in rows))


if __name__ == "__main__":
    main()

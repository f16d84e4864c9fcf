"""Reading one's own file: memory and time of the largest allowed file of each bad shape, and others' readers beside
ours.

    python -m benchmarks.reading

Memory is what the process's height of resident memory rises by while the file is read and made a table, in a process of
its own. CleverCSV (delimiters) and charset-normalizer (encodings) are asked where they are installed, on the files of
``tests/datasets/tabular/foreign_files.py``.
"""

from __future__ import annotations

import importlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.rows import record
from playground.datasets import read_table
from playground.datasets.tabular.detection import MAX_BYTES
from playground.datasets.tabular.encoding import decode_bytes
from playground.datasets.tabular.layout import MAX_COLUMNS, MAX_ROWS
from playground.errors import PlaygroundError

RANDOM = random.Random(0)


def rows_of(cell: Callable[[], str], columns: int, rows: int = MAX_ROWS, delimiter: str = ",") -> str:
    """A header and rows of random cells, as many as 5 MB hold."""
    lines = [delimiter.join(f"c{i}" for i in range(columns))]
    size = len(lines[0])
    for _ in range(rows):
        line = delimiter.join(cell() for _ in range(columns))
        size += len(line.encode()) + 1
        if size > MAX_BYTES:
            break
        lines.append(line)
    return "\n".join(lines)


SHAPES: dict[str, Callable[[], str]] = {
    "numbers, 20 columns": lambda: rows_of(lambda: f"{RANDOM.uniform(0, 1000):.8g}", 20),
    "digits, 65 columns": lambda: rows_of(lambda: str(RANDOM.randrange(10)), MAX_COLUMNS + 1),
    "4 letters, all different, 50 columns": lambda: rows_of(lambda: f"{RANDOM.getrandbits(24):04x}"[:4], 50),
    "one text of 130,000 letters": lambda: (
        rows_of(lambda: "a", 2, 399).replace("a\n", "b\n", 9) + "\na," + "z" * 130_000
    ),
    "40 texts of 130,000 letters": lambda: "a,y\n" + "".join(f"{i},{'z' * 130_000}\n" for i in range(40)),
    "texts of four-byte signs": lambda: "a,y\n" + "".join(f"{'💥' * 60},{i % 2}\n" for i in range(19_000)),
    "letters and one four-byte sign": lambda: (
        rows_of(lambda: f"{RANDOM.getrandbits(64):x}", 15) + "\n" + "💥" + "," * 14
    ),
    "one row of commas": lambda: "," * (MAX_BYTES - 1),
    "a million blank rows": lambda: "a,b\n1,2\n" + "\n" * 1_000_000 + "3,4\n",
    "decimal commas, thousands": lambda: rows_of(
        lambda: f"{RANDOM.uniform(1000, 90000):,.2f}".translate(str.maketrans(",.", ".,")), 20, delimiter=";"
    ),
}


def peak_bytes() -> int:
    """The height of resident memory since it was last reset (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def measure_file(path: Path) -> None:
    """Print how often its size of memory a file took, and the seconds."""
    content = path.read_bytes()
    with suppress(PlaygroundError):
        read_table("a,b\n1,2\n2,3\n").table()
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_bytes()
    start = time.process_time()
    with suppress(PlaygroundError):
        read_table(content).table()
    seconds = time.process_time() - start
    print(f"{1 + (peak_bytes() - before) / len(content):.1f} {seconds:.2f}")


def memory() -> None:
    """Each shape, written to a file, in a process of its own: what it takes includes the file's own bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.csv"
        for name, make in SHAPES.items():
            path.write_bytes(make().encode())
            size = path.stat().st_size / 2**20
            command = [sys.executable, "-m", "benchmarks.reading", str(path)]
            times, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            print(f"{name:40} {size:6.2f} MB   {times:>5} x its size   {seconds} s")
            record(f"reading {name}", f"{times} x {size:.1f} MB", f"{seconds} s")


def library(name: str) -> Any | None:
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def others() -> None:
    """How many of the foreign files have their delimiter and encoding found, by us and by others."""
    from tests.datasets.tabular.foreign_files import FILES

    clever, charset = library("clevercsv"), library("charset_normalizer")
    ours = theirs = ours_encoding = theirs_encoding = 0
    legacy = [file for file in FILES if not file.encoding.startswith("utf")]
    for file in FILES:
        text = file.content.decode(file.encoding)
        ours += read_table(file.content).delimiter == file.delimiter
        if clever is not None:
            with suppress(Exception):
                theirs += clever.Sniffer().sniff(text).delimiter == file.delimiter
    for file in legacy:
        text = file.content.decode(file.encoding)
        ours_encoding += decode_bytes(file.content).text == text
        if charset is not None:
            best = charset.from_bytes(file.content).best()
            theirs_encoding += best is not None and file.content.decode(best.encoding, "replace") == text
    print(f"delimiters of {len(FILES)} files: ours {ours}, CleverCSV {theirs if clever else 'not at hand'}")
    print(
        f"encodings of {len(legacy)} old ones: ours {ours_encoding}, charset-normalizer "
        f"{theirs_encoding if charset else 'not at hand'}"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_file(Path(sys.argv[1]))
    else:
        memory()
        others()

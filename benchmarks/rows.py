"""Figures of a benchmark as rows: those of all benchmarks make the one table of ``make bench``."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median

FILE = "BENCHMARK_ROWS"
"""The environment variable that names the file to which rows are added, a JSON list a line."""


def figures(values: Sequence[float], unit: str = "", digits: int = 1) -> tuple[str, str]:
    """Median and spread (least to most) as texts."""
    ends = f"{min(values):,.{digits}f} to {max(values):,.{digits}f}" if len(values) > 1 else ""
    return f"{median(values):,.{digits}f} {unit}".strip(), ends


def record(what: str, middle: str, ends: str = "") -> None:
    """Add a row to the table that is being made, if one is."""
    name = os.environ.get(FILE)
    if name:
        with open(name, "a", encoding="utf-8") as file:
            file.write(json.dumps([what, middle, ends]) + "\n")


def recorded(file: Path) -> list[tuple[str, str, str]]:
    """The rows in a file."""
    if not file.exists():
        return []
    return [tuple(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]

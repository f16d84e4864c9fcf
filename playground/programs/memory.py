"""Memory that is left to this machine or its container, and how freed memory is returned."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path

import jax

CGROUPS = (
    ("memory.max", "memory.current", "memory.stat", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"),
)
"""Of Linux's control groups, second version and first: files of the limit, of the use, and of a table in which a row
counts cached files, which make room by themselves."""


def available_bytes(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """What can still be taken before something is killed, in bytes; None where the system does not tell (as on macOS
    and Windows)."""
    amounts = [_of_machine(proc), *(_of_group(groups, *names) for names in CGROUPS)]
    known = [amount for amount in amounts if amount is not None]
    return min(known) if known else None


def _of_machine(proc: Path) -> int | None:
    kilobytes = _row(proc / "meminfo", "MemAvailable:")
    return None if kilobytes is None else kilobytes * 1024


def _of_group(groups: Path, limit: str, use: str, table: str, cached: str) -> int | None:
    most, taken = _number(groups / limit), _number(groups / use)
    if most is None or taken is None:
        return None
    return max(0, most - taken + (_row(groups / table, cached) or 0))


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):  # not there, or "max": no limit
        return None


def _row(file: Path, name: str) -> int | None:
    """The number after ``name`` in a table of a name and a number a line."""
    try:
        rows = (line.split() for line in file.read_text().splitlines())
        return next((int(row[1]) for row in rows if len(row) > 1 and row[0] == name), None)
    except (OSError, ValueError):
        return None


def return_memory() -> None:
    """Drop what JAX itself caches, collect, and hand freed pages back to the system (glibc only; elsewhere without
    that)."""
    jax.clear_caches()
    gc.collect()
    trim()


def trim() -> None:
    """Hand freed pages back to the system: compiling leaves many behind."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        pass

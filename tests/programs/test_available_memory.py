"""What is left of memory, read from files as Linux writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.programs.memory import available_bytes

MACHINE = "MemTotal:       24675328 kB\nMemFree:         1000000 kB\nMemAvailable:     300 kB\n"
GROUPS = {
    "second version": {
        "memory.max": "200000",
        "memory.current": "150000",
        "memory.stat": "anon 5\ninactive_file 20000\n",
    },
    "first version": {
        "memory/memory.limit_in_bytes": "200000",
        "memory/memory.usage_in_bytes": "150000",
        "memory/memory.stat": "cache 1\ntotal_inactive_file 20000\n",
    },
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("version", GROUPS)
def test_a_containers_limit_counts_and_cached_files_make_room(tmp_path: Path, version: str) -> None:
    proc, groups = written(tmp_path / "proc", {"meminfo": MACHINE}), written(tmp_path / "groups", GROUPS[version])
    assert available_bytes(proc, groups) == 70_000
    assert available_bytes(proc, tmp_path / "none") == 300 * 1024


def test_no_limit_is_the_machines(tmp_path: Path) -> None:
    proc = written(tmp_path / "proc", {"meminfo": MACHINE})
    groups = written(tmp_path / "groups", GROUPS["second version"] | {"memory.max": "max\n"})
    assert available_bytes(proc, groups) == 300 * 1024


def test_what_is_more_than_the_limit_leaves_nothing(tmp_path: Path) -> None:
    groups = written(tmp_path, GROUPS["second version"] | {"memory.current": "900000"})
    assert available_bytes(tmp_path / "none", groups) == 0


def test_other_systems_do_not_tell(tmp_path: Path) -> None:
    assert available_bytes(tmp_path, tmp_path) is None

"""Rows of a benchmark, and the table that is made of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import Benchmark, run, table
from benchmarks.rows import FILE, figures, record, recorded


def test_figures_are_median_and_ends() -> None:
    assert figures([3, 1, 2000], "ms", 0) == ("3 ms", "1 to 2,000")
    assert figures([1.25], digits=2) == ("1.25", "")


def test_rows_are_kept_only_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE, raising=False)
    record("a", "1")
    file = tmp_path / "rows"
    assert recorded(file) == []
    monkeypatch.setenv(FILE, str(file))
    record("a", "1")
    record("b|c", "2", "1 to 3")
    assert recorded(file) == [("a", "1", ""), ("b|c", "2", "1 to 3")]


def test_the_table_has_a_row_for_each_and_says_what_is_missing() -> None:
    page = table({"engine": [("a|b", "1 us", "1 to 2")], "stage": []}, "a machine", "jax 1")
    assert page.splitlines()[-2:] == ["| engine | a/b | 1 us | 1 to 2 |", "| stage | nothing was recorded |  |  |"]


def test_a_benchmark_that_fails_says_so() -> None:
    rows = run(Benchmark("there_is_none"), sys.executable, False)
    assert rows[-1][1] == "failed with exit code 1"

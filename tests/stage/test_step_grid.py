"""What a matrix of a step leaves out, and that a press opens it: ``static/analysis/step/grid.js``, in Node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stage.scripts import run_module

STATIC = Path(__file__).resolve().parents[2] / "static"
GRID, WORDS = STATIC / "analysis/step/grid.js", STATIC / "lib/i18n.js"


def remainder(side: tuple[int, int], left: tuple[int, int], *, opened: bool, table: bool = False) -> Any:
    """What is said under a matrix of ``side`` rows and columns that leaves out ``left``."""
    grid = {"name": "W", "values": [[0] * side[1]] * side[0], "rows": left[0], "columns": left[1]}
    extent = {"brief": 6, "opened": opened}
    heads = ', heads: ["a"]' if table else ""
    return run_module(f"""
    import {{ remainder }} from "{GRID.as_uri()}";
    import {{ Words }} from "{WORDS.as_uri()}";
    console.log(JSON.stringify(remainder({{ ...{json.dumps(grid)}{heads} }}, {json.dumps(extent)}, new Words())));
    """)


@pytest.mark.parametrize(
    ("left", "words"), [((1, 0), "+1 row"), ((2, 44), "+2 rows, +44 columns"), ((0, 1), "+1 column")]
)
def test_whatever_is_left_out_can_be_opened(left: tuple[int, int], words: str) -> None:
    found = remainder((6, 6), left, opened=False)
    assert (found["words"], found["all"]) == (words, True)


def test_what_is_whole_says_nothing_and_what_is_open_closes() -> None:
    assert remainder((6, 6), (0, 0), opened=False) is None
    assert remainder((6, 6), (0, 0), opened=True) is None
    assert remainder((9, 6), (0, 0), opened=True)["all"] is False
    bounded = remainder((64, 64), (0, 36), opened=True)
    assert bounded["words"].startswith("the first 64 × 64")
    assert bounded["all"] is False

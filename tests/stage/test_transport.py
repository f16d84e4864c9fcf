"""The time line has the colour of the branch that is shown, and a mark in another's where that one left it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playground import Experiment
from playground.live import Run
from playground.live.protocol.request import FrameRequest
from tests.stage.scripts import run_module

TRANSPORT = Path(__file__).resolve().parents[2] / "static/live/transport.js"
BRANCHES = [
    {"name": "1", "letter": "A", "shown": False, "fork": 20},
    {"name": "2", "letter": "B", "shown": True},
    {"name": "3", "letter": "C", "shown": False, "fork": 20},
]


def line_with(branches: list[dict[str, Any]], reach: int) -> dict[str, str]:
    """Colour and marks of a time line of ``reach`` frames with ``branches``."""
    return run_module(
        f"""
    const {{ Transport }} = await import("{TRANSPORT.as_uri()}");
    const style = {{
      setProperty(name, value) {{ this[name] = value; }},
      removeProperty(name) {{ delete this[name]; }},
    }};
    const state = {{ scrub: {{ style, dataset: {{}} }}, reach: {reach} }};
    const line = Object.assign(Object.create(Transport.prototype), state);
    line.showBranches({json.dumps(BRANCHES)});
    line.showBranches({json.dumps(branches)});
    console.log(JSON.stringify({{ colour: style["--accent"] ?? "", marks: style.background }}));
    """
    )


def test_it_has_the_colour_of_the_branch_that_is_shown_and_the_others_marks() -> None:
    line = line_with(BRANCHES, 80)
    assert line["colour"] == "var(--branch-B)"
    first, second = line["marks"].split(",linear")
    assert "--branch-A" in first
    assert "--branch-C" in second
    assert ["0.2500" in mark for mark in (first, second)] == [True, True]
    assert first.split("calc")[1] != second.split("calc")[1]  # one beside the other


def test_without_branches_it_is_as_it_was() -> None:
    assert line_with([{"name": "1", "letter": "A", "shown": True}], 80) == {"colour": "", "marks": ""}


def test_branches_share_the_frames_before_they_part() -> None:
    trunk = Run("trunk", Experiment.of(hidden=[2], samples=50))
    trunk.compile()
    trunk.answer(FrameRequest(run="trunk", epoch=0, start=1, pace=1, head=0, frames=12))
    last = trunk.last
    assert last >= 8
    early, late = trunk.branch("early", 3), trunk.branch("late", 6)
    nested = late.branch("nested", 5)
    newest = trunk.branch("newest", last)
    shared = {
        (trunk, early): 3,
        (trunk, late): 6,
        (early, late): 3,
        (late, nested): 5,
        (trunk, nested): 5,
        (trunk, newest): last,
    }
    for (one, other), index in shared.items():
        assert one.past.last_shared(other.past) == other.past.last_shared(one.past) == index
    trunk.past.rewind(4)
    assert trunk.past.last_shared(late.past) == 4
    assert trunk.past.last_shared(early.past) == 3

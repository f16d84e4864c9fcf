"""A clock that jumps, as when a laptop wakes or a server's time is set: nothing here looks at it, but for the day of a
certificate."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest

from playground import Experiment
from playground.live import FrameRequest, Run
from playground.web.components import decode, encode

ROOT = Path(__file__).parents[2]
WALL = re.compile(
    r"\btime\.(time|time_ns|localtime|gmtime)\(|\bdatetime\.(now|today|utcnow)\(|\bDate\.now\(|\bnew Date\(\)"
)
DATED = "completion.py"
"""A certificate says its day."""


@pytest.mark.parametrize("folder", ["playground", "pages", "static"])
def test_durations_are_never_told_by_the_wall_clock(folder: str) -> None:
    found = [
        path.name
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".js") and path.name != DATED and WALL.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_a_run_trains_on_when_the_clock_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run("r", Experiment.of(hidden=[2], samples=50))
    run.compile()
    run.answer(FrameRequest("r", 0, 0, 1, 0, 64, mount=True))
    steps = [0.0]
    for jump in (0.0, -1e9, 1e9, 86_400.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: jump)
        header, blocks = decode(encode(run.answer(FrameRequest("r", 0, run.last + 1, 1, 0, 4)), {}))
        assert header["n"] > 0
        steps += list(blocks["scalars"][:, 0])
    assert (np.diff(steps) == 1).all()

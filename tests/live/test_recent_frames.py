"""The latest frames are those that were made, and a look for trouble uses them."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment
from playground.live import Run
from playground.live.protocol.request import FrameRequest


@pytest.fixture
def run() -> Run:
    made = Run("r", Experiment.of(hidden=[2], samples=50))
    made.compile()
    made.answer(FrameRequest(run="r", epoch=0, start=1, pace=5, head=0, frames=4))
    return made


def test_a_kept_frame_is_the_one_made_again(run: Run) -> None:
    assert run.last > 0
    for index in range(run.last + 1):
        kept, again = run.past.recent.at(index), run.frame(index)
        assert kept is not None
        np.testing.assert_array_equal(kept.floats, again.floats)
        np.testing.assert_array_equal(kept.bytes, again.bytes)
    assert run.past.recent.at(run.last + 1) is None
    assert run.past.recent.at(-1) is None


def test_frames_that_left_are_not_mistaken_for_others(run: Run) -> None:
    run.past.recent.start += 1
    del run.past.recent.frames[0]
    assert run.past.recent.at(0) is None
    again = run.past.recent.at(1)
    assert again is not None
    np.testing.assert_array_equal(again.floats, run.frame(1).floats)


def test_notices_compute_no_frame_that_is_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "frame", lambda index: pytest.fail("computed again"))
    run.notices(run.last)

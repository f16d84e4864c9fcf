"""A branch that nobody looks at takes little room, and loses nothing."""

from __future__ import annotations

import numpy as np

from playground import Experiment
from playground.live import FrameRequest, Run


def test_a_run_at_rest_is_small_and_every_frame_of_it_is_the_same() -> None:
    run = Run("r", Experiment.of(samples=100, hidden=[64, 64], noise=0.1))
    run.compile()
    frames = [run.frame(0)]
    while run.last < 60:
        frames += run.answer(FrameRequest(run="r", epoch=0, start=run.last + 1, pace=1, head=run.last, frames=1)).frames
    states, recent = len(run.past.states), len(run.past.recent.frames)  # pyright: ignore[reportPrivateUsage]
    run.reduce_memory()
    assert len(run.past.states) <= states // 4  # pyright: ignore[reportPrivateUsage]
    assert len(run.past.recent.frames) <= recent // 4  # pyright: ignore[reportPrivateUsage]
    chunk = run.mount()
    assert chunk.start + len(chunk.frames) == run.last + 1
    assert chunk.frames[-1] is frames[run.last]
    for index in (0, 1, 17, run.last):
        assert np.array_equal(run.frame(index).floats, frames[index].floats)
    assert run.answer(FrameRequest(run="r", epoch=0, start=run.last + 1, pace=1, head=run.last, frames=1)).frames

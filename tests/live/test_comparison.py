"""Trainings side by side as a stream: a course whose every frame is known beforehand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from playground.live import ComparisonRun, FrameRequest
from playground.live.frames.observer import Block, Frame
from playground.live.history import checkpoints as timeline
from playground.live.history.packed_state import pack_state
from playground.live.protocol.reply import Stop


class At(NamedTuple):
    step: np.ndarray
    value: np.ndarray


class Counting:
    """The value grows by ``rate`` a step and ends at step 60."""

    blocks = (Block("scalars", "f32", (2,)), Block("series", "f32", (1,)), Block("map", "u8", (4,)))
    recipes = ()

    def __init__(self, rate: int = 1) -> None:
        self.rate = rate

    def first_state(self) -> At:
        return At(np.array(0), np.array(0))

    def advance(self, state: At, steps: int) -> At:
        steps = min(steps, 60 - int(state.step))
        return At(state.step + steps, state.value + self.rate * steps)

    def frame(self, state: At) -> Frame:
        return Frame(
            int(state.step), -1, np.array([state.step, 0, state.value], np.float32), np.full(4, state.step, np.uint8)
        )

    def stop_reason(self, state: At) -> Stop | None:
        return ("stopped", "The end.") if state.step >= 60 else None


def want(lanes: ComparisonRun, start: int, **more: object) -> FrameRequest:
    given = {"run": lanes.name, "epoch": lanes.epoch, "start": start, "pace": 5, "head": 0, "frames": 4} | more
    return FrameRequest(**given)  # pyright: ignore[reportArgumentType]


def begun(rate: int = 1) -> ComparisonRun:
    lanes = ComparisonRun("a", Counting(rate))
    assert lanes.mount().scene
    return lanes


def values(frames: tuple[Frame, ...]) -> list[float]:
    return [float(frame.floats[2]) for frame in frames]


def test_frames_follow_one_another_and_nothing_is_made_unasked() -> None:
    lanes = begun()
    assert lanes.last == 0
    assert values(lanes.answer(want(lanes, 1)).frames) == [5, 10, 15, 20]
    assert lanes.last == 4
    assert lanes.history()["series"].ravel().tolist() == [0, 5, 10, 15, 20]


def test_going_back_makes_the_same_frames_again() -> None:
    lanes = begun()
    lanes.answer(want(lanes, 1))
    assert values(lanes.answer(want(lanes, 3)).frames) == [15, 20, 25, 30]
    assert values((lanes.frame(2),)) == [10]


def test_a_turned_course_goes_on_from_the_frame_that_is_shown() -> None:
    lanes = begun()
    lanes.answer(want(lanes, 1))
    lanes.replace_simulation(Counting(rate=2))
    assert lanes.answer(want(lanes, 5, epoch=0)).frames == ()
    assert values(lanes.answer(want(lanes, 3)).frames) == [20, 30, 40, 50]
    assert values((lanes.frame(2), lanes.frame(4))) == [10, 30]


def test_the_end_is_told_and_a_lost_stage_gets_everything() -> None:
    lanes = begun()
    chunk = lanes.answer(want(lanes, 1, pace=30))
    assert (chunk.state, len(chunk.frames)) == ("stopped", 2)
    assert lanes.answer(want(lanes, 3)).text == "The end."
    assert lanes.answer(want(lanes, 1, run="other")).scene


def test_lanes_at_rest_are_small_and_every_frame_of_them_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = ComparisonRun("r", Counting())
    lanes.mount()
    while lanes.last < 40:
        lanes.answer(want(lanes, lanes.last + 1, pace=1))
    monkeypatch.setattr(timeline, "STATE_BYTES", 8 * 4 * pack_state(lanes.state(0)).nbytes)
    before = lanes.past.states.copy()._states  # pyright: ignore[reportPrivateUsage]
    lanes.reduce_memory()
    assert len(lanes.past.states._states) < len(before) // 4  # pyright: ignore[reportPrivateUsage]
    assert [lanes.frame(i).floats[2] for i in (0, 1, 17, lanes.last)] == [0, 1, 17, lanes.last]
    chunk = lanes.mount()
    assert chunk.start + len(chunk.frames) == lanes.last + 1
    last = lanes.last
    assert lanes.answer(want(lanes, last + 1, pace=1)).frames[0].floats[2] == last + 1

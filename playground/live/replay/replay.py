"""Repeating a recorded training on a server that has lost the run: a slice of steps whenever the stage asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from playground.language import mark
from playground.live.playback import Playback
from playground.live.replay.log import LoggedChange, ReplayLog
from playground.live.scheduling.scheduler import SCHEDULER, SLICE_SECONDS
from playground.live.scheduling.step_time import FRAME_SHARE

REPLAY_FRAMES = 100
"""Frames of a run that is made again: enough for its curves."""
MAX_REPLAY_SECONDS = 20.0
"""Training time after which coming to a step again is given up."""

BeginSegment = Callable[[LoggedChange, LoggedChange, Any], Any]
"""Has a run go on under the first change, where it went under the second; takes a state, gives that it begins with."""


class Replay:
    """A new ``run`` under repetition, up to the step at which ``story`` ends."""

    def __init__(self, run: Playback[Any], story: ReplayLog, begin_segment: BeginSegment) -> None:
        self._name, self._run, self.story = run.name, run, story
        self._steps = replay_steps(run, story, begin_segment)
        self._spent = 0.0

    @property
    def timed_out(self) -> bool:
        """Whether it took too long and was left at what was reached."""
        return self._spent > MAX_REPLAY_SECONDS

    @property
    def progress(self) -> str:
        """How far it has come, in a word."""
        return mark("{number} %", number=100 * self._run.past.steps[-1] // max(1, self.story.step))

    def run_slice(self) -> bool:
        """A slice of it, of one call of the trainer at least, however late its turn comes; tells whether that was the
        last. Where the time is over, the step that was reached is kept."""
        with SCHEDULER.acquire(self._name) as seconds:
            begun = time.monotonic()
            state = next(self._steps, None)
            while state is not None and time.monotonic() - begun < seconds:
                state = next(self._steps, None)
            self._spent += time.monotonic() - begun
            if state is not None and self.timed_out:
                self._run.past.add_state(state)
        return state is None or self.timed_out


def replay_steps(run: Playback[Any], story: ReplayLog, begin_segment: BeginSegment) -> Iterator[Any]:
    """Repeat the recorded training, one call of the trainer at each iteration, which gives the state that it reached
    and that is no frame yet; a run that diverges ends there."""
    every, at, state = max(1, story.step // REPLAY_FRAMES), 0, run.state(0)
    ends = [*(turn.step for turn in story.changes[1:]), story.step]
    before = LoggedChange(0, story.changes[0].knobs)
    for turn, end in zip(story.changes, ends, strict=True):
        if turn != before:
            state = begin_segment(turn, before, state)
        before = turn
        while at < end:
            mark = min(end, at + every)
            while at < mark:
                steps = run.step_time.steps_within(FRAME_SHARE * SLICE_SECONDS)
                state = run.advance(state, min(mark - at, steps))
                if int(state.step) <= at:
                    return
                at = int(state.step)
                yield state
            run.past.add_state(state)

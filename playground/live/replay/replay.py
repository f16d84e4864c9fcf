"""Coming to a step again, of a run that the server has lost: the same training, a slice whenever the stage asks to be
filled."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from playground.live.replay.log import Story, Turn
from playground.live.scheduling.scheduler import SLOTS

if TYPE_CHECKING:
    from playground.live.run import Run

REPEAT_FRAMES = 100
"""Frames of a run that is made again: enough for its curves."""
REPEAT_SECONDS = 20.0
"""Training time after which coming to a step again is given up."""


class Again:
    """``run``, fresh, on its way to where ``story`` ends."""

    def __init__(self, run: Run, story: Story) -> None:
        self._name, self._run, self.story = run.name, run, story
        self._way = way(run, story)
        self._spent = 0.0

    @property
    def fell_short(self) -> bool:
        """Whether it took too long and was left at what was reached."""
        return self._spent > REPEAT_SECONDS

    @property
    def progress(self) -> str:
        """How far it has come, in a word."""
        return f"{100 * self._run.past.steps[-1] // max(1, self.story.step)} %"

    def go_on(self) -> bool:
        """A slice of it; tells whether that was the last."""
        with SLOTS.turn(self._name) as seconds:
            begun = time.monotonic()
            there = False
            while not there and time.monotonic() - begun < seconds:
                there = next(self._way, self) is self
            self._spent += time.monotonic() - begun
        if there or self.fell_short:
            self._way.close()
        return there or self.fell_short


def way(run: Run, story: Story) -> Generator[None]:
    """Go the way, a call of the trainer at a time; a run whose numbers break on it stays there."""
    every, at, state = max(1, story.step // REPEAT_FRAMES), 0, run.state(0)
    ends = [*(turn.step for turn in story.turns[1:]), story.step]
    before = Turn(0, story.turns[0].knobs)
    for turn, end in zip(story.turns, ends, strict=True):
        if turn != before:
            state = run.begin_turn(turn, before, state)
        before = turn
        while at < end:
            mark = min(end, at + every)
            while at < mark:
                state = run.further(state, mark - at)
                if int(state.step) <= at:
                    return
                at = int(state.step)
                yield
            run.mark(state)

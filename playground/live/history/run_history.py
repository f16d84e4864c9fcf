"""What a run has been so far: its frames' steps, the segments under which they were made, and what is kept of them, so
that each can be made again."""

from __future__ import annotations

import copy
from array import array
from collections.abc import Mapping
from dataclasses import replace
from itertools import count, pairwise
from typing import Any, Generic, Self, TypeVar

from playground.live.frames.observer import Frame, Observer
from playground.live.history.checkpoints import Checkpoints, Curves, RecentFrames, Rows
from playground.live.history.segment import BaseSegment, Segment

REMADE_FRAMES = 24
"""Latest frames that are made again when the picture shows something else: as many as a stage that plays has in
hand."""
SEGMENT_BYTES = 600
"""What a segment takes: its knobs, and itself."""
_FUTURES = count()

AnySegment = TypeVar("AnySegment", bound=BaseSegment)
AnyRows = TypeVar("AnyRows", bound=Rows)


class History(Generic[AnySegment, AnyRows]):
    """The frames from 0 to ``last``, each reached again, bit for bit, from the kept state before it;
    ``current_segment`` is what holds for the next."""

    def __init__(self, first: AnySegment, curves: AnyRows) -> None:
        self.steps = array("i", [0])
        self.segments = [first]
        self._futures = [(0, next(_FUTURES))]
        """Number of the future that the frames from an index on belong to: another one after each return."""
        self.states, self.curves, self.recent = Checkpoints(), curves, RecentFrames()

    @property
    def last(self) -> int:
        """Index of the newest frame."""
        return len(self.steps) - 1

    @property
    def current_segment(self) -> AnySegment:
        """The newest segment."""
        return self.segments[-1]

    def segment_at(self, index: int) -> AnySegment:
        """What held at frame ``index``."""
        return next(part for part in reversed(self.segments) if part.start <= index)

    def segment_starts(self) -> list[tuple[int, AnySegment]]:
        """From which step on which segment went."""
        return [(self.steps[max(0, min(part.start, len(self.steps)) - 1)], part) for part in self.segments]

    def state(self, index: int) -> Any:
        """The state of frame ``index``, reached again from the kept one before it under what held then."""
        start, state = self.states.state_before(index)
        for before, after in pairwise(range(start, index + 1)):
            part = self.segment_at(after)
            if part.start == after:
                state = part.apply_edits(state)
            state = part.advance(state, self.steps[after] - self.steps[before])
        return state

    def frame(self, index: int) -> Frame:
        """Frame ``index`` (0 to ``last``), made again."""
        return self.segment_at(index).frame(self.state(index))

    def frames_before(self, most: int, index: int) -> dict[int, Frame]:
        """Frames before the latest ones, at most so many of those whose state is kept, evenly chosen; and frame
        ``index`` if it is before them."""
        kept = [frame for frame in self.states.frames if frame < self.recent.start]
        chosen = {*kept[:: max(1, -(-len(kept) // most))], *([index] if 0 <= index < self.recent.start else [])}
        return {frame: self.frame(frame) for frame in sorted(chosen)}

    def frames_between(self, start: int, stop: int) -> tuple[Frame, ...]:
        """The frames from ``start`` to before ``stop`` if all are among the latest, else none."""
        frames = [self.recent.at(index) for index in range(start, stop)]
        return tuple(frame for frame in frames if frame is not None) if None not in frames else ()

    def add(self, frame: Frame) -> None:
        """``frame`` is the next one."""
        self.steps.append(frame.step)
        self._add_curve_row(frame)

    def add_state(self, state: Any) -> Frame:
        """The next frame is that of ``state``, which is kept."""
        self.steps.append(int(state.step))
        return self.record(state)

    def record(self, state: Any) -> Frame:
        """The newest frame is that of ``state``, which is kept."""
        frame = self.current_segment.frame(state)
        self.states.add(self.last, state)
        self._add_curve_row(frame)
        return frame

    def _add_curve_row(self, frame: Frame) -> None:
        self.curves.add(self.last, frame)
        self.recent.add(frame)

    def start_segment(self, segment: AnySegment) -> None:
        """Go on under ``segment``, in the place of what was to hold from its start on."""
        self.segments = [*(part for part in self.segments if part.start < segment.start), segment]

    def rewind(self, index: int) -> None:
        """Forget the frames after ``index``."""
        if index >= self.last:
            return
        index = max(index, 0)
        keep = self.state(index)
        self._begin_future(index + 1)
        for kept in (self.states, self.curves, self.recent):
            kept.forget_after(index)
        del self.steps[index + 1 :]
        # What was turned next still holds; weights that were edited next are as they were.
        self.segments = [
            part if part.start <= index else part.without_edits() for part in self.segments if part.start <= index + 1
        ]
        self.states.add(index, keep)
        if not self.recent.frames:
            self.recent.start = index
            self.recent.add(self.frame(index))

    def copy(self) -> Self:
        """The same past, which goes on apart."""
        history = copy.copy(self)
        history.steps, history.segments = array("i", self.steps), list(self.segments)
        history.states, history.curves, history.recent = self.states.copy(), self.curves.copy(), self.recent.copy()
        history._begin_future(self.last + 1)
        return history

    def _begin_future(self, index: int) -> None:
        """The frames from ``index`` on are no other past's."""
        self._futures = [*(part for part in self._futures if part[0] < index), (index, next(_FUTURES))]

    def last_shared(self, other: Self) -> int:
        """Index of the newest frame that it has in common with ``other``, -1 for none."""
        apart = {*self._futures} ^ {*other._futures}
        return min([self.last, other.last, *(start - 1 for start, _ in apart)])

    def reduce_memory(self) -> None:
        """Take less room; every frame can still be made again."""
        self.states.reduce_memory()
        self.recent.reduce_memory()

    @property
    def nbytes(self) -> int:
        """What it holds, in bytes, observers apart."""
        kept = sum(part.nbytes for part in (self.states, self.recent, self.curves))
        return kept + self.steps.itemsize * len(self.steps) + SEGMENT_BYTES * len(self.segments)


class RunHistory(History[Segment, Curves]):
    """What one run has been: each of its segments has an observer."""

    def __init__(self, first: Segment) -> None:
        super().__init__(first, Curves(first.observer.trainer.network.depth))

    def observers(self) -> list[Observer]:
        """Whatever looked at one of its frames, each once."""
        return list({id(part.observer): part.observer for part in self.segments}.values())

    def replace_observers(self, observers: Mapping[int, Observer]) -> None:
        """Look at every frame through other observers, ``observers`` by the identity of those they replace: states and
        numbers are as they were, the latest ``REMADE_FRAMES`` frames are made again at once, and the others when they
        are asked for."""
        self.segments = [replace(part, observer=observers[id(part.observer)]) for part in self.segments]
        if not self.recent.frames:
            return
        start = max(self.recent.start, self.last + 1 - REMADE_FRAMES)
        state, frames = self.state(start), []
        for index in range(start, self.last + 1):
            part = self.segment_at(index)
            if index > start:
                state = part.apply_edits(state) if part.start == index else state
                state = part.advance(state, self.steps[index] - self.steps[index - 1])
            frames.append(part.frame(state))
        self.recent.start, self.recent.frames = start, frames

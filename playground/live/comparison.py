"""Several trainings side by side, frame by frame, whatever they are: the stage asks, a ``Simulation`` makes.

How to use it. Write a ``Simulation`` in ``analysis/`` (it imports nothing from here): ``blocks``, ``recipes``,
``first_state``, ``advance``, ``frame``, ``stop_reason``. The blocks, in this order of kinds: ``scalars`` f32 (2,):
step, epoch; ``series`` f32 (lines,): the numbers of all curves; ``map`` u8 (lanes * planes * rows * cols,) unless there
is a backdrop; for paths ``path`` f32 (2 * lanes,) and ``inner`` f32 (4 * lanes,). On a page:
``playground.web.comparison_player.lanes(place, key, make)``, where ``make()`` gives the course and its scene
(``playground.stage.lanes_scene``)."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from playground.errors import PlaygroundError
from playground.live.frames.general_rollout import MAX_FRAMES_PER_CALL
from playground.live.frames.observer import Block, Frame
from playground.live.history.checkpoints import Checkpoints, RecentFrames, Rows
from playground.live.memory_budget import parts_of
from playground.live.protocol.reply import COMPILE_WAIT_SECONDS, READY, FrameReply, ReplyState, Stop, compile_within
from playground.live.protocol.request import FrameRequest
from playground.live.scheduling.scheduler import SCHEDULER
from playground.live.scheduling.step_time import FRAME_SHARE, StepTime
from playground.programs.cache import ProgramSpec


class Simulation(Protocol):
    """What is trained: pure functions of immutable states, each with a whole number ``step``.

    ``advance`` may be cut anywhere and gives the same states; ``stop_reason`` tells why it cannot go on (``"diverged"``
    or ``"stopped"``, and a sentence)."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What a frame consists of."""
        ...

    @property
    def recipes(self) -> Sequence[ProgramSpec]:
        """The programs that must be compiled before anything is asked of it."""
        ...

    def first_state(self) -> Any:
        """The state before the first step."""
        ...

    def advance(self, state: Any, steps: int) -> Any:
        """The state so many steps later, or the last one that can be reached."""
        ...

    def frame(self, state: Any) -> Frame:
        """What is shown of a state."""
        ...

    def stop_reason(self, state: Any) -> Stop | None:
        """Why ``state`` is the last one; None while it is not."""
        ...


class ComparisonRun:
    """One course from its start, made as it is asked for; frames are reached again, bit for bit, from the kept state
    before them.

    ``name`` tells it from all others; nothing is computed before somebody asks, and compiling happens in the
    background."""

    def __init__(self, name: str, course: Simulation) -> None:
        self.name = name
        self.epoch = 0
        self._courses: list[tuple[int, Simulation]] = [(0, course)]
        self._turned: Simulation | None = None
        self._steps = array("i", [0])
        self._weighed: tuple[int, dict[int, int]] | None = None
        self._states, self._recent = Checkpoints(), RecentFrames()
        self._rows = Rows()
        self._cost = StepTime(1e-5)
        self._lock = threading.Lock()
        self._begun = False
        for recipe in course.recipes:
            recipe.prefetch()

    @property
    def simulation(self) -> Simulation:
        """What is trained now."""
        return self._turned or self._courses[-1][1]

    @property
    def has_begun(self) -> bool:
        """Whether there is a first frame."""
        return self._begun

    @property
    def last(self) -> int:
        """Index of the newest frame."""
        return len(self._steps) - 1

    def replace_simulation(self, course: Simulation) -> None:
        """Go on with ``simulation`` (states and blocks alike, other knobs) from wherever the next question starts."""
        with self._lock:
            self._turned = course
            self.epoch += 1

    def reduce_memory(self) -> None:
        """Take less room while another page is looked at; every frame can still be made again."""
        with self._lock:
            self._states.reduce_memory()
            self._recent.reduce_memory()

    def memory_by_object(self) -> dict[int, int]:
        """What it holds, in bytes: its own past, and what its courses hold, which others may hold too."""
        own = sum(part.nbytes for part in (self._states, self._recent, self._rows))
        return self._of_courses() | {id(self): own + self._steps.itemsize * len(self._steps)}

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or as few as it can; every frame can still be made again."""
        with self._lock:
            for part in (self._states, self._recent, self._rows):
                part.shrink(max(0, part.nbytes + most - sum(self.memory_by_object().values())))

    def _of_courses(self) -> dict[int, int]:
        courses = [course for _, course in self._courses]
        if self._weighed is None or self._weighed[0] != len(courses):
            self._weighed = len(courses), parts_of(courses)
        return dict(self._weighed[1])

    def mount(self) -> FrameReply:
        """The latest frames with all that an empty stage needs."""
        with self._lock:
            try:
                if not self._begun and not self._begin():
                    return self._chunk(0, (), "compiling", scene=True)
            except PlaygroundError as error:
                return self._chunk(0, (), "failed", str(error), scene=True)
            start = self._recent.start
            return self._chunk(start, tuple(self._recent.frames), scene=True, history=self.history(start))

    def empty_reply(self) -> FrameReply:
        """A chunk without frames."""
        return self._chunk(self.last + 1, ())

    def answer(self, want: FrameRequest) -> FrameReply:
        """The frames that the stage wants: one slice of training, or what else there is to say."""
        if want.mount or want.run != self.name or want.start > self.last + 1 or not self._begun:
            return self.mount()
        with self._lock:
            if want.epoch != self.epoch:
                return self._chunk(want.start, ())
            if not compile_within(self.simulation.recipes, COMPILE_WAIT_SECONDS):
                return self._chunk(want.start, (), "compiling")
            self._rewind(want.start - 1)
            if self._turned is not None:
                self._courses = [entry for entry in self._courses if entry[0] <= self.last] + [
                    (self.last + 1, self._turned)
                ]
                self._turned = None
            stop = self.stop_reason()
            if stop is not None:
                return self._chunk(want.start, (), *stop)
            try:
                with SCHEDULER.acquire(self.name) as seconds:
                    frames = self._train(want, seconds)
            except PlaygroundError as error:  # a program could not be made
                return self._chunk(want.start, (), "stopped", str(error))
            return self._chunk(want.start, frames, *(self.stop_reason() or READY))

    def history(self, index: int | None = None) -> dict[str, np.ndarray]:
        """The numbers of the frames before ``index`` (of all by default): ``step (frames,)`` and
        ``series (frames, lines)``."""
        rows = self._rows.before(self.last + 1 if index is None else index)
        lines = next(block.size for block in self.simulation.blocks if block.name == "series")
        table = np.stack(rows) if rows else np.zeros((0, 1 + lines))
        return {"step": table[:, 0], "series": table[:, 1:]}

    def state(self, index: int) -> Any:
        """The state of frame ``index`` (0 to ``last``), reached again from the kept one before it."""
        frame, state = self._states.state_before(index)
        for before, after in pairwise(range(frame, index + 1)):
            state = self._simulation_at(after).advance(state, self._steps[after] - self._steps[before])
        return state

    def frame(self, index: int) -> Frame:
        """Frame ``index`` (0 to ``last``), made again."""
        return self._simulation_at(index).frame(self.state(index))

    def stop_reason(self) -> Stop | None:
        """Why it cannot go on from the newest frame; None while it can."""
        return self.simulation.stop_reason(self.state(self.last)) if self._begun else None

    def _simulation_at(self, index: int) -> Simulation:
        return next(course for start, course in reversed(self._courses) if start <= index)

    def _begin(self) -> bool:
        course = self.simulation
        if compile_within(course.recipes, COMPILE_WAIT_SECONDS):
            self._record(0, course, course.first_state())
            self._begun = True
        return self._begun

    def _train(self, want: FrameRequest, seconds: float) -> tuple[Frame, ...]:
        frames: list[Frame] = []
        state, course = self.state(self.last), self.simulation
        end = time.monotonic() + seconds
        while len(frames) < min(want.frames, MAX_FRAMES_PER_CALL) and time.monotonic() < end:
            steps = want.steps or want.pace or self._cost.steps_within(FRAME_SHARE * seconds)
            begun = time.monotonic()
            state = course.advance(state, steps)
            done = int(state.step) - self._steps[-1]
            self._cost.record(time.monotonic() - begun, done)
            if done > 0:
                self._steps.append(int(state.step))
                frames.append(self._record(self.last, course, state))
            if want.steps or done <= 0 or course.stop_reason(state):
                break
        return tuple(frames)

    def _record(self, index: int, course: Simulation, state: Any) -> Frame:
        frame = course.frame(state)
        self._states.add(index, state)
        self._rows.append(index, np.concatenate([[state.step], frame.part(course.blocks, "series")]))
        self._recent.add(frame)
        return frame

    def _rewind(self, index: int) -> None:
        if index >= self.last:
            return
        index = max(index, 0)
        keep = self.state(index)
        for kept in (self._states, self._rows, self._recent):
            kept.forget_after(index)
        del self._steps[index + 1 :]
        if self._turned is None:
            self._turned = self._courses[-1][1]  # what was turned next still holds
        self._states.add(index, keep)
        if not self._recent.frames:
            self._recent.start = index
            self._recent.add(self._simulation_at(index).frame(keep))

    def _chunk(
        self, start: int, frames: tuple[Frame, ...], state: ReplyState = "ready", text: str = "", **fields: Any
    ) -> FrameReply:
        return FrameReply(self.name, self.epoch, start, frames, self.simulation.blocks, state, text, **fields)

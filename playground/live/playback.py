"""The base of what plays on a stage: frames are made when they are asked for, kept, and made again after going back."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from playground.errors import PlaygroundError
from playground.live.frames.observer import Block, Frame
from playground.live.history.run_history import History
from playground.live.protocol.reply import COMPILE_WAIT_SECONDS, READY, FrameReply, ReplyState, Stop, compile_within
from playground.live.protocol.request import FrameRequest
from playground.live.scheduling.scheduler import SCHEDULER
from playground.live.scheduling.step_time import StepTime
from playground.programs.cache import ProgramSpec

AnyHistory = TypeVar("AnyHistory", bound=History[Any, Any])


class Playback(ABC, Generic[AnyHistory]):
    """Answers a stage, which asks for frames from an index on: an answer is one slice of training.

    ``name`` tells it from all others, ``epoch`` counts its changes, so that a question of before is known, and ``past``
    is all that was. A subclass defines the abstract methods, and extends others where it has more to say.
    """

    _first_recipes: int | None = None
    """How many of ``recipes`` the first frame needs; None for all."""

    def __init__(self, name: str, past: AnyHistory, step_time: StepTime) -> None:
        self.name, self.epoch = name, 0
        self.past, self.step_time = past, step_time
        self._lock = threading.Lock()
        self._begun = False

    @property
    @abstractmethod
    def recipes(self) -> Sequence[ProgramSpec]:
        """The programs of its next frames."""

    @property
    @abstractmethod
    def _blocks(self) -> tuple[Block, ...]:
        """What a frame consists of."""

    @abstractmethod
    def stop_reason(self) -> Stop | None:
        """Why it cannot go on from the newest frame, ``"diverged"`` or ``"stopped"`` and a sentence; None if it can."""

    @abstractmethod
    def _first_state(self) -> Any:
        """The state before the first step."""

    @abstractmethod
    def _start_segment(self) -> None:
        """Go on under what holds now, also when it went back to before that was changed."""

    @abstractmethod
    def _train(self, want: FrameRequest, seconds: float) -> tuple[Frame, ...]:
        """Make the next frames that ``want`` asks for, as many as so many seconds allow."""

    @property
    def has_begun(self) -> bool:
        """Whether there is a first frame."""
        return self._begun

    @property
    def last(self) -> int:
        """Index of the newest frame."""
        return self.past.last

    def state(self, index: int) -> Any:
        """The state of frame ``index`` (0 to ``last``)."""
        return self.past.state(index)

    def frame(self, index: int) -> Frame:
        """Frame ``index`` (0 to ``last``), made again from the kept state before it."""
        return self.past.frame(index)

    def mount(self, *, with_past: bool = False) -> FrameReply:
        """The latest frames with all that an empty stage needs; ``with_past``: and what a run has of those before."""
        with self._lock:
            try:
                if not self._begun and not self._begin(COMPILE_WAIT_SECONDS):
                    return self._reply(0, (), "compiling", scene=True)
            except PlaygroundError as error:
                return self._reply(0, (), "failed", error.sentence, scene=True)
            return self._fill_stage(with_past)

    def answer(self, want: FrameRequest) -> FrameReply:
        """The frames that the stage wants: one slice of training, or what else there is to say."""
        if want.mount or want.run != self.name or not self._can_answer(want):
            return self.mount(with_past=True)
        with self._lock:
            if want.epoch != self.epoch:
                return self._reply(want.start, ())
            if not self._compile_within(self.recipes):
                return self._reply(want.start, (), "compiling")
            return self._take_slice(want)

    def empty_reply(self) -> FrameReply:
        """A reply without frames."""
        return self._reply(self.last + 1, ())

    def reduce_memory(self) -> None:
        """Take less room while something else is looked at; every frame can still be made again."""
        with self._lock:
            self.past.reduce_memory()

    def memory_by_object(self) -> dict[int, int]:
        """What it holds, in bytes: its own past, and what others may hold too."""
        return {id(self): self.past.nbytes}

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or as few as it can; every frame can still be made again."""
        with self._lock:
            self._release_shared()
            for part in (self.past.states, self.past.recent, self.past.curves):
                part.shrink(max(0, part.nbytes + most - sum(self.memory_by_object().values())))

    def advance(self, state: Any, steps: int) -> Any:
        """``state`` so many steps on under what holds now; what a step takes is remembered."""
        before, begun = int(state.step), time.monotonic()
        state = self.past.current_segment.advance(state, steps)
        done = int(state.step) - before
        self.step_time.record(time.monotonic() - begun, done)
        return state

    def _begin(self, seconds: float = 0.0) -> bool:
        """Make the first frame once its programs are there, which may take so many seconds; tells whether it is."""
        if self._compile_within(self.recipes[: self._first_recipes], seconds):
            self._start_segment()
            self.past.record(self._first_state())
            self._begun = True
        return self._begun

    def _fill_stage(self, with_past: bool, **fields: Any) -> FrameReply:
        """The latest frames, and the curves of those before."""
        start, frames = self.past.recent.start, tuple(self.past.recent.frames)
        return self._reply(start, frames, scene=True, history=self.past.curves.until(start), **fields)

    def _can_answer(self, want: FrameRequest) -> bool:
        """Whether the frame that ``want`` goes on from is there."""
        return self._begun and want.start <= self.last + 1

    def _take_slice(self, want: FrameRequest, *, first: bool = False) -> FrameReply:
        """Train on from the frame before ``want.start``, before all others if ``first``."""
        self.past.rewind(want.start - 1)
        self._start_segment()
        if stop := self.stop_reason():
            return self._reply(want.start, (), *stop)
        try:
            with SCHEDULER.acquire(self.name, first=first) as seconds:
                frames = self._train(want, seconds)
        except PlaygroundError as error:  # a program could not be made
            return self._reply(want.start, (), "stopped", error.sentence)
        return self._reply(want.start, frames, *(self.stop_reason() or READY))

    def _release_shared(self) -> None:
        """Let go of what others may hold too, and can be made again."""

    def _compile_within(self, recipes: Sequence[ProgramSpec], seconds: float = COMPILE_WAIT_SECONDS) -> bool:
        return compile_within(recipes, seconds)

    def _reply(
        self, start: int, frames: tuple[Frame, ...], state: ReplyState = "ready", text: str = "", **fields: Any
    ) -> FrameReply:
        return FrameReply(self.name, self.epoch, start, frames, self._blocks, state, text, **fields)

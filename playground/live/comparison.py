"""Several trainings side by side, frame by frame, whatever they are: the stage asks, a ``Simulation`` answers.

How to use it. Write a ``Simulation`` in ``analysis/`` (it imports nothing from here): ``blocks``, ``recipes``,
``first_state``, ``advance``, ``frame``, ``stop_reason``. The blocks, in this order of kinds: ``scalars`` f32 (2,):
step, epoch; ``series`` f32 (lines,): the numbers of all curves; ``map`` u8 (lanes * planes * rows * cols,) unless there
is a backdrop; for paths ``path`` f32 (2 * lanes,) and ``inner`` f32 (4 * lanes,). On a page:
``playground.web.comparison_player.lanes(place, key, make)``, where ``make()`` gives the course and its scene
(``playground.stage.lanes_scene``)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from playground.live.frames.general_rollout import MAX_FRAMES_PER_CALL
from playground.live.frames.observer import Block, Frame
from playground.live.history.checkpoints import Series
from playground.live.history.run_history import History
from playground.live.history.segment import BaseSegment
from playground.live.memory_budget import parts_of
from playground.live.playback import Playback
from playground.live.protocol.reply import Stop
from playground.live.protocol.request import FrameRequest
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


@dataclass(frozen=True, eq=False)
class SimulationSegment(BaseSegment):
    """From frame ``start`` on, frames are those of ``simulation``."""

    simulation: Simulation

    def advance(self, state: Any, steps: int) -> Any:
        """``state`` so many steps on, or the last one that can be reached."""
        return self.simulation.advance(state, steps)

    def frame(self, state: Any) -> Frame:
        """What is shown of ``state``."""
        return self.simulation.frame(state)


class ComparisonRun(Playback[History[SimulationSegment, Series]]):
    """A simulation from its start, made as it is asked for.

    Nothing is computed before somebody asks, and compiling happens in the background."""

    def __init__(self, name: str, simulation: Simulation) -> None:
        past = History(SimulationSegment(0, simulation), Series(simulation.blocks))
        super().__init__(name, past, StepTime(1e-5))
        self.simulation = simulation
        self._sizes: tuple[list[SimulationSegment], dict[int, int]] = ([], {})
        for recipe in self.recipes:
            recipe.prefetch()

    @property
    def recipes(self) -> Sequence[ProgramSpec]:
        """The programs of its frames."""
        return self.simulation.recipes

    @property
    def _blocks(self) -> tuple[Block, ...]:
        return self.simulation.blocks

    def replace_simulation(self, simulation: Simulation) -> None:
        """Go on with ``simulation`` (states and blocks alike, other knobs) from wherever the next question starts."""
        with self._lock:
            self.simulation = simulation
            self.epoch += 1

    def history(self, index: int | None = None) -> dict[str, np.ndarray]:
        """The numbers of the frames before ``index`` (of all by default): ``step (frames,)`` and
        ``series (frames, lines)``."""
        return self.past.curves.until(self.last + 1 if index is None else index)

    def stop_reason(self) -> Stop | None:
        """Why it cannot go on from the newest frame; None while it can."""
        return self.simulation.stop_reason(self.state(self.last)) if self._begun else None

    def memory_by_object(self) -> dict[int, int]:
        """What it holds, in bytes: its own past, and what its simulations hold, which others may hold too."""
        if self._sizes[0] != self.past.segments:
            self._sizes = self.past.segments, parts_of([part.simulation for part in self.past.segments])
        return self._sizes[1] | super().memory_by_object()

    def _first_state(self) -> Any:
        return self.simulation.first_state()

    def _start_segment(self) -> None:
        if self.past.current_segment.simulation is not self.simulation:
            self.past.start_segment(SimulationSegment(self.last + 1 if self._begun else 0, self.simulation))

    def _train(self, want: FrameRequest, seconds: float) -> tuple[Frame, ...]:
        frames: list[Frame] = []
        state = self.state(self.last)
        end = time.monotonic() + seconds
        while len(frames) < min(want.frames, MAX_FRAMES_PER_CALL) and time.monotonic() < end:
            steps = want.steps or want.pace or self.step_time.steps_within(FRAME_SHARE * seconds)
            state = self.advance(state, steps)
            moved = int(state.step) > self.past.steps[-1]
            if moved:
                frames.append(self.past.add_state(state))
            if want.steps or not moved or self.simulation.stop_reason(state):
                break
        return tuple(frames)

"""The weights of a run along its path, from the first frame to the one that is shown, fetched piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from playground.analysis.landscape.curvature import max_stable_sharpness
from playground.analysis.landscape.plane import flat
from playground.experiment import Experiment
from playground.live.protocol.request import FrameRequest
from playground.live.run import Run
from playground.nn.masks import Masks
from playground.nn.parameters import unflatten_params
from playground.programs.cache import ProgramSpec
from playground.training.knobs import knobs_of
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

MAX_POINTS = 32
"""States of the way that are looked at: 64 x 8 weights in each are 4 MB."""
AHEAD, AHEAD_FRAMES = 1000, 40
"""Steps, and frames, that are trained for who has hardly played."""
SHORT_STEPS = 0.1
"""A way that leads less far than this share of the weights' length is too short to be seen."""


class WeightPath:
    """The way of ``run`` to its frame ``head``; the run itself stays as it is.

    A run that has hardly moved is trained ``AHEAD`` steps on a branch: ``ahead`` tells how many they became. Once it is
    ``complete``: ``path (n, parameters)`` and ``steps (n,)`` of at most ``MAX_POINTS`` frames, evenly chosen, the place
    of the ``present`` weights among them, the sharpness ``allowed (n,)`` by what held at each, and the ``end`` state.
    """

    def __init__(self, run: Run, head: int) -> None:
        self.run = run.branch(f"{run.name}*", head)
        self.head = self.run.last
        self.ahead = 0
        self.present = -1
        self.complete = False
        self.stopped = ""
        self.path = np.zeros((0, 0), np.float32)
        self.steps = np.zeros(0, np.int64)
        self.allowed = np.zeros(0)
        self._flats: list[np.ndarray] = []
        self._chosen: list[int] | None = None

    @property
    def recipes(self) -> Sequence[ProgramSpec]:
        """What walking needs compiled."""
        return self.run.recipes

    @property
    def experiment(self) -> Experiment:
        """The experiment, its knobs as they stand now."""
        return self.run.experiment

    @property
    def trainer(self) -> Trainer:
        """Data and network as they are now."""
        return self.run.trainer

    @property
    def knobs(self) -> np.ndarray:
        """The knobs as they stand now, as the programs take them."""
        return self.trainer.knobs(self.experiment.knobs)

    @property
    def masks(self) -> Masks | None:
        """What is switched off now; None: nothing."""
        return self.run.masks

    @property
    def end(self) -> TrainState:
        """The state at the way's end."""
        return self.run.state(self.run.last)

    @property
    def start(self) -> TrainState:
        """The state that is looked at: the way's end, unless a copy went ahead."""
        return self.run.state(self.head)

    def at(self, place: int) -> TrainState:
        """The weights of place ``place`` of the path, with all else as at its end."""
        end = self.end
        return end._replace(params=unflatten_params(self.path[place], end.params))

    def losses(self) -> np.ndarray:
        """The train set's loss at each of ``steps``, as the run has recorded it."""
        known = self.run.curves.until(self.run.last + 1)
        return np.interp(self.steps, known["step"], known["train_loss"])

    def memory_by_object(self) -> dict[int, int]:
        """What it holds, in bytes: the run's past, and the path."""
        return self.run.memory_by_object() | {
            id(self): self.path.nbytes + sum(weights.nbytes for weights in self._flats)
        }

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or as few as it can; the path stays."""
        bytes_by_object = self.memory_by_object()
        self.run.shrink(max(0, most - bytes_by_object[id(self)]))

    def fetch_all(self) -> Iterator[float]:
        """Go the way; several may do it in turns, and each finds what the others have done."""
        while not self.complete:
            if self._is_short and self.ahead < AHEAD and not self.stopped:
                self._go_ahead()
                yield 0.5 * self.ahead / AHEAD
                continue
            self._fetch()
            yield 0.5 + 0.5 * len(self.steps) / MAX_POINTS
        yield 1.0

    @cached_property
    def _is_short(self) -> bool:
        """Whether the way to the present weights is too short, or of too few states, to show a plane; a broken one is
        not."""
        begin = self.run.state(0)
        first, now = flat(begin), flat(self.start)
        if not np.isfinite(now).all() or int(self.start.step) - int(begin.step) >= AHEAD:
            return False
        return self.head < 2 or bool(np.linalg.norm(now - first) < SHORT_STEPS * np.linalg.norm(now))

    def _go_ahead(self) -> None:
        run = self.run
        pace = AHEAD // AHEAD_FRAMES
        chunk = run.answer(FrameRequest(run.name, run.epoch, run.last + 1, pace, run.last, 1))
        if chunk.state in ("diverged", "stopped"):
            self.stopped = chunk.text
        self.ahead = int(run.state(run.last).step) - int(self.start.step)

    def _fetch(self) -> None:
        if self._chosen is None:
            self._chosen = sorted({self.head, *(round(i) for i in np.linspace(0, self.run.last, MAX_POINTS - 1))})
            self.present = self._chosen.index(self.head)
        index = self._chosen[len(self.steps)]
        state = self.run.state(index)
        self._flats.append(flat(state))
        step = int(state.step)
        self.steps = np.append(self.steps, step)
        then = replace(self.experiment, knobs=knobs_of(self.run.segment_at(index).knobs))
        self.allowed = np.append(self.allowed, max_stable_sharpness(then, step))
        if len(self.steps) == len(self._chosen):
            self.path = np.stack(self._flats)
            self._flats.clear()
            self.complete = True

"""A race repeated from many starts: the losses of every contestant, start by start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from playground.analysis.race.simulation import SCORES, Contestant, RaceSimulation
from playground.analysis.seeds.general import GeneralTraining
from playground.analysis.seeds.parts import Part
from playground.datasets import Table
from playground.programs.cache import ProgramSpec

CHECKS = 50
"""How often a race looks at the losses, at least."""
SEED_BOUND = 2**31


class Repeats:
    """N races; race n starts from ``init_seed + n``, so that the first one is the race that was watched.

    They look at their losses after ``marks`` steps, which begin with 0; else every so often.

    ``losses (T, N, K)``: the score ``name`` at ``steps (T,)``, infinite from a divergence on, NaN in races to come;
    ``finished``: races run so far.
    """

    def __init__(
        self,
        contestants: Sequence[Contestant],
        table: Table | None = None,
        *,
        races: int = 16,
        steps: int = 1000,
        name: str = "train_loss",
        marks: np.ndarray | None = None,
    ) -> None:
        self.race = RaceSimulation(contestants, table)
        self.every = max(1, steps // (2 * CHECKS))
        self.steps = np.arange(0, steps + 1, self.every) if marks is None else marks
        self.seeds = (contestants[0].experiment.problem.init_seed + np.arange(races)) % SEED_BOUND
        self.losses = np.full((len(self.steps), races, len(contestants)), np.nan)
        self.finished = 0
        self._score = SCORES.index(name)

    @cached_property
    def _trainings(self) -> tuple[GeneralTraining, ...]:
        """Each contestant's training from any start; none where one of them fits no bucket."""
        trainers = self.race.contest.trainers
        if any(trainer.padded is None for trainer in trainers):
            return ()
        return tuple(GeneralTraining(trainer, False) for trainer in trainers)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """The bucket's programs, or the race's own: nothing else is compiled."""
        return self._trainings[0].recipes if self._trainings else self.race.recipes

    def work(self) -> Iterator[float]:
        """Run race by race; yields the share that is done."""
        return self._work_by_reading() if self._trainings else self._work_by_frames()

    def _work_by_reading(self) -> Iterator[float]:
        """Contestant by contestant, whose losses are read of many states in one call: a third of the time."""
        total = len(self.seeds) * len(self._trainings)
        for n in range(len(self.seeds)):
            for k, training in enumerate(self._trainings):
                part = Part(np.array([n]), self.steps, drawn=False)
                for share in training.train(part):
                    yield (n * len(self._trainings) + k + share) / total
                losses = part.curves[:, self._score, 0]
                self.losses[:, n, k] = np.where(np.isnan(losses), np.inf, losses)
            self.finished = n + 1

    def _work_by_frames(self) -> Iterator[float]:
        total = len(self.seeds) * len(self.steps)
        for n, seed in enumerate(self.seeds):
            state = self.race.contest.first_state(int(seed))
            for row in range(len(self.steps)):
                if row:
                    state = self.race.contest.advance(state, int(self.steps[row] - self.steps[row - 1]))
                scores = self.race.scores(state)[:, self._score]
                self.losses[row, n] = np.where(np.isnan(scores), np.inf, scores)
                yield (n * len(self.steps) + row + 1) / total
            self.finished = n + 1

    @property
    def finished_losses(self) -> np.ndarray:
        """The losses (T, n, K) of the races that are finished."""
        return self.losses[:, : self.finished]

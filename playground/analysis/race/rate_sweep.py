"""Learning rates for a fair race: each contestant's is the best of one sweep over the same rates and starts.

The rule: every contestant is trained at each of ``SWEEP_RATES`` from ``FIRST_STARTS`` starts, and at its best
``FINALISTS`` of them from ``MORE_STARTS`` others: of few starts alone, that none got stuck may be luck. It races at the
best of these: soonest at the goal on average, where who never arrives counts as ``LATE_FACTOR`` times the race's
length; of equals, that with the lowest loss on the way (its logarithm's mean). The starts are none of those that race,
and neither they nor the rates depend on the experiment's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from playground.analysis.race.repeats import Repeats
from playground.analysis.race.significance import first_reached
from playground.analysis.race.simulation import Contestant
from playground.datasets import Table
from playground.programs.cache import ProgramSpec

SWEEP_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
FIRST_STARTS, MORE_STARTS = 3, 17
FINALISTS = 3
"""Rates of a contestant that are tried from more starts."""
FIRST_SWEEP_SEED = 1_900_000_000
"""The ``init_seed`` of the first start; visitors' own are counted from 0."""
MARKS = 16
"""How often a training looks at its loss."""
FIRST_MARK = 0.01
"""The first look after the start, as a share of the race; the others lie ever further apart."""
LATE_FACTOR = 2.0
"""Who never arrives counts as so many times the race's length."""
LOSS_RANGE = (1e-12, 1e6)
Curves = dict[Contestant, np.ndarray]
"""By contestant at a rate: its losses ``(T, starts)``, infinite from a divergence on."""


class RateSweep:
    """Find the learning rates at which up to eight contestants are soonest at a score's ``goal``.

    ``curves``: the losses after ``marks (T,)`` steps. What ``known`` has curves of (of the same data, steps and score)
    is not trained again.
    """

    def __init__(
        self,
        contestants: Sequence[Contestant],
        table: Table | None = None,
        *,
        steps: int = 2000,
        name: str = "train_loss",
        goal: float = 0.05,
        known: Mapping[Contestant, np.ndarray] | None = None,
    ) -> None:
        self.contestants = tuple(sweep_entrant(contestant) for contestant in contestants)
        self.goal = goal
        self.marks = sweep_marks(steps)
        self.curves: Curves = dict(known or {})
        self._table, self._steps, self._name = table, steps, name
        self._example = self._repeats(self.contestants, 1)

    def _repeats(self, entrants: Sequence[Contestant], starts: int) -> Repeats:
        return Repeats(entrants, self._table, races=starts, steps=self._steps, name=self._name, marks=self.marks)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: a learning rate is an argument, so that one program does for all."""
        return self._example.recipes

    def work(self) -> Iterator[float]:
        """Train; yields the share that is done."""
        first = [at_rate(contestant, rate) for rate in SWEEP_RATES for contestant in self.contestants]
        for share in self._train(first, 0, FIRST_STARTS):
            yield share / 2
        finalists = [
            at_rate(contestant, rate) for contestant in self.contestants for rate in self._finalists(contestant)
        ]
        for share in self._train(finalists, FIRST_STARTS, MORE_STARTS):
            yield (1 + share) / 2

    def _train(self, entrants: Sequence[Contestant], before: int, starts: int) -> Iterator[float]:
        """Train those of ``entrants`` from so many starts that have been trained only from those ``before``."""
        empty = np.zeros((len(self.marks), 0))
        missing = [
            candidate for candidate in dict.fromkeys(entrants) if self.curves.get(candidate, empty).shape[1] <= before
        ]
        for place in range(0, len(missing), len(self.contestants)):
            group = missing[place : place + len(self.contestants)]
            part = self._repeats([later_start(entrant, before) for entrant in group], starts)
            for share in part.work():
                yield (place + share * len(group)) / len(missing)
            for k, entrant in enumerate(group):
                self.curves[entrant] = np.concatenate([self.curves.get(entrant, empty), part.losses[:, :, k]], axis=1)

    def _finalists(self, contestant: Contestant) -> tuple[float, ...]:
        """The best rates from the first starts, the best one first; none before it was trained."""
        entrants = [at_rate(contestant, rate) for rate in SWEEP_RATES]
        if any(entrant not in self.curves for entrant in entrants):
            return ()
        losses = np.stack([self.curves[entrant][:, :FIRST_STARTS] for entrant in entrants], axis=2)
        return tuple(SWEEP_RATES[place] for place in rank_rates(self.marks, losses, self.goal)[:FINALISTS])

    def _finals(self, contestant: Contestant) -> dict[float, np.ndarray]:
        """The losses (T, starts) by rate, of the finalists that were trained from all starts."""
        curves = {rate: self.curves[at_rate(contestant, rate)] for rate in self._finalists(contestant)}
        return {rate: losses for rate, losses in curves.items() if losses.shape[1] > FIRST_STARTS}

    @property
    def is_finished(self) -> bool:
        """Whether the rates can be told."""
        return all(len(self._finals(contestant)) == FINALISTS for contestant in self.contestants)

    def arrivals(self) -> np.ndarray:
        """Mean steps to the goal of each contestant at each rate (K, rates), over all starts of the finalists and the
        first ones of the others; never is ``LATE_FACTOR`` times the race's length."""
        rows = []
        for contestant in self.contestants:
            finals = self._finals(contestant)
            first = {rate: self.curves[at_rate(contestant, rate)][:, :FIRST_STARTS] for rate in SWEEP_RATES}
            every = [mean_arrivals(self.marks, (first | finals)[rate][..., None], self.goal)[0] for rate in SWEEP_RATES]
            rows.append(every)
        return np.array(rows)

    def best_rates(self) -> list[float]:
        """Each contestant's learning rate by the rule above."""
        return [self._best_rate(contestant) for contestant in self.contestants]

    def _best_rate(self, contestant: Contestant) -> float:
        finals = self._finals(contestant)
        losses = np.stack(list(finals.values()), axis=2)
        return list(finals)[rank_rates(self.marks, losses, self.goal)[0]]


def sweep_entrant(contestant: Contestant) -> Contestant:
    """The same for every rate and start that a contestant's experiment may have."""
    return at_rate(with_seed(contestant, FIRST_SWEEP_SEED), SWEEP_RATES[0])


def at_rate(contestant: Contestant, rate: float) -> Contestant:
    """``contestant`` with another learning rate."""
    experiment = contestant.experiment
    knobs = replace(experiment.knobs, learning_rate=rate)
    return replace(contestant, experiment=replace(experiment, knobs=knobs))


def later_start(contestant: Contestant, count: int) -> Contestant:
    """``contestant``, whose first start is so many later."""
    return with_seed(contestant, FIRST_SWEEP_SEED + count)


def with_seed(contestant: Contestant, seed: int) -> Contestant:
    """``contestant`` from the weights of another seed."""
    experiment = contestant.experiment
    return replace(contestant, experiment=replace(experiment, problem=replace(experiment.problem, init_seed=seed)))


def sweep_marks(steps: int) -> np.ndarray:
    """After how many steps a training of so many looks at its loss."""
    spaced = np.geomspace(max(1.0, FIRST_MARK * steps), steps, MARKS)
    return np.unique(np.concatenate([[0], spaced.round().astype(int)]))


def mean_arrivals(marks: np.ndarray, losses: np.ndarray, goal: float) -> np.ndarray:
    """Mean steps to the goal over the starts of ``losses (T, starts, rates)``: (rates,)."""
    starts, rates = losses.shape[1:]
    at = first_reached(marks, losses.reshape(len(marks), -1), goal).reshape(starts, rates)
    return np.where(np.isfinite(at), at, LATE_FACTOR * marks[-1]).mean(axis=0)


def rank_rates(marks: np.ndarray, losses: np.ndarray, goal: float) -> list[int]:
    """The rates of ``losses (T, starts, rates)`` by the rule, the best one first."""
    on_the_way = np.log(np.clip(losses, *LOSS_RANGE)).mean(axis=(0, 1))
    return np.lexsort((on_the_way, mean_arrivals(marks, losses, goal))).tolist()

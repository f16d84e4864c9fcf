"""One experiment trained from many seeds: how often it succeeds, and how far the networks agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from playground.analysis.seeds.general import GeneralTraining, general_seconds
from playground.analysis.seeds.grouped import GroupedTraining
from playground.analysis.seeds.parts import MAX_FITS, SCORES, Part, PictureSums, Training, network_experiment
from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import mark
from playground.objectives.loss import NetworkTask
from playground.programs.cache import ProgramSpec
from playground.programs.devices import AUTOMATIC, Device, devices_for, explicit_device
from playground.training.trainer import Trainer

FEWEST, MOST = 2, 1024
MAX_STEPS = 100_000
MAX_GENERAL_SECONDS = 1.2
"""CPU seconds up to which networks are trained one by one by the general program: about what compiling the programs of
a group takes."""


@dataclass
class Outcome:
    """What became of N networks; networks that diverged have an infinite loss and a metric of 0.

    ``seeds (N,)``: their ``init_seed``; ``steps (T,)`` and ``curves (T, 4, N)``: the ``SCORES`` on the way, the last
    row at the end. ``mean (cells, k)``: the picture's mean value over the networks that did not diverge;
    ``disagreement (cells,)``: of their decisions, 0 (all agree) to 1 (evenly split); in a regression the standard
    deviation in the target's units. ``fits (f, cells)``: with one input, the picture's values of each of the first
    networks, NaN of one that diverged. ``cpu_seconds``: of training alone.
    """

    seeds: np.ndarray
    steps: np.ndarray
    curves: np.ndarray
    bad_step: np.ndarray
    mean: np.ndarray = field(default_factory=lambda: np.zeros((0, 1)))
    disagreement: np.ndarray = field(default_factory=lambda: np.zeros(0))
    fits: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    finished: int = 0
    cpu_seconds: float = 0.0
    network_steps: int = 0

    def final(self, name: str) -> np.ndarray:
        """The score ``name`` at the end, of the networks that are finished."""
        return self.curves[-1, SCORES.index(name), : self.finished]


def checkpoints(steps: int, points: int) -> np.ndarray:
    """At most ``points`` growing numbers of steps from 0 to ``steps``, closer together at the beginning; always 0 and
    ``steps``."""
    if points < 2:
        return np.array([steps])
    return np.unique(np.round(steps * np.linspace(0, 1, points) ** 1.6).astype(int))


class SeedEnsemble:
    """N trainings of one experiment; network k starts from ``init_seed + k``, and with ``own_samples`` learns samples
    of ``seed + k``.

    A small question is answered by the general program, network by network, so that one never asked before costs no
    compilation; a large one by a program made for the structure, which trains groups side by side (``grouped``). Which
    of the two depends on the question alone (``general_seconds``), never on the clock or on what is compiled already:
    equal questions get equal answers. ``grouped`` (True or False) overrules that. Networks that fit no bucket, and
    those of several devices or of one that is no processor, are always trained in groups.

    Raises ``PlaygroundError`` for a number of networks or steps that is out of range.
    """

    def __init__(
        self,
        experiment: Experiment,
        table: Table | None = None,
        *,
        networks: int = 64,
        steps: int = 2000,
        own_samples: bool = False,
        points: int = 16,
        device: str = AUTOMATIC,
        grouped: bool | None = None,
    ) -> None:
        if not FEWEST <= networks <= MOST:
            raise PlaygroundError(
                mark(
                    "the number of networks must be from {low} to {high}, not {count}.",
                    low=FEWEST,
                    high=MOST,
                    count=networks,
                )
            )
        if not 1 <= steps <= MAX_STEPS:
            raise PlaygroundError(
                mark("the number of steps must be from 1 to {high:,}, not {steps:,}.", high=MAX_STEPS, steps=steps)
            )
        if own_samples and table is not None:
            raise PlaygroundError(mark("your own table has no other samples to draw; vary the starts alone."))
        self.experiment = experiment
        self.trainer = Trainer(experiment, table)
        self.own_samples = own_samples
        marks = checkpoints(steps, points)
        seeds = (experiment.problem.init_seed + np.arange(networks)) % 2**31
        curves = np.full((len(marks), len(SCORES), networks), np.nan)
        self.outcome = Outcome(seeds, marks, curves, np.full(networks, -1))
        self._grouped = grouped
        self.use(devices_for("many", device))

    def use(self, devices: Sequence[Device]) -> None:
        """Train on these devices, equally many networks on each."""
        self.training: Training
        if self._grouped_training(devices):
            self.training = GroupedTraining(self.trainer, self.own_samples, devices)
        else:
            self.training = GeneralTraining(self.trainer, self.own_samples)

    def _grouped_training(self, devices: Sequence[Device]) -> bool:
        padded = self.trainer.padded
        if (
            padded is None
            or len(devices) > 1
            or devices[0].platform != "cpu"
            or explicit_device(devices[0]) is not None
        ):
            return True
        if self._grouped is not None:
            return self._grouped
        networks, steps = len(self.outcome.seeds), self.outcome.steps
        return general_seconds(padded, networks, int(steps[-1]), len(steps)) > MAX_GENERAL_SECONDS

    def member_experiment(self, k: int) -> Experiment:
        """The experiment of network ``k`` alone."""
        return network_experiment(self.experiment, k, self.own_samples)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled."""
        return self.training.recipes

    def work(self, picture: bool = True) -> Iterator[float]:
        """Train some networks after another, filling ``outcome``; yields the share that is done."""
        outcome, training, total = self.outcome, self.training, len(self.outcome.seeds)
        sums: PictureSums | None = None
        fits: list[np.ndarray] = []
        most_fits = MAX_FITS if picture and self.trainer.prepared.picture.curve else 0
        for first in range(0, total, training.size):
            members = np.arange(first, min(first + training.size, total))
            part = Part(members, outcome.steps, picture, fitted=min(len(members), most_fits - len(fits)))
            for share in training.train(part):
                yield (first + share * len(part.members)) / total
            last = first + len(part.members)
            outcome.curves[:, :, first:last] = part.curves
            outcome.bad_step[first:last] = part.bad_step
            if part.picture is not None:
                sums = part.picture if sums is None else sums + part.picture
                self._paint(sums)
                fits += part.fits
                outcome.fits = np.array(fits)
            outcome.finished = last
            outcome.cpu_seconds, outcome.network_steps = training.cpu_seconds, training.network_steps
        yield 1.0

    def _paint(self, sums: PictureSums) -> None:
        n = max(sums.count, 1.0)
        self.outcome.mean = sums.value / n
        if self.experiment.task == "regression":
            variance = np.maximum(sums.square / n - np.square(sums.value / n), 0.0)
            self.outcome.disagreement = np.sqrt(variance)[:, 0]
            return
        share = sums.votes / n
        k = share.shape[1]
        self.outcome.disagreement = (1 - np.square(share).sum(axis=1)) / (1 - 1 / k)


def solved_mask(outcome: Outcome, task: NetworkTask, goal: float) -> np.ndarray:
    """Which of the finished networks reached the metric ``goal`` (accuracy, or R^2) on the test set; on the train set
    where there is none."""
    test = outcome.final("test_metric")
    metric = np.where(np.isfinite(test), test, outcome.final("train_metric"))
    return metric >= goal - 1e-9


def quantiles(values: np.ndarray, shares: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> np.ndarray:
    """Quantiles along the last axis, infinite values as the largest ones: (..., shares)."""
    ordered = np.sort(values, axis=-1)
    places = [round(share * (ordered.shape[-1] - 1)) for share in shares]
    return ordered[..., places]


def rank_networks(outcome: Outcome) -> dict[str, int]:
    """The best, the median and the worst finished network by the test loss (the train loss where there is no test
    set)."""
    test = outcome.final("test_loss")
    loss = np.where(np.isnan(test), outcome.final("train_loss"), test)
    order = np.argsort(loss, kind="stable")
    return {"best": int(order[0]), "median": int(order[len(order) // 2]), "worst": int(order[-1])}

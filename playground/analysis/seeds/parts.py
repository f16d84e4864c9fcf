"""A part of an ensemble: its members, how long they train, and their results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np

from playground.experiment import Experiment
from playground.programs.cache import ProgramSpec

GRID = 40
"""Cells of the mean picture along one side."""
SCORES = ("train_loss", "test_loss", "train_metric", "test_metric")
MAX_FITS = 64
"""Networks with one input whose curves are shown, each by itself."""
DIVERGED = np.array([np.inf, np.inf, 0.0, 0.0])
"""The ``SCORES`` of a network that diverged."""
PIECE_SECONDS = 0.1
"""About as long as nobody can stop a training."""


@dataclass
class PictureSums:
    """Sums over the networks that did not diverge: their ``count``, and of the picture's ``value (cells, k)``, of its
    ``square``, and of their ``votes (cells, classes)``."""

    count: float
    value: np.ndarray
    square: np.ndarray
    votes: np.ndarray

    def __add__(self, other: PictureSums) -> PictureSums:
        return PictureSums(
            self.count + other.count,
            self.value + other.value,
            self.square + other.square,
            self.votes + other.votes,
        )


class Piece(NamedTuple):
    """So many ``steps``; whether the step of ``row`` is then ``reached``, and the ``share`` of all steps that is
    done."""

    row: int
    steps: int
    reached: bool
    share: float


@dataclass
class Part:
    """The networks ``members (m,)``, looked at after so many ``steps (T,)``; then, filled in by a training: ``curves
    (T, 4, m)`` of the ``SCORES``, ``bad_step (m,)``, the sums of their ``picture`` if it is ``drawn``, and the
    picture's values ``fits (f, cells)`` of each of the first ``fitted`` of them, NaN of one that diverged."""

    members: np.ndarray
    steps: np.ndarray
    drawn: bool
    fitted: int = 0
    curves: np.ndarray = field(init=False)
    bad_step: np.ndarray = field(init=False)
    picture: PictureSums | None = None
    fits: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.curves = np.full((len(self.steps), len(SCORES), len(self.members)), np.nan)
        self.bad_step = np.full(len(self.members), -1)

    def record(self, row: int, scores: np.ndarray, bad_step: np.ndarray) -> None:
        """The ``scores (4, m)`` at the step of that ``row``, and who had broken by then."""
        self.curves[row] = np.where(bad_step >= 0, DIVERGED[:, None], scores)
        self.bad_step[:] = bad_step

    def record_fit(self, value: np.ndarray, alive: bool) -> None:
        """The picture's ``value (cells,)`` of the next network."""
        self.fits.append(value if alive else np.full_like(value, np.nan))

    def pieces(self, max_steps: int) -> Iterator[Piece]:
        """The steps between the looks, no more than ``max_steps`` at once."""
        done, total = 0, int(self.steps[-1])
        for row, mark in enumerate(self.steps):
            while True:
                steps = min(max_steps, int(mark) - done)
                done += steps
                yield Piece(row, steps, done == mark, done / total)
                if done == mark:
                    break


class Training(Protocol):
    """A way to train many networks, ``size`` at a time; ``cpu_seconds`` and ``network_steps``: of training alone, so
    far."""

    size: int
    cpu_seconds: float
    network_steps: int

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled."""
        ...

    def train(self, part: Part) -> Iterator[float]:
        """Fill ``part`` in; yields the share of it that is done."""
        ...


def network_experiment(experiment: Experiment, k: int, own_samples: bool) -> Experiment:
    """The experiment of network ``k`` alone: it starts from ``init_seed + k``, and with ``own_samples`` learns samples
    of ``seed + k``."""
    problem = experiment.problem
    own = replace(problem, init_seed=(problem.init_seed + k) % 2**31)
    if own_samples:
        own = replace(own, seed=(problem.seed + k) % 2**31)
    return replace(experiment, problem=own)

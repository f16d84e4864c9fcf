"""One experiment trained many times from different starts: how often it works, and how far the networks agree."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.nn import network as nn
from playground.nn.network import signals
from playground.objectives.losses import LOSSES
from playground.spec import Experiment
from playground.training.data import Data, Split
from playground.training.devices import AUTOMATIC, Device, devices_for
from playground.training.group import GroupState, axis_of, init_group, make_group_advance, stacked
from playground.training.knobs import knob_dict
from playground.training.objective import score
from playground.training.programs import Program, Recipe, compiled
from playground.training.spread import Spread
from playground.training.trainer import Trainer

GRID = 40
"""Cells of the mean picture along one side."""
FEWEST, MOST = 2, 1024
LONGEST = 100_000
SCORES = ("train_loss", "test_loss", "train_metric", "test_metric")


@dataclass
class Outcome:
    """What became of N networks; networks that diverged have an infinite loss and a metric of 0.

    ``seeds (N,)``: their ``init_seed``; ``steps (T,)`` and ``curves (T, 4, N)``: the ``SCORES`` on the way, the last row at the end.
    ``mean (cells, k)``: the picture's mean value over the networks that did not diverge; ``disagreement (cells,)``: of their decisions, 0 (all agree) to 1
    (evenly split); in a regression the standard deviation in the target's units. ``cpu_seconds``: of training alone.
    """

    seeds: np.ndarray
    steps: np.ndarray
    curves: np.ndarray
    bad_step: np.ndarray
    mean: np.ndarray = field(default_factory=lambda: np.zeros((0, 1)))
    disagreement: np.ndarray = field(default_factory=lambda: np.zeros(0))
    finished: int = 0
    cpu_seconds: float = 0.0
    network_steps: int = 0

    def final(self, name: str) -> np.ndarray:
        """The score ``name`` at the end, of the networks that are finished."""
        return self.curves[-1, SCORES.index(name), : self.finished]


def checkpoints(steps: int, points: int) -> np.ndarray:
    """At most ``points`` growing numbers of steps from 0 to ``steps``, closer together at the beginning; always 0 and ``steps``."""
    if points < 2:
        return np.array([steps])
    return np.unique(np.round(steps * np.linspace(0, 1, points) ** 1.6).astype(int))


class Many:
    """N trainings of one experiment; network k starts from ``init_seed + k``, and with ``own_samples`` learns samples of ``seed + k``.

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
    ) -> None:
        if not FEWEST <= networks <= MOST:
            raise PlaygroundError(f"the number of networks must be from {FEWEST} to {MOST}, not {networks}.")
        if not 1 <= steps <= LONGEST:
            raise PlaygroundError(f"the number of steps must be from 1 to {LONGEST:,}, not {steps:,}.")
        if own_samples and table is not None:
            raise PlaygroundError("your own table has no other samples to draw; vary the starts alone.")
        self.experiment = experiment
        self.trainer = Trainer(experiment, table)
        self.own_samples = own_samples
        structure, network = experiment.structure, self.trainer.network
        self.axis = axis_of(structure, network)
        marks = checkpoints(steps, points)
        seeds = (experiment.problem.init_seed + np.arange(networks)) % 2**31
        curves = np.full((len(marks), len(SCORES), networks), np.nan)
        self.outcome = Outcome(seeds, marks, curves, np.full(networks, -1))
        self.use(devices_for("many", device))

    def use(self, devices: Sequence[Device]) -> None:
        """Train on these devices, equally many networks on each."""
        self.spread = Spread(devices)
        self._shared = self.spread.whole(self.trainer.data)
        self._grid = self.spread.whole(jax.device_put(self.trainer.prepared.picture.grid(GRID)))

    def one(self, k: int) -> Experiment:
        """The experiment of network ``k`` alone."""
        problem = self.experiment.problem
        mine = replace(problem, init_seed=int(self.outcome.seeds[k]))
        if self.own_samples:
            mine = replace(mine, seed=(problem.seed + k) % 2**31)
        return replace(self.experiment, problem=mine)

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """How its programs are compiled: the training's, the scores' and the picture's."""
        trainer, own = self.trainer, self.own_samples
        key = (*trainer.key, self.axis, own, self.spread.key, self.spread.size)
        grid = (*trainer.key, self.axis, self._grid.shape, self.spread.key, self.spread.size)
        return (
            Recipe(("group init", *key), self._compile_init),
            Recipe(("group advance", *key), self._compile_advance),
            Recipe(("group scores", *key), self._compile_scores),
            Recipe(("group picture", *grid), self._compile_picture),
        )

    def work(self, picture: bool = True) -> Iterator[float]:
        """Train group by group, filling ``outcome``; yields the share that is done."""
        init, advance, scores, draw = (recipe.program() for recipe in self.recipes)
        found, total, size = self.outcome, len(self.outcome.seeds), self.spread.size
        knobs = self.trainer.knobs()
        sums: list[list[np.ndarray]] = []
        for first in range(0, total, size):
            members = np.minimum(np.arange(first, first + size), total - 1)
            real = min(size, total - first)
            group = init(self._drawn(members), knobs)
            data, seed = self._data(members)
            done = 0
            for row, mark in enumerate(found.steps):
                begun = time.process_time()
                group = advance(group, data.train, knobs, seed, np.int32(mark - done))
                jax.block_until_ready(group.bad_step)
                found.cpu_seconds += time.process_time() - begun
                done = int(mark)
                bad = np.asarray(group.bad_step)[:real]
                values = np.asarray(scores(group, data, knobs))[:, :real]
                values = np.where(bad >= 0, np.array([np.inf, np.inf, 0.0, 0.0])[:, None], values)
                found.curves[row, :, first : first + real] = values
                found.bad_step[first : first + real] = bad
                yield (first + real * (row + 1) / len(found.steps)) / total
            if picture:
                alive = (np.arange(size) < real) & (np.asarray(group.bad_step) < 0)
                sums.append([np.asarray(part) for part in draw(group, self._grid, alive.astype(np.float32))])
                self._paint(sums)
            found.finished = first + real
            found.network_steps += size * int(found.steps[-1])
        yield 1.0

    def _paint(self, sums: list[list[np.ndarray]]) -> None:
        count, value, square, votes = (np.sum([part[i] for part in sums], axis=0) for i in range(4))
        n = max(float(count), 1.0)
        self.outcome.mean = value / n
        if self.experiment.task == "regression":
            variance = np.maximum(square / n - np.square(value / n), 0.0)
            self.outcome.disagreement = np.sqrt(variance)[:, 0]
            return
        share = votes / n
        k = share.shape[1]
        self.outcome.disagreement = (1 - np.square(share).sum(axis=1)) / (1 - 1 / k)

    def _drawn(self, members: np.ndarray) -> Any:
        drawn = [nn.drawn(self.trainer.network, int(self.outcome.seeds[k])) for k in members]
        return self.spread.cut(stacked(drawn, self.axis), self.axis)

    def _data(self, members: np.ndarray) -> tuple[Data, Any]:
        if not self.own_samples:
            return self._shared, self.spread.whole(self.trainer.seed)
        parts = [Trainer(self.one(int(k))).prepared.data for k in members]
        seeds = np.array([self.one(int(k)).problem.seed for k in members], np.uint32)
        if len({int(part.train.n) for part in parts}) > 1 or len({part.train.x.shape for part in parts}) > 1:
            raise PlaygroundError("these samples split into train sets of different sizes; vary the starts alone.")
        data = Data(*(Split(*stacked(each, self.axis)) for each in zip(*parts, strict=True)))
        return self.spread.cut(data, self.axis), self.spread.cut(seeds, self.axis)

    def _examples(self) -> tuple[Any, ...]:
        members = np.zeros(self.spread.size, int)
        drawn = self._drawn(members)
        knobs = self.trainer.knobs()
        data, seed = self._data(members)
        return drawn, knobs, data, seed

    def _group(self, drawn: Any, knobs: np.ndarray) -> GroupState:
        return self.recipes[0].program()(drawn, knobs)

    def _compile_init(self) -> Program:
        structure, network = self.experiment.structure, self.trainer.network
        drawn, knobs, *_ = self._examples()

        def init(params: Any, vector: Array) -> GroupState:
            return init_group(structure, network, params, knob_dict(vector))

        lie = self.spread.cuts(jax.eval_shape(init, drawn, knobs), self.axis)
        return compiled(init, drawn, knobs, lie=lie)

    def _compile_advance(self) -> Program:
        experiment, network = self.experiment, self.trainer.network
        rows = self.trainer.prepared.data.train.x.shape[0]
        advance = make_group_advance(experiment.structure, network, experiment.task, rows, self.own_samples)
        drawn, knobs, data, seed = self._examples()
        group = self._group(drawn, knobs)
        return compiled(
            lambda group, split, vector, seed, steps: advance(group, split, knob_dict(vector), seed, steps),
            group,
            data.train,
            knobs,
            seed,
            np.int32(1),
            lie=self.spread.cuts(group, self.axis),
        )

    def _compile_scores(self) -> Program:
        network, loss, task = self.trainer.network, LOSSES[self.experiment.structure.loss], self.experiment.task
        axis, own = self.axis, self.axis if self.own_samples else None

        def scores(group: GroupState, data: Data, vector: Array) -> Array:
            knobs = knob_dict(vector)

            def one(params: Any, stats: Any, data: Data) -> Array:
                train, test = (score(network, loss, task, params, stats, part, knobs) for part in data)
                return jnp.stack([train.loss, test.loss, train.metric, test.metric])

            return jax.vmap(one, in_axes=(axis, axis, own), out_axes=-1)(group.params, group.stats, data)

        drawn, knobs, data, _ = self._examples()
        return compiled(scores, self._group(drawn, knobs), data, knobs, lie=self.spread.on_each())

    def _compile_picture(self) -> Program:
        network, loss, task = self.trainer.network, LOSSES[self.experiment.structure.loss], self.experiment.task

        def picture(group: GroupState, grid: Array, alive: Array) -> tuple[Array, ...]:
            output = jax.vmap(
                lambda params, stats: signals(network, params, stats, grid)[-1].h, in_axes=(self.axis, self.axis)
            )(group.params, group.stats)
            output = jnp.where(alive[:, None, None] > 0, output, 0.0)
            if task == "regression":
                value, votes = output, jnp.zeros_like(output)
            else:
                value = jax.vmap(jax.vmap(loss.value))(output)
                value = value[..., None] if value.ndim == 2 else value
                k = max(2, value.shape[2])
                votes = jax.nn.one_hot(jax.vmap(jax.vmap(loss.decide))(output), k)
            weight = alive[:, None, None]
            return (
                alive.sum(),
                (value * weight).sum(axis=0),
                (jnp.square(value) * weight).sum(axis=0),
                (votes * weight).sum(axis=0),
            )

        drawn, knobs, *_ = self._examples()
        group, alive = self._group(drawn, knobs), np.ones(self.spread.size, np.float32)
        return compiled(picture, group, self._grid, alive, lie=self.spread.on_each())


def solved(outcome: Outcome, task: str, goal: float) -> np.ndarray:
    """Which of the finished networks reached the metric ``goal`` (accuracy, or R^2) on the test set; on the train set where there is none."""
    test = outcome.final("test_metric")
    metric = np.where(np.isfinite(test), test, outcome.final("train_metric"))
    return metric >= goal - 1e-9


def quantiles(values: np.ndarray, shares: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> np.ndarray:
    """Quantiles along the last axis, infinite values as the largest ones: (..., shares)."""
    ordered = np.sort(values, axis=-1)
    places = [round(share * (ordered.shape[-1] - 1)) for share in shares]
    return ordered[..., places]


def ranked(outcome: Outcome) -> dict[str, int]:
    """The best, the median and the worst finished network by the test loss (the train loss where there is no test set)."""
    test = outcome.final("test_loss")
    loss = np.where(np.isnan(test), outcome.final("train_loss"), test)
    order = np.argsort(loss, kind="stable")
    return {"best": int(order[0]), "median": int(order[len(order) // 2]), "worst": int(order[-1])}

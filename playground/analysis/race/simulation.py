"""A race as it is watched: loss, accuracy and boundary of every contestant at one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.race.paired_training import PairedState, PairedTraining
from playground.datasets import Table
from playground.experiment import Experiment
from playground.language import mark
from playground.live.frames.boundary import boundary
from playground.live.frames.general_frame import evaluate
from playground.live.frames.observer import Block, Frame
from playground.live.protocol.reply import Stop
from playground.nn.masks import Masks
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.general.reading import readings
from playground.training.knobs import knob_dict
from playground.training.objective import score

GRID = 40
"""Cells of a contestant's picture along one side."""
MAX_STEPS = 20_000
"""Steps after which a race is over at the latest."""
SCORES = ("train_loss", "test_loss", "train_metric", "test_metric")
SHADES = 0xFC
"""Shades in steps of 4 travel in half the bytes, and no eye sees it."""


@dataclass(frozen=True)
class Contestant:
    """Who races: a short ``name``, and the experiment that it would be alone."""

    name: str
    experiment: Experiment


class RaceSimulation:
    """A course (see ``live/comparison.py``) of up to eight contestants; raises ``PlaygroundError`` when they cannot be
    compared."""

    def __init__(self, contestants: Sequence[Contestant], table: Table | None = None, steps: int = MAX_STEPS) -> None:
        self.steps = min(steps, MAX_STEPS)
        self.contestants = tuple(contestants)
        self.contest = PairedTraining([contestant.experiment for contestant in contestants], table)
        self.trainer = self.contest.trainer
        self.planes = 2 if self.trainer.experiment.task == "multiclass" else 1
        many = len(self.contestants)
        self.blocks = (
            Block("scalars", "f32", (2,)),
            Block("series", "f32", (many * len(SCORES),)),
            Block("map", "u8", (many, self.planes, GRID * GRID)),
        )
        self._contestant_frame = ContestantFrame(self.contest, self.planes)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the frames' numbers: all scores of the first contestant, then of the next."""
        return tuple(f"{score} {contestant.name}" for contestant in self.contestants for score in SCORES)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: the trainings', and the frame's, which is the same for all."""
        return (*self.contest.recipes, self._contestant_frame.recipe)

    def first_state(self) -> PairedState:
        """All at the same start."""
        return self.contest.first_state()

    def advance(self, state: PairedState, steps: int) -> PairedState:
        """All so many steps further, no further than the race goes."""
        steps = min(steps, self.steps - int(state.step))
        return self.contest.advance(state, steps) if steps > 0 else state

    def scores(self, state: PairedState) -> np.ndarray:
        """The ``SCORES`` of all (K, 4); those of who diverged are NaN."""
        return self._observe(state)[0]

    def frame(self, state: PairedState) -> Frame:
        """What is seen of a state; the numbers of who diverged are NaN."""
        scores, shades = self._observe(state)
        head = np.array([state.step, state.step / self.trainer.steps_per_epoch], np.float32)
        return Frame(int(state.step), -1, np.concatenate([head, scores.ravel()]), shades)

    def _observe(self, state: PairedState) -> tuple[np.ndarray, np.ndarray]:
        looked = [self._contestant_frame(state, k) for k in range(len(self.contestants))]
        scores = np.stack([np.asarray(numbers) for numbers, _ in looked])
        scores = np.where(state.bad_step[:, None] >= 0, np.float32(np.nan), scores)
        return scores, np.concatenate([np.asarray(shades)[: self.planes].ravel() for _, shades in looked])

    def stop_reason(self, state: PairedState) -> Stop | None:
        """Over when all have diverged or were stopped early, or after so many steps."""
        if (state.bad_step >= 0).all():
            return "diverged", mark("All contestants have diverged: take lower learning rates, or clip the gradient.")
        if self.contest.ended_mask(state).all():
            return "stopped", mark("All contestants have been stopped early, or have diverged.")
        if state.step >= self.steps:
            return "stopped", mark("The race is over after {steps:,} steps.", steps=self.steps)
        return None


class ContestantFrame(CompiledAnalysis):
    """The scores (4,) and the picture ``(planes, cells)`` of a contestant of ``contest``, padding included."""

    def __init__(self, contest: PairedTraining, planes: int) -> None:
        trainer = contest.trainer
        super().__init__(trainer, "race frame", general_race_frame, trainer.evaluation_key)
        self._contest, self._planes = contest, planes
        grid = trainer.prepared.picture.grid(GRID)
        self._grid = jax.device_put(trainer.padded.inputs(grid) if trainer.padded else grid)

    def __call__(self, state: PairedState, k: int) -> tuple[Any, Any]:
        """Those of contestant ``k``."""
        contest = self._contest
        return self.run_program(contest.weights(state, k), (), contest.knobs[k], None, *self.extra_arguments())

    def example_weights(self) -> tuple[np.ndarray, tuple[()]]:
        """Parameters and running statistics in one vector."""
        return self._contest.weights(self._contest.first_state(), 0), ()

    def extra_arguments(self) -> tuple[Any, ...]:
        """The picture's cells, and the scale of its shades."""
        return self._grid, np.float32(self.trainer.prepared.scale)

    def make_function(self) -> Callable[..., tuple[Array, Array]]:
        """As ``general_race_frame``, of one vector of weights; nothing is ever off."""
        network, task = self.trainer.network, self.trainer.experiment.task
        loss = LOSSES[self.trainer.experiment.structure.loss]

        def look(
            weights: Array, _: tuple[()], data: Data, vector: Array, __: Masks, grid: Array, scale: Array
        ) -> tuple[Array, Array]:
            params, stats = self._contest.with_weights(weights)
            train, test = (score(network, loss, task, params, stats, part, knob_dict(vector)) for part in data)
            shades = boundary(forward(network, params, stats, grid)[-1].h, loss, task, scale)
            shades = coarsen(shades) if self._planes == 1 else shades
            return jnp.stack([train.loss, test.loss, train.metric, test.metric]), shades

        return look


def coarsen(shades: Array) -> Array:
    """A picture of one plane in fewer shades."""
    return shades & SHADES


def general_race_frame(bucket: Bucket) -> Callable[..., tuple[Array, Array]]:
    """The function ``look(params, plan, data, knobs, grid, scale)`` of a bucket: scores (4,), and planes (2, cells) of
    which those of the task count."""

    def look(params: Array, plan: Plan, data: Data, vector: Array, grid: Array, scale: Array) -> tuple[Array, Array]:
        output = outputs_of(bucket, plan, params, jnp.concatenate([data.train.x, data.test.x, grid]))
        on_train, elsewhere = output[: bucket.rows], output[bucket.rows :].T
        evaluation = evaluate(plan, on_train, elsewhere, data, knob_dict(vector), scale, GRID * GRID)
        several = jnp.array([reading.task == "multiclass" for reading in readings()])[plan.reading]
        planes = jnp.where(several, evaluation.planes, coarsen(evaluation.planes))
        return jnp.stack(
            [evaluation.train.loss, evaluation.test.loss, evaluation.train.metric, evaluation.test.metric]
        ), planes

    return look

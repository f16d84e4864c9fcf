"""A race of optimizers on one experiment, as it is watched: losses, accuracies and boundaries of all contestants at one
step."""

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
from playground.live.frames.boundary import boundary
from playground.live.frames.general_frame import evaluate
from playground.live.frames.observer import Block, Frame
from playground.live.protocol.reply import Stop
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
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
        grid = self.trainer.prepared.picture.grid(GRID)
        self._grid = jax.device_put(self.trainer.padded.inputs(grid) if self.trainer.padded else grid)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the frames' numbers: all scores of the first contestant, then of the next."""
        return tuple(f"{score} {contestant.name}" for contestant in self.contestants for score in SCORES)

    @property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How its programs are compiled: the trainings', and the frame's, which is the same for all."""
        return (*self.contest.recipes, self._observe_spec)

    @property
    def _observe_spec(self) -> ProgramSpec:
        trainer, structure = self.trainer, self.trainer.experiment.structure
        if trainer.padded:
            return trainer.bucket_recipe("race frame", general_race_frame, self._grid, np.float32(1))
        shapes = tuple(part.x.shape for part in trainer.prepared.data)
        key = ("race frame", trainer.network, structure.loss, trainer.experiment.task, shapes, GRID, *trainer.where)
        return ProgramSpec(key, self._compile_frame)

    def first_state(self) -> PairedState:
        """All at the same start."""
        return self.contest.first_state()

    def advance(self, state: PairedState, steps: int) -> PairedState:
        """All so many steps further, no further than the race goes."""
        steps = min(steps, self.steps - int(state.step))
        return self.contest.advance(state, steps) if steps > 0 else state

    def scores(self, state: PairedState) -> np.ndarray:
        """The ``SCORES`` of all (K, 4); those of who diverged are NaN."""
        return self._observe_arguments(state)[0]

    def frame(self, state: PairedState) -> Frame:
        """What is seen of a state; the numbers of who diverged are NaN."""
        scores, shades = self._observe_arguments(state)
        head = np.array([state.step, state.step / self.trainer.steps_per_epoch], np.float32)
        return Frame(int(state.step), -1, np.concatenate([head, scores.ravel()]), shades)

    def _observe_arguments(self, state: PairedState) -> tuple[np.ndarray, np.ndarray]:
        looked = [self._observe(state, k) for k in range(len(self.contestants))]
        scores = np.stack([np.asarray(numbers) for numbers, _ in looked])
        scores = np.where(state.bad_step[:, None] >= 0, np.float32(np.nan), scores)
        return scores, np.concatenate([np.asarray(shades)[: self.planes].ravel() for _, shades in looked])

    def _observe(self, state: PairedState, k: int) -> tuple[Any, Any]:
        """The scores (4,) and the picture (planes, cells) of contestant ``k``."""
        program, trainer = self._observe_spec.program(), self.trainer
        if not trainer.padded:
            return program(*self._observed_state(state, k))
        arguments = trainer.padded_arguments(self.contest.weights(state, k), self.contest.knobs[k], None)
        return program(*arguments, self._grid, np.float32(trainer.prepared.scale))

    def stop_reason(self, state: PairedState) -> Stop | None:
        """Over when all have diverged or were stopped early, or after so many steps."""
        if (state.bad_step >= 0).all():
            return "diverged", "All contestants have diverged: take lower learning rates, or clip the gradient."
        if self.contest.ended_mask(state).all():
            return "stopped", "All contestants have been stopped early, or have diverged."
        if state.step >= self.steps:
            return "stopped", f"The race is over after {self.steps:,} steps."
        return None

    def _observed_state(self, state: PairedState, k: int) -> tuple[Any, ...]:
        trainer = self.trainer
        scale = np.float32(trainer.prepared.scale)
        return self.contest.weights(state, k), trainer.data, self._grid, self.contest.knobs[k], scale

    def _compile_frame(self) -> Program:
        network, task = self.trainer.network, self.trainer.experiment.task
        loss = LOSSES[self.trainer.experiment.structure.loss]

        def look(weights: Array, data: Data, grid: Array, vector: Array, scale: Array) -> tuple[Array, Array]:
            params, stats = self.contest.with_weights(weights)
            train, test = (score(network, loss, task, params, stats, part, knob_dict(vector)) for part in data)
            shades = boundary(forward(network, params, stats, grid)[-1].h, loss, task, scale)
            shades = coarsen(shades) if self.planes == 1 else shades
            return jnp.stack([train.loss, test.loss, train.metric, test.metric]), shades

        return aot_compile(look, *self._observed_state(self.first_state(), 0))


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

"""The training loss over planes and lines through the space of all weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.landscape.curvature import objective_of
from playground.analysis.landscape.plane import SIDE, Plane
from playground.nn.masks import Masks, apply_masks
from playground.objectives.losses import LOSSES
from playground.programs.devices import default_device, devices_for, explicit_device
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, objective, outputs_of
from playground.training.general.loss_switch import row_losses
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.objective import mean_loss, score
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer, where_of

SIDES = (SIDE, 31, 21)
STRIP = 3
"""Rows of a plane that one call computes."""
POINTS_AT_ONCE = 4_000_000
"""Numbers of a layer's signal that are held at once: a large network on many samples goes point by point."""
LINE_POINTS = 61
INTERPOLATION_POINTS = (-0.25, 1.25)


def points_at_once(trainer: Trainer, side: int) -> int:
    """How many points of a row of ``side`` are computed side by side: as many as memory allows."""
    widest = max(trainer.network.widths)
    return max(1, min(side, POINTS_AT_ONCE // (trainer.prepared.data.train.x.shape[0] * widest)))


def affordable_side(trainer: Trainer, seconds: float = 3.0) -> int:
    """The finest picture's side of ``SIDES`` that takes about so many CPU seconds; the coarsest where none does."""
    widths, rows, padded = trainer.network.widths, trainer.prepared.data.train.x.shape[0], trainer.padded
    if padded:
        widths, rows = (padded.bucket.units,) * len(widths), padded.bucket.rows
    # 2.5 ns for each unit's activation, 0.05 ns for each product: 8,8 on 500 samples takes 0.09 s, 64,64,64 0.56.
    each = 2.5e-9 * sum(widths[1:]) + 0.05e-9 * sum(a * b for a, b in pairwise(widths))
    return next((side for side in SIDES if side * side * rows * each <= seconds), SIDES[-1])


def device_apart(trainer: Trainer) -> Any:
    """The landscape's device, where that is another than the training's; else None."""
    device = explicit_device(devices_for("landscape", trainer.chosen)[0])
    return None if where_of(device) == trainer.where else device or default_device()


class LossSurface(CompiledAnalysis):
    """The training loss of one trainer's problem on planes through the space of weights."""

    def __init__(self, trainer: Trainer, side: int = SIDE) -> None:
        key, device = (side, *trainer.key), device_apart(trainer)
        super().__init__(trainer, "landscape", general_surface, key, train_only=True, device=device)
        self.side = side

    def loss_on_plane(
        self, plane: Plane, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> np.ndarray:
        """The loss on the plane: ``(side, side)``, rows along the second direction from below; ``state`` gives running
        statistics."""
        return np.concatenate(list(self.strips(plane, state, knobs, masks)))

    def strips(
        self, plane: Plane, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> Iterator[np.ndarray]:
        """The rows of ``loss_on_plane``, a few at a time: what takes long can be watched, and stopped."""
        first, second = (np.asarray(axis, np.float32) for axis in plane.axes(self.side))
        centre, directions = (np.asarray(part, np.float32) for part in (plane.centre, plane.directions))
        padded = self.trainer.padded
        if padded:
            directions = np.stack([padded.pack_params(direction) for direction in directions])
        program = self.bind_program(centre, state.stats, knobs, masks)
        for start in range(0, self.side, STRIP):
            rows = second[start : start + STRIP]
            yield np.asarray(program(directions, first, np.pad(rows, (0, STRIP - len(rows)))))[: len(rows)]

    def example_weights(self) -> tuple[Any, Any]:
        """All parameters in one vector, and running statistics."""
        params, stats = super().example_weights()
        return ravel_pytree(params)[0], stats

    def extra_arguments(self) -> tuple[Any, ...]:
        """Both directions, and coordinates along the first and along the second."""
        padded = self.trainer.padded
        size = padded.bucket.parameters if padded else self.example_weights()[0].size
        return np.zeros((2, size), np.float32), np.zeros(self.side, np.float32), np.zeros(STRIP, np.float32)

    def make_function(self) -> Callable[..., Array]:
        """As ``general_surface``, of all parameters in one vector."""
        trainer, together = self.trainer, points_at_once(self.trainer, self.side)
        _, unravel = ravel_pytree(super().example_weights()[0])

        def surface(
            centre: Array,
            stats: Any,
            split: Any,
            vector: Array,
            masks: Masks,
            directions: Array,
            first: Array,
            second: Array,
        ) -> Array:
            loss = objective_of(trainer, stats, split, vector, masks, unravel)

            def row(v: Array) -> Array:
                def at(u: Array) -> Array:
                    return loss(centre + u * directions[0] + v * directions[1])

                return jax.lax.map(at, first, batch_size=together)

            return jax.lax.map(row, second)

        return surface


class LossLine(CompiledAnalysis):
    """The loss of one trainer's problem on lines through the space of weights."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer, "line between", general_line, device=device_apart(trainer))

    def __call__(
        self, first: TrainState, other: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Places ``(61,)`` on the line from ``first`` (0) to ``other`` (1) and beyond, and the train and the test loss
        there ``(61, 2)``."""
        places, padded = np.linspace(*INTERPOLATION_POINTS, LINE_POINTS, dtype=np.float32), self.trainer.padded
        end = padded.pack_params(other.params) if padded else (other.params, other.stats)
        return places, np.asarray(self.run_program(first.params, first.stats, knobs, masks, end, places))

    def extra_arguments(self) -> tuple[Any, ...]:
        """The line's other end, and places on it."""
        padded = self.trainer.padded
        end = np.zeros(padded.bucket.parameters, np.float32) if padded else self.example_weights()
        return end, np.zeros(LINE_POINTS, np.float32)

    def make_function(self) -> Callable[..., Array]:
        """As ``general_line``, from parameters and running statistics to others."""
        network, task = self.trainer.network, self.trainer.experiment.task
        loss = LOSSES[self.trainer.experiment.structure.loss]

        def line(params: Any, stats: Any, data: Data, vector: Array, masks: Masks, other: Any, places: Array) -> Array:
            knobs = knob_dict(vector)

            def at(share: Array) -> Array:
                blend = jax.tree.map(lambda a, b: (1 - share) * a + share * b, (params, stats), other)
                effective, units = apply_masks(blend[0], masks), masks.units
                scores = (score(network, loss, task, effective, blend[1], part, knobs, units) for part in data)
                return jnp.stack([each.loss for each in scores])

            return jax.lax.map(at, places)

        return line


def general_surface(bucket: Bucket) -> Callable[..., Array]:
    """The function ``surface(centre, plan, data, knobs, directions, first, second)`` of a bucket: the loss at ``centre
    + first[j] * directions[0] + second[i] * directions[1]``, ``(len(second), len(first))``."""

    def surface(
        centre: Array, plan: Plan, data: Data, vector: Array, directions: Array, first: Array, second: Array
    ) -> Array:
        knobs = knob_dict(vector)

        def at(v: Array, u: Array) -> Array:
            return objective(bucket, plan, centre + u * directions[0] + v * directions[1], data.train, knobs)

        return jax.lax.map(lambda v: jax.lax.map(lambda u: at(v, u), first), second)

    return surface


def general_line(bucket: Bucket) -> Callable[..., Array]:
    """The function ``line(one, plan, data, knobs, other, places)`` of a bucket: the train and the test loss ``(places,
    2)`` from parameters ``first`` to ``other``."""

    def line(first: Array, plan: Plan, data: Data, vector: Array, other: Array, places: Array) -> Array:
        knobs, real = knob_dict(vector), output_gate(plan)

        def at(share: Array) -> Array:
            params = (1 - share) * first + share * other
            outputs = [outputs_of(bucket, plan, params, part.x) for part in data]
            losses = [row_losses(plan.loss, out, part.y, real, knobs) for out, part in zip(outputs, data, strict=True)]
            return jnp.stack([mean_loss(rows, part) for rows, part in zip(losses, data, strict=True)])

        return jax.lax.map(at, places)

    return line

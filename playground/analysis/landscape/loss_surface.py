"""The training loss over planes and lines through the space of all weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.landscape.curvature import objective_of
from playground.analysis.landscape.plane import SIDE, Plane
from playground.nn.masks import Masks, apply_masks, full_masks
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.programs.devices import default_device, devices_for, explicit_device
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


class LossSurface:
    """The training loss of one trainer's problem anywhere in the space of weights."""

    def __init__(self, trainer: Trainer, side: int = SIDE) -> None:
        self.trainer = trainer
        self.side = side
        self._device = explicit_device(devices_for("landscape", trainer.chosen)[0])
        self._apart = self.place != trainer.where

    @property
    def place(self) -> tuple[str, ...]:
        """The device of its programs, as a part of their keys."""
        return where_of(self._device)

    @property
    def recipe(self) -> ProgramSpec:
        """How the program for planes is compiled."""
        if self.trainer.padded:
            return self.trainer.bucket_recipe(
                "landscape", general_surface, *self._examples(), device=self._other_device
            )
        return ProgramSpec(("landscape", self.side, *self.trainer.key, self.place), self._compile_plane)

    @property
    def line_recipe(self) -> ProgramSpec:
        """How the program for lines is compiled."""
        padded = self.trainer.padded
        if padded:
            other = np.zeros(padded.bucket.parameters, np.float32)
            examples = other, np.zeros(LINE_POINTS, np.float32)
            return self.trainer.bucket_recipe("line between", general_line, *examples, device=self._other_device)
        return ProgramSpec(("line between", *self.trainer.key, self.place), self._compile_line)

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
        vector = self.trainer.knobs() if knobs is None else knobs
        first, second = (np.asarray(axis, np.float32) for axis in plane.axes(self.side))
        centre, directions = (np.asarray(part, np.float32) for part in (plane.centre, plane.directions))
        program = self._strip_program(centre, directions, first, state, vector, masks)
        for start in range(0, self.side, STRIP):
            rows = second[start : start + STRIP]
            yield np.asarray(program(np.pad(rows, (0, STRIP - len(rows)))))[: len(rows)]

    def _strip_program(
        self, centre: np.ndarray, directions: np.ndarray, first: np.ndarray, state: TrainState, vector: np.ndarray,
        masks: Masks | None,
    ) -> Callable[[np.ndarray], Any]:  # fmt: skip
        """What computes the losses ``(STRIP, side)`` for coordinates ``(STRIP,)`` along the second direction."""
        program, padded = self.recipe.program(), self.trainer.padded
        if padded:
            arguments = self._to_device(self.trainer.padded_arguments(centre, vector, masks))
            wide = np.stack([padded.pack_params(direction) for direction in directions])
            return lambda rows: program(*arguments, wide, first, rows)
        stats, switched = self._to_device(state.stats), self._to_device(masks or self._full_masks)
        train = self._data.train
        return lambda rows: program(centre, directions, first, rows, stats, train, vector, switched)

    def loss_between(
        self, first: TrainState, other: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Places ``(61,)`` on the line from ``one`` (0) to ``other`` (1) and beyond, and the train and the test loss
        there ``(61, 2)``."""
        places = np.linspace(*INTERPOLATION_POINTS, LINE_POINTS, dtype=np.float32)
        vector = self.trainer.knobs() if knobs is None else knobs
        program, padded = self.line_recipe.program(), self.trainer.padded
        if padded:
            arguments = self._to_device(self.trainer.padded_arguments(first.params, vector, masks))
            return places, np.asarray(program(*arguments, padded.pack_params(other.params), places))
        ends = [self._to_device((state.params, state.stats)) for state in (first, other)]
        return places, np.asarray(
            program(places, *ends, self._data, vector, self._to_device(masks or self._full_masks))
        )

    @cached_property
    def _full_masks(self) -> Masks:
        return self._to_device(jax.device_put(full_masks(self.trainer.network)))

    @cached_property
    def _data(self) -> Data:
        return self._to_device(self.trainer.data)

    def _examples(self) -> tuple[np.ndarray, ...]:
        """For the general program: both directions, and coordinates along the first and along the second."""
        assert self.trainer.padded is not None
        directions = np.zeros((2, self.trainer.padded.bucket.parameters), np.float32)
        return directions, np.zeros(self.side, np.float32), np.zeros(STRIP, np.float32)

    def _to_device(self, tree: Any) -> Any:
        """``tree`` on the landscape's device, where that is another than the training's."""
        return jax.device_put(tree, self._other_device) if self._apart else tree

    @property
    def _other_device(self) -> Any:
        """The landscape's device, where that is another than the training's; else None."""
        return (self._device or default_device()) if self._apart else None

    def _compile_plane(self) -> Program:
        trainer = self.trainer
        state = self._to_device(trainer.init())
        theta, unravel = ravel_pytree(state.params)

        def surface(
            centre: Array,
            directions: Array,
            first: Array,
            second: Array,
            stats: Any,
            split: Any,
            vector: Array,
            masks: Masks,
        ) -> Array:
            loss = objective_of(trainer, stats, split, vector, masks, unravel)

            def row(v: Array) -> Array:
                def at(u: Array) -> Array:
                    return loss(centre + u * directions[0] + v * directions[1])

                return jax.lax.map(at, first, batch_size=together)

            return jax.lax.map(row, second)

        together = points_at_once(trainer, self.side)
        first, second = jnp.zeros(self.side), jnp.zeros(STRIP)
        directions = jnp.zeros((2, theta.size))
        return aot_compile(
            surface, theta, directions, first, second, state.stats, self._data.train, trainer.knobs(), self._full_masks
        )

    def _compile_line(self) -> Program:
        trainer = self.trainer
        loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def line(places: Array, first: Any, other: Any, data: Any, vector: Array, masks: Masks) -> Array:
            knobs = knob_dict(vector)

            def at(share: Array) -> Array:
                params, stats = jax.tree.map(lambda a, b: (1 - share) * a + share * b, first, other)
                params, units = apply_masks(params, masks), masks.units
                scores = (score(trainer.network, loss, task, params, stats, part, knobs, units) for part in data)
                return jnp.stack([each.loss for each in scores])

            return jax.lax.map(at, places)

        state = self._to_device(trainer.init())
        end = (state.params, state.stats)
        return aot_compile(line, jnp.zeros(LINE_POINTS), end, end, self._data, trainer.knobs(), self._full_masks)


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
    2)`` from parameters ``one`` to ``other``."""

    def line(first: Array, plan: Plan, data: Data, vector: Array, other: Array, places: Array) -> Array:
        knobs, real = knob_dict(vector), output_gate(plan)

        def at(share: Array) -> Array:
            params = (1 - share) * first + share * other
            outputs = [outputs_of(bucket, plan, params, part.x) for part in data]
            losses = [row_losses(plan.loss, out, part.y, real, knobs) for out, part in zip(outputs, data, strict=True)]
            return jnp.stack([mean_loss(rows, part) for rows, part in zip(losses, data, strict=True)])

        return jax.lax.map(at, places)

    return line

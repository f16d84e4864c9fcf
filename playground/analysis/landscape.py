"""The training loss over planes and lines through the space of all weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.curvature import objective_of
from playground.analysis.plane import SIDE, Plane
from playground.nn.masks import Masks, all_on, cut
from playground.objectives.losses import LOSSES
from playground.training.advance import TrainState
from playground.training.devices import default_device, devices_for, elsewhere
from playground.training.knobs import knob_dict
from playground.training.objective import score
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer

SIDES = (SIDE, 31, 21)
STRIP = 3
"""Rows of a plane that one call computes."""
AT_ONCE = 4_000_000
"""Numbers of a layer's signal that are held at once: a large network on many samples goes point by point."""
ALONG = 61
BETWEEN = (-0.25, 1.25)


def points_at_once(trainer: Trainer, side: int) -> int:
    """How many points of a row of ``side`` are computed side by side: as many as memory allows."""
    widest = max(trainer.network.widths)
    return max(1, min(side, AT_ONCE // (trainer.data.train.x.shape[0] * widest)))


def affordable_side(trainer: Trainer, seconds: float = 3.0) -> int:
    """The finest picture's side of ``SIDES`` that takes about so many CPU seconds; the coarsest where none does."""
    widths = trainer.network.widths
    # 2.5 ns for each unit's activation, 0.05 ns for each product: 8,8 on 500 samples takes 0.09 s, 64,64,64 0.56.
    each = 2.5e-9 * sum(widths[1:]) + 0.05e-9 * sum(a * b for a, b in pairwise(widths))
    rows = trainer.data.train.x.shape[0]
    return next((side for side in SIDES if side * side * rows * each <= seconds), SIDES[-1])


class Landscape:
    """The training loss of one trainer's problem anywhere in the space of weights."""

    def __init__(self, trainer: Trainer, side: int = SIDE) -> None:
        self.trainer = trainer
        self.side = side
        self._device = elsewhere(devices_for("landscape", trainer.chosen)[0])
        self._apart = self.where != trainer.where
        self._all_on = self._here(jax.device_put(all_on(trainer.network)))
        self._data = self._here(trainer.data)

    @property
    def where(self) -> tuple[str, ...]:
        """The device of its programs, as a part of their keys."""
        return () if self._device is None else (str(self._device),)

    @property
    def recipe(self) -> Recipe:
        """How the program for planes is compiled."""
        return Recipe(("landscape", self.side, *self.trainer.key, self.where), self._compile_plane)

    @property
    def line_recipe(self) -> Recipe:
        """How the program for lines is compiled."""
        return Recipe(("line between", *self.trainer.key, self.where), self._compile_line)

    def over(
        self, plane: Plane, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> np.ndarray:
        """The loss on the plane: ``(side, side)``, rows along the second direction from below; ``state`` gives running statistics."""
        return np.concatenate(list(self.strips(plane, state, knobs, masks)))

    def strips(
        self, plane: Plane, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> Iterator[np.ndarray]:
        """The rows of ``over``, a few at a time: what takes long can be watched, and stopped."""
        vector = self.trainer.knobs() if knobs is None else knobs
        first, second = (np.asarray(axis, np.float32) for axis in plane.axes(self.side))
        centre, directions = (np.asarray(part, np.float32) for part in (plane.centre, plane.directions))
        stats, switched = self._here(state.stats), self._here(masks or self._all_on)
        program = self.recipe.program()
        for start in range(0, self.side, STRIP):
            rows = second[start : start + STRIP]
            padded = np.pad(rows, (0, STRIP - len(rows)))
            found = program(centre, directions, first, padded, stats, self._data.train, vector, switched)
            yield np.asarray(found)[: len(rows)]

    def between(
        self, one: TrainState, other: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Places ``(61,)`` on the line from ``one`` (0) to ``other`` (1) and beyond, and the train and the test loss there ``(61, 2)``."""
        places = np.linspace(*BETWEEN, ALONG, dtype=np.float32)
        vector = self.trainer.knobs() if knobs is None else knobs
        program = self.line_recipe.program()
        ends = [self._here((state.params, state.stats)) for state in (one, other)]
        return places, np.asarray(program(places, *ends, self._data, vector, self._here(masks or self._all_on)))

    def _here(self, tree: Any) -> Any:
        """``tree`` on the landscape's device, where that is another than the training's."""
        return jax.device_put(tree, self._device or default_device()) if self._apart else tree

    def _compile_plane(self) -> Program:
        trainer = self.trainer
        state = self._here(trainer.init())
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
            objective = objective_of(trainer, stats, split, vector, masks, unravel)

            def row(v: Array) -> Array:
                def at(u: Array) -> Array:
                    return objective(centre + u * directions[0] + v * directions[1])

                return jax.lax.map(at, first, batch_size=together)

            return jax.lax.map(row, second)

        together = points_at_once(trainer, self.side)
        first, second = jnp.zeros(self.side), jnp.zeros(STRIP)
        directions = jnp.zeros((2, theta.size))
        return compiled(
            surface, theta, directions, first, second, state.stats, self._data.train, trainer.knobs(), self._all_on
        )

    def _compile_line(self) -> Program:
        trainer = self.trainer
        loss, task = LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def line(places: Array, one: Any, other: Any, data: Any, vector: Array, masks: Masks) -> Array:
            knobs = knob_dict(vector)

            def at(share: Array) -> Array:
                params, stats = jax.tree.map(lambda a, b: (1 - share) * a + share * b, one, other)
                params, units = cut(params, masks), masks.units
                scores = (score(trainer.network, loss, task, params, stats, part, knobs, units) for part in data)
                return jnp.stack([each.loss for each in scores])

            return jax.lax.map(at, places)

        state = self._here(trainer.init())
        end = (state.params, state.stats)
        return compiled(line, jnp.zeros(ALONG), end, end, self._data, trainer.knobs(), self._all_on)

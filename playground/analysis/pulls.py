"""Who pulls? One sample's own gradient on every link, and which samples pull against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.analysis.diagram import Diagram
from playground.nn.masks import Masks, all_on, cut, movable
from playground.nn.network import Params, signals
from playground.objectives.losses import LOSSES
from playground.training.advance import TrainState
from playground.training.knobs import knob_dict
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer

TOGETHER = 64
"""Samples whose gradients are held at once: 20,000 of them would not fit beside a large network."""


@dataclass(frozen=True)
class Pull:
    """What sample ``point`` (its place in the picture) pulls at: ``pull``, its negative gradient on the drawn weights and biases, in the order
    of ``Diagram.parameters``; ``cosine (n,)`` between its gradient and each sample's, in the picture's order; NaN where one of them is 0.
    """

    point: int
    pull: np.ndarray
    cosine: np.ndarray


class Pulls:
    """Gradients of single samples for one trainer's states.

    Each is the gradient of that sample's part of what training makes small, label smoothing included, in evaluation mode: without dropout,
    and under batch normalisation with the running statistics, since in a batch no sample pulls alone. Penalties pull by themselves.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._all_on = jax.device_put(all_on(trainer.network))

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        experiment = self.trainer.experiment
        shapes = tuple(part.x.shape for part in self.trainer.prepared.data)
        return Recipe(
            ("pulls", self.trainer.network, experiment.structure.loss, experiment.task, shapes, *self.trainer.where),
            self._compile,
        )

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None, point: int = -1
    ) -> Pull:
        """What sample ``point`` pulls at in ``state``; nothing at all for a point that is none."""
        prepared = self.trainer.prepared
        many = len(prepared.picture.train)
        if not 0 <= point < many:
            return Pull(-1, np.zeros(0), np.zeros(0))
        own = self._rows(point)
        vector = self.trainer.knobs() if knobs is None else knobs
        pull, parts = self.recipe.program()(*self._arguments(state, vector, masks or self._all_on, own))
        cosine = np.full(many, np.nan)
        for order, found in zip(prepared.order, parts, strict=True):
            cosine[order] = np.asarray(found)[: len(order)]
        return Pull(point, np.asarray(pull), cosine)

    def _rows(self, point: int) -> tuple[np.ndarray, np.ndarray]:
        """The row of sample ``point``, ``x (features,)`` and ``y (outputs,)``, from whichever set it is in."""
        for order, split in zip(self.trainer.prepared.order, self.trainer.prepared.data, strict=True):
            (row,) = np.nonzero(order == point)
            if len(row):
                return split.x[row[0]], split.y[row[0]]
        raise IndexError(point)

    def _arguments(self, state: TrainState, vector: np.ndarray, masks: Masks, own: Any) -> tuple[Any, ...]:
        return state.params, state.stats, self.trainer.data, vector, masks, own

    def _compile(self) -> Program:
        trainer = self.trainer
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def pulls(
            params: Params, stats: Any, data: Any, vector: Array, masks: Masks, own: tuple[Array, Array]
        ) -> tuple[Array, list[Array]]:
            knobs = knob_dict(vector)
            free = movable(params, masks)

            def gradient(x: Array, y: Array) -> Params:
                def value(params: Params) -> Array:
                    output = signals(network, cut(params, masks), stats, x[None], masks.units)[-1].h[0]
                    return loss.fn(output, loss.smooth(y[None], knobs["label_smoothing"], task)[0], knobs)

                return jax.tree.map(jnp.multiply, jax.grad(value)(params), free)

            mine = gradient(*own)
            flat = ravel_pytree(mine)[0]
            length = jnp.linalg.norm(flat)

            def cosine(row: tuple[Array, Array]) -> Array:
                other = ravel_pytree(gradient(*row))[0]
                lengths = length * jnp.linalg.norm(other)
                return jnp.where(lengths > 0, other @ flat / jnp.where(lengths > 0, lengths, 1.0), jnp.nan)

            cosines = [jax.lax.map(cosine, (part.x, part.y), batch_size=min(TOGETHER, len(part.x))) for part in data]
            return -Diagram(network).parameters(mine), cosines

        examples = self._arguments(trainer.init(), trainer.knobs(), self._all_on, self._rows(0))
        return compiled(pulls, *examples)

"""What gets through a network at one moment: each layer's gradients, activations and last move, in one compiled program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.gradients import LAYER_SCALARS, layer_statistics
from playground.nn.network import Signal
from playground.objectives.losses import LOSSES
from playground.objectives.regularizers import penalty
from playground.training.advance import TrainState
from playground.training.objective import Batch, score, training_loss, weights_of
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer, knob_dict

LEVELS = 24
REACH = 2.0
"""The histogram of activations spans -REACH to REACH; what lies beyond falls into its ends."""


@dataclass(frozen=True)
class Layers:
    """The layers of one state, the output last: host arrays only.

    ``numbers (depth, 7)`` in the order of ``LAYER_SCALARS``; ``gradients (depth, 24)`` and ``activations (depth, LEVELS)``: shares in bins, as uint8
    (255: all); ``signal (depth,)``: root mean square of what each layer's activation receives. ``train_loss``, ``test_loss``: in evaluation, over whole sets.
    """

    numbers: np.ndarray
    gradients: np.ndarray
    activations: np.ndarray
    signal: np.ndarray
    train_loss: float
    test_loss: float

    def of(self, name: str) -> np.ndarray:
        """One of ``LAYER_SCALARS`` for each layer (depth,)."""
        return self.numbers[:, LAYER_SCALARS.index(name)]


class Flow:
    """The layers of one trainer's states, over the whole train set, under the experiment's own knobs."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer

    def __call__(self, state: TrainState) -> Layers:
        """The layers of ``state``."""
        parts = [np.asarray(part) for part in self.recipe.program()(*self._arguments(state))]
        numbers, gradients, activations, signal, losses = parts
        return Layers(numbers, gradients, activations, signal, float(losses[0]), float(losses[1]))

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled; the optimizer is no part of it."""
        experiment = self.trainer.experiment
        shapes = tuple(part.x.shape for part in self.trainer.prepared.data)
        return Recipe(("flow", self.trainer.network, experiment.structure.loss, experiment.task, shapes), self._compile)

    def _arguments(self, state: TrainState) -> tuple[Any, ...]:
        return state.params, state.stats, state.update, self.trainer.data, self.trainer.knobs()

    def _compile(self) -> Program:
        network, task = self.trainer.network, self.trainer.experiment.task
        loss = LOSSES[self.trainer.experiment.structure.loss]

        def flow(params: Any, stats: Any, update: Any, data: Any, vector: Array) -> tuple[Array, ...]:
            knobs, weight = knob_dict(vector), weights_of(data.train)
            batch = Batch(data.train.x, data.train.y, weight / weight.sum())

            def objective(p: Any) -> Any:
                value, (_, signals) = training_loss(network, loss, task, p, stats, batch, knobs)
                return value + penalty(p, knobs), signals

            gradients, signals = jax.grad(objective, has_aux=True)(params)
            found = [
                layer_statistics(gradients[i], params[i], update[i], signals[i], network.activations[i], weight)
                for i in range(network.depth)
            ]
            losses = [score(network, loss, task, params, stats, part, knobs).loss for part in data]
            return (
                jnp.stack([numbers for numbers, _ in found]),
                jnp.stack([bins for _, bins in found]),
                jnp.stack([levels(signal, weight) for signal in signals]),
                jnp.stack([size(signal, weight) for signal in signals]),
                jnp.stack(losses),
            )

        return compiled(flow, *self._arguments(self.trainer.init()))


def levels(signal: Signal, weight: Array) -> Array:
    """Share of a layer's outputs ``h (rows, units)`` in each of ``LEVELS`` bins, as uint8; ``weight (rows,)`` is 1 for real rows."""
    place = jnp.floor((signal.h + REACH) / (2 * REACH) * LEVELS)
    place = jnp.clip(jnp.nan_to_num(place, nan=0.0, posinf=LEVELS - 1, neginf=0.0), 0, LEVELS - 1)
    inside = place[:, :, None] == jnp.arange(LEVELS, dtype=place.dtype)[None, None]
    counts = (inside * weight[:, None, None]).sum(axis=(0, 1))
    return jnp.ceil(counts / (weight.sum() * signal.h.shape[1]) * 255).astype(jnp.uint8)


def size(signal: Signal, weight: Array) -> Array:
    """Root mean square of what a layer's activation receives."""
    return jnp.sqrt((jnp.square(signal.z).mean(axis=1) * weight).sum() / weight.sum())

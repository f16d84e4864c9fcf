"""What the network says of each sample, and how wrong that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.masks import Masks, all_on, cut
from playground.nn.network import signals
from playground.objectives.losses import LOSSES
from playground.training.advance import TrainState
from playground.training.knobs import knob_dict
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer


@dataclass(frozen=True)
class Judged:
    """Of every sample in the picture's order: ``value (n, k)``, what the picture shows of the output, and its ``loss (n,)``.

    ``value``: the output from -1 to 1 (binary), in the target's units (regression), or a probability a class (multiclass).
    """

    value: np.ndarray
    loss: np.ndarray


class Samples:
    """Outputs and losses of single samples for one trainer's states."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._all_on = jax.device_put(all_on(trainer.network))

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        experiment = self.trainer.experiment
        shapes = tuple(part.x.shape for part in self.trainer.prepared.data)
        return Recipe(
            ("samples", self.trainer.network, experiment.structure.loss, experiment.task, shapes, *self.trainer.where),
            self._compile,
        )

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Judged:
        """What ``state`` says of every sample, train and test, under ``knobs`` and ``masks``."""
        vector = self.trainer.knobs() if knobs is None else knobs
        parts = self.recipe.program()(*self._arguments(state, vector, masks or self._all_on))
        is_train = self.trainer.prepared.picture.train
        value, loss = np.zeros((len(is_train), parts[0][0].shape[1])), np.zeros(len(is_train))
        for order, (found, losses) in zip(self.trainer.prepared.order, parts, strict=True):
            value[order], loss[order] = np.asarray(found)[: len(order)], np.asarray(losses)[: len(order)]
        return Judged(value, loss)

    def _arguments(self, state: TrainState, vector: np.ndarray, masks: Masks) -> tuple[Any, ...]:
        return state.params, state.stats, self.trainer.data, vector, masks

    def _compile(self) -> Program:
        trainer = self.trainer
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task

        def judged(params: Any, stats: Any, data: Any, vector: Array, masks: Masks) -> list[tuple[Array, Array]]:
            knobs, effective = knob_dict(vector), cut(params, masks)
            parts = []
            for split in data:
                output = signals(network, effective, stats, split.x, masks.units)[-1].h
                each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(output, split.y)
                value = output if task == "regression" else jax.vmap(loss.value)(output)
                parts.append((jnp.reshape(value, (len(output), -1)), each))
            return parts

        return compiled(judged, *self._arguments(trainer.init(), trainer.knobs(), self._all_on))

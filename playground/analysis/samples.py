"""What the network says of each sample, and how wrong that is."""

from __future__ import annotations

from collections.abc import Callable
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
from playground.training.compiler import Program, compiled
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.general.loss_switch import row_losses
from playground.training.general.reading import Reading, readings
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.programs import Recipe
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
        self._all_on = all_on(trainer.network)

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        if self.trainer.padded:
            return self.trainer.bucket_recipe("samples", general_samples)
        experiment = self.trainer.experiment
        shapes = tuple(part.x.shape for part in self.trainer.prepared.data)
        return Recipe(
            ("samples", self.trainer.network, experiment.structure.loss, experiment.task, shapes, *self.trainer.where),
            self._compile,
        )

    def __call__(self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None) -> Judged:
        """What ``state`` says of every sample, train and test, under ``knobs`` and ``masks``."""
        vector = self.trainer.knobs() if knobs is None else knobs
        program = self.recipe.program()
        if self.trainer.padded:
            parts = program(*self.trainer.padded_arguments(state.params, vector, masks))
            columns = self.trainer.network.widths[-1] if self.trainer.experiment.task == "multiclass" else 1
        else:
            parts = program(*self._arguments(state, vector, masks or self._all_on))
            columns = parts[0][0].shape[1]
        is_train = self.trainer.prepared.picture.train
        value, loss = np.zeros((len(is_train), columns)), np.zeros(len(is_train))
        for order, (found, losses) in zip(self.trainer.prepared.order, parts, strict=True):
            value[order], loss[order] = np.asarray(found)[: len(order), :columns], np.asarray(losses)[: len(order)]
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


def general_samples(bucket: Bucket) -> Callable[..., list[tuple[Array, Array]]]:
    """The function ``judged(params, plan, data, knobs)`` of a bucket: of each set the values ``(rows, units)``, padding
    included, and losses ``(rows,)``."""

    def judged(params: Array, plan: Plan, data: Data, vector: Array) -> list[tuple[Array, Array]]:
        knobs, real, parts = knob_dict(vector), output_gate(plan), []

        def branch(reading: Reading) -> Callable[[Array], Array]:
            def values(output: Array) -> Array:
                read = reading.outputs(output, real)
                value = read if reading.task == "regression" else jax.vmap(reading.loss.value)(read)
                value = jnp.reshape(value, (len(output), -1))
                return jnp.pad(value, ((0, 0), (0, bucket.units - value.shape[1])))

            return values

        for split in data:
            output = outputs_of(bucket, plan, params, split.x)
            value = jax.lax.switch(plan.reading, [branch(reading) for reading in readings()], output)
            parts.append((value, row_losses(plan.loss, output, split.y, real, knobs)))
        return parts

    return judged

"""How much each unit matters: the training loss without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.masks import Masks, apply_masks, full_masks
from playground.objectives.losses import LOSSES
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.general.bucket import MAX_LAYERS
from playground.training.general.loss_switch import row_losses
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.objective import mean_loss, score
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

AT_ONCE = 64
"""Units ablated in one ``vmap``: it bounds the memory that wide networks need."""


class Ablation:
    """All single-unit ablations of one trainer's states in one compiled program (Morcos et al. 2018)."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.widths = trainer.network.widths[:-1]
        self._all_on = full_masks(trainer.network)

    @property
    def recipe(self) -> ProgramSpec:
        """How the program is compiled."""
        if self.trainer.padded:
            return self.trainer.bucket_recipe("ablation", general_ablation, *self._slots())
        loss = self.trainer.experiment.structure.loss
        return ProgramSpec(
            (
                "ablation",
                self.trainer.network,
                loss,
                self.trainer.experiment.task,
                self.trainer.prepared.data.train.x.shape,
                *self.trainer.where,
            ),
            self._compile,
        )

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> tuple[np.ndarray, ...]:
        """By how much the training loss is higher without each input and each hidden unit: one (width,) a layer.

        Units that ``masks`` switch off already are worth 0; a negative number says that the network is better without.
        """
        vector = self.trainer.knobs() if knobs is None else knobs
        program = self.recipe.program()
        if self.trainer.padded:
            arguments = self.trainer.padded_arguments(state.params, vector, masks)
            rises = np.asarray(program(*arguments, *self._slots()))[: sum(self.widths)]
        else:
            rises = np.asarray(program(*self._arguments(state, vector, masks or self._all_on)))
        return tuple(np.split(rises, np.cumsum(self.widths)[:-1]))

    def _slots(self) -> tuple[np.ndarray, np.ndarray, np.int32]:
        """For the general program: the layer (0 for the inputs) and the place of each unit, padded, and how many there
        are."""
        assert self.trainer.padded is not None
        slots = np.zeros((2, MAX_LAYERS * self.trainer.padded.bucket.units), np.int32)
        places = [(layer, unit) for layer, width in enumerate(self.widths) for unit in range(width)]
        slots[:, : len(places)] = np.transpose(places)
        return slots[0], slots[1], np.int32(len(places))

    def _arguments(self, state: TrainState, vector: np.ndarray, masks: Masks) -> tuple[Any, ...]:
        return state.params, state.stats, self.trainer.data.train, vector, masks

    def _compile(self) -> Program:
        trainer, widths = self.trainer, self.widths
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
        starts = np.cumsum((0, *widths))

        def rises(params: Any, stats: Any, split: Any, vector: Array, masks: Masks) -> Array:
            knobs, effective = knob_dict(vector), apply_masks(params, masks)

            def without(index: Array) -> Array:
                units = tuple(
                    on * (jnp.arange(starts[i], starts[i + 1]) != index).astype(jnp.float32)
                    for i, on in enumerate(masks.units)
                )
                return score(network, loss, task, effective, stats, split, knobs, units).loss

            return jax.lax.map(without, jnp.arange(starts[-1]), batch_size=AT_ONCE) - without(jnp.int32(-1))

        return aot_compile(rises, *self._arguments(trainer.init(), trainer.knobs(), self._all_on))


def general_ablation(bucket: Bucket) -> Callable[..., Array]:
    """The function ``rises(params, plan, data, knobs, layers, units, count)`` of a bucket: by how much the loss is
    higher without each of ``count`` units."""

    def rises(params: Array, plan: Plan, data: Data, vector: Array, layers: Array, units: Array, count: Array) -> Array:
        knobs, split = knob_dict(vector), data.train
        gates = jnp.concatenate([plan.inputs[None], plan.gates])

        def loss(layer: Array, unit: Array) -> Array:
            off = (jnp.arange(len(gates)) == layer)[:, None] & (jnp.arange(bucket.units) == unit)[None]
            left = jnp.where(off, 0.0, gates)
            output = outputs_of(bucket, plan._replace(inputs=left[0], gates=left[1:]), params, split.x)
            return mean_loss(row_losses(plan.loss, output, split.y, output_gate(plan), knobs), split)

        whole = loss(jnp.int32(-1), jnp.int32(-1))

        def add_rise(i: Array, losses: Array) -> Array:
            return losses.at[i].set(loss(layers[i], units[i]) - whole)

        return jax.lax.fori_loop(0, count, add_rise, jnp.zeros(layers.shape))

    return rises

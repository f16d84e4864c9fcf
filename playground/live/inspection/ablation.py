"""How much each unit matters: the training loss without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.masks import Masks, apply_masks
from playground.objectives.losses import LOSSES
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.general.bucket import MAX_WEIGHT_LAYERS
from playground.training.general.loss_switch import row_losses
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.objective import mean_loss, score
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer

AT_ONCE = 64
"""Units ablated in one ``vmap``: it bounds the memory that wide networks need."""


class Ablation(CompiledAnalysis):
    """All single-unit ablations of one trainer's states in one compiled program (Morcos et al. 2018)."""

    def __init__(self, trainer: Trainer) -> None:
        experiment, rows = trainer.experiment, trainer.prepared.data.train.x.shape
        key = (trainer.network, experiment.structure.loss, experiment.task, rows, *trainer.where)
        super().__init__(trainer, "ablation", general_ablation, key, train_only=True)
        self.widths = trainer.network.widths[:-1]

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> tuple[np.ndarray, ...]:
        """By how much the training loss is higher without each input and each hidden unit: one (width,) a layer.

        Units that ``masks`` switch off already are worth 0; a negative number says that the network is better without.
        """
        rises = self.run_program(state.params, state.stats, knobs, masks, *self.extra_arguments())
        return tuple(np.split(np.asarray(rises)[: sum(self.widths)], np.cumsum(self.widths)[:-1]))

    def extra_arguments(self) -> tuple[Any, ...]:
        """For the general program: the layer (0 for the inputs) and the place of each unit, padded, and how many there
        are."""
        padded = self.trainer.padded
        if not padded:
            return ()
        slots = np.zeros((2, MAX_WEIGHT_LAYERS * padded.bucket.units), np.int32)
        places = [(layer, unit) for layer, width in enumerate(self.widths) for unit in range(width)]
        slots[:, : len(places)] = np.transpose(places)
        return slots[0], slots[1], np.int32(len(places))

    def make_function(self) -> Callable[..., Array]:
        """As ``general_ablation``, of the network's own units."""
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

        return rises


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

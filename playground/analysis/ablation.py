"""How much each unit matters: the training loss without it."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.masks import Masks, all_on, cut
from playground.objectives.losses import LOSSES
from playground.training.advance import TrainState
from playground.training.knobs import knob_dict
from playground.training.objective import score
from playground.training.programs import Program, Recipe, compiled
from playground.training.trainer import Trainer

AT_ONCE = 64
"""Units ablated in one ``vmap``: it bounds the memory that wide networks need."""


class Ablation:
    """All single-unit ablations of one trainer's states in one compiled program (Morcos et al. 2018)."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.widths = trainer.network.widths[:-1]
        self._all_on = jax.device_put(all_on(trainer.network))

    @property
    def recipe(self) -> Recipe:
        """How the program is compiled."""
        loss = self.trainer.experiment.structure.loss
        return Recipe(
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
        rises = np.asarray(self.recipe.program()(*self._arguments(state, vector, masks or self._all_on)))
        return tuple(np.split(rises, np.cumsum(self.widths)[:-1]))

    def _arguments(self, state: TrainState, vector: np.ndarray, masks: Masks) -> tuple[Any, ...]:
        return state.params, state.stats, self.trainer.data.train, vector, masks

    def _compile(self) -> Program:
        trainer, widths = self.trainer, self.widths
        network, loss, task = trainer.network, LOSSES[trainer.experiment.structure.loss], trainer.experiment.task
        starts = np.cumsum((0, *widths))

        def rises(params: Any, stats: Any, split: Any, vector: Array, masks: Masks) -> Array:
            knobs, effective = knob_dict(vector), cut(params, masks)

            def without(index: Array) -> Array:
                units = tuple(
                    on * (jnp.arange(starts[i], starts[i + 1]) != index).astype(jnp.float32)
                    for i, on in enumerate(masks.units)
                )
                return score(network, loss, task, effective, stats, split, knobs, units).loss

            return jax.lax.map(without, jnp.arange(starts[-1]), batch_size=AT_ONCE) - without(jnp.int32(-1))

        return compiled(rises, *self._arguments(trainer.init(), trainer.knobs(), self._all_on))

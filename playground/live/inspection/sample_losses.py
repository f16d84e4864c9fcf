"""What the network says of each sample, and how wrong that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax import Array

from playground.nn.masks import Masks, apply_masks
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.training.compiled_analysis import CompiledAnalysis
from playground.training.data import Data
from playground.training.general import Bucket, Plan, outputs_of
from playground.training.general.loss_switch import row_losses
from playground.training.general.train_loop import output_gate
from playground.training.knobs import knob_dict
from playground.training.readout import shown_outputs
from playground.training.train_loop import TrainState
from playground.training.trainer import Trainer


@dataclass(frozen=True)
class SamplePredictions:
    """Of every sample in the picture's order: ``value (n, m)``, what is shown of its output (``shown_outputs``), and
    its ``loss (n,)``, which follows from that and from the target; of a regression its ``error (n,)`` in the target's
    units too."""

    value: np.ndarray
    loss: np.ndarray
    error: np.ndarray | None = None


class SampleLosses(CompiledAnalysis):
    """Outputs and losses of single samples for one trainer's states."""

    def __init__(self, trainer: Trainer) -> None:
        super().__init__(trainer, "samples", general_samples, trainer.evaluation_key)

    def __call__(
        self, state: TrainState, knobs: np.ndarray | None = None, masks: Masks | None = None
    ) -> SamplePredictions:
        """What ``state`` says of every sample, train and test, under ``knobs`` and ``masks``."""
        parts = self.run_program(state.params, state.stats, knobs, masks)
        prepared, columns = self.trainer.prepared, self.trainer.network.widths[-1]
        output, loss = np.zeros((len(prepared.picture.train), columns)), np.zeros(len(prepared.picture.train))
        for order, (predictions, losses) in zip(prepared.order, parts, strict=True):
            output[order], loss[order] = (
                np.asarray(predictions)[: len(order), :columns],
                np.asarray(losses)[: len(order)],
            )
        experiment = self.trainer.experiment
        value = shown_outputs(output, LOSSES[experiment.structure.loss], experiment.task, prepared.target)
        return SamplePredictions(
            value, loss, value[:, 0] - prepared.targets if experiment.task == "regression" else None
        )

    def make_function(self) -> Callable[..., list[tuple[Array, Array]]]:
        """As ``general_samples``, of the network's own outputs."""
        network, loss = self.trainer.network, LOSSES[self.trainer.experiment.structure.loss]

        def judge(params: Any, stats: Any, data: Any, vector: Array, masks: Masks) -> list[tuple[Array, Array]]:
            knobs, effective = knob_dict(vector), apply_masks(params, masks)
            parts = []
            for split in data:
                output = forward(network, effective, stats, split.x, masks.units)[-1].h
                each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(output, split.y)
                parts.append((output, each))
            return parts

        return judge


def general_samples(bucket: Bucket) -> Callable[..., list[tuple[Array, Array]]]:
    """The function ``judge(params, plan, data, knobs)`` of a bucket: of each set the outputs ``(rows, units)``,
    padding included, and losses ``(rows,)``."""

    def judge(params: Array, plan: Plan, data: Data, vector: Array) -> list[tuple[Array, Array]]:
        knobs, real, parts = knob_dict(vector), output_gate(plan), []
        for split in data:
            output = outputs_of(bucket, plan, params, split.x)
            parts.append((output, row_losses(plan.loss, output, split.y, real, knobs)))
        return parts

    return judge

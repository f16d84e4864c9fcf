"""How outputs are read, whatever the loss: as a number, as a margin, as a probability, as several of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import jax.numpy as jnp
from jax import Array

from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES, Loss

NEVER_CHOSEN = -1e30
"""An output of padding where classes are compared: a share of 0, and never the largest."""


@dataclass(frozen=True)
class Reading:
    """What ``loss`` makes of outputs in a ``task``: its value, its decision and its true class; other losses are read
    alike."""

    loss: Loss
    task: NetworkTask

    def outputs(self, output: Array, real: Array) -> Array:
        """Outputs, or targets, ``(rows, units)`` as the loss reads them; ``real (units,)``: 1 for what is an output."""
        if self.task != "multiclass":
            return output[:, : self.loss.outputs(self.task, 2)]
        return jnp.where(real[None] > 0, output, NEVER_CHOSEN)


def _key(loss: Loss, task: NetworkTask) -> tuple[object, ...]:
    """What reading depends on."""
    if task == "regression":
        return ("regression",)
    return task, loss.logits, loss.encoding, loss.binary_outputs if task == "binary" else 0


@cache
def readings() -> tuple[Reading, ...]:
    """Every way to read outputs, in the order of their numbers."""
    readings: dict[tuple[object, ...], Reading] = {}
    for loss in LOSSES.values():
        for task in loss.output_activations:
            readings.setdefault(_key(loss, task), Reading(loss, task))
    return tuple(readings.values())


def reading_number(name: str, task: NetworkTask) -> int:
    """The number of how outputs are read under a loss in a task."""
    keys = [_key(reading.loss, reading.task) for reading in readings()]
    return keys.index(_key(LOSSES[name], task))

"""How a gradient becomes a step: Optax's methods, with every number a traced argument."""

from __future__ import annotations

from playground.objectives.optimizers.adam import ADAM
from playground.objectives.optimizers.adaptive import SCALED
from playground.objectives.optimizers.large_batch import LARGE_BATCH
from playground.objectives.optimizers.momentum import MOMENTUM
from playground.objectives.optimizers.optimizer import Optimizer
from playground.objectives.optimizers.second_order import SECOND_ORDER
from playground.registry import Registry

OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")
for entry in (*MOMENTUM, *ADAM, *SCALED, *LARGE_BATCH, *SECOND_ORDER):
    OPTIMIZERS.register(entry)

__all__ = ["OPTIMIZERS", "Optimizer"]

"""Methods made for training large models on large batches."""

from __future__ import annotations

import optax
from jax import Array

from playground.objectives.optimizers.optimizer import Knob, optimizer, scale_by_learning_rate


def lion(rate: Array, knobs: Knob) -> optax.GradientTransformation:
    """The sign of a mean of gradients, and decoupled weight decay."""
    sign = optax.scale_by_lion(knobs["beta1"], knobs["beta2"])
    return scale_by_learning_rate(rate, sign, optax.add_decayed_weights(knobs["weight_decay"]))


def lamb(rate: Array, knobs: Knob) -> optax.GradientTransformation:
    """Adam's step with weight decay, made as long in each array as the array itself."""
    adam = optax.scale_by_adam(knobs["beta1"], knobs["beta2"], knobs["epsilon"])
    return scale_by_learning_rate(
        rate, adam, optax.add_decayed_weights(knobs["weight_decay"]), optax.scale_by_trust_ratio()
    )


LARGE_BATCH = (
    optimizer(
        lion,
        {"learning_rate": 0.0003, "beta1": 0.9, "beta2": 0.99, "weight_decay": 1e-3},
        name="lion",
        label="Lion",
        formula=r"\theta \leftarrow \theta - \eta \left( \text{sign}(\beta_1 m + (1-\beta_1) g) + \lambda \theta "
        r"\right), \quad "
        r"m \leftarrow \beta_2 m + (1-\beta_2) g",
        source="Chen et al. 2023",
        explanation="Goes by the sign alone: every parameter moves equally far.",
    ),
    optimizer(
        lamb,
        {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6, "weight_decay": 0.0},
        name="lamb",
        label="LAMB",
        formula=r"\theta_l \leftarrow \theta_l - \eta \frac{\lVert \theta_l \rVert}{\lVert u_l \rVert} u_l, \quad "
        r"u = \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta",
        source="You et al. 2020",
        explanation="Adam whose step is as long, in each layer, as suits the layer's weights.",
        elementwise=False,
    ),
)

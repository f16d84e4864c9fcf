"""Gradient descent, with and without momentum."""

from __future__ import annotations

import optax
from jax import Array

from playground.objectives.optimizers.optimizer import Knob, optimizer, scale_by_learning_rate


def sgd(rate: Array, knobs: Knob, nesterov: bool = False) -> optax.GradientTransformation:
    """v <- momentum v + g; the step is -rate v, or with Nesterov's look ahead -rate (g + momentum v)."""
    return scale_by_learning_rate(rate, optax.trace(decay=knobs["momentum"], nesterov=nesterov))  # pyright: ignore[reportArgumentType]


MOMENTUM = (
    optimizer(
        sgd,
        {"learning_rate": 0.03, "momentum": 0.0},
        name="sgd",
        label="SGD",
        brief="θ ← θ − η v",
        formula=r"v \leftarrow \mu v + g, \quad \theta \leftarrow \theta - \eta v",
        source="Robbins & Monro 1951; Polyak 1964",
        explanation="Steps straight down the batch's gradient, with momentum keeping some of the speed.",
    ),
    optimizer(
        lambda rate, knobs: sgd(rate, knobs, nesterov=True),
        {"learning_rate": 0.03, "momentum": 0.9},
        name="nesterov",
        label="SGD with Nesterov momentum",
        brief="θ ← θ − η (g + μ v)",
        formula=r"v \leftarrow \mu v + g, \quad \theta \leftarrow \theta - \eta (g + \mu v)",
        source="Nesterov 1983; Sutskever et al. 2013",
        explanation="Momentum that corrects its course one step earlier.",
    ),
)

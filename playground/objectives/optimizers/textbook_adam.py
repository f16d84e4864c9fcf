"""Adam as many textbooks and articles print it."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array


class Moments(NamedTuple):
    """Running means of the gradients and of their squares, shaped like the parameters."""

    m: Any
    v: Any


def scale_by_textbook_adam(beta1: Array, beta2: Array, epsilon: Array) -> optax.GradientTransformation:
    """``m / sqrt(v + epsilon)`` without bias correction, epsilon inside the root.

    Kingma & Ba 2015 divide both means by ``1 - beta^t`` and add epsilon outside the root; without the first, early
    steps are too long by up to ``(1 - beta1) / sqrt(1 - beta2)``, about 3.2."""

    def init(params: Any) -> Moments:
        return Moments(jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Moments]:
        m = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, state.m, updates)
        v = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * jnp.square(g), state.v, updates)
        return jax.tree.map(lambda m, v: m / jnp.sqrt(v + epsilon), m, v), Moments(m, v)

    return optax.GradientTransformation(init, update)

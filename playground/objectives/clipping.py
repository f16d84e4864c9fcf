"""Gradient clipping by global norm."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array


def clip_factor(norm: Array, limit: Array) -> Array:
    """By what to multiply a gradient of this ``norm`` so that it is not longer than ``limit``; a ``limit`` of 0 lets
    all through (Pascanu, Mikolov & Bengio 2013)."""
    return jnp.where((limit > 0) & (norm > limit), limit / norm, 1.0)

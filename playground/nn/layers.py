"""One dense layer, written so that XLA makes it fast at every size, and dropout's masks without random-number state."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

FUSED_BELOW = 4000
"""batch * fan_in * fan_out below which a sum of products beats ``@`` inside a step: XLA then fuses the whole step
instead of dispatching each product (``benchmarks/engine.py --crossover`` measures it)."""


def dense(x: Array, w: Array, b: Array) -> Array:
    """``x @ w + b`` for ``x (batch, fan_in)``, ``w (fan_in, fan_out)``, ``b (fan_out,)``, in the form that is fast at
    this size."""
    batch, (fan_in, fan_out) = x.shape[0], w.shape
    if batch * fan_in * fan_out < FUSED_BELOW:
        return (x[:, :, None] * w[None]).sum(axis=1) + b[None]
    return x @ w + b[None]


def hash_bits(bits: Array) -> Array:
    """Each uint32 of ``bits`` thoroughly mixed: the finalizer of MurmurHash3 (Appleby 2011)."""
    bits = (bits ^ (bits >> 16)) * jnp.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> 13)) * jnp.uint32(0xC2B2AE35)
    return bits ^ (bits >> 16)


def dropout_mask(shape: tuple[int, int], rate: Array, seed: Array) -> Array:
    """Inverted dropout's factors (Srivastava et al. 2014): each is 0 with probability ``rate``, else
    ``1 / (1 - rate)``.

    They depend on ``seed`` (uint32) and on their place alone; a hash of the place costs a few integer operations.
    """
    return dropout_factors(jnp.arange(shape[0] * shape[1], dtype=jnp.uint32).reshape(shape), rate, seed)


def dropout_factors(place: Array, rate: Array, seed: Array) -> Array:
    """The factor at each ``place`` (uint32, row by row) of a batch."""
    uniform = (hash_bits(place * jnp.uint32(0x9E3779B1) ^ hash_bits(seed)) >> 8).astype(jnp.float32) * jnp.float32(
        2**-24
    )
    return jnp.where(uniform >= rate, 1 / (1 - rate), 0.0)

"""The order in which an epoch visits the samples, without a sort and without random-number state."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.layers import hash_bits

ROUNDS = 24


def shuffle_index(rows: int, n: Array, seed: Array) -> Array:
    """A permutation (rows,) of 0 to n-1 that depends on ``seed`` (uint32) alone; places from ``n`` on stay where they
    are.

    Swap-or-not (Hoang, Morris & Rogaway 2012): in each round every place is paired with another, and a hash of the pair
    tells whether the two change places. All places at once take a few microseconds where sorting random keys took
    thirty."""
    start = jnp.arange(rows, dtype=jnp.uint32)
    real = start < n.astype(jnp.uint32)
    size = jnp.maximum(n, 1).astype(jnp.uint32)

    def swap_or_not(i: Array, place: Array) -> Array:
        key = hash_bits(seed + jnp.asarray(i, jnp.uint32) * jnp.uint32(0x9E3779B1))
        pivot = key % size
        partner = pivot + size - place
        partner = jnp.where(partner >= size, partner - size, partner)
        swap = hash_bits(jnp.maximum(place, partner) ^ (key * jnp.uint32(0x85EBCA6B) + 1)) & 1
        return jnp.where(real & (swap == 1), partner, place)

    return jax.lax.fori_loop(0, ROUNDS, swap_or_not, start)

"""Per layer: how large its gradients are, how they are spread, how far it moves, and whether its units still answer."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.network import Layer, Signal

BINS = 24
LOW, HIGH = -10.0, 2.0
"""The histogram spans gradients of 10^LOW to 10^HIGH, half a decade a bin; smaller and larger ones fall into its ends."""
PASSES = 0.05
"""A unit whose activation's slope is below this lets less than a twentieth of the gradient through."""

LAYER_SCALARS = (
    "gradient_norm",
    "gradient_mean",
    "gradient_std",
    "update_ratio",
    "activation_mean",
    "dead",
    "saturated",
)


def flattened(layer: Layer) -> Array:
    """All numbers of a layer in one vector."""
    return jnp.concatenate([layer[name].ravel() for name in sorted(layer)])


def histogram(values: Array) -> Array:
    """Share of ``values`` in each of 24 bins of log10 of their magnitude, as uint8 (255: all of them)."""
    place = (jnp.log10(jnp.abs(values)) - LOW) / (HIGH - LOW) * BINS
    place = jnp.clip(jnp.nan_to_num(jnp.floor(place), nan=0.0, neginf=0.0, posinf=BINS - 1), 0, BINS - 1)
    counts = (place[:, None] == jnp.arange(BINS, dtype=place.dtype)[None]).sum(axis=0)
    return jnp.ceil(counts / values.size * 255).astype(jnp.uint8)


def silence(signal: Signal, activation: str) -> Array:
    """Where a unit lets next to no gradient pass: bool (rows, units)."""
    slope = jax.jvp(ACTIVATIONS[activation].fn, (signal.z,), (jnp.ones_like(signal.z),))[1]
    return jnp.abs(slope) < PASSES


def silent_shares(signal: Signal, activation: str, weight: Array) -> Array:
    """Share of samples on which each unit lets next to no gradient pass: (units,); ``weight (rows,)`` is 1 for real rows."""
    return (silence(signal, activation) * weight[:, None]).sum(axis=0) / weight.sum()


def layer_statistics(
    gradient: Layer, layer: Layer, update: Layer, signal: Signal, activation: str, weight: Array
) -> tuple[Array, Array]:
    """One layer's numbers ``(7,)``, in the order of ``LAYER_SCALARS``, and its histogram ``(24,)``.

    ``update_ratio``: norm of the last update over norm of the parameters. ``dead``: share of units that let no gradient pass
    on any sample; ``saturated``: share of (unit, sample) pairs that let none pass. ``weight (rows,)`` is 1 for real rows.
    """
    g, size = flattened(gradient), jnp.linalg.norm(flattened(layer))
    real = weight[:, None] > 0
    silent = silence(signal, activation) | ~real
    rows, units = weight.sum(), signal.z.shape[1]
    numbers = jnp.stack(
        [
            jnp.linalg.norm(g),
            g.mean(),
            g.std(),
            jnp.linalg.norm(flattened(update)) / jnp.maximum(size, 1e-12),
            jnp.where(real, signal.h, 0.0).sum() / (rows * units),
            silent.all(axis=0).mean(),
            (silent & real).sum() / (rows * units),
        ]
    )
    return numbers, histogram(g)

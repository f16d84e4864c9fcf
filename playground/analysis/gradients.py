"""Per layer: how large its gradients are, how they are spread, how far it moves, and whether its units still answer."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.network import Layer, Params, Signal

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


def histograms(values: Array, real: np.ndarray) -> Array:
    """Of each row of ``values (rows, most)``, the share in each of 24 bins of log10 of their magnitude: uint8 (rows, 24), 255 for all.

    ``real (rows, most)`` tells what counts; the rest is padding.
    """
    place = (jnp.log10(jnp.abs(values)) - LOW) / (HIGH - LOW) * BINS
    place = jnp.clip(jnp.nan_to_num(jnp.floor(place), nan=0.0, neginf=0.0, posinf=BINS - 1), 0, BINS - 1)
    fits = (place[:, None] == jnp.arange(BINS, dtype=place.dtype)[None, :, None]) & real[:, None]
    return jnp.ceil(fits.sum(axis=2) / real.sum(axis=1)[:, None] * 255).astype(jnp.uint8)


def silence(signal: Signal, activation: str) -> Array:
    """Where a unit lets next to no gradient pass: bool (rows, units)."""
    slope = jax.jvp(ACTIVATIONS[activation].fn, (signal.z,), (jnp.ones_like(signal.z),))[1]
    return jnp.abs(slope) < PASSES


def unit_statistics(signals: Sequence[Signal], activations: Sequence[str], weight: Array) -> tuple[Array, Array]:
    """Of every unit behind the inputs, layer after layer (units,): its mean output, and the share of samples on which it lets next to no gradient pass.

    ``weight (rows,)`` is 1 for real rows.
    """
    h = jnp.concatenate([signal.h for signal in signals], axis=1)
    silent = jnp.concatenate([silence(signal, name) for signal, name in zip(signals, activations, strict=True)], axis=1)
    both = jnp.where(weight[:, None, None] > 0, jnp.stack([h, silent.astype(h.dtype)], axis=1), 0.0)
    mean, share = both.sum(axis=0) / weight.sum()
    return mean, share


def layer_statistics(
    gradients: Params, params: Params, update: Params, mean: Array, silent: Array
) -> tuple[Array, Array]:
    """Each layer's numbers ``(depth, 7)``, in the order of ``LAYER_SCALARS``, and its histogram ``(depth, 24)``.

    ``update_ratio``: norm of the last update over norm of the parameters. ``mean`` and ``silent``: what ``unit_statistics`` gives. ``dead``: share
    of units that let no gradient pass on any sample; ``saturated``: share of (unit, sample) pairs that let none pass.

    All layers at once, padded to the largest: what is compiled then grows with what is asked, not with the depth.
    """
    g, p, u = (stacked(tree) for tree in (gradients, params, update))
    sizes = np.array([sum(part.size for part in layer.values()) for layer in params])
    widths = [layer["b"].size for layer in params]
    real = np.arange(g.shape[1])[None] < sizes[:, None]
    total, norm, size, moved = jnp.stack([g, g * g, p * p, u * u]).sum(axis=2)
    deviation = jnp.where(real, jnp.square(g - (total / sizes)[:, None]), 0.0).sum(axis=1)
    mine = np.repeat(np.eye(len(widths)), widths, axis=0) / np.repeat(widths, widths)[:, None]
    units = jnp.stack([mean, silent >= 1.0, silent]) @ mine.astype(np.float32)
    numbers = [
        jnp.sqrt(norm),
        total / sizes,
        jnp.sqrt(deviation / sizes),
        jnp.sqrt(moved) / jnp.maximum(jnp.sqrt(size), 1e-12),
        *units,
    ]
    return jnp.stack(numbers, axis=1), histograms(g, real)


def stacked(layers: Params) -> Array:
    """All numbers of each layer in a row ``(depth, most)``, with zeros behind those of smaller ones."""
    rows = [flattened(layer) for layer in layers]
    most = max(row.size for row in rows)
    return jnp.stack([jnp.pad(row, (0, most - row.size)) for row in rows])

"""Per layer: how large its gradients are, how they are spread, how far it moves, and whether its units still answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.diagnostics.layer_health import activation_numbers, dead_and_saturated, is_shut
from playground.nn.activations import ACTIVATIONS
from playground.nn.network import Layer, LayerSignal, Params

BINS = 24
LOW, HIGH = -10.0, 2.0
"""The histogram spans gradients of 10^LOW to 10^HIGH, half a decade a bin; smaller and larger ones fall into its
ends."""
LAYER_SCALARS = (
    "gradient_norm",
    "gradient_mean",
    "gradient_std",
    "update_ratio",
    "activation_mean",
    "dead",
    "saturated",
)


def flatten_layer(layer: Layer) -> Array:
    """All numbers of a layer in one vector."""
    return jnp.concatenate([layer[name].ravel() for name in sorted(layer)])


def histograms(values: Array, real: Any) -> Array:
    """Of each row of ``values (rows, most)``, the share in each of 24 bins of log10 of their magnitude: uint8 (rows,
    24), 255 for all.

    ``real (rows, most)`` tells what counts; the rest is padding.
    """
    place = (jnp.log10(jnp.abs(values)) - LOW) / (HIGH - LOW) * BINS
    place = jnp.clip(jnp.nan_to_num(jnp.floor(place), nan=0.0, neginf=0.0, posinf=BINS - 1), 0, BINS - 1)
    fits = (place[:, None] == jnp.arange(BINS, dtype=place.dtype)[None, :, None]) & (real[:, None] > 0)
    return jnp.ceil(fits.sum(axis=2) / jnp.maximum(real.sum(axis=1), 1)[:, None] * 255).astype(jnp.uint8)


def shut_units(signal: LayerSignal, activation: str) -> Array:
    """Where a unit is silent or saturated: bool (rows, units)."""
    slope = jax.jvp(ACTIVATIONS[activation].fn, (signal.z,), (jnp.ones_like(signal.z),))[1]
    return is_shut(slope, activation_numbers([activation])[0])


def unit_statistics(signals: Sequence[LayerSignal], activations: Sequence[str], weight: Array) -> tuple[Array, Array]:
    """Of every unit behind the inputs, layer after layer (units,): its mean output, and the share of samples on which
    it is silent or saturated.

    ``weight (rows,)`` is 1 for real rows.
    """
    h = jnp.concatenate([signal.h for signal in signals], axis=1)
    shut = jnp.concatenate(
        [shut_units(signal, name) for signal, name in zip(signals, activations, strict=True)], axis=1
    )
    both = jnp.where(weight[:, None, None] > 0, jnp.stack([h, shut.astype(h.dtype)], axis=1), 0.0)
    mean, share = both.sum(axis=0) / weight.sum()
    return mean, share


class PaddedLayers(NamedTuple):
    """All numbers of each layer in a row ``(depth, most)``, 0 where there are none: gradients, parameters, and what the
    last update added."""

    gradients: Array
    params: Array
    update: Array


def layer_statistics(
    gradients: Params, params: Params, update: Params, mean: Array, shut: Array, activations: Sequence[str]
) -> tuple[Array, Array]:
    """As ``padded_layer_statistics``, of layers as they are; ``mean`` and ``shut``: what ``unit_statistics``
    gives."""
    layers = PaddedLayers(*(stack_layers(tree) for tree in (gradients, params, update)))
    sizes = np.array([sum(part.size for part in layer.values()) for layer in params])
    widths = np.array([layer["b"].size for layer in params])
    real = np.arange(layers.params.shape[1])[None] < sizes[:, None]
    real_units = np.arange(widths.max())[None] < widths[:, None]
    rows = np.nonzero(real_units)
    mean, shut = (jnp.zeros(real_units.shape).at[rows].set(part) for part in (mean, shut))
    real, real_units = real.astype(np.float32), real_units.astype(np.float32)
    health = dead_and_saturated(shut, real_units, activation_numbers(activations), len(activations) - 1)
    return padded_layer_statistics(layers, real, mean, real_units, health)


def padded_layer_statistics(
    layers: PaddedLayers, real: Any, mean: Array, real_units: Any, health: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Each layer's numbers ``(depth, 7)``, in the order of ``LAYER_SCALARS``, and its histogram ``(depth, 24)``.

    ``update_ratio``: norm of the last update over norm of the parameters. ``mean (depth, units)``: each
    unit's mean output; ``real`` and ``real_units``: 1 for what there is; ``health``: what ``dead_and_saturated`` gives.

    All layers at once, padded to the largest: what is compiled then grows with what is asked, not with the depth.
    """
    g, p, u = layers
    sizes, widths = (jnp.maximum(jnp.asarray(part).sum(axis=1), 1.0) for part in (real, real_units))
    total, norm, size, moved = jnp.stack([g, g * g, p * p, u * u]).sum(axis=2)
    deviation = jnp.where(real > 0, jnp.square(g - (total / sizes)[:, None]), 0.0).sum(axis=1)
    numbers = [
        jnp.sqrt(norm),
        total / sizes,
        jnp.sqrt(deviation / sizes),
        jnp.sqrt(moved) / jnp.maximum(jnp.sqrt(size), 1e-12),
        (mean * real_units).sum(axis=1) / widths,
        *health,
    ]
    return jnp.stack(numbers, axis=1), histograms(g, real)


def stack_layers(layers: Params) -> Array:
    """All numbers of each layer in a row ``(depth, most)``, with zeros behind those of smaller ones."""
    rows = [flatten_layer(layer) for layer in layers]
    most = max(row.size for row in rows)
    return jnp.stack([jnp.pad(row, (0, most - row.size)) for row in rows])

"""A batch forward and backward through a network, every intermediate number kept."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.masks import Masks, cut
from playground.nn.network import Layer, Network, Params, Stats
from playground.nn.normalization import EPSILON, batch_moments, layer_moments
from playground.training.objective import Batch


class Forward(NamedTuple):
    """What one layer does to a batch, ``(rows, units)`` each but ``x (rows, fan_in)``.

    ``sums``: W x + b. ``unit``: the sums at mean 0 and variance 1, and ``deviation`` what they were divided by (without
    normalisation: the sums, and 1). ``z``: what the activation receives, ``slope`` its derivative there, ``a`` what comes out,
    ``mask`` dropout's factors, ``h`` what the next layer receives.
    """

    x: Array
    sums: Array
    unit: Array
    deviation: Array
    z: Array
    slope: Array
    a: Array
    mask: Array
    h: Array


class Backward(NamedTuple):
    """Derivatives of the batch's loss by what one layer made, ``(rows, units)`` each, and by its parameters."""

    h: Array
    a: Array
    z: Array
    sums: Array
    gradient: Layer


def forward(
    network: Network, params: Params, stats: Stats, batch: Batch, masks: Masks, *, training: bool
) -> list[Forward]:
    """Every layer in turn: as in training, or in evaluation (running statistics, no dropout)."""
    h, passes = batch.x * masks.units[0][None], []
    for i, layer in enumerate(cut(params, masks)):
        x, sums = h, h @ layer["w"] + layer["b"][None]
        unit, deviation, z = sums, jnp.ones_like(sums), sums
        if "scale" in layer:
            mean, variance = batch_moments(sums, batch.share) if stats[i] else layer_moments(sums)
            if stats[i] and not training:
                mean, variance = stats[i]["mean"][None], stats[i]["variance"][None]
            deviation = jnp.broadcast_to(jnp.sqrt(variance + EPSILON), sums.shape)
            unit = (sums - mean) / deviation
            z = unit * layer["scale"][None] + layer["offset"][None]
        a, slope = jax.jvp(ACTIVATIONS[network.activations[i]].fn, (z,), (jnp.ones_like(z),))
        hidden = i < network.depth - 1
        mask = batch.masks[i] if training and hidden and batch.masks is not None else jnp.ones_like(a)
        h = x + a * mask if network.skips(i) else a * mask
        h = h * masks.units[i + 1][None] if hidden else h
        passes.append(Forward(x, sums, unit, deviation, z, slope, a, mask, h))
    return passes


def backward(
    network: Network, params: Params, stats: Stats, batch: Batch, masks: Masks, passes: list[Forward], output: Array
) -> list[Backward]:
    """The chain rule from ``output (rows, outputs)``, the loss's derivative by the network's output, back to the first layer."""
    found: list[Backward] = []
    d_h = output
    for i in reversed(range(network.depth)):
        layer, seen = cut(params, masks)[i], passes[i]
        through = d_h * masks.units[i + 1][None] if i < network.depth - 1 else d_h
        d_a = through * seen.mask
        d_z = d_a * seen.slope
        gradient, d_sums = {}, d_z
        if "scale" in layer:
            gradient = {"scale": (d_z * seen.unit).sum(axis=0), "offset": d_z.sum(axis=0)}
            d_unit = d_z * layer["scale"][None]
            # The moments depend on every row (batch) or unit (layer): each takes its share of the others' derivatives.
            axis, share = (0, batch.share[:, None]) if stats[i] else (1, 1 / d_z.shape[1])
            common = d_unit.sum(axis=axis, keepdims=True)
            along = (d_unit * seen.unit).sum(axis=axis, keepdims=True)
            d_sums = (d_unit - share * common - share * seen.unit * along) / seen.deviation
        gradient |= {"w": seen.x.T @ d_sums * masks.links[i], "b": d_sums.sum(axis=0)}
        found.append(Backward(d_h, d_a, d_z, d_sums, gradient))
        d_h = d_sums @ layer["w"].T + (through if network.skips(i) else 0.0)
    return found[::-1]

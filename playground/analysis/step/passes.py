"""Forward and backward pass of a batch in float64 NumPy, with every intermediate number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from playground.nn.masks import Masks, apply_masks
from playground.nn.network import Network
from playground.nn.normalization import EPSILON

Activate = Callable[[str, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""From an activation's name and sums to its values and its derivatives there."""


class StepBatch(NamedTuple):
    """Rows that a step sees: ``x (rows, features)``, ``y (rows, outputs)``, each row's ``share (rows,)`` of the mean.

    ``masks``: dropout's factors (rows, units) for each hidden layer.
    """

    x: np.ndarray
    y: np.ndarray
    share: np.ndarray
    masks: tuple[np.ndarray, ...]


class Forward(NamedTuple):
    """What one layer does to a batch, ``(rows, units)`` each but ``x (rows, fan_in)``.

    ``sums``: W x + b. ``unit``: the sums at mean 0 and variance 1, and ``deviation`` what they were divided by (without
    normalisation: the sums, and 1). ``z``: what the activation receives, ``slope`` its derivative there, ``a`` what
    comes out, ``mask`` dropout's factors, ``h`` what the next layer receives."""

    x: np.ndarray
    sums: np.ndarray
    unit: np.ndarray
    deviation: np.ndarray
    z: np.ndarray
    slope: np.ndarray
    a: np.ndarray
    mask: np.ndarray
    h: np.ndarray


class Backward(NamedTuple):
    """Derivatives of the batch's loss by what one layer made, ``(rows, units)`` each, and by its parameters."""

    h: np.ndarray
    a: np.ndarray
    z: np.ndarray
    sums: np.ndarray
    gradient: dict[str, np.ndarray]


def forward(
    network: Network, params: Any, stats: Any, batch: StepBatch, masks: Masks, activate: Activate, *, training: bool
) -> list[Forward]:
    """Every layer in turn: as in training, or in evaluation (running statistics, no dropout).

    Parameters with another axis before their own are several networks: all numbers then have that axis first.
    """
    h, passes = batch.x * masks.units[0][None], []
    for i, layer in enumerate(apply_masks(params, masks)):
        x, sums = h, h @ layer["w"] + layer["b"][..., None, :]
        unit, deviation, z = sums, np.ones_like(sums), sums
        if "scale" in layer:
            if stats[i] and not training:
                mean, variance = stats[i]["mean"][None], stats[i]["variance"][None]
            else:
                mean, variance = moments(sums, batch.share if stats[i] else None)
            deviation = np.broadcast_to(np.sqrt(variance + EPSILON), sums.shape)
            unit = (sums - mean) / deviation
            z = unit * layer["scale"][..., None, :] + layer["offset"][..., None, :]
        a, slope = activate(network.activations[i], z)
        hidden = i < network.depth - 1
        mask = batch.masks[i] if training and hidden else np.ones_like(a)
        h = x + a * mask if network.skips(i) else a * mask
        h = h * masks.units[i + 1][None] if hidden else h
        passes.append(Forward(x, sums, unit, deviation, z, slope, a, mask, h))
    return passes


def backward(
    network: Network, params: Any, stats: Any, batch: StepBatch, masks: Masks, passes: list[Forward], output: np.ndarray
) -> list[Backward]:
    """The chain rule from ``output (rows, outputs)``, the loss's derivative by the network's output, back to the first
    layer."""
    layers: list[Backward] = []
    d_h = output
    for i in reversed(range(network.depth)):
        layer, seen = apply_masks(params, masks)[i], passes[i]
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
        layers.append(Backward(d_h, d_a, d_z, d_sums, gradient))
        d_h = d_sums @ layer["w"].T + (through if network.skips(i) else 0.0)
    return layers[::-1]


def moments(sums: np.ndarray, share: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Mean and biased variance of ``sums (rows, units)``: over the rows by their ``share (rows,)``, ``(1, units)``
    each; over the units where there is none, ``(rows, 1)`` each."""
    if share is None:
        return sums.mean(axis=-1, keepdims=True), sums.var(axis=-1, keepdims=True)
    mean = (sums * share[:, None]).sum(axis=-2, keepdims=True)
    return mean, (np.square(sums - mean) * share[:, None]).sum(axis=-2, keepdims=True)

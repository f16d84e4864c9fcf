"""Mean-field theory: variance of the signal and of the gradient in each layer of a randomly initialised network.

In a wide layer a weighted sum is normal over the draws of its weights, so that its variance follows from the mean
square of what comes in, layer by layer: for straight lines Glorot & Bengio 2010, for ReLU He et al. 2015, for any
activation Poole et al. 2016 and, backward, Schoenholz et al. 2017. Their condition that neither shrinks nor grows is n
Var(w) E[slope^2] = 1.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.network import Network

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(64)
"""Gauss-Hermite: the mean of f over a unit normal is ``f(NODES) @ WEIGHTS``."""
WEIGHTS = WEIGHTS / WEIGHTS.sum()


class Moments(NamedTuple):
    """Of an activation over normal sums (rows,): means of its value, its square, and its slope's square."""

    mean: Array
    square: Array
    slope: Array


def moments(activation: str, mean: float, variance: Array) -> Moments:
    """Of sums of ``mean`` and ``variance (rows,)``."""
    z = mean + jnp.sqrt(variance)[:, None] * jnp.asarray(NODES, jnp.float32)[None]
    h, slope = jax.jvp(ACTIVATIONS[activation].fn, (z,), (jnp.ones_like(z),))
    share = jnp.asarray(WEIGHTS, jnp.float32)
    return Moments(h @ share, jnp.square(h) @ share, jnp.square(slope) @ share)


def weight_variance(network: Network, layer: int) -> float:
    """Variance of each weight of ``layer`` (from 0)."""
    shape = (network.widths[layer], network.widths[layer + 1])
    return INITIALIZERS[network.initializer].variance(shape)


def predict_moments(network: Network, x: Array, weight: Array, ends: Array) -> tuple[Array, Array]:
    """Variance of what each layer's activation receives, and mean square of the gradient there: (depth,) each, means
    over the rows.

    ``x (rows, features)``, of which those with ``weight (rows,)`` 1 are real; ``ends (rows,)``: mean square of the
    gradient at the output layer, which depends on the loss and is no matter of depth. Batch normalisation ties the
    samples of a batch together, which is beyond this theory: NaN where it has no answer."""
    bias = INITIALIZERS[network.initializer].bias
    depth, normalization = network.depth, network.normalization
    ones, unknown = jnp.ones_like(x[:, 0]), jnp.full_like(x[:, 0], jnp.nan)
    mean, square = x.mean(axis=1), jnp.square(x).mean(axis=1)
    forward, slopes, scales = [], [], []
    for i in range(depth):
        variance = network.widths[i] * weight_variance(network, i) * square
        normalized = normalization != "none" and i < depth - 1
        scales.append({"layer": 1 / variance, "batch": unknown}[normalization] if normalized else ones)
        of = moments(network.activations[i], 0.0 if normalized else bias, ones if normalized else variance)
        forward.append(ones if normalized else variance)
        slopes.append(of.slope)
        if network.skips(i):
            mean, square = mean + of.mean, square + of.square + 2 * mean * of.mean
        else:
            mean, square = of.mean, of.square
        if normalized and normalization == "batch":
            square = unknown
    backward = [ends]
    outward = jnp.zeros_like(ends)
    for i in range(depth - 2, -1, -1):
        through = network.widths[i + 2] * weight_variance(network, i + 1) * backward[0] * scales[i + 1]
        outward = through + outward if network.skips(i + 1) else through
        backward.insert(0, outward * slopes[i])
    share = weight / weight.sum()
    return tuple(jnp.stack([(values * share).sum() for values in part]) for part in (forward, backward))  # pyright: ignore[reportReturnType]

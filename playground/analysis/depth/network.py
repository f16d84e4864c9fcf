"""A deep network of equally wide layers, plain or with skip connections: as it is defined, for one sample.

Pre-activation order (He, Zhang, Ren & Sun 2016, Identity Mappings in Deep Residual Networks): with a skip connection a
layer adds to its input, without one it replaces it,

    h_0 = W_in x + b_in,   h_{l+1} = s h_l + W_l a_l + b_l,   a_l = f(N_l(h_l)),   output = W_out a_{d-1} + b_out,

where ``s`` is 1 or 0, ``f`` the activation and ``N`` batch normalisation or nothing. A plain network of ``d`` hidden
layers is the usual one: f is applied ``d`` times, between ``d + 1`` matrices.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.analysis.depth.settings import MAX_DEPTH
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS

WIDTH = 16
"""Units of each hidden layer."""
EPSILON = 1e-5
"""Added to a variance that is divided by (Ioffe & Szegedy 2015)."""


class DepthParams(NamedTuple):
    """Parameters of G networks of up to L hidden layers, K classes and D inputs, each matrix ``(outputs, inputs)``.

    ``input_weights (G, WIDTH, D)``, ``input_bias (G, WIDTH)``; of the layers behind the first ``weights (L - 1, G,
    WIDTH, WIDTH)`` and ``biases (L - 1, G, WIDTH)``; ``output_weights (G, K, WIDTH)``, ``output_bias (G, K)``; of batch
    normalisation ``scales`` and ``offsets (L, G, WIDTH)``, empty ``(0, G, WIDTH)`` without it.
    """

    input_weights: Any
    input_bias: Any
    weights: Any
    biases: Any
    output_weights: Any
    output_bias: Any
    scales: Any
    offsets: Any


LAYERED = ("weights", "biases", "scales", "offsets")
"""Those of ``DepthParams`` whose first axis is the layer."""


def draw_network(
    seed: int, depth: int, inputs: int, classes: int, initializer: str, branch_factor: float, batch_norm: bool
) -> DepthParams:
    """The first parameters of one network (G = 1) of ``depth`` layers: the shallower of two networks of one seed has
    the deeper one's first layers.

    ``branch_factor`` multiplies the matrices between hidden layers: 1 as the initializer has them, 0 all zero.
    """
    rng = np.random.default_rng([seed, 1])
    draw = INITIALIZERS[initializer].weights
    bias = INITIALIZERS[initializer].bias
    input_weights = draw(rng, (inputs, WIDTH)).T
    output_weights = draw(rng, (WIDTH, classes)).T
    weights = [branch_factor * draw(rng, (WIDTH, WIDTH)).T for _ in range(depth - 1)]
    normalized = depth if batch_norm else 0
    return DepthParams(
        np.array(input_weights, np.float32)[None],
        np.full((1, WIDTH), bias, np.float32),
        np.array(weights, np.float32).reshape(depth - 1, 1, WIDTH, WIDTH),
        np.full((depth - 1, 1, WIDTH), bias, np.float32),
        np.array(output_weights, np.float32)[None],
        np.zeros((1, classes), np.float32),
        np.ones((normalized, 1, WIDTH), np.float32),
        np.zeros((normalized, 1, WIDTH), np.float32),
    )


def stack_networks(networks: list[DepthParams]) -> DepthParams:
    """Networks of one depth side by side, in their order."""
    return DepthParams(
        *(
            np.concatenate([getattr(network, name) for network in networks], axis=1 if name in LAYERED else 0)
            for name in DepthParams._fields
        )
    )


def pad_layers(params: DepthParams) -> DepthParams:
    """``params`` with room for ``MAX_DEPTH`` layers: what is added is zero, and no layer of a network."""

    def pad(name: str) -> np.ndarray:
        values = np.asarray(getattr(params, name))
        if name not in LAYERED or (name in ("scales", "offsets") and not len(values)):
            return values
        room = MAX_DEPTH if name in ("scales", "offsets") else MAX_DEPTH - 1
        return np.concatenate([values, np.zeros((room - len(values), *values.shape[1:]), np.float32)])

    return DepthParams(*(pad(name) for name in DepthParams._fields))


def cut_layers(params: DepthParams, depth: int) -> DepthParams:
    """``params`` without what ``pad_layers`` has added, as host arrays of their own."""
    ends = {"weights": depth - 1, "biases": depth - 1, "scales": depth, "offsets": depth}
    return DepthParams(
        *(np.array(np.asarray(getattr(params, name))[: ends.get(name)], np.float32) for name in DepthParams._fields)
    )


def network_logits(params: DepthParams, g: int, depth: int, skip: float, activation: str, x: Array) -> Array:
    """The logits ``(rows, K)`` of network ``g`` for all rows of ``x (rows, D)``, by the definition; where the network
    is normalised, by the moments of these rows.

    The fast programs (``passes``) are tested against it.
    """
    f = ACTIVATIONS[activation].fn
    h = x @ params.input_weights[g].T + params.input_bias[g][None]
    for layer in range(depth - 1):
        a = f(normalize_rows(params, g, layer, h))
        h = skip * h + a @ params.weights[layer, g].T + params.biases[layer, g][None]
    a = f(normalize_rows(params, g, depth - 1, h))
    return a @ params.output_weights[g].T + params.output_bias[g][None]


def normalize_rows(params: DepthParams, g: int, layer: int, h: Array) -> Array:
    """``h (rows, WIDTH)`` as the activation of ``layer`` receives it."""
    if not len(params.scales):
        return h
    mean, variance = h.mean(axis=0, keepdims=True), h.var(axis=0, keepdims=True)
    return params.scales[layer, g][None] * (h - mean) / jnp.sqrt(variance + EPSILON) + params.offsets[layer, g][None]


def network_loss(params: DepthParams, g: int, depth: int, skip: float, activation: str, x: Array, y: Array) -> Array:
    """Mean cross-entropy of network ``g`` over the rows, with classes ``y (rows,)``."""
    logits = network_logits(params, g, depth, skip, activation, x)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_shares = shifted - jnp.log(jnp.exp(shifted).sum(axis=1, keepdims=True))
    return -jnp.take_along_axis(log_shares, y[:, None], axis=1).mean()

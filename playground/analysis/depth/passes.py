"""Forward and backward pass of many deep networks side by side, whose depth is an argument.

Layers are a loop whose end is traced, so that one program serves every depth and each network pays for its own layers;
the backward loop is written by hand from each layer's kept output and slope. G networks of one depth go together, the
first half of them plain, the other half with skip connections (``skip (G, 1, 1)`` is 0 or 1). Samples lie on the last
axis. The definition, which tests compare it with, is ``network``.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from playground.analysis.depth.network import EPSILON, DepthParams
from playground.analysis.depth.settings import MAX_DEPTH
from playground.nn.activations import ACTIVATIONS


def multiply(a: Array, b: Array) -> Array:
    """``a b`` network by network: (G, i, k) and (G, k, j) make (G, i, j)."""
    return lax.dot_general(a, b, (((2,), (1,)), ((0,), (0,))))


def multiply_transposed(a: Array, b: Array) -> Array:
    """``a b^T`` network by network: (G, i, k) and (G, j, k) make (G, i, j)."""
    return lax.dot_general(a, b, (((2,), (2,)), ((0,), (0,))))


def transpose_multiply(a: Array, b: Array) -> Array:
    """``a^T b`` network by network: (G, k, i) and (G, k, j) make (G, i, j)."""
    return lax.dot_general(a, b, (((1,), (1,)), ((0,), (0,))))


class Passed(NamedTuple):
    """What a forward pass keeps of each layer, for rows on the last axis: ``outputs`` and ``slopes`` of its activation,
    and with batch normalisation its ``normalized`` sums, all ``(MAX_DEPTH, G, WIDTH, rows)``, and one over their
    deviation, ``(MAX_DEPTH, G, WIDTH, 1)``; ``logits (G, K, rows)``."""

    outputs: Array
    slopes: Array
    normalized: Array
    inverse_deviations: Array
    logits: Array


def activate(activation: str, params: DepthParams, layer: Array, h: Array) -> tuple[Array, Array, Array, Array]:
    """Of the sums ``h (G, WIDTH, rows)`` that reach ``layer``: output and slope of the activation, and the normalised
    sums and one over their deviation; without batch normalisation those are empty."""
    if len(params.scales):
        mean = h.mean(axis=2, keepdims=True)
        inverse = lax.rsqrt(jnp.square(h - mean).mean(axis=2, keepdims=True) + EPSILON)
        normalized = (h - mean) * inverse
        h = params.scales[layer][..., None] * normalized + params.offsets[layer][..., None]
    else:
        inverse, normalized = h[:, :, :0], h[:, :, :0]
    output, slope = jax.jvp(ACTIVATIONS[activation].fn, (h,), (jnp.ones_like(h),))
    return output, slope, normalized, inverse


def run_forward(activation: str, params: DepthParams, depth: Array, skip: Array, x: Array) -> Passed:
    """A training pass over ``x (G, D, rows)`` of networks of ``depth ()`` layers."""
    h = multiply(params.input_weights, x) + params.input_bias[..., None]
    empty = activate(activation, params, jnp.int32(0), h)
    kept = tuple(jnp.zeros((MAX_DEPTH, *part.shape)) for part in empty)

    def pass_layer(layer: Array, carry: tuple) -> tuple:
        h, kept = carry
        parts = activate(activation, params, layer, h)
        kept = tuple(whole.at[layer].set(part) for whole, part in zip(kept, parts, strict=True))
        branch = multiply(params.weights[layer], parts[0]) + params.biases[layer][..., None]
        return skip * h + branch, kept

    h, kept = lax.fori_loop(0, depth - 1, pass_layer, (h, kept))
    parts = activate(activation, params, depth - 1, h)
    outputs, slopes, normalized, inverse = (
        whole.at[depth - 1].set(part) for whole, part in zip(kept, parts, strict=True)
    )
    logits = multiply(params.output_weights, parts[0]) + params.output_bias[..., None]
    return Passed(outputs, slopes, normalized, inverse, logits)


def cross_entropy(logits: Array, y: Array) -> tuple[Array, Array]:
    """The loss of each sample ``(G, rows)``, and its gradient ``(G, K, rows)``, for classes ``y (G, rows)``."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_shares = shifted - jnp.log(jnp.exp(shifted).sum(axis=1, keepdims=True))
    target = (y[:, None] == jnp.arange(logits.shape[1])[None, :, None]).astype(jnp.float32)
    return -(log_shares * target).sum(axis=1), jnp.exp(log_shares) - target


def pass_back(
    params: DepthParams, passed: Passed, layer: Array, slope: Array
) -> tuple[Array, Array | None, Array | None]:
    """The gradient with respect to the sums of ``layer`` from that with respect to its output, ``slope (G, WIDTH,
    rows)``; and those of its scales and offsets ``(G, WIDTH)``, None without batch normalisation."""
    slope = slope * passed.slopes[layer]
    if not len(params.scales):
        return slope, None, None
    normalized, inverse = passed.normalized[layer], passed.inverse_deviations[layer]
    to_scale, to_offset = (slope * normalized).sum(axis=2), slope.sum(axis=2)
    slope = slope * params.scales[layer][..., None]
    along = (slope * normalized).mean(axis=2, keepdims=True)
    return inverse * (slope - slope.mean(axis=2, keepdims=True) - normalized * along), to_scale, to_offset


def loss_gradients(
    activation: str, params: DepthParams, depth: Array, skip: Array, x: Array, y: Array
) -> tuple[Array, DepthParams]:
    """The mean loss ``(G,)`` of a batch ``x (G, D, rows)``, ``y (G, rows)``, and its gradient; layers that the networks
    do not have get zero."""
    passed = run_forward(activation, params, depth, skip, x)
    losses, to_logits = cross_entropy(passed.logits, y)
    to_logits = to_logits / x.shape[2]
    last = passed.outputs[depth - 1]
    gradient = jax.tree.map(jnp.zeros_like, params)
    gradient = gradient._replace(output_weights=multiply_transposed(to_logits, last), output_bias=to_logits.sum(axis=2))

    def add_normalization(gradient: DepthParams, layer: Array, to_scale: Array, to_offset: Array) -> DepthParams:
        return gradient._replace(
            scales=gradient.scales.at[layer].set(to_scale), offsets=gradient.offsets.at[layer].set(to_offset)
        )

    slope, to_scale, to_offset = pass_back(
        params, passed, depth - 1, transpose_multiply(params.output_weights, to_logits)
    )
    if to_scale is not None and to_offset is not None:
        gradient = add_normalization(gradient, depth - 1, to_scale, to_offset)

    def pass_layer(i: Array, carry: tuple[Array, DepthParams]) -> tuple[Array, DepthParams]:
        slope, gradient = carry
        layer = depth - 2 - i
        gradient = gradient._replace(
            weights=gradient.weights.at[layer].set(multiply_transposed(slope, passed.outputs[layer])),
            biases=gradient.biases.at[layer].set(slope.sum(axis=2)),
        )
        back, to_scale, to_offset = pass_back(params, passed, layer, transpose_multiply(params.weights[layer], slope))
        if to_scale is not None and to_offset is not None:
            gradient = add_normalization(gradient, layer, to_scale, to_offset)
        return skip * slope + back, gradient

    slope, gradient = lax.fori_loop(0, depth - 1, pass_layer, (slope, gradient))
    gradient = gradient._replace(input_weights=multiply_transposed(slope, x), input_bias=slope.sum(axis=2))
    return losses.mean(axis=1), gradient

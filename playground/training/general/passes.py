"""Forward and backward passes of a padded network over whole sets, for analyses: nothing dropped, every layer's numbers
kept."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.training.general.bucket import MAX_WEIGHT_LAYERS, Bucket
from playground.training.general.padded import Plan
from playground.training.general.train_loop import layers_of, value_and_slope


class ForwardPass(NamedTuple):
    """Of each layer ``(L, rows, units)``: its ``inputs``, its weighted ``sums``, its activation's ``slopes`` there; and
    the ``output (rows, units)``."""

    inputs: Array
    sums: Array
    slopes: Array
    output: Array


def forward_pass(bucket: Bucket, plan: Plan, params: Array, x: Array) -> ForwardPass:
    """What the network of ``params (n,)`` makes of ``x (rows, units)``."""
    weights, biases = layers_of(params, bucket)

    def layer(k: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        h, inputs, sums, slopes = carry
        z = h @ (weights[k] * plan.links[k]) + biases[k][None]
        value, slope = value_and_slope(z, plan.activations[k])
        new = (value + h * plan.skips[k]) * plan.gates[k][None]
        return new, inputs.at[k].set(h), sums.at[k].set(z), slopes.at[k].set(slope)

    room = jnp.zeros((MAX_WEIGHT_LAYERS, *x.shape))
    first = x * plan.inputs[None], room, room, room
    output, inputs, sums, slopes = jax.lax.fori_loop(0, plan.depth + 1, layer, first)
    return ForwardPass(inputs, sums, slopes, output)


def backward_pass(bucket: Bucket, plan: Plan, params: Array, passed: ForwardPass, slope: Array) -> Array:
    """The gradient with respect to each layer's sums ``(L, rows, units)``, from that with respect to the output
    ``(rows, units)``."""
    weights, _ = layers_of(params, bucket)

    def layer(i: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        slope, to_sums = carry
        k = plan.depth - i
        back, here = layer_backward(plan, k, weights[k], passed.slopes[k], slope)
        return back, to_sums.at[k].set(here)

    _, to_sums = jax.lax.fori_loop(0, plan.depth + 1, layer, (slope, jnp.zeros_like(passed.sums)))
    return to_sums


def layer_backward(plan: Plan, k: Array, weights: Array, slopes: Array, slope: Array) -> tuple[Array, Array]:
    """The gradients with respect to layer ``k``'s inputs and to its sums, ``(rows, units)`` each, from that with
    respect to its output; ``slopes``: its activation's derivatives."""
    gated = slope * plan.gates[k][None]
    to_sums = gated * slopes
    return to_sums @ (weights * plan.links[k]).T + gated * plan.skips[k], to_sums

"""What a full-batch step of a padded network makes small, as a function of all its parameters; and its gradient."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array

from playground.objectives.regularizers import penalty, penalty_slope
from playground.training.data import Split
from playground.training.general.bucket import Bucket
from playground.training.general.loss_switch import loss_and_slope, row_losses, smooth_targets
from playground.training.general.padded import Plan
from playground.training.general.passes import forward_pass, layer_backward
from playground.training.general.train_loop import layers_of, output_gate, outputs_of
from playground.training.objective import weights_of

Knob = Mapping[str, Array]


def objective(bucket: Bucket, plan: Plan, params: Array, split: Split, knobs: Knob) -> Array:
    """The mean loss of ``split`` and the penalty at ``params (n,)``; no dropout."""
    target = smooth_targets(plan.smoothing, split.y, knobs)
    losses = row_losses(plan.loss, outputs_of(bucket, plan, params, split.x), target, output_gate(plan), knobs)
    effective = layers_of(params, bucket)[0] * plan.links
    return (losses * _shares(split)).sum() + penalty(({"w": effective},), knobs)


def objective_gradient(bucket: Bucket, plan: Plan, params: Array, split: Split, knobs: Knob) -> Array:
    """The gradient of ``objective`` with respect to ``params``: (n,), written out, so that one forward derivative of it
    is a row of the Hessian times a vector."""
    target = smooth_targets(plan.smoothing, split.y, knobs)
    passed = forward_pass(bucket, plan, params, split.x)
    _, slope = loss_and_slope(plan.loss, passed.output, target, _shares(split), output_gate(plan), knobs)
    weights, biases = layers_of(params, bucket)

    def layer(i: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        slope, to_weights, to_biases = carry
        k = plan.depth - i
        back, to_sums = layer_backward(plan, k, weights[k], passed.slopes[k], slope)
        of_weights = passed.inputs[k].T @ to_sums + penalty_slope(weights[k], knobs)
        return back, to_weights.at[k].set(of_weights * plan.links[k]), to_biases.at[k].set(to_sums.sum(0))

    first = slope, jnp.zeros_like(weights), jnp.zeros_like(biases)
    _, to_weights, to_biases = jax.lax.fori_loop(0, plan.depth + 1, layer, first)
    return jnp.concatenate([to_weights.ravel(), to_biases.ravel()])


def _shares(split: Split) -> Array:
    """Each row's share of the set's mean: (rows,), 0 for padding."""
    return weights_of(split) / split.n.astype(jnp.float32)

"""The rows that the next step of a padded network sees, ``jax.grad`` of their loss, and what Optax makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.objectives.clipping import clip_factor
from playground.objectives.regularizers import penalty_slope, without_l1
from playground.training.data import Data
from playground.training.general import Bucket, PaddedState, Plan
from playground.training.general.bucket import MAX_WEIGHT_LAYERS
from playground.training.general.loss_switch import row_losses, smooth_targets
from playground.training.general.optimizer_switch import apply_optimizer
from playground.training.general.train_loop import (
    EpochRows,
    batch_rows,
    epoch_rows,
    layers_of,
    output_gate,
    schedule_factor,
    value_of,
)
from playground.training.knobs import knob_dict
from playground.training.train_loop import steps_per_epoch


class NextStep(NamedTuple):
    """The ``batch``, the gradient ``by_jax (n,)`` of its loss, the learning ``rate``, what Optax's update would be
    without L1, ``unpenalized (n,)``, its ``update (n,)``, and its next state."""

    batch: EpochRows
    by_jax: Array
    rate: Array
    unpenalized: Array
    update: Array
    vectors: Array
    scalars: Array


def general_next_step(bucket: Bucket) -> Callable[..., NextStep]:
    """The function ``next_step(params, plan, data, knobs, state, seed)`` of a bucket: in float32, as the step does
    it."""

    def next_step(params: Array, plan: Plan, data: Data, vector: Array, state: PaddedState, seed: Array) -> NextStep:
        knobs = knob_dict(vector)
        batch = next_batch(bucket, plan, data, knobs, state.step, seed)

        def loss(params: Array) -> Array:
            output = differentiable_output(bucket, plan, params, batch)
            target = smooth_targets(plan.smoothing, batch.y, knobs)
            return (row_losses(plan.loss, output, target, output_gate(plan), knobs) * batch.share).sum()

        by_jax = jax.grad(loss)(params)
        effective = layers_of(params, bucket)[0] * plan.links
        plain, used = (
            by_jax.at[: bucket.weights].add(penalty_slope(effective, of).ravel()) for of in (without_l1(knobs), knobs)
        )
        shrink = clip_factor(jnp.linalg.norm(used), knobs["clip_norm"])
        rate = knobs["learning_rate"] * schedule_factor(plan.schedule, state.step, knobs)
        past = state.vectors, state.scalars
        unpenalized, moved = (
            apply_optimizer(plan.optimizer, rate, knobs, gradient * shrink, past, params) for gradient in (plain, used)
        )
        return NextStep(batch, by_jax, rate, unpenalized[0], *moved)

    return next_step


def next_batch(bucket: Bucket, plan: Plan, data: Data, knobs: dict[str, Array], step: Array, seed: Array) -> EpochRows:
    """The rows of the batch after ``step``, inputs and targets as they are in the samples."""
    each = steps_per_epoch(data.train.n, plan.batch)
    plain = plan._replace(inputs=jnp.ones_like(plan.inputs))
    epoch = epoch_rows(bucket, plain, data.train, knobs | {"label_smoothing": jnp.zeros(())}, seed, step // each)
    start = step % each * plan.batch
    x, y, share = batch_rows(epoch, start, bucket.batch, plan.batch)
    dropout = jax.lax.dynamic_slice_in_dim(epoch.dropout, start, bucket.batch, axis=1)
    return EpochRows(x, y, share, dropout)


def differentiable_output(bucket: Bucket, plan: Plan, params: Array, batch: EpochRows) -> Array:
    """The output in training, ``(rows, units)``, in a form that JAX differentiates: every layer up to the largest
    depth, those beyond the network's handing on what they receive."""
    weights, biases = layers_of(params, bucket)

    def layer(h: Array, k: Array) -> tuple[Array, None]:
        value = value_of(h @ (weights[k] * plan.links[k]) + biases[k][None], plan.activations[k])
        new = (value * batch.dropout[k] + h * plan.skips[k]) * plan.gates[k][None]
        return jnp.where(k <= plan.depth, new, h), None

    return jax.lax.scan(layer, batch.x * plan.inputs[None], jnp.arange(MAX_WEIGHT_LAYERS))[0]

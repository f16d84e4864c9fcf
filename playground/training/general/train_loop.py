"""The general training step, and many of them in one compiled loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from playground.nn.activations import ACTIVATIONS
from playground.nn.layers import dropout_factors, hash_bits
from playground.objectives.clipping import clip_factor
from playground.objectives.regularizers import penalty_slope, stay_at_zero
from playground.objectives.schedules import SCHEDULES
from playground.training.data import Split
from playground.training.early_stopping import has_stopped, test_if_due
from playground.training.general.bucket import MAX_WEIGHT_LAYERS, Bucket
from playground.training.general.loss_switch import loss_and_slope, row_losses, smooth_targets
from playground.training.general.optimizer_switch import apply_optimizer
from playground.training.general.padded import PaddedState, Plan
from playground.training.general.products import products
from playground.training.objective import mean_loss
from playground.training.shuffle import shuffle_index
from playground.training.train_loop import LOSS_BOUND, steps_per_epoch, until_broken

Knob = Mapping[str, Array]


class EpochRows(NamedTuple):
    """All batches of an epoch, one after another: inputs and targets ``(rows, units)``, each row's ``share`` of its
    batch's mean, dropout's factors ``(L, rows, units)``."""

    x: Array
    y: Array
    share: Array
    dropout: Array


class Scratch(NamedTuple):
    """Room that a step writes to before it reads it: each layer's ``inputs`` and ``slopes (L, rows, units)``, and
    gradients, which stay 0 beyond the network's layers.

    It goes from step to step only because clearing it anew took a fifth of a step.
    """

    inputs: Array
    slopes: Array
    to_weights: Array
    to_biases: Array


def empty_scratch(bucket: Bucket) -> Scratch:
    """Room for one step."""
    rows, units = (MAX_WEIGHT_LAYERS, bucket.batch, bucket.units), (MAX_WEIGHT_LAYERS, bucket.units)
    return Scratch(jnp.zeros(rows), jnp.zeros(rows), jnp.zeros((*units, bucket.units)), jnp.zeros(units))


def value_of(z: Array, activation: Array) -> Array:
    """Activation number ``activation`` of ``z``."""
    return jax.lax.switch(activation, [entry.fn for entry in ACTIVATIONS.values()], z)


def value_and_slope(z: Array, activation: Array) -> tuple[Array, Array]:
    """Activation number ``activation`` of ``z``, and its derivative there."""
    branches = [lambda z, fn=entry.fn: jax.jvp(fn, (z,), (jnp.ones_like(z),)) for entry in ACTIVATIONS.values()]
    return jax.lax.switch(activation, branches, z)


def schedule_factor(choice: Array, step: Array, knobs: Knob) -> Array:
    """The factor of the learning rate by schedule number ``choice``."""
    return jax.lax.switch(choice, [lambda s, f=entry.factor: f(s, knobs) for entry in SCHEDULES.values()], step)


def layers_of(flat: Array, bucket: Bucket) -> tuple[Array, Array]:
    """Weights ``(L, units, units)`` and biases ``(L, units)`` of a vector of parameters."""
    weights, biases = flat[: bucket.weights], flat[bucket.weights :]
    return weights.reshape(MAX_WEIGHT_LAYERS, bucket.units, bucket.units), biases.reshape(
        MAX_WEIGHT_LAYERS, bucket.units
    )


def outputs_of(bucket: Bucket, plan: Plan, params: Array, x: Array) -> Array:
    """What the network of ``params (n,)`` makes of ``x (rows, units)`` in evaluation: (rows, units)."""
    weights, biases = layers_of(params, bucket)

    def layer(k: Array, h: Array) -> Array:
        value = value_of(h @ (weights[k] * plan.links[k]) + biases[k][None], plan.activations[k])
        return (value + h * plan.skips[k]) * plan.gates[k][None]

    return jax.lax.fori_loop(0, plan.depth + 1, layer, x * plan.inputs[None])


def output_gate(plan: Plan) -> Array:
    """1 for each unit of the output layer: (units,)."""
    return plan.gates[plan.depth]


def sum_in_lanes(vector: Array) -> Array:
    """The sum of ``vector (n,)``, n a multiple of 8, in eight lanes: one after another they took as long as the rest of
    a step."""
    lanes = vector.reshape(-1, 8).sum(0)
    return jax.lax.optimization_barrier(lanes).sum()  # else XLA makes one sum of both


def make_train_loop(bucket: Bucket) -> Callable[..., PaddedState]:
    """The function ``advance(state, plan, split, knobs, seed, steps, test=None) -> state``, to be compiled; the same
    training as ``make_advance`` makes.

    Any split of the same steps into calls gives bitwise the same states. Without a ``test`` set nothing is stopped
    early.
    """
    units, size = bucket.units, bucket.batch
    forward_product, backward_product, weight_gradient = products(size, units)

    def one_step(
        state: PaddedState, scratch: Scratch, epoch: EpochRows, each: Array, plan: Plan, knobs: Knob
    ) -> tuple[PaddedState, Scratch]:
        start = (state.step % each) * plan.batch
        x, y, share = batch_rows(epoch, start, size, plan.batch)
        weights, biases = layers_of(state.params, bucket)

        def forward(layer: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            h, inputs, slopes = carry
            z = forward_product(h, weights[layer] * plan.links[layer]) + biases[layer][None]
            value, slope = value_and_slope(z, plan.activations[layer])
            dropout = jax.lax.dynamic_slice(epoch.dropout, (layer, start, 0), (1, size, units))[0]
            gate = plan.gates[layer][None]
            passed = dropout * gate
            new = value * passed + h * (plan.skips[layer] * gate)
            return new, inputs.at[layer].set(h), slopes.at[layer].set(slope * passed)

        output, inputs, slopes = jax.lax.fori_loop(0, plan.depth + 1, forward, (x, scratch.inputs, scratch.slopes))
        value, slope = loss_and_slope(plan.loss, output, y, share, output_gate(plan), knobs)

        def backward(i: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            slope, to_weights, to_biases = carry
            layer = plan.depth - i
            to_sums = slope * slopes[layer]
            links = plan.links[layer]
            effective = weights[layer] * links
            back = backward_product(to_sums, effective)
            back = back + slope * (plan.skips[layer] * plan.gates[layer])[None]
            return (
                back,
                to_weights.at[layer].set(
                    weight_gradient(inputs[layer], to_sums) * links + penalty_slope(effective, knobs)
                ),
                to_biases.at[layer].set(to_sums.sum(0)),
            )

        first = slope, scratch.to_weights, scratch.to_biases
        _, to_weights, to_biases = jax.lax.fori_loop(0, plan.depth + 1, backward, first)
        gradient = jnp.concatenate([to_weights.ravel(), to_biases.ravel()])
        norm = jnp.sqrt(sum_in_lanes(jnp.square(gradient)))
        shrink = clip_factor(norm, knobs["clip_norm"])
        gradient = gradient * shrink
        rate = knobs["learning_rate"] * schedule_factor(plan.schedule, state.step, knobs)
        decay = jnp.where(plan.decays, rate * knobs["weight_decay"], 0.0)

        def make_sparse(move: Callable[[Array], Array], update: Array) -> Array:
            """``update`` with weights that L1 makes 0."""
            slopes = (knobs["l1"] * jnp.sign(weights * plan.links)).ravel() * shrink
            by_data = move(gradient.at[: bucket.weights].add(-slopes))
            w = state.params[: bucket.weights]
            d, u = (part[: bucket.weights] for part in (by_data, update))
            return update.at[: bucket.weights].set(stay_at_zero(w, d, u, state.step))

        past = state.vectors, state.scalars
        update, vectors, scalars = apply_optimizer(
            plan.optimizer, rate, knobs, gradient, past, state.params, decay, make_sparse
        )
        update = jnp.where(plan.free > 0, update, 0.0)
        after = state.params + update
        good = (jnp.abs(value) < LOSS_BOUND) & jnp.isfinite(norm) & jnp.isfinite(sum_in_lanes(after))
        bad_step = jnp.where(good, state.bad_step, state.step)
        moved = PaddedState(after, vectors, scalars, state.best, update, state.step + 1, bad_step)
        return moved, Scratch(inputs, slopes, to_weights, to_biases)

    def advance(
        state: PaddedState,
        plan: Plan,
        split: Split,
        knobs: Knob,
        seed: Array,
        steps: Array,
        test: Split | None = None,
    ) -> PaddedState:
        each = steps_per_epoch(split.n, plan.batch)

        def test_loss(state: PaddedState) -> Array:
            assert test is not None
            output = outputs_of(bucket, plan, state.params, test.x)
            return mean_loss(row_losses(plan.loss, output, test.y, output_gate(plan), knobs), test)

        def one_epoch(now: PaddedState, end: Array) -> PaddedState:
            if test is not None:
                now = test_if_due(now, each, knobs, test_loss)
            epoch = now.step // each
            rows = epoch_rows(bucket, plan, split, knobs, seed, epoch)
            stop = jnp.minimum(end, (epoch + 1) * each)
            if test is not None:
                stop = jnp.where(has_stopped(now.best, now.step, each, knobs["patience"]), now.step, stop)
            going = lambda carry: (carry[0].step < stop) & (carry[0].bad_step < 0)  # noqa: E731
            step = lambda carry: one_step(carry[0], carry[1], rows, each, plan, knobs)  # noqa: E731
            return jax.lax.while_loop(going, step, (now, empty_scratch(bucket)))[0]

        return until_broken(one_epoch, state, steps, None if test is None else (each, knobs))

    return advance


def batch_rows(epoch: EpochRows, start: Array, size: int, batch: Array) -> tuple[Array, Array, Array]:
    """Inputs and targets ``(size, units)`` from row ``start`` on, and each row's share ``(size,)``: 0 beyond the
    ``batch``."""
    x, y, share = (jax.lax.dynamic_slice_in_dim(rows, start, size) for rows in epoch[:3])
    return x, y, jnp.where(jnp.arange(size) < batch, share, 0.0)


def epoch_rows(bucket: Bucket, plan: Plan, split: Split, knobs: Knob, seed: Array, epoch: Array) -> EpochRows:
    """What can be made once an epoch; it depends on ``seed`` and ``epoch`` alone."""
    rows, beyond = bucket.rows, bucket.rows + bucket.batch
    seed = hash_bits(seed ^ hash_bits(epoch.astype(jnp.uint32)))
    order = jnp.where(plan.shuffle, shuffle_index(rows, split.n, seed), jnp.arange(rows, dtype=jnp.uint32))
    place = jnp.arange(beyond)
    in_batch = jnp.minimum(plan.batch, split.n - place // plan.batch * plan.batch)
    share = jnp.where(place < split.n, 1 / jnp.maximum(in_batch, 1).astype(jnp.float32), 0.0)
    padding = ((0, bucket.batch), (0, 0))
    shape = (MAX_WEIGHT_LAYERS, beyond, bucket.units)

    def factors() -> Array:
        layer = jnp.arange(MAX_WEIGHT_LAYERS, dtype=jnp.uint32)[:, None, None]
        row, unit = (jnp.arange(many, dtype=jnp.uint32) for many in shape[1:])
        at = row[None, :, None] * plan.widths.astype(jnp.uint32)[:, None, None] + unit[None, None, :]
        drawn = dropout_factors(at, knobs["dropout"], hash_bits(seed + layer + jnp.uint32(1)))
        return jnp.where(layer < plan.depth.astype(jnp.uint32), drawn, 1.0)

    return EpochRows(
        jnp.pad(split.x[order] * plan.inputs[None], padding),
        jnp.pad(smooth_targets(plan.smoothing, split.y[order], knobs), padding),
        share,
        jax.lax.cond(knobs["dropout"] > 0, factors, lambda: jnp.ones(shape, jnp.float32)),
    )

"""The training step of many small networks that lie on the last axis of every array, with the backward pass by hand.

Networks on the last axis fill the processor's vectors whatever their widths. Sums over units and samples are explicit
chains of additions, and a barrier stands between the stages of a step: XLA then makes one tight loop of each stage,
where it would otherwise compute the same numbers again for each that needs them, or fall back to sums of single
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from playground.experiment import Structure
from playground.nn.activations import ACTIVATIONS
from playground.nn.layers import dropout_factors, hash_bits
from playground.nn.network import Network, Params
from playground.objectives.clipping import clip_factor
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES, Loss
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty_slope, stay_at_zero, without_l1
from playground.objectives.schedules import SCHEDULES
from playground.training.data import Split
from playground.training.early_stopping import BestLoss, is_due, record_test
from playground.training.general.products import chain
from playground.training.objective import Knob, score_outputs
from playground.training.train_loop import LOSS_BOUND, epoch_rows, epoch_seed, steps_per_epoch

barrier = jax.lax.optimization_barrier

ROWS_PER_CHUNK = 32
"""Samples whose sums are written out; a larger batch is a loop over such chunks."""
ROWS_PER_FOLD = 16
"""Parameters whose squares are added at once."""


class Layer(NamedTuple):
    """One layer of G networks: ``bias (units, G)`` and ``weights (inputs, units, G)``."""

    bias: Array
    weights: Array

    def as_dict(self) -> dict[str, Array]:
        """As in ``Params``."""
        return {"w": self.weights, "b": self.bias}


class Progress(NamedTuple):
    """Where a group is within a call: all parameters ``(n, G)`` in the order of ``ravel_pytree``, the optimizer's
    state, the step, and the step at which each network broke, or -1 ``(G,)``."""

    params: Array
    opt_state: Any
    best: BestLoss
    step: Array
    bad_step: Array


class Forward(NamedTuple):
    """What each layer received, ``(inputs, rows, G)``, the slope of what it passed on, ``(units, rows, G)``, and the
    networks' output ``(outputs, rows, G)``."""

    inputs: list[Array]
    slopes: list[Array]
    output: Array


class Dropout(NamedTuple):
    """Dropout at ``rate ()`` of a batch whose first row is row ``start ()`` of an epoch of this ``seed (G or 1,)``."""

    rate: Array
    seed: Array
    start: Array

    def apply(self, layer: int, value: Array, slope: Array) -> tuple[Array, Array]:
        """What passes of a hidden layer's ``value`` and ``slope (units, rows, G)``.

        A branch, and not for those alone who drop nothing: beside the factors the layer's own loop would be a third
        slower.
        """
        units, rows = value.shape[:2]

        def drop(value: Array, slope: Array) -> tuple[Array, Array]:
            row, unit = (jnp.arange(many, dtype=jnp.uint32) for many in (rows, units))
            place = (self.start.astype(jnp.uint32) + row)[None] * jnp.uint32(units) + unit[:, None]
            seed = hash_bits(self.seed + jnp.uint32(layer + 1))[None, None]
            kept = dropout_factors(place[..., None], self.rate, seed)
            return value * kept, slope * kept

        return jax.lax.cond(self.rate > 0, drop, lambda v, s: (v, s), value, slope)


class Epoch(NamedTuple):
    """All batches of an epoch, one after another: ``x (features, rows, G)``, targets ``y (outputs, rows, G)``, each
    row's ``share (rows, G)`` of its batch's mean; and the epoch's ``seed (G,)``. Where all networks see the same, 1
    stands for G."""

    x: Array
    y: Array
    share: Array
    seed: Array

    def slice_rows(self, start: Array, rows: int) -> Epoch:
        """So many rows from row ``start`` on."""
        x, y, share = (
            jax.lax.dynamic_slice_in_dim(part, start, rows, part.ndim - 2) for part in (self.x, self.y, self.share)
        )
        return Epoch(x, y, share, self.seed)


def ravel_networks(params: Params) -> Array:
    """All parameters of networks on the last axis as ``(n, G)``."""
    return jnp.concatenate([leaf.reshape(-1, leaf.shape[-1]) for leaf in jax.tree.leaves(params)])


def unravel_layers(network: Network, flat: Array) -> list[Layer]:
    """The layers of ``flat (n, G)``."""
    layers, start = [], 0
    for fan_in, fan_out in pairwise(network.widths):
        middle, end = start + fan_out, start + fan_out * (fan_in + 1)
        layers.append(Layer(flat[start:middle], flat[middle:end].reshape(fan_in, fan_out, -1)))
        start = end
    return layers


def weight_rows(network: Network) -> np.ndarray:
    """1 for each parameter that is a weight, 0 for biases: (n, 1)."""
    parts = [
        np.repeat(np.array([0, 1], np.float32), [fan_out, fan_in * fan_out])
        for fan_in, fan_out in pairwise(network.widths)
    ]
    return np.concatenate(parts)[:, None]


def weighted_sums(layer: Layer, h: Array) -> Array:
    """What a layer's activation receives ``(units, rows, G)`` for ``h (inputs, rows, G or 1)``."""
    terms = [weights[:, None] * values[None] for weights, values in zip(layer.weights, h, strict=True)]
    return chain(terms) + layer.bias[:, None]


def run_forward(network: Network, layers: Sequence[Layer], x: Array, dropout: Dropout) -> Forward:
    """What a training step makes of ``x (features, rows, G or 1)``."""
    h, inputs, slopes = x, [], []
    for i, layer in enumerate(layers):
        z = weighted_sums(layer, h)
        value, slope = barrier(jax.jvp(ACTIVATIONS[network.activations[i]].fn, (z,), (jnp.ones_like(z),)))
        if i < network.depth - 1:
            value, slope = dropout.apply(i, value, slope)
        inputs.append(h)
        slopes.append(slope)
        h = barrier(h + value) if network.skips(i) else value
    return Forward(inputs, slopes, h)


def evaluate_networks(network: Network, layers: Sequence[Layer], x: Array) -> Array:
    """The outputs ``(outputs, rows, G)`` for ``x (features, rows, G or 1)`` in evaluation, without dropout."""
    h = x
    for i, layer in enumerate(layers):
        value = barrier(ACTIVATIONS[network.activations[i]].fn(weighted_sums(layer, h)))
        h = barrier(h + value) if network.skips(i) else value
    return h


def run_backward(network: Network, layers: Sequence[Layer], passed: Forward, slope: Array) -> Array:
    """The gradient ``(n, G)`` of what has the gradient ``slope (outputs, rows, G)`` with respect to the output."""
    rows, parts = slope.shape[1], []
    for i in reversed(range(network.depth)):
        h = passed.inputs[i]
        to_sums = barrier(slope * passed.slopes[i])
        weights = chain([h[:, s][:, None] * to_sums[:, s][None] for s in range(rows)])
        parts += [weights.reshape(-1, weights.shape[-1]), chain([to_sums[:, s] for s in range(rows)])]
        if i > 0:
            units = network.widths[i + 1]
            back = chain([layers[i].weights[:, k][:, None] * to_sums[k][None] for k in range(units)])
            slope = back + slope if network.skips(i) else back
    return jnp.concatenate(parts[::-1])


def loss_and_slope(loss: Loss, output: Array, target: Array, share: Array, knobs: Knob) -> tuple[Array, Array]:
    """The batch's mean loss of each network ``(G,)`` and its gradient with respect to ``output (outputs, rows, G)``;
    ``target (outputs, rows, G or 1)``, ``share (rows, G or 1)`` of the mean."""
    target = jnp.broadcast_to(target, output.shape)
    each = jax.vmap(jax.vmap(lambda out, t: loss.fn(out, t, knobs), in_axes=1), in_axes=2, out_axes=1)
    values, pull = jax.vjp(lambda out: each(out, target), output)
    (slope,) = pull(jnp.broadcast_to(share, values.shape))
    weighted = values * share
    return chain([weighted[s] for s in range(output.shape[1])]), slope


def sum_rows(rows: Array) -> Array:
    """The sum ``(G,)`` of ``rows (n, G)``, written out: a sum that XLA makes by itself is shared out to threads, and
    then the whole loop is no longer one kernel."""
    whole = len(rows) // ROWS_PER_FOLD * ROWS_PER_FOLD
    folded = [rows[start : start + ROWS_PER_FOLD] for start in range(0, whole, ROWS_PER_FOLD)]
    return chain([*(chain(folded) if folded else ()), *rows[whole:]])


def add_penalty(gradient: Array, params: Array, is_weight: np.ndarray, knobs: Knob) -> Array:
    """``gradient (n, G)`` with that of the penalties; a branch, since they cost a quarter of a step."""
    return jax.lax.cond(
        (knobs["l1"] > 0) | (knobs["l2"] > 0),
        lambda g, p: g + is_weight * penalty_slope(p, knobs),
        lambda g, _: g,
        gradient,
        params,
    )


def make_interleaved_advance(
    structure: Structure, network: Network, task: NetworkTask, rows: int, own_samples: bool
) -> Callable[..., Progress]:
    """The function ``advance(progress, split, knobs, seed, steps, test=None) -> progress`` of networks on the last
    axis; without a ``test`` set nothing is stopped early.

    With ``own_samples`` the arrays of ``split``, ``test`` and ``seed (G,)`` have an axis for the networks as well,
    their last, and all have equally many rows.
    """
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    batch = min(structure.batch_size, rows)
    chunks = -(-batch // ROWS_PER_CHUNK)
    size = -(-batch // chunks)
    is_weight = weight_rows(network)

    def epoch_of(split: Split, knobs: Knob, seed: Array, epoch: Array) -> Epoch:
        def of_network(part: Split, own_seed: Array) -> Epoch:
            batches = epoch_rows(structure, network, part, batch, knobs, own_seed, epoch)
            target = loss.smooth(batches.y, knobs["label_smoothing"], task)
            return Epoch(batches.x.T, target.T, batches.share, epoch_seed(own_seed, epoch))

        if own_samples:
            return jax.vmap(of_network, in_axes=-1, out_axes=-1)(split, seed)
        return jax.tree.map(lambda array: array[..., None], of_network(split, seed))

    def value_and_gradient(params: Array, epoch: Epoch, start: Array, knobs: Knob) -> tuple[Array, Array]:
        """The part that the ``size`` rows from ``start`` on have in the mean loss of each network ``(G,)``, and in its
        gradient ``(n, G)``."""
        layers, seen = unravel_layers(network, params), epoch.slice_rows(start, size)
        passed = run_forward(network, layers, seen.x, Dropout(knobs["dropout"], seen.seed, start))
        value, slope = loss_and_slope(loss, passed.output, seen.y, seen.share, knobs)
        return value, run_backward(network, layers, passed, barrier(slope))

    def batch_gradient(params: Array, epoch: Epoch, start: Array, knobs: Knob) -> tuple[Array, Array]:
        """The mean loss ``(G,)`` and its gradient ``(n, G)`` of the batch that begins at row ``start``."""
        if chunks == 1:
            return value_and_gradient(params, epoch, start, knobs)
        row = jnp.arange(epoch.share.shape[0])[:, None]
        mine = epoch._replace(share=jnp.where(row < start + batch, epoch.share, 0.0))

        # A chunk that would end beyond the epoch begins earlier, among rows that have no share.
        def add_chunk(i: Array, total: tuple[Array, Array]) -> tuple[Array, Array]:
            value, gradient = value_and_gradient(params, mine, start + i * size, knobs)
            return total[0] + value, total[1] + gradient

        zeros = jnp.zeros(params.shape[1]), jnp.zeros_like(params)
        return jax.lax.fori_loop(0, chunks, add_chunk, zeros)

    def make_step(progress: Progress, epoch: Epoch, each: Array, knobs: Knob) -> Progress:
        params, opt_state, best, step, bad_step = progress
        value, data_gradient = batch_gradient(params, epoch, (step % each) * batch, knobs)
        data_gradient = barrier(data_gradient)
        gradient = add_penalty(data_gradient, params, is_weight, knobs)
        norm = jnp.sqrt(sum_rows(jnp.square(gradient)))
        shrink = clip_factor(norm, knobs["clip_norm"])[None]
        gradient = gradient * shrink
        rate = knobs["learning_rate"] * schedule.factor(step, knobs)
        transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
        decay = 0.0 if "weight_decay" in optimizer.knobs else rate * knobs["weight_decay"]

        def sparse(update: Array) -> Array:
            by_data = (data_gradient + is_weight * penalty_slope(params, without_l1(knobs))) * shrink
            move: Any = transform.update(by_data, progress.opt_state, params)[0]
            return jnp.where(is_weight > 0, stay_at_zero(params, move - decay * params, update, step), update)

        update: Any
        update, opt_state = transform.update(gradient, opt_state, params)
        update = jax.lax.cond(knobs["l1"] > 0, sparse, lambda u: u, update - decay * params)
        after = params + update
        good = (jnp.abs(value) < LOSS_BOUND) & jnp.isfinite(norm) & jnp.isfinite(sum_rows(after))
        bad_step = jnp.where(good | (bad_step >= 0), bad_step, step)
        return Progress(after, opt_state, best, step + 1, bad_step)

    def test_losses(params: Array, test: Split, knobs: Knob) -> Array:
        """The test loss of each network ``(G,)``."""
        x = test.x if own_samples else test.x[..., None]
        output = evaluate_networks(network, unravel_layers(network, params), x.swapaxes(0, 1)).swapaxes(0, 1)
        of_network = lambda out, part: score_outputs(out, part, loss, task, knobs).loss  # noqa: E731
        return jax.vmap(of_network, in_axes=(-1, -1 if own_samples else None))(output, test)

    def look_at_tests(before: Progress, now: Progress, test: Split, each: Array, knobs: Knob) -> Progress:
        """``now``, but for networks that had stopped ``before``; with what the test losses are, where that is due."""
        patience = knobs["patience"]
        waited = before.best.tested - before.best.step >= patience * each
        stopped = waited & (before.best.step >= 0) & (jnp.abs(before.best.loss) < jnp.inf)
        stay = lambda new, old: jnp.where(stopped, old, new) if new.ndim else new  # noqa: E731
        params, opt_state = jax.tree.map(stay, (now.params, now.opt_state), (before.params, before.opt_state))
        due = is_due(now.best, now.step, each, knobs) & ~stopped & (now.bad_step < 0)

        def look() -> BestLoss:
            step = jnp.broadcast_to(now.step, stopped.shape)
            new = record_test(now.best, step, test_losses(params, test, knobs))
            return jax.tree.map(lambda after, old: jnp.where(due, after, old), new, now.best)

        best = jax.lax.cond(due.any(), look, lambda: now.best)
        return Progress(params, opt_state, best, now.step, now.bad_step)

    def advance(
        progress: Progress, split: Split, knobs: Knob, seed: Array, steps: Array, test: Split | None = None
    ) -> Progress:
        end = progress.step + steps
        count = split.n if split.n.ndim == 0 else split.n[0]
        each = steps_per_epoch(count, batch)

        def run_epoch(now: Progress) -> Progress:
            epoch = now.step // each
            rows_of_epoch = epoch_of(split, knobs, seed, epoch)
            stop = jnp.minimum(end, (epoch + 1) * each)
            step = lambda p: make_step(p, rows_of_epoch, each, knobs)  # noqa: E731
            after = jax.lax.while_loop(lambda p: p.step < stop, step, now)
            return look_if_patient(now, after)

        def look_if_patient(before: Progress, now: Progress) -> Progress:
            if test is None:
                return now
            look = partial(look_at_tests, before, now, test, each, knobs)
            return jax.lax.cond(knobs["patience"] > 0, look, lambda: now)

        return jax.lax.while_loop(lambda p: p.step < end, run_epoch, look_if_patient(progress, progress))

    return advance

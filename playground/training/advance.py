"""The training step, and many of them in one compiled loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.nn.layers import mixed
from playground.nn.network import Network, Params, Stats
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.spec import Structure
from playground.training.data import Split
from playground.training.objective import Knob, training_loss

LOSS_BOUND = 1e15
"""A training loss beyond this counts as diverged."""


class TrainState(NamedTuple):
    """Where a training stands: immutable, and all that its next step depends on beside data, knobs and seed.

    ``update`` is what the last step added to the parameters (their shapes); ``bad_step`` the step at which the numbers
    stopped being finite, or -1: the state then stays as it was before that step.
    """

    params: Params
    stats: Stats
    opt_state: Any
    update: Params
    step: Array
    bad_step: Array


def flat(structure: Structure) -> bool:
    """Whether the optimizer runs on one flat vector of all parameters.

    Adam and its kin were up to 2.2 times faster so, plain SGD was slower; layer-wise methods need the layers.
    """
    optimizer = OPTIMIZERS[structure.optimizer]
    return optimizer.elementwise and "beta2" in optimizer.knobs


def init_state(structure: Structure, params: Params, stats: Stats, knobs: Knob) -> TrainState:
    """The state before the first step."""
    work = ravel_pytree(params)[0] if flat(structure) else params
    optimizer = OPTIMIZERS[structure.optimizer].transform(knobs["learning_rate"], knobs)
    zeros = jax.tree.map(jnp.zeros_like, params)
    return TrainState(params, stats, optimizer.init(work), zeros, jnp.int32(0), jnp.int32(-1))


def steps_per_epoch(n: Array, batch: int) -> Array:
    """How many batches show every one of ``n`` samples once; the last may be smaller."""
    return (n + batch - 1) // batch


def epoch_order(structure: Structure, split: Split, seed: Array, epoch: Array) -> Array:
    """The order (rows,) in which an epoch visits the rows, real ones first: it depends on ``seed`` and ``epoch`` alone."""
    rows = jnp.arange(split.x.shape[0], dtype=jnp.uint32)
    if not structure.shuffle:
        return rows
    # Distinct odd-multiplied counters hash to distinct values, so the sort has no ties among real rows.
    lot = mixed((rows + mixed(epoch.astype(jnp.uint32) + mixed(seed))) * jnp.uint32(0x9E3779B1)) >> 1
    return jnp.argsort(jnp.where(rows < split.n.astype(jnp.uint32), lot, jnp.uint32(0xFFFFFFFF)))


def make_advance(structure: Structure, network: Network, task: str, rows: int) -> Callable[..., TrainState]:
    """The function ``advance(state, split, knobs, seed, steps) -> state`` for sets of ``rows`` padded rows, to be compiled.

    Any split of the same steps into calls gives bitwise the same states.
    """
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    batch = rows if optimizer.full_batch else min(structure.batch_size, rows)
    run_flat = flat(structure)

    def one_step(state: TrainState, split: Split, xs: Array, ys: Array, knobs: Knob, seed: Array, unravel: Any) -> TrainState:
        start = (state.step % steps_per_epoch(split.n, batch)) * batch
        x = jax.lax.dynamic_slice_in_dim(xs, start, batch)
        y = jax.lax.dynamic_slice_in_dim(ys, start, batch)
        weight = (start + jnp.arange(batch) < split.n).astype(jnp.float32)
        step_seed = mixed(seed ^ mixed(state.step.astype(jnp.uint32)))

        def objective(work: Any) -> tuple[Array, tuple[Stats, Any]]:
            params = unravel(work)
            return training_loss(network, loss, task, params, state.stats, (x, y, weight), knobs, step_seed)

        (value, (stats, _)), grads = jax.value_and_grad(objective, has_aux=True)(state.params)
        norm = optax.tree.norm(grads)
        clip = knobs["clip_norm"]
        shrink = jnp.where((clip > 0) & (norm > clip), clip / norm, 1.0)
        grads = jax.tree.map(lambda g: g * shrink, grads)

        rate = knobs["learning_rate"] * schedule.factor(state.step, knobs)
        transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
        extra = {"value": value, "grad": grads, "value_fn": lambda work: objective(work)[0]} if optimizer.line_search else {}
        updates, opt_state = transform.update(grads, state.opt_state, state.params, **extra)
        if "weight_decay" not in optimizer.knobs:
            decay = rate * knobs["weight_decay"]
            updates = jax.tree.map(lambda u, p: u - decay * p, updates, state.params)
        params = jax.tree.map(jnp.add, state.params, updates)

        good = jnp.isfinite(value) & (jnp.abs(value) < LOSS_BOUND) & jnp.isfinite(norm) & jnp.isfinite(optax.tree.norm(updates))
        new = TrainState(params, stats, opt_state, updates, state.step + 1, state.bad_step)
        old = state._replace(bad_step=state.step)
        return jax.tree.map(lambda a, b: jnp.where(good, a, b), new, old)

    def advance(state: TrainState, split: Split, knobs: Knob, seed: Array, steps: Array) -> TrainState:
        end = state.step + steps
        unravel: Callable[[Any], Params] = lambda work: work  # noqa: E731
        if run_flat:
            work, unravel = ravel_pytree(state.params)
            state = state._replace(params=work, update=ravel_pytree(state.update)[0])

        def one_epoch(state: TrainState) -> TrainState:
            each = steps_per_epoch(split.n, batch)
            epoch = state.step // each
            order = epoch_order(structure, split, seed, epoch)
            xs, ys = (jnp.pad(rows[order], ((0, batch), (0, 0))) for rows in (split.x, split.y))
            stop = jnp.minimum(end, (epoch + 1) * each)
            return jax.lax.while_loop(
                lambda s: (s.step < stop) & (s.bad_step < 0),
                lambda s: one_step(s, split, xs, ys, knobs, seed, unravel),
                state,
            )

        state = jax.lax.while_loop(lambda s: (s.step < end) & (s.bad_step < 0), one_epoch, state)
        return state._replace(params=unravel(state.params), update=unravel(state.update))

    return advance

"""The training step, and many of them in one compiled loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.flatten_util import ravel_pytree

from playground.experiment import Structure
from playground.nn.layers import dropout_mask, hash_bits
from playground.nn.masks import Masks, apply_masks, trainable_mask
from playground.nn.network import Network, Params, Stats
from playground.objectives.clipping import clip_factor
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty, penalty_gradient, stay_at_zero, without_l1
from playground.objectives.schedules import SCHEDULES
from playground.training.data import Split
from playground.training.early_stopping import NOTHING_TESTED, BestLoss, has_stopped, is_due, test_if_due
from playground.training.objective import Batch, Knob, score, training_loss
from playground.training.shuffle import shuffle_index

LOSS_BOUND = 1e15
"""A training loss beyond this counts as diverged."""


class TrainState(NamedTuple):
    """Where a training stands: immutable, and all that its next step depends on beside data, knobs and seed.

    ``best``: what early stopping remembers, where it is on.
    ``update`` is what the last step added to the parameters (their shapes); ``bad_step`` the step at which the numbers
    stopped being finite, or -1: the state then stays as it was before that step.
    """

    params: Params
    stats: Stats
    opt_state: Any
    best: BestLoss
    update: Params
    step: Array
    bad_step: Array


def flat(structure: Structure) -> bool:
    """Whether the optimizer runs on one flat vector of all parameters, which is 2 to 4 times faster for small networks.

    Layer-wise methods need the layers.
    """
    return OPTIMIZERS[structure.optimizer].elementwise


def init_state(structure: Structure, params: Params, stats: Stats, knobs: Knob) -> TrainState:
    """The state before the first step."""
    work = ravel_pytree(params)[0] if flat(structure) else params
    optimizer = OPTIMIZERS[structure.optimizer].transform(knobs["learning_rate"], knobs)
    zeros = jax.tree.map(jnp.zeros_like, params)
    best = BestLoss(*map(jnp.asarray, NOTHING_TESTED))
    return TrainState(params, stats, optimizer.init(work), best, zeros, jnp.int32(0), jnp.int32(-1))


def steps_per_epoch(n: Array, batch: int) -> Array:
    """How many batches show every one of ``n`` samples once; the last may be smaller."""
    return (n + batch - 1) // batch


def epoch_seed(seed: Array, epoch: Array) -> Array:
    """What an epoch's order and dropout depend on (uint32)."""
    return hash_bits(seed ^ hash_bits(epoch.astype(jnp.uint32)))


def epoch_rows(
    structure: Structure, network: Network, split: Split, batch: int, knobs: Knob, seed: Array, epoch: Array
) -> Batch:
    """All batches of an epoch, one after another: they depend on ``seed`` and ``epoch`` alone.

    What can be made once an epoch is made here, since a step of a small network takes about a microsecond.
    """
    rows = split.x.shape[0]
    seed = epoch_seed(seed, epoch)
    if structure.shuffle:
        order = shuffle_index(rows, split.n, seed)
        x, y = split.x[order], split.y[order]
    else:
        x, y = split.x, split.y
    place = jnp.arange(rows + batch)
    in_batch = jnp.minimum(batch, split.n - place // batch * batch)
    share = jnp.where(place < split.n, 1 / jnp.maximum(in_batch, 1).astype(jnp.float32), 0.0)

    hidden = network.widths[1:-1]
    shapes = [(rows + batch, units) for units in hidden]
    masks = jax.lax.cond(
        knobs["dropout"] > 0,
        lambda: tuple(
            dropout_mask(shape, knobs["dropout"], hash_bits(seed + jnp.uint32(i + 1))) for i, shape in enumerate(shapes)
        ),
        lambda: tuple(jnp.ones(shape, jnp.float32) for shape in shapes),
    )
    padding = ((0, batch), (0, 0))
    return Batch(jnp.pad(x, padding), jnp.pad(y, padding), share, masks)


def make_advance(structure: Structure, network: Network, task: NetworkTask, rows: int) -> Callable[..., TrainState]:
    """The function ``advance(state, split, knobs, seed, steps, masks=None, test=None) -> state`` for sets of ``rows``
    padded rows, to be compiled.

    Without ``masks`` nothing is switched off, and no step pays for the possibility; without a ``test`` set nothing is
    stopped early.

    Any split of the same steps into calls gives bitwise the same states. When a step breaks (its loss, its gradient or
    what it makes of the parameters is not finite), the steps before it are made once more and the state stops there:
    cheaper than keeping the last good state at every step.
    """
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    batch = rows if optimizer.full_batch else min(structure.batch_size, rows)

    def one_step(
        state: TrainState, epoch: Batch, each: Array, knobs: Knob, unravel: Callable[[Any], Params], mask: Masks | None
    ) -> TrainState:
        start = (state.step % each) * batch
        seen: Batch = jax.tree.map(lambda of_all: jax.lax.dynamic_slice_in_dim(of_all, start, batch), epoch)

        def effective(params: Params) -> Params:
            return params if mask is None else apply_masks(params, mask)

        def objective(params: Params) -> tuple[Array, Any]:
            return training_loss(network, loss, task, params, state.stats, seen, knobs, mask)

        params = unravel(state.params)
        (value, (stats, _)), data_gradient = jax.value_and_grad(objective, has_aux=True)(params)

        def add_penalty(knobs: Knob) -> Any:
            gradient = jax.tree.map(jnp.add, data_gradient, penalty_gradient(effective(params), knobs))
            return ravel_pytree(gradient)[0] if optimizer.elementwise else gradient

        gradient = add_penalty(knobs)
        norm = optax.tree.norm(gradient)
        shrink = clip_factor(norm, knobs["clip_norm"])
        gradient = jax.tree.map(lambda g: g * shrink, gradient)

        rate = knobs["learning_rate"] * schedule.factor(state.step, knobs)
        transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
        extra = {}
        if optimizer.line_search:
            whole = lambda work: objective(work)[0] + penalty(effective(work), knobs)  # noqa: E731
            extra = {"value": value + penalty(effective(params), knobs), "grad": gradient, "value_fn": whole}
        update, opt_state = transform.update(gradient, state.opt_state, state.params, **extra)

        def add_weight_decay(update: Any) -> Any:
            if "weight_decay" in optimizer.knobs:
                return update
            decay = rate * knobs["weight_decay"]
            return jax.tree.map(lambda u, p: u - decay * p, update, state.params)

        def sparse(update: Any) -> Any:
            by_data = jax.tree.map(lambda g: g * shrink, add_penalty(without_l1(knobs)))
            by_data = add_weight_decay(transform.update(by_data, state.opt_state, state.params)[0])
            stay = lambda is_w, w, d, u: jnp.where(is_w, stay_at_zero(w, d, u, state.step), u)  # noqa: E731
            return jax.tree.map(stay, is_weight(params, optimizer.elementwise), state.params, by_data, update)

        update = add_weight_decay(update)
        if not optimizer.line_search:
            update = jax.lax.cond(knobs["l1"] > 0, sparse, lambda u: u, update)
        if mask is not None:
            still = trainable_mask(params, mask)
            free = ravel_pytree(still)[0] if optimizer.elementwise else still
            update = jax.tree.map(lambda u, may_move: jnp.where(may_move > 0, u, 0.0), update, free)
        moved: Any = update
        after = jax.tree.map(jnp.add, state.params, moved)
        good = (jnp.abs(value) < LOSS_BOUND) & jnp.isfinite(norm) & is_finite((after, stats))
        return TrainState(
            after,
            stats,
            opt_state,
            state.best,
            moved,
            state.step + 1,
            jnp.where(good, state.bad_step, state.step),
        )

    def advance(
        state: TrainState,
        split: Split,
        knobs: Knob,
        seed: Array,
        steps: Array,
        masks: Masks | None = None,
        test: Split | None = None,
    ) -> TrainState:
        unravel: Callable[[Any], Params] = lambda work: work  # noqa: E731
        first = state
        if optimizer.elementwise:
            work, unravel = ravel_pytree(state.params)
            first = state._replace(params=work, update=ravel_pytree(state.update)[0])
        each = steps_per_epoch(split.n, batch)

        def test_loss(state: TrainState) -> Array:
            assert test is not None
            params, units = unravel(state.params), None
            if masks is not None:
                params, units = apply_masks(params, masks), masks.units
            return score(network, loss, task, params, state.stats, test, knobs, units).loss

        def one_epoch(state: TrainState, end: Array) -> TrainState:
            if test is not None:
                state = test_if_due(state, each, knobs, test_loss)
            epoch = state.step // each
            all_rows = epoch_rows(structure, network, split, batch, knobs, seed, epoch)
            stop = jnp.minimum(end, (epoch + 1) * each)
            if test is not None:
                stop = jnp.where(has_stopped(state.best, state.step, each, knobs["patience"]), state.step, stop)
            going = lambda s: (s.step < stop) & (s.bad_step < 0)  # noqa: E731
            return jax.lax.while_loop(going, lambda s: one_step(s, all_rows, each, knobs, unravel, masks), state)

        end_state = until_broken(one_epoch, first, steps, None if test is None else (each, knobs))
        return end_state._replace(params=unravel(end_state.params), update=unravel(end_state.update))

    return advance


def is_weight(params: Params, as_vector: bool) -> Any:
    """Whether each parameter is a weight, which L1 makes 0: in the shapes of ``params``, or as one vector."""
    marks = tuple({name: jnp.full(value.shape, name == "w") for name, value in layer.items()} for layer in params)
    return ravel_pytree(marks)[0] if as_vector else marks


def is_finite(tree: Any) -> Array:
    """Whether all numbers of ``tree`` are finite, and small enough to be added up."""
    return jnp.isfinite(sum((leaf.sum() for leaf in jax.tree.leaves(tree)), jnp.zeros(())))


def until_broken(
    one_epoch: Callable[[Any, Array], Any],
    first: Any,
    steps: Array,
    stopping: tuple[Array, Mapping[str, Array]] | None = None,
) -> Any:
    """The state ``steps`` after ``first``, made by ``one_epoch(state, end)``, each of which stops at its epoch's end or
    at a step that breaks; with ``stopping`` (the steps of an epoch, and the knobs) it may also be stopped early.

    The steps before one that breaks are then made once more, and the state stops there with its ``bad_step``.
    """

    def goes_on(state: Any, end: Array) -> Array:
        going = state.step < end
        if stopping is not None:
            each, knobs = stopping
            stopped = has_stopped(state.best, state.step, each, knobs["patience"])
            going = is_due(state.best, state.step, each, knobs) | (going & ~stopped)
        return going & (state.bad_step < 0)

    def attempt(tried: tuple[Any, Array, Array, Array]) -> tuple[Any, Array, Array, Array]:
        _, end, bad, _ = tried
        end_state = jax.lax.while_loop(lambda s: goes_on(s, end), lambda s: one_epoch(s, end), first)
        broke = end_state.bad_step >= 0
        return end_state, jnp.where(broke, end_state.bad_step, end), jnp.maximum(bad, end_state.bad_step), broke

    untried = (first, first.step + steps, jnp.int32(-1), first.bad_step < 0)
    end_state, _, bad, _ = jax.lax.while_loop(lambda tried: tried[3], attempt, untried)
    return end_state._replace(bad_step=jnp.maximum(bad, first.bad_step))

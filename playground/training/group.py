"""Several trainings of one structure at once, in one compiled loop: networks that differ in their start, and if need be in their samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array

from playground.nn import network as nn
from playground.nn.activations import ACTIVATIONS
from playground.nn.layers import FUSED_BELOW
from playground.nn.network import Network, Params
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import penalty_gradient
from playground.objectives.schedules import SCHEDULES
from playground.spec import Structure
from playground.training.advance import LOSS_BOUND, TrainState, epoch_rows, init_state, make_advance, steps_per_epoch
from playground.training.data import Split
from playground.training.objective import Knob

GROUP = 16
"""Networks that are trained together: XLA then vectorises over them."""


class GroupState(NamedTuple):
    """Where a group of G trainings stands: like ``TrainState``, with an axis for the networks; ``bad_step (G,)`` is -1 where all is well.

    A network that broke goes on with numbers that are not finite, and disturbs no other.
    """

    params: Any
    stats: Any
    opt_state: Any
    step: Array
    bad_step: Array


def interleaved(structure: Structure, network: Network) -> bool:
    """Whether the networks can lie on the last axis, side by side in memory: plain small layers, and an optimizer that knows no layers.

    Else they are stacked on the first axis, and each makes the ordinary step (``jax.vmap``).
    """
    products = structure.batch_size * max(a * b for a, b in zip(network.widths, network.widths[1:], strict=False))
    optimizer = OPTIMIZERS[structure.optimizer]
    return network.normalization == "none" and optimizer.elementwise and products < FUSED_BELOW


def axis_of(structure: Structure, network: Network) -> int:
    """The axis of the networks in a group's arrays: -1 or 0."""
    return -1 if interleaved(structure, network) else 0


def stacked(trees: Sequence[Any], axis: int) -> Any:
    """Equal trees of arrays as one, with an axis for them."""
    return jax.tree.map(lambda *leaves: np.stack([np.asarray(leaf) for leaf in leaves], axis), *trees)


def init_group(structure: Structure, network: Network, params: Params, knobs: Knob) -> GroupState:
    """The state before the first step of networks whose ``params`` have an axis for them."""
    if not interleaved(structure, network):
        stats = nn.init_stats(network)
        each = jax.vmap(lambda one: init_state(structure, one, stats, knobs))(params)
        return GroupState(each.params, each.stats, (each.opt_state, each.update), each.step, each.bad_step)
    many = jax.tree.leaves(params)[0].shape[-1]
    optimizer = OPTIMIZERS[structure.optimizer].transform(knobs["learning_rate"], knobs)
    nothing = tuple({} for _ in network.widths[1:-1])
    start = optimizer.init(raveled(params))
    return GroupState(params, nothing, start, jnp.int32(0), jnp.full(many, -1, jnp.int32))


def make_group_advance(
    structure: Structure, network: Network, task: str, rows: int, own_samples: bool
) -> Callable[[GroupState, Split, Knob, Array, Array], GroupState]:
    """The function ``advance(group, split, knobs, seed, steps) -> group``, to be compiled.

    With ``own_samples`` the arrays of ``split`` and ``seed (G,)`` have an axis for the networks as well, and all have equally many rows.
    """
    if interleaved(structure, network):
        return _interleaved_advance(structure, network, task, rows, own_samples)
    one = make_advance(structure, network, task, rows)

    def advance(group: GroupState, split: Split, knobs: Knob, seed: Array, steps: Array) -> GroupState:
        opt_state, update = group.opt_state
        states = TrainState(group.params, group.stats, opt_state, update, group.step, group.bad_step)
        own = 0 if own_samples else None
        found = jax.vmap(one, in_axes=(0, own, None, own, None))(states, split, knobs, seed, steps)
        return GroupState(found.params, found.stats, (found.opt_state, found.update), found.step, found.bad_step)

    return advance


def raveled(params: Params) -> Array:
    """All parameters of networks on the last axis as ``(parameters, G)``."""
    return jnp.concatenate([leaf.reshape(-1, leaf.shape[-1]) for leaf in jax.tree.leaves(params)])


def output_of(network: Network, params: Params, x: Array, masks: Sequence[Array] | None = None) -> Array:
    """Outputs (rows, outputs, G) of networks on the last axis for ``x (rows, features, G or 1)`` in training; ``masks``: dropout's."""
    h = x
    for i, layer in enumerate(params):
        z = (h[:, :, None] * layer["w"][None]).sum(axis=1) + layer["b"][None]
        new = ACTIVATIONS[network.activations[i]].fn(z)
        if masks is not None and i < network.depth - 1:
            new = new * masks[i]
        h = h + new if network.skips(i) else new
    return h


def _interleaved_advance(structure: Structure, network: Network, task: str, rows: int, own_samples: bool) -> Any:
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    batch = min(structure.batch_size, rows)

    def epoch_of(split: Split, knobs: Knob, seed: Array, epoch: Array) -> Any:
        def one(part: Split, own_seed: Array) -> Any:
            return epoch_rows(structure, network, part, batch, knobs, own_seed, epoch)

        if own_samples:
            return jax.vmap(one, in_axes=-1, out_axes=-1)(split, seed)
        return jax.tree.map(lambda array: array[..., None], one(split, seed))

    def one_step(
        carried: tuple[Array, Any, Array, Array], epoch: Any, each: Array, knobs: Knob, unravel: Any
    ) -> tuple[Array, Any, Array, Array]:
        work, opt_state, step, bad_step = carried
        start = (step % each) * batch
        seen = jax.tree.map(lambda of_all: jax.lax.dynamic_slice_in_dim(of_all, start, batch), epoch)
        target = loss.smooth(seen.y, knobs["label_smoothing"], task)

        def objective(work: Array) -> tuple[Array, Array]:
            output = output_of(network, unravel(work), seen.x, seen.masks)
            wide = jnp.broadcast_to(target, output.shape)
            of_one = jax.vmap(lambda out, t: loss.fn(out, t, knobs), in_axes=-1)
            values = (jax.vmap(of_one)(output, wide) * seen.share).sum(axis=0)
            return values.sum(), values

        (_, values), gradient = jax.value_and_grad(objective, has_aux=True)(work)
        gradient = gradient + raveled(penalty_gradient(unravel(work), knobs))
        norm = jnp.sqrt(jnp.square(gradient).sum(axis=0))
        clip = knobs["clip_norm"]
        gradient = gradient * jnp.where((clip > 0) & (norm > clip), clip / norm, 1.0)[None]
        rate = knobs["learning_rate"] * schedule.factor(step, knobs)
        transform = optax.with_extra_args_support(optimizer.transform(rate, knobs))
        moved, opt_state = transform.update(gradient, opt_state, work)
        update: Any = moved
        if "weight_decay" not in optimizer.knobs:
            update = update - rate * knobs["weight_decay"] * work
        good = (jnp.abs(values) < LOSS_BOUND) & jnp.isfinite(norm)
        bad_step = jnp.where(good | (bad_step >= 0), bad_step, step)
        return work + update, opt_state, step + 1, bad_step

    def advance(group: GroupState, split: Split, knobs: Knob, seed: Array, steps: Array) -> GroupState:
        leaves, tree = jax.tree.flatten(group.params)
        ends = np.cumsum([leaf.size // leaf.shape[-1] for leaf in leaves])

        def unravel(work: Array) -> Params:
            parts = jnp.split(work, ends[:-1])
            return jax.tree.unflatten(tree, [p.reshape(leaf.shape) for p, leaf in zip(parts, leaves, strict=True)])

        end = group.step + steps
        n = split.n if split.n.ndim == 0 else split.n[0]
        each = steps_per_epoch(n, batch)

        def one_epoch(carried: Any) -> Any:
            epoch = carried[2] // each
            whole = epoch_of(split, knobs, seed, epoch)
            stop = jnp.minimum(end, (epoch + 1) * each)
            return jax.lax.while_loop(
                lambda c: c[2] < stop, lambda c: one_step(c, whole, each, knobs, unravel), carried
            )

        first = (raveled(group.params), group.opt_state, group.step, group.bad_step)
        work, opt_state, step, bad_step = jax.lax.while_loop(lambda c: c[2] < end, one_epoch, first)
        return GroupState(unravel(work), group.stats, opt_state, step, bad_step)

    return advance

"""Several trainings of one structure at once, in one compiled loop: networks that differ in their start, and if need
be in their samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.experiment import Structure
from playground.nn import network as nn
from playground.nn.network import Network, Params, forward
from playground.objectives.loss import NetworkTask
from playground.objectives.optimizers import OPTIMIZERS
from playground.training.data import Split
from playground.training.early_stopping import NOTHING_TESTED, BestLoss
from playground.training.interleaved import (
    Progress,
    evaluate_networks,
    make_interleaved_advance,
    ravel_networks,
    unravel_layers,
    weight_rows,
)
from playground.training.objective import Knob
from playground.training.train_loop import TrainState, init_state, make_advance

INTERLEAVED_NETWORKS = 64
"""Networks on the last axis that are trained together: fewer fill the processor's vectors less well, more its caches
worse (2,4,2,1: 16, 32, 64, 128 networks make 5.4, 7.7, 10.8 and 10.4 million steps a CPU second)."""
STACKED_NETWORKS = 16
"""Networks on the first axis that are trained together."""
MAX_CHAINED_PARAMETERS = 5000
"""Parameters of a network up to which its sums are written out: with more of them ``jax.vmap`` is as fast, and takes
less time to compile."""


class EnsembleState(NamedTuple):
    """Where a group of G trainings stands: like ``TrainState``, with an axis for the networks; ``bad_step (G,)`` is
    -1 where all is well, ``best`` has numbers of each network.

    A network that broke goes on with numbers that are not finite, and disturbs no other; of networks on the last axis
    one that was stopped early has its parameters of then, though ``step`` goes on.
    """

    params: Any
    stats: Any
    opt_state: Any
    best: BestLoss
    step: Array
    bad_step: Array


def is_interleaved(structure: Structure, network: Network) -> bool:
    """Whether the networks can lie on the last axis, side by side in memory: plain layers, and an optimizer that knows
    no layers.

    Else they are stacked on the first axis, and each makes the ordinary step (``jax.vmap``).
    """
    elementwise = OPTIMIZERS[structure.optimizer].elementwise
    small = len(weight_rows(network)) <= MAX_CHAINED_PARAMETERS
    return network.normalization == "none" and elementwise and small


def group_size(structure: Structure, network: Network) -> int:
    """Networks that a processor trains together."""
    return INTERLEAVED_NETWORKS if is_interleaved(structure, network) else STACKED_NETWORKS


def axis_of(structure: Structure, network: Network) -> int:
    """The axis of the networks in a group's arrays: -1 or 0."""
    return -1 if is_interleaved(structure, network) else 0


def stack_trees(trees: Sequence[Any], axis: int) -> Any:
    """Equal trees of arrays as one, with an axis for them."""
    return jax.tree.map(lambda *leaves: np.stack([np.asarray(leaf) for leaf in leaves], axis), *trees)


def init_group(structure: Structure, network: Network, params: Params, knobs: Knob) -> EnsembleState:
    """The state before the first step of networks whose ``params`` have an axis for them."""
    if not is_interleaved(structure, network):
        stats = nn.init_stats(network)
        each = jax.vmap(lambda network_params: init_state(structure, network_params, stats, knobs))(params)
        return EnsembleState(
            each.params, each.stats, (each.opt_state, each.update), each.best, each.step, each.bad_step
        )
    many = jax.tree.leaves(params)[0].shape[-1]
    optimizer = OPTIMIZERS[structure.optimizer].transform(knobs["learning_rate"], knobs)
    nothing = tuple({} for _ in network.widths[1:-1])
    start = optimizer.init(ravel_networks(params))
    best = BestLoss(*(jnp.full(many, value) for value in NOTHING_TESTED))
    return EnsembleState(params, nothing, start, best, jnp.int32(0), jnp.full(many, -1, jnp.int32))


def make_group_advance(
    structure: Structure, network: Network, task: NetworkTask, rows: int, own_samples: bool
) -> Callable[..., EnsembleState]:
    """The function ``advance(group, split, knobs, seed, steps, test=None) -> group``, to be compiled; without a
    ``test`` set nothing is stopped early.

    With ``own_samples`` the arrays of ``split``, ``test`` and ``seed (G,)`` have an axis for the networks as well, and
    all have equally many rows.
    """
    if is_interleaved(structure, network):
        return interleaved_group_advance(structure, network, task, rows, own_samples)
    advance_network = make_advance(structure, network, task, rows)

    def advance(
        group: EnsembleState, split: Split, knobs: Knob, seed: Array, steps: Array, test: Split | None = None
    ) -> EnsembleState:
        opt_state, update = group.opt_state
        states = TrainState(group.params, group.stats, opt_state, group.best, update, group.step, group.bad_step)
        own = 0 if own_samples else None

        def advance_one(state: TrainState, split: Split, seed: Array, test: Split | None) -> TrainState:
            return advance_network(state, split, knobs, seed, steps, test=test)

        final_states = jax.vmap(advance_one, in_axes=(0, own, own, own))(states, split, seed, test)
        past = final_states.opt_state, final_states.update
        return EnsembleState(
            final_states.params, final_states.stats, past, final_states.best, final_states.step, final_states.bad_step
        )

    return advance


def interleaved_group_advance(
    structure: Structure, network: Network, task: NetworkTask, rows: int, own_samples: bool
) -> Callable[..., EnsembleState]:
    """As ``make_group_advance``, for networks on the last axis."""
    advance_flat = make_interleaved_advance(structure, network, task, rows, own_samples)

    def advance(
        group: EnsembleState, split: Split, knobs: Knob, seed: Array, steps: Array, test: Split | None = None
    ) -> EnsembleState:
        first = Progress(ravel_networks(group.params), group.opt_state, group.best, group.step, group.bad_step)
        end = advance_flat(first, split, knobs, seed, steps, test)
        return EnsembleState(
            tuple(layer.as_dict() for layer in unravel_layers(network, end.params)),
            group.stats,
            end.opt_state,
            end.best,
            end.step,
            end.bad_step,
        )

    return advance


def group_outputs(structure: Structure, network: Network, group: EnsembleState, x: Array, own_samples: bool) -> Array:
    """The outputs ``(rows, outputs, G)`` in evaluation for ``x (rows, features)``, which has an axis for the networks
    as well with ``own_samples``."""
    if is_interleaved(structure, network):
        layers = unravel_layers(network, ravel_networks(group.params))
        wide = x if own_samples else x[..., None]
        return evaluate_networks(network, layers, wide.swapaxes(0, 1)).swapaxes(0, 1)
    outputs = lambda params, stats, x: forward(network, params, stats, x)[-1].h  # noqa: E731
    axes = (0, 0, 0 if own_samples else None)
    return jax.vmap(outputs, in_axes=axes, out_axes=-1)(group.params, group.stats, x)

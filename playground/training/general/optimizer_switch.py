"""All elementwise optimizers as one function, chosen by an argument, over states that are laid out alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.objectives.optimizers import OPTIMIZERS, Optimizer
from playground.training.knobs import KNOB_NAMES

Operands = tuple[Array, Array, Array, Array]
Step = Callable[[Operands], tuple[Array, Array, Array]]
Finish = Callable[[Callable[[Array], Array], Array], Array]
"""From what makes an update of a gradient, and the update, to the update as it shall be."""


@dataclass(frozen=True)
class Leaf:
    """One array of an optimizer's state: its row among the vectors, or its place among the scalars, and its value
    before the first step."""

    is_vector: bool
    slot: int
    dtype: np.dtype[Any]
    initial: Any


@dataclass(frozen=True)
class StateLayout:
    """How an optimizer's state (a ``tree`` of ``leaves``) lies in the vectors and scalars that all optimizers share."""

    tree: Any
    leaves: tuple[Leaf, ...]


@cache
def elementwise_optimizers() -> tuple[Optimizer, ...]:
    """The optimizers that can be chosen by an argument, in the order of their numbers."""
    return tuple(optimizer for optimizer in OPTIMIZERS.values() if optimizer.elementwise)


@cache
def state_layout(name: str) -> StateLayout:
    """The layout of the state of optimizer ``name``, from what it makes of a single parameter."""
    knobs: dict[str, Array] = dict.fromkeys(KNOB_NAMES, jnp.asarray(0.5, jnp.float32))
    state = OPTIMIZERS[name].transform(knobs["learning_rate"], knobs).init(jnp.zeros(1, jnp.float32))
    arrays, tree = jax.tree.flatten(state)
    leaves, counts = [], {True: 0, False: 0}
    for array in map(np.asarray, arrays):
        is_vector = array.ndim > 0
        leaves.append(Leaf(is_vector, counts[is_vector], array.dtype, array.ravel()[0]))
        counts[is_vector] += 1
    return StateLayout(tree, tuple(leaves))


@cache
def state_size() -> tuple[int, int]:
    """How many vectors and how many scalars hold any optimizer's state."""
    layouts = [state_layout(optimizer.name) for optimizer in elementwise_optimizers()]
    vectors, scalars = (
        max(sum(leaf.is_vector == is_vector for leaf in layout.leaves) for layout in layouts)
        for is_vector in (True, False)
    )
    return vectors, max(scalars, 1)


def apply_optimizer(
    choice: Array,
    rate: Array,
    knobs: Mapping[str, Array],
    gradient: Array,
    state: tuple[Array, Array],
    params: Array,
    decay: Array | None = None,
    finish: Finish | None = None,
) -> tuple[Array, Array, Array]:
    """The update of ``params (n,)`` by optimizer number ``choice`` at ``rate``, and its next state.

    ``state``: vectors ``(v, n)`` float32 and scalars ``(s,)`` int32, which hold float32 numbers by their bits.
    ``decay``: the share of ``params`` that decoupled weight decay takes away, where the optimizer has none of its own.
    ``finish`` makes another update of it where L1 is on: as branches of their own, since one more condition costs a
    quarter of a step.
    """

    def branch(optimizer: Optimizer) -> Step:
        layout = state_layout(optimizer.name)

        def step(operands: Operands) -> tuple[Array, Array, Array]:
            gradient, vectors, scalars, params = operands
            leaves = [
                vectors[leaf.slot]
                if leaf.is_vector
                else jax.lax.bitcast_convert_type(scalars[leaf.slot], jnp.dtype(leaf.dtype))
                for leaf in layout.leaves
            ]
            transform = optimizer.transform(rate, knobs)
            update: Any
            update, new = transform.update(gradient, jax.tree.unflatten(layout.tree, leaves), params)
            if decay is not None:
                update = update - decay * params
            rows, numbers = list(vectors), list(scalars)
            for leaf, value in zip(layout.leaves, jax.tree.leaves(new), strict=True):
                if leaf.is_vector:
                    rows[leaf.slot] = value
                else:
                    numbers[leaf.slot] = jax.lax.bitcast_convert_type(value, jnp.int32)
            return update, jnp.stack(rows), jnp.stack(numbers)  # pyright: ignore[reportReturnType]

        return step

    def with_finish(step: Step, finish: Finish) -> Step:
        def both(operands: Operands) -> tuple[Array, Array, Array]:
            update, *new = step(operands)
            return finish(lambda other: step((other, *operands[1:]))[0], update), *new  # pyright: ignore[reportReturnType]

        return both

    branches = [branch(optimizer) for optimizer in elementwise_optimizers()]
    if finish is not None:
        choice = choice + jnp.where(knobs["l1"] > 0, len(branches), 0)
        branches += [with_finish(step, finish) for step in branches]
    return jax.lax.switch(choice, branches, (gradient, *state, params))

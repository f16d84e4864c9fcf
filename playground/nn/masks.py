"""Masks of units, links and layers: 1 for on, 0 for off or frozen."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from playground.nn.network import Network, Params


class Masks(NamedTuple):
    """``units``: one (width,) for the inputs and for each hidden layer; ``links``: one (fan_in, fan_out) a layer;
    ``learning (depth,)``.

    All float32, NumPy or JAX: 1 for what takes part, 0 for what does not. A unit that is off passes 0 on; a link that
    is off counts as a weight of 0; a layer that does not learn keeps its parameters."""

    units: tuple[Any, ...]
    links: tuple[Any, ...]
    learning: Any


def full_masks(network: Network) -> Masks:
    """Masks under which everything takes part: NumPy arrays."""
    return Masks(
        units=tuple(np.ones(width, np.float32) for width in network.widths[:-1]),
        links=tuple(np.ones((network.widths[i], network.widths[i + 1]), np.float32) for i in range(network.depth)),
        learning=np.ones(network.depth, np.float32),
    )


def nothing_off(masks: Masks) -> bool:
    """Whether everything takes part."""
    return all(bool(np.all(np.asarray(part) == 1)) for part in jax.tree.leaves(masks))


def apply_masks(params: Params, masks: Masks) -> Params:
    """``params`` with the weights of links that are off at 0; their gradient is then 0 as well."""
    return tuple(layer | {"w": layer["w"] * links} for layer, links in zip(params, masks.links, strict=True))


def trainable_mask(params: Params, masks: Masks) -> Params:
    """Factors of the shapes of ``params``: 0 for what an update must leave alone.

    That is a layer that does not learn, a link that is off, and all that leads into or out of a unit that is off.
    """
    factors = []
    for i, layer in enumerate(params):
        into = masks.units[i + 1] if i + 1 < len(masks.units) else jnp.ones(layer["b"].shape)
        learning = masks.learning[i]
        each = {name: learning * into for name in layer if name != "w"}
        factors.append(each | {"w": learning * masks.links[i] * masks.units[i][:, None] * into[None]})
    return tuple(factors)

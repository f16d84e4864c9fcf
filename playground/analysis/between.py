"""What lies between two trained networks: how high the loss rises on the way, and which of their units are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from playground.nn.network import Network


def barrier(places: np.ndarray, loss: np.ndarray) -> float:
    """How far the loss ``(n,)`` rises between 0 and 1 above the straight line between its ends; 0 where it does not.

    Frankle et al. 2020; Garipov et al. 2018.
    """
    inside = (places >= -1e-6) & (places <= 1 + 1e-6)
    at, height = places[inside], loss[inside]
    chord = height[0] + (height[-1] - height[0]) * (at - at[0]) / (at[-1] - at[0])
    return float(max(0.0, (height - chord).max()))


def matched(one: Sequence[Any], other: Sequence[Any], network: Network) -> tuple[Any, Callable[[Any], Any]]:
    """``other``'s parameters with its hidden units in the order that fits ``one``'s best: the same function, other names for its units.

    Layer by layer, units are paired so that their incoming weights agree most (Ainsworth, Hayase & Srinivasa 2023, in one pass); around a
    residual connection the order is its input's. Also gives the function that does the same to running statistics.
    """
    from scipy.optimize import linear_sum_assignment

    layers = [{name: np.asarray(value) for name, value in layer.items()} for layer in other]
    orders = [np.arange(network.widths[0])]
    for i in range(network.depth - 1):
        mine = np.concatenate([np.asarray(one[i]["w"]), np.asarray(one[i]["b"])[None]])
        theirs = np.concatenate([layers[i]["w"], layers[i]["b"][None]])
        order = orders[-1] if network.skips(i) else linear_sum_assignment(-(mine.T @ theirs))[1]
        layers[i] = {name: value[..., order] for name, value in layers[i].items()}
        layers[i + 1]["w"] = layers[i + 1]["w"][order]
        orders.append(order)

    def same(stats: Any) -> Any:
        return tuple({n: v[o] for n, v in layer.items()} for layer, o in zip(stats, orders[1:], strict=True))

    return tuple(layers), same

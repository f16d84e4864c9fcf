"""Mode connectivity: the loss barrier between two trained networks, before and after their units are matched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from playground.language import mark
from playground.nn.network import Network
from playground.number_format import format_precise

LEVEL_SHARE = 0.02
"""Of the ends' mean loss: a line that rises by less above them is called level (Frankle et al. 2020 have 2 % of
error)."""
SMALLEST_RISE = 1e-6
"""Of a float32's loss: below it a rise is rounding."""


def rise_between_ends(places: np.ndarray, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the ``loss (n,)`` on a line, what lies from 0 to 1: its places, its losses, and the straight line between its
    ends."""
    inside = (places >= -1e-6) & (places <= 1 + 1e-6)
    at, height = places[inside], loss[inside]
    return at, height, height[0] + (height[-1] - height[0]) * (at - at[0]) / (at[-1] - at[0])


def barrier(places: np.ndarray, loss: np.ndarray) -> float:
    """How far the loss ``(n,)`` rises between 0 and 1 above the straight line between its ends; 0 where it does not.

    Frankle et al. 2020; Garipov et al. 2018.
    """
    _, height, chord = rise_between_ends(places, loss)
    return float(max(0.0, (height - chord).max()))


def is_level(places: np.ndarray, loss: np.ndarray) -> bool:
    """Whether the loss on a line rises too little above its ends to be called a wall."""
    chord = rise_between_ends(places, loss)[2]
    return bool(barrier(places, loss) <= max(SMALLEST_RISE, LEVEL_SHARE * float(abs(chord).mean())))


def line_words(places: np.ndarray, loss: np.ndarray) -> str:
    """What the loss ``(n,)`` does from one network, at 0, to the other, at 1: only figures that the chart shows."""
    at, height, chord = rise_between_ends(places, loss)
    if not np.isfinite(height).all():
        return mark("Between them the loss rises beyond all numbers.")
    top = int((height - chord).argmax())
    rise = barrier(places, loss)
    ends = {
        "first": format_precise(height[0]),
        "last": format_precise(height[-1]),
        "rise": format_precise(rise),
    }
    if is_level(places, loss):
        if rise > 0:
            return mark(
                "No wall between them: the loss goes from {first} at this network to {last} at the other, nowhere more "
                "than {rise} above the straight line between the two.",
                **ends,
            )
        return mark(
            "No wall between them: the loss goes from {first} at this network to {last} at the other, nowhere above "
            "the straight line between the two.",
            **ends,
        )
    return mark(
        "A wall stands between them: the loss goes from {first} at this network to {last} at the other, and over {top} "
        "at {share:.0f} % of the way, {rise} above the straight line between the two.",
        top=format_precise(height[top]),
        share=100 * float(at[top]),
        **ends,
    )


def wall_words(places: np.ndarray, loss: np.ndarray, matched_loss: np.ndarray | None) -> str:
    """``line_words``, and what becomes of the wall once the other's units have the order of this network's
    (``matched_loss``, None: unknown)."""
    words = line_words(places, loss)
    if matched_loss is None or is_level(places, loss):
        return words
    before, after = barrier(places, loss), barrier(places, matched_loss)
    if not np.isfinite([before, after]).all():
        return words
    if is_level(places, matched_loss):
        matched = mark(
            "With their units matched it is gone ({height}): they do the same in another order.",
            height=format_precise(after),
        )
    elif after < 0.95 * before:
        matched = mark("With their units matched it is lower: {height}.", height=format_precise(after))
    elif after > 1.05 * before:
        matched = mark("With their units matched it is higher: {height}.", height=format_precise(after))
    else:
        matched = mark("With their units matched it is as high: {height}.", height=format_precise(after))
    return mark("{first} {second}", first=words, second=matched)


def match_units(reference: Sequence[Any], other: Sequence[Any], network: Network) -> tuple[Any, Callable[[Any], Any]]:
    """``other``'s parameters with its hidden units in the order that fits ``reference``'s best: the same function,
    other names for its units.

    Layer by layer, units are paired so that their incoming weights agree most (Ainsworth, Hayase & Srinivasa 2023, in
    one pass); around a residual connection the order is its input's. Also gives the function that does the same to
    running statistics.
    """
    from scipy.optimize import linear_sum_assignment

    layers = [{name: np.asarray(value) for name, value in layer.items()} for layer in other]
    orders = [np.arange(network.widths[0])]
    for i in range(network.depth - 1):
        mine = np.concatenate([np.asarray(reference[i]["w"]), np.asarray(reference[i]["b"])[None]])
        theirs = np.concatenate([layers[i]["w"], layers[i]["b"][None]])
        order = orders[-1] if network.skips(i) else linear_sum_assignment(-(mine.T @ theirs))[1]
        layers[i] = {name: value[..., order] for name, value in layers[i].items()}
        layers[i + 1]["w"] = layers[i + 1]["w"][order]
        orders.append(order)

    def same(stats: Any) -> Any:
        return tuple({n: v[o] for n, v in layer.items()} for layer, o in zip(stats, orders[1:], strict=True))

    return tuple(layers), same

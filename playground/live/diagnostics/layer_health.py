"""What can be wrong with units and layers: four words, one definition each, for every page.

*silent*, a unit on a sample: a rectifier (ReLU, ReLU6, hard SiLU) whose slope is exactly 0 there. Half of all is usual
(Glorot, Bordes & Bengio 2011).
*dead*, a hidden unit: it is silent on every train sample, so that no gradient reaches its weights (Maas, Hannun & Ng
2013). A leaky ReLU, an ELU, a GELU, a SiLU or a softplus lets some through, and is never dead.
*saturated*, a hidden unit on a sample: its activation levels off at both ends, and its slope is below a twentieth of
its steepest (Glorot & Bengio 2010; which activations saturate: Gulcehre, Moczulski, Denil & Bengio 2016).
*vanishing*, a network: its gradient loses two decades or more on its way back from the last layer to the first (Bengio,
Simard & Frasconi 1994).

An output layer is none of them: a solved problem's outputs stand where the loss wants them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, TypeVar, get_args

import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.diagnostics.slope import slope
from playground.nn.activations import ACTIVATIONS

SATURATED_SHARE_OF_SLOPE = 0.05
SMALLEST_SLOPE = 1e-37
"""Below it a float32 is 0."""

VANISHING_DECADES = 2.0
"""Between the ends of a network: its layers then learn 100 times slower than others."""
GROWING_DECADES = 1.0
"""Enough for a signal: it multiplies every gradient. A narrow network's first draw fades by one by mere luck."""
DEAD_SHARE = 0.5
"""Of a layer's units: from there on its dead units are spoken of."""
MIN_LAYERS = 3
"""Layers with weights below which a line through their norms says nothing."""
HealthKind = Literal["shallow", "broken", "blocked", "vanishing", "exploding", "dead", "fading", "growing", "healthy"]
KINDS: tuple[HealthKind, ...] = get_args(HealthKind)
Label = TypeVar("Label")
STEADY_FRAMES = 5
"""Frames in a row that a label must hold for to take another's place."""


SHUT_SLOPES = np.array(
    [
        SMALLEST_SLOPE if entry.blocks else SATURATED_SHARE_OF_SLOPE * entry.steepest_slope
        for entry in ACTIVATIONS.values()
    ],
    np.float32,
)
"""By an activation's number: the slope below which a unit is silent or saturated; 0 where it can be neither."""
_RECTIFIES = np.array([entry.blocks for entry in ACTIVATIONS.values()])
_SATURATES = np.array([entry.steepest_slope > 0 for entry in ACTIVATIONS.values()])
_NUMBERS = {name: i for i, name in enumerate(ACTIVATIONS)}


def activation_numbers(activations: Sequence[str]) -> np.ndarray:
    """The numbers of activations by name (depth,)."""
    return np.array([_NUMBERS[name] for name in activations])


def shut_word(activation: str) -> str:
    """What a hidden unit of ``activation`` is on a sample whose gradient it keeps back: ``silent``, ``saturated``, or
    ``""`` if it never does."""
    entry = ACTIVATIONS[activation]
    return "silent" if entry.blocks else "saturated" if entry.steepest_slope else ""


@cache
def rectifies(activation: str) -> bool:
    """Whether it blocks most of what is negative and lets the rest through: He's initialisation makes up for that half
    (He et al. 2015)."""
    low, high = np.abs(np.asarray(ACTIVATIONS[activation].fn(jnp.array([-4.0, 4.0]))))
    return shut_word(activation) != "saturated" and bool(low < high / 2)


def is_shut(slopes: Any, activation: Any) -> Any:
    """Where a unit is silent or saturated, whichever activation number ``activation`` can be, by its ``slopes``: bool,
    of their shape."""
    return abs(slopes) < jnp.asarray(SHUT_SLOPES)[activation]


def dead_and_saturated(shut: Array, real_units: Any, activations: Any, depth: Any) -> tuple[Array, Array]:
    """Of each layer: the share of its units that are dead, and of its (unit, sample) pairs that are saturated,
    (layers,) each.

    ``shut (layers, units)``: the share of samples on which a unit is shut; ``real_units``: 1 for what there is;
    ``activations (layers,)``: numbers; ``depth``: the place of the output layer.
    """
    activations = jnp.asarray(activations)
    hidden = jnp.arange(activations.shape[0]) < depth
    widths = jnp.maximum(jnp.asarray(real_units).sum(axis=1), 1.0)
    dead, saturated = (jnp.stack([shut >= 1.0, shut]) * real_units[None]).sum(axis=2) / widths[None]
    rectifies, saturates = jnp.asarray(_RECTIFIES)[activations], jnp.asarray(_SATURATES)[activations]
    return jnp.where(hidden & rectifies, dead, 0.0), jnp.where(hidden & saturates, saturated, 0.0)


def health_of_layer(slopes: np.ndarray, activation: str) -> tuple[float, float]:
    """As ``dead_and_saturated``, of one hidden layer's ``slopes (rows, units)`` on the host."""
    shut, word = np.abs(slopes) < SHUT_SLOPES[_NUMBERS[activation]], shut_word(activation)
    return float(shut.all(axis=0).mean()) * (word == "silent"), float(shut.mean()) * (word == "saturated")


def kind(norms: np.ndarray, signal: np.ndarray | None = None, dead: np.ndarray | None = None) -> HealthKind:
    """Which of ``KINDS`` a network is, by its layers' gradient norms and, where they are known, their signals' sizes,
    ``(layers,)`` each, and the share of each hidden layer's units that are ``dead (layers - 1,)``.

    ``shallow``: too few layers to tell; ``broken``: not finite; ``blocked``: a layer gets no gradient at all.
    ``vanishing``, ``exploding``: the gradient on its way back. ``dead``: most units of a layer are. ``fading``,
    ``growing``: the signal on its way forward, though the layers' gradients are alike: a weight's gradient is signal
    times gradient, and what one loses the other can make up for (Glorot & Bengio 2010).
    """
    signal = np.ones_like(norms) if signal is None else signal
    deadest = 0.0 if dead is None else float(np.max(dead, initial=0.0))
    if len(norms) < MIN_LAYERS:
        return "dead" if deadest >= DEAD_SHARE else "shallow"
    if not (np.isfinite(norms).all() and np.isfinite(signal).all()):
        return "broken"
    steps = len(norms) - 1
    back, ahead = steps * slope(norms), -steps * slope(signal)
    if back <= -VANISHING_DECADES:
        return "vanishing"
    if not (norms > 0).all():
        return "blocked"
    if back >= VANISHING_DECADES:
        return "exploding"
    if deadest >= DEAD_SHARE:
        return "dead"
    return "fading" if ahead <= -VANISHING_DECADES else "growing" if ahead >= GROWING_DECADES else "healthy"


def steady_label(labels: Sequence[Label]) -> Label:
    """What to call what was called ``labels``, frame by frame: a label takes another's place when it held for
    ``STEADY_FRAMES`` in a row."""
    shown, candidate, count = labels[0], labels[0], 0
    for label in labels:
        count = count + 1 if label == candidate else 1
        candidate = label
        if count >= STEADY_FRAMES:
            shown = candidate
    return shown

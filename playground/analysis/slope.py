"""How a gradient's size changes from layer to layer on its way back, in one number and a name."""

from __future__ import annotations

import numpy as np

FAR = 2.0
"""Decades between the ends of a network from which on something shrinks or grows too far: layers then learn 100 times slower than others."""
GROWN = 1.0
"""Decades that are enough for a growing signal: it multiplies every gradient. A narrow network's first draw fades by one by mere luck."""
SHARE = 0.1
"""Of the largest gradient norm: what a layer needs to count as one that learns."""
FEWEST = 3
"""Layers with weights below which a line through their norms says nothing."""

KINDS = ("shallow", "broken", "silent", "vanishing", "exploding", "fading", "growing", "healthy")


def line(norms: np.ndarray) -> tuple[float, float]:
    """Least squares of log10 of ``norms (layers,)``, first layer first: decades a layer *on the way back*, and the line's height at the last layer.

    Negative is shrinking towards the input. Norms that are 0 or not finite are left out; NaN for fewer than two others.
    """
    fine = np.isfinite(norms) & (norms > 0)
    if fine.sum() < 2:
        return float("nan"), float("nan")
    back = (len(norms) - 1 - np.arange(len(norms)))[fine].astype(np.float64)
    size = np.log10(norms[fine].astype(np.float64))
    centred = back - back.mean()
    slope = float((centred * size).sum() / np.square(centred).sum())
    return slope, float(size.mean() - slope * back.mean())


def slope(norms: np.ndarray) -> float:
    """Decades of gradient norm a layer on the way back."""
    return line(norms)[0]


def kind(norms: np.ndarray, signal: np.ndarray) -> str:
    """Which of ``KINDS`` a network is, by its layers' gradient norms and their signals' sizes, ``(layers,)`` each.

    ``shallow``: too few layers to tell; ``broken``: not finite; ``silent``: a layer gets no gradient at all. ``vanishing``, ``exploding``: the
    gradient on its way back. ``fading``, ``growing``: the signal on its way forward, though the layers' gradients are alike: a weight's
    gradient is signal times gradient, and what one loses the other can make up for (Glorot & Bengio 2010).
    """
    if len(norms) < FEWEST:
        return "shallow"
    if not (np.isfinite(norms).all() and np.isfinite(signal).all()):
        return "broken"
    steps = len(norms) - 1
    back, ahead = steps * slope(norms), -steps * slope(signal)
    if back <= -FAR:
        return "vanishing"
    if not (norms > 0).all():
        return "silent"
    if back >= FAR:
        return "exploding"
    return "fading" if ahead <= -FAR else "growing" if ahead >= GROWN else "healthy"


def effective_depth(norms: np.ndarray) -> int:
    """How many layers learn: those whose gradient norm is at least a tenth of the largest."""
    largest = np.nanmax(norms, initial=0.0)
    return int((norms >= SHARE * largest).sum()) if np.isfinite(largest) and largest > 0 else 0

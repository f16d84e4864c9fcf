"""The slope of gradient norms over the layers, in powers of ten a layer."""

from __future__ import annotations

import numpy as np

LEARNING_SHARE = 0.1
"""Of the largest gradient norm: what a layer needs to count as one that learns."""


def line(norms: np.ndarray) -> tuple[float, float]:
    """Least squares of log10 of ``norms (layers,)``, first layer first: decades a layer *on the way back*, and the
    line's height at the last layer.

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


def effective_depth(norms: np.ndarray) -> int:
    """How many layers learn: those whose gradient norm is at least a tenth of the largest."""
    largest = np.nanmax(norms, initial=0.0)
    return int((norms >= LEARNING_SHARE * largest).sum()) if np.isfinite(largest) and largest > 0 else 0

"""Above or below a curve: class 1 above, class 0 below, with a gap between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playground.datasets.dataset import Dataset, Points, balanced_classes
from playground.datasets.synthetic.classification import RADIUS
from playground.datasets.synthetic.patterns import jitter
from playground.language import mark

GAP = 0.3
"""How far a point is from its curve at least, measured along x2, when there is no noise."""


def above(curve: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.random.Generator, int, float, int], Points]:
    """The sampler of the classes above and below x2 = ``curve``(x1), up to 5 from either axis; noise moves points.

    The classes are balanced, and each is uniform along x2 between its side of the gap and the edge.
    """

    def sample(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
        y = balanced_classes(n, 2)
        x1 = rng.uniform(-RADIUS, RADIUS, n)
        near = curve(x1) + np.where(y == 1, GAP, -GAP)
        edge = np.where(y == 1, RADIUS, -RADIUS)
        x2 = near + rng.uniform(0, 1, n) * (edge - near)
        return Points(np.stack([x1, x2], axis=1) + jitter(rng, n, noise), y)

    return sample


def sine(x1: np.ndarray) -> np.ndarray:
    """5/2 sin(x1)."""
    return 2.5 * np.sin(x1)


def cubic(x1: np.ndarray) -> np.ndarray:
    """x1^3 / 16 - x1: a hill at -2.3, a valley at 2.3, within 3 of the axis up to |x1| = 5."""
    return x1**3 / 16 - x1


def absolute(x1: np.ndarray) -> np.ndarray:
    """|x1| - 5/2."""
    return np.abs(x1) - 2.5


def above_curve(name: str, label: str, shape: str, formula: str, curve: Callable[[np.ndarray], np.ndarray]) -> Dataset:
    """The dataset of the points above and below ``curve``."""
    return Dataset(
        name=name,
        label=label,
        explanation=f"Synthetic: one class above {shape}, the other below; the boundary has to take that shape.",
        formula=rf"y = 1 \iff x_2 > {formula}",
        source=mark(
            "On such shapes as sums of units: Cybenko 1989, Approximation by Superpositions of a Sigmoidal Function"
        ),
        task="classification",
        sample=above(curve),
    )


FAMILY = (
    above_curve("above_sine", "Above a sine", "a sine wave", r"\tfrac52 \sin x_1", sine),
    above_curve("above_cubic", "Above a cubic", "a cubic", r"\tfrac{1}{16} x_1^3 - x_1", cubic),
    above_curve("above_abs", "Above |x|", "a wedge, the absolute value,", r"|x_1| - \tfrac52", absolute),
)

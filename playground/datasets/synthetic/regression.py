"""Surfaces over the plane, to be fitted: each is a function of x1 and x2, from -1 to 1 on most of the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from playground.datasets.dataset import Dataset, Points
from playground.datasets.synthetic.classification import SMILKOV_2017
from playground.language import mark

HALF_WIDTH = 6.0
"""The samples are uniform on the whole picture."""

BUMPS = ((-4.0, 2.5, 1.0), (0.0, 2.5, -1.0), (4.0, 2.5, 1.0), (-4.0, -2.5, -1.0), (0.0, -2.5, 1.0), (4.0, -2.5, -1.0))
"""x1, x2 and sign of each of the six bumps."""

Surface = Callable[[np.ndarray, np.ndarray], np.ndarray]


def surface_samples(surface: Surface) -> Callable[[np.random.Generator, int, float, int], Points]:
    """The sampler of ``surface`` at uniform places; noise moves the place that is measured, by 6 noise U(-1, 1)."""

    def sample(rng: np.random.Generator, n: int, noise: float, classes: int = 1) -> Points:
        x = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (n, 2))
        measured = x + noise * rng.uniform(-HALF_WIDTH, HALF_WIDTH, (n, 2))
        return Points(x, surface(measured[:, 0], measured[:, 1]))

    return sample


def plane(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """(x1 + x2) / 10."""
    return (x1 + x2) / 10


def six_bumps(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """The highest in magnitude of six signed cones of radius 2; 0 outside of them."""
    heights = np.stack([sign * np.maximum(1 - np.hypot(x1 - a, x2 - b) / 2, 0) for a, b, sign in BUMPS])
    return np.take_along_axis(heights, np.abs(heights).argmax(axis=0)[None], axis=0)[0]


def saddle(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """(x1^2 - x2^2) / 36."""
    return (x1**2 - x2**2) / 36


def ripples(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """cos(3/2 r) at distance r from the origin."""
    return np.cos(1.5 * np.hypot(x1, x2))


def ridge(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """2 exp(-(x1 - x2)^2 / 4) - 1: a crest along the diagonal."""
    return 2 * np.exp(-((x1 - x2) ** 2) / 4) - 1


def surface_dataset(name: str, label: str, explanation: str, formula: str, source: str, surface: Surface) -> Dataset:
    """The regression of ``surface``."""
    return Dataset(
        name=name,
        label=label,
        explanation=explanation,
        formula=formula,
        source=source,
        task="regression",
        sample=surface_samples(surface),
        classes=(1, 1, 1),
        samples=1200,
    )


FAMILY = (
    surface_dataset(
        "plane",
        "Plane",
        "Synthetic: a tilted plane, which a network without hidden layers fits exactly.",
        r"y = (x_1 + x_2) / 10",
        SMILKOV_2017,
        plane,
    ),
    surface_dataset(
        "six_bumps",
        "Six bumps",
        "Synthetic: three hills and three pits on a flat ground.",
        r"y = \pm \max(0,\, 1 - \lVert x - c_k \rVert / 2) \text{ of the nearest centre } c_k",
        SMILKOV_2017,
        six_bumps,
    ),
    surface_dataset(
        "saddle",
        "Saddle",
        "Synthetic: up along one axis, down along the other.",
        r"y = (x_1^2 - x_2^2) / 36",
        mark("The hyperbolic paraboloid; Hilbert & Cohn-Vossen 1932, Anschauliche Geometrie"),
        saddle,
    ),
    surface_dataset(
        "ripples",
        "Ripples",
        "Synthetic: circular waves around the centre.",
        r"y = \cos(\tfrac32 \lVert x \rVert)",
        mark("The cosine of the distance from the origin; radial functions: Broomhead & Lowe 1988"),
        ripples,
    ),
    surface_dataset(
        "ridge",
        "Ridge",
        "Synthetic: a crest along the diagonal, a function of one direction only.",
        r"y = 2 \exp(-(x_1 - x_2)^2 / 4) - 1",
        mark("Ridge functions; Friedman & Stuetzle 1981, Projection Pursuit Regression"),
        ridge,
    ),
)

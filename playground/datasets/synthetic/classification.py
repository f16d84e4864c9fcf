"""Two classes in the plane: the shapes of TensorFlow Playground, and moons."""

from __future__ import annotations

import numpy as np

from playground.datasets.dataset import Dataset, Points, balanced_classes
from playground.language import mark

RADIUS = 5.0
"""How far from the origin the shapes reach; the picture ends at 6."""

SMILKOV_2017 = "Smilkov et al. 2017, Direct-Manipulation Visualization of Deep Networks (TensorFlow Playground)"


def circle(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Class 1 in the disc of radius 2.5, class 0 from 3.5 to 5; noise moves the place that decides the class."""
    inside = balanced_classes(n, 2) == 1
    r = np.where(inside, rng.uniform(0, RADIUS / 2, n), rng.uniform(0.7 * RADIUS, RADIUS, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    x = np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1)
    judged = x + noise * rng.uniform(-RADIUS, RADIUS, (n, 2))
    return Points(x, (np.hypot(*judged.T) < RADIUS / 2).astype(np.int64))


def xor(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Class 1 where x1 x2 >= 0; points keep 0.3 away from the axes; noise moves the place that decides the class."""
    padding = 0.3
    x = rng.uniform(-RADIUS, RADIUS, (n, 2))
    x += np.where(x > 0, padding, -padding)
    judged = x + noise * rng.uniform(-RADIUS, RADIUS, (n, 2))
    return Points(x, (judged.prod(axis=1) >= 0).astype(np.int64))


def gauss(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Class 1 is normal about (2, 2), class 0 about (-2, -2); noise 0 to 0.5 raises the variance from 0.5 to 4."""
    y = balanced_classes(n, 2)
    variance = 0.5 + 7 * noise
    centre = np.where(y == 1, 2.0, -2.0)[:, None]
    return Points(centre + np.sqrt(variance) * rng.standard_normal((n, 2)), y)


def arm_positions(y: np.ndarray) -> np.ndarray:
    """Where each sample stands on the arm of its class, in [0, 1): evenly spaced, for ascending classes ``y (n,)``."""
    _, first, size = np.unique(y, return_index=True, return_counts=True)
    return (np.arange(len(y)) - np.repeat(first, size)) / np.repeat(size, size)


def spiral_arms_at(rng: np.random.Generator, y: np.ndarray, phase: np.ndarray, turns: float, noise: float) -> Points:
    """Spirals out to radius 5 in ``turns`` turns from ``phase (n,)`` rad; coordinates are moved by noise U(-1, 1)."""
    s = arm_positions(y)
    r, t = RADIUS * s, 2 * np.pi * turns * s + phase
    x = np.stack([r * np.sin(t), r * np.cos(t)], axis=1)
    return Points(x + noise * rng.uniform(-1, 1, (len(y), 2)), y)


def spiral(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Two arms of 1.75 turns, half a turn apart; class 1 starts upwards."""
    y = balanced_classes(n, 2)
    return spiral_arms_at(rng, y, np.pi * (1 - y), 1.75, noise)


def moons(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Two interleaved half circles of radius 3.3; class 0 is the upper one; noise moves the points, normal, 2 noise."""
    y = balanced_classes(n, 2)
    t = rng.uniform(0, np.pi, n)
    upper = np.stack([np.cos(t) - 0.5, np.sin(t) - 0.25], axis=1)
    # The lower moon is the upper one turned by half a turn about the origin.
    x = 3.3 * np.where(y[:, None] == 0, upper, -upper)
    return Points(x + 2 * noise * rng.standard_normal((n, 2)), y)


FAMILY = (
    Dataset(
        name="circle",
        label="Circle",
        explanation="Synthetic: a disc of one class inside a ring of the other; no straight line can part them.",
        formula=r"y = 1 \iff \lVert x \rVert < 2.5",
        source=SMILKOV_2017,
        task="classification",
        sample=circle,
    ),
    Dataset(
        name="xor",
        label="Exclusive or",
        explanation="Synthetic: opposite quadrants share a class, the problem that one layer cannot solve.",
        formula=r"y = 1 \iff x_1 x_2 \ge 0",
        source=mark("Minsky & Papert 1969, Perceptrons; geometry: {source}", source=SMILKOV_2017),
        task="classification",
        sample=xor,
    ),
    Dataset(
        name="gauss",
        label="Two Gaussians",
        explanation="Synthetic: two round clouds that a straight line parts, up to their overlap.",
        formula=r"x \mid y \sim \mathcal{N}(\pm(2, 2),\, \sigma^2 I), \quad \sigma^2 = 0.5 + 7\,\text{noise}",
        source=SMILKOV_2017,
        task="classification",
        sample=gauss,
    ),
    Dataset(
        name="spiral",
        label="Spiral",
        explanation="Synthetic: two arms wound around each other; the boundary has to wind as well.",
        formula=r"r = 5s,\; t = 3.5\pi s + \pi(1 - y),\; x = (r \sin t,\, r \cos t),\; s \in [0, 1)",
        source=mark(
            "Lang & Witbrock 1988, Learning to Tell Two Spirals Apart; geometry: {source}", source=SMILKOV_2017
        ),
        task="classification",
        sample=spiral,
    ),
    Dataset(
        name="moons",
        label="Two moons",
        explanation="Synthetic: two half circles that reach into each other.",
        formula=r"x = \pm 3.3\,(\cos t - \tfrac12,\, \sin t - \tfrac14), \quad t \sim U(0, \pi)",
        source="Pedregosa et al. 2011, scikit-learn (make_moons)",
        task="classification",
        sample=moons,
    ),
)

"""One element repeated in the plane: blobs, arms, squares, rings; mostly as many as one chooses."""

from __future__ import annotations

import numpy as np

from playground.datasets.dataset import Dataset, Points, balanced_classes
from playground.datasets.synthetic.classification import RADIUS, spiral_arms_at
from playground.language import mark


def jitter(rng: np.random.Generator, n: int, noise: float) -> np.ndarray:
    """Displacements (n, 2): uniform within 2 noise, so that points drawn within 5 stay in the picture."""
    return 2 * noise * rng.uniform(-1, 1, (n, 2))


def blobs(rng: np.random.Generator, n: int, noise: float, classes: int = 3) -> Points:
    """Normal clouds evenly around a circle of radius 3.5, the first one on top; standard deviation 0.5 + 2 noise."""
    y = balanced_classes(n, classes)
    angle = 2 * np.pi * y / classes
    centre = 3.5 * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    return Points(centre + (0.5 + 2 * noise) * rng.standard_normal((n, 2)), y)


def spiral_arms(rng: np.random.Generator, n: int, noise: float, classes: int = 3) -> Points:
    """One arm a class, each of one turn, evenly turned against each other; class 0 starts upwards."""
    y = balanced_classes(n, classes)
    return spiral_arms_at(rng, y, 2 * np.pi * y / classes, 1.0, noise)


def checkerboard(rng: np.random.Generator, n: int, noise: float, classes: int = 2) -> Points:
    """Four by four squares of side 2.5, class 1 on the rising diagonal; noise moves the points."""
    y = balanced_classes(n, 2)
    column = rng.integers(0, 4, n)
    row = 2 * rng.integers(0, 2, n) + (column + y + 1) % 2
    x = 2.5 * (np.stack([column, row], axis=1) - 2 + rng.uniform(0, 1, (n, 2)))
    return Points(x + jitter(rng, n, noise), y)


def rings(rng: np.random.Generator, n: int, noise: float, classes: int = 3) -> Points:
    """Class 0 in a disc, the others in rings around it, to radius 5; gaps take 30 %; noise moves the points."""
    y = balanced_classes(n, classes)
    pitch = RADIUS / (classes - 0.3)
    r = pitch * (y + 0.7 * rng.uniform(0, 1, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    x = np.stack([r * np.sin(angle), r * np.cos(angle)], axis=1)
    return Points(x + jitter(rng, n, noise), y)


FAMILY = (
    Dataset(
        name="blobs",
        label="Blobs",
        explanation="Synthetic: two to six round clouds around the centre, one a class.",
        formula=r"x \mid y = k \sim \mathcal{N}(3.5\,(\sin \varphi_k,\, \cos \varphi_k),\, \sigma^2 I), \quad"
        r" \varphi_k = 2\pi k / K,\; \sigma = 0.5 + 2\,\text{noise}",
        source=mark("Pedregosa et al. 2011, scikit-learn (make_blobs), with centres on a circle"),
        task="classification",
        sample=blobs,
        classes=(3, 2, 6),
    ),
    Dataset(
        name="spiral_arms",
        label="Spiral of several arms",
        explanation="Synthetic: three to five arms wound around each other, one a class.",
        formula=r"r = 5s,\; t = 2\pi (s + k / K),\; x = (r \sin t,\, r \cos t),\; s \in [0, 1)",
        source=mark("Lang & Witbrock 1988, Learning to Tell Two Spirals Apart, with more arms"),
        task="classification",
        sample=spiral_arms,
        classes=(3, 3, 5),
    ),
    Dataset(
        name="checkerboard",
        label="Checkerboard",
        explanation="Synthetic: sixteen squares of alternating class; each takes corners of its own.",
        formula=r"y = 1 \iff \lfloor x_1 / 2.5 \rfloor + \lfloor x_2 / 2.5 \rfloor \text{ even}",
        source="Ho & Kleinberg 1996, Building Projectable Classifiers of Arbitrary Complexity",
        task="classification",
        sample=checkerboard,
    ),
    Dataset(
        name="rings",
        label="Rings",
        explanation="Synthetic: two to four rings, each around the one before, one a class.",
        formula=r"r \sim U(k,\, k + 0.7) \cdot 5 / (K - 0.3), \quad y = k",
        source=mark("Pedregosa et al. 2011, scikit-learn (make_circles), with width and more rings"),
        task="classification",
        sample=rings,
        classes=(3, 2, 4),
    ),
)

"""Planes through weight space: random ones, the principal one of a path, and how far a path leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from playground.nn.parameters import flatten_params
from playground.training.train_loop import TrainState

SIDE = 51
STRAIGHT = 1e-3
"""A path that is spread less across itself than this share of its length spans no plane of its own."""


@dataclass(frozen=True)
class Plane:
    """A plane through ``centre (parameters,)`` along two ``directions (2, parameters)``; ``span``: how far it reaches,
    in their lengths."""

    centre: np.ndarray
    directions: np.ndarray
    span: tuple[tuple[float, float], tuple[float, float]]

    def axes(self, side: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
        """The coordinates of the points along both directions: (side,) each."""
        return tuple(np.linspace(low, high, side) for low, high in self.span)  # pyright: ignore[reportReturnType]

    def coordinates(self, thetas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest points of the plane to ``thetas (n, parameters)``: (n, 2), and the squared distances from it
        (n,)."""
        moved = np.asarray(thetas, np.float64) - self.centre
        basis = np.asarray(self.directions, np.float64)
        coefficients = np.linalg.lstsq(basis.T, moved.T, rcond=None)[0].T
        return coefficients, np.square(moved - coefficients @ basis).sum(axis=1)

    def off(self, thetas: np.ndarray) -> float:
        """How much of the way from the centre to ``thetas`` lies off the plane: 0 (none) to 1, as a share of the
        squared distances."""
        _, distances = self.coordinates(thetas)
        whole = np.square(np.asarray(thetas, np.float64) - self.centre).sum()
        return float(distances.sum() / whole) if whole > 0 else 0.0


def flat(state: TrainState) -> np.ndarray:
    """All parameters of a state in one vector, as the planes have them."""
    return flatten_params(state.params)


def random_directions(params: Any, rng: np.random.Generator) -> np.ndarray:
    """Two random directions ``(2, parameters)``, filter-normalised: each unit's weights as long as they are in
    ``params``; biases stay.

    Li, Xu, Taylor, Studer & Goldstein 2018: otherwise the scale of the weights, which means nothing, would look like
    sharpness."""
    axes = []
    for _ in range(2):
        layers = []
        for layer in params:
            w = np.asarray(layer["w"])
            d = rng.standard_normal(w.shape)
            d *= np.linalg.norm(w, axis=0, keepdims=True) / np.maximum(np.linalg.norm(d, axis=0, keepdims=True), 1e-12)
            layers.append({name: d if name == "w" else np.zeros(np.shape(value)) for name, value in layer.items()})
        axes.append(np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(tuple(layers))]))
    return np.stack(axes)


def principal_directions(path: np.ndarray) -> np.ndarray:
    """The directions ``(0 to 2, parameters)`` of unit length in which ``path (n, parameters)`` is most spread, seen
    from its end.

    One for a path that is straight to a thousandth of its length, none for one that goes nowhere.
    """
    moved = np.asarray(path, np.float64) - path[-1]
    _, strength, directions = np.linalg.svd(moved, full_matrices=False)
    if strength[0] < 1e-9:
        return directions[:0]
    return directions[:2][strength[:2] >= STRAIGHT * strength[0]]


def complete_basis(directions: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Two directions ``(2, parameters)`` of unit length at right angles: ``directions``, then of the ``candidates``
    what is new."""
    basis = list(np.asarray(directions, np.float64))
    for candidate in np.asarray(candidates, np.float64):
        rest = candidate - sum(((candidate @ known) * known for known in basis), np.zeros_like(candidate))
        size = np.linalg.norm(rest)
        if len(basis) < 2 and size > 0.1 * np.linalg.norm(candidate):
            basis.append(rest / size)
    while len(basis) < 2:
        basis.append(direction_apart_from(basis[0]) if basis else np.eye(1, np.shape(candidates)[1])[0])
    return np.stack(basis)


def direction_apart_from(direction: np.ndarray) -> np.ndarray:
    """A direction of unit length at right angles to ``direction``."""
    rest = np.eye(1, len(direction), int(np.abs(direction).argmin()))[0]
    rest = rest - direction * (rest @ direction)
    return rest / np.linalg.norm(rest)


def plane_around(centre: np.ndarray, directions: np.ndarray, path: np.ndarray, least: float = 1.0) -> Plane:
    """The plane whose picture holds the ``path``, and reaches at least ``least`` to every side of the centre."""
    at, _ = Plane(centre, directions, ((-1, 1), (-1, 1))).coordinates(path)
    span = []
    for column in at.T:
        low, high = min(float(column.min()), 0.0), max(float(column.max()), 0.0)
        margin = 0.15 * (high - low)
        span.append((min(low - margin, -least), max(high + margin, least)))
    return Plane(np.asarray(centre), np.asarray(directions), (span[0], span[1]))

"""Surfaces: values worked out by hand, and where noise acts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.datasets import DATASETS
from playground.datasets.synthetic.regression import plane, ridge, ripples, saddle, six_bumps

BY_HAND = [
    (plane, (5, 5), 1.0),
    (plane, (-5, -5), -1.0),
    (plane, (3, -3), 0.0),
    (six_bumps, (-4, 2.5), 1.0),
    (six_bumps, (0, 2.5), -1.0),
    (six_bumps, (4, 2.5), 1.0),
    (six_bumps, (-4, -2.5), -1.0),
    (six_bumps, (0, -2.5), 1.0),
    (six_bumps, (4, -2.5), -1.0),
    (six_bumps, (1, 2.5), -0.5),
    (six_bumps, (0, 0), 0.0),
    (six_bumps, (6, 6), 0.0),
    (saddle, (6, 0), 1.0),
    (saddle, (0, 6), -1.0),
    (saddle, (4, 4), 0.0),
    (ripples, (0, 0), 1.0),
    (ripples, (2 * math.pi / 3, 0), -1.0),
    (ripples, (0, -4 * math.pi / 3), 1.0),
    (ridge, (3, 3), 1.0),
    (ridge, (2, 0), 2 / math.e - 1),
    (ridge, (6, -6), -1.0),
]


@pytest.mark.parametrize(("surface", "at", "value"), BY_HAND)
def test_surfaces_have_the_values_worked_out_by_hand(surface, at: tuple[float, float], value: float) -> None:
    assert surface(np.array([at[0]], float), np.array([at[1]], float))[0] == pytest.approx(value, abs=1e-12)


def slope_of_bumps(x1: float, x2: float) -> float:
    best = 0.0
    for a, b, sign in ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)):
        height = min(1.0, max(0.0, 1 - math.dist((x1, x2), (a, b)) / 2))
        best = sign * height if height > abs(best) else best
    return best


FORMULAS = {
    "plane": lambda a, b: 0.1 * a + 0.1 * b,
    "six_bumps": slope_of_bumps,
    "saddle": lambda a, b: (a + b) * (a - b) / 36,
    "ripples": lambda a, b: math.cos(1.5 * math.sqrt(a * a + b * b)),
    "ridge": lambda a, b: math.exp(-((a - b) ** 2) / 4) * 2 - 1,
}


@pytest.mark.parametrize("name", FORMULAS)
def test_targets_without_noise_lie_on_the_surface(name: str) -> None:
    points = DATASETS[name].sample(np.random.default_rng(3), 500, 0.0, 1)
    assert np.allclose(points.y, [FORMULAS[name](a, b) for a, b in points.x])
    assert np.abs(points.x).max() > 5.9


@pytest.mark.parametrize("name", FORMULAS)
def test_noise_moves_the_measured_place_only(name: str) -> None:
    clean, noisy = (DATASETS[name].sample(np.random.default_rng(3), 500, noise, 1) for noise in (0.0, 0.1))
    assert np.array_equal(clean.x, noisy.x)
    assert not np.allclose(clean.y, noisy.y)
    if name == "plane":
        # At most 6 * 0.1 along either axis, so 0.12 in height.
        assert 0.09 < np.abs(noisy.y - clean.y).max() <= 0.12

"""The geometry of the classes in the plane, from conditions of their own rather than from the samplers' code."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from playground.datasets import DATASETS, Points

N = 2000
SEEDS = (0, 1, 2)


def drawn(name: str, noise: float = 0.0, classes: int = 2, seed: int = 0, n: int = N) -> Points:
    return DATASETS[name].sample(np.random.default_rng(seed), n, noise, classes)


@pytest.mark.parametrize("seed", SEEDS)
def test_circle_is_a_disc_in_a_ring(seed: int) -> None:
    points = drawn("circle", seed=seed)
    r = np.hypot(*points.x.T)
    assert np.array_equal(points.y == 1, r < 3)
    assert r[points.y == 1].max() < 2.5
    assert r[points.y == 1].max() > 2.4
    assert r[points.y == 0].min() >= 3.5 - 1e-9
    assert r[points.y == 0].max() <= 5 + 1e-9
    # Radius, not area, is uniform: half of the disc's points lie within half of its radius.
    assert np.mean(r[points.y == 1] < 1.25) == pytest.approx(0.5, abs=0.06)
    assert np.bincount(points.y).tolist() == [N // 2, N // 2]


def test_noisy_circle_is_judged_at_radius_two_and_a_half() -> None:
    n, noise = 100_000, 0.4
    rng = np.random.default_rng(11)
    r = np.concatenate([2.5 * rng.random(n), 3.5 + 1.5 * rng.random(n)])
    judged = r * np.exp(2j * np.pi * rng.random(2 * n)) + 10 * noise * (
        rng.random(2 * n) - 0.5 + 1j * (rng.random(2 * n) - 0.5)
    )
    expected = np.mean(np.abs(judged) < 2.5)
    # Five standard errors of the two shares; a threshold of 2.6 would be ten away.
    assert drawn("circle", noise=noise, n=2 * n).y.mean() == pytest.approx(expected, abs=5 * math.sqrt(0.25 / n))


@pytest.mark.parametrize("seed", SEEDS)
def test_xor_shares_classes_across_the_centre(seed: int) -> None:
    points = drawn("xor", seed=seed)
    assert np.array_equal(points.y == 1, np.sign(points.x[:, 0]) == np.sign(points.x[:, 1]))
    assert np.abs(points.x).min() >= 0.3
    assert 5.2 < np.abs(points.x).max() <= 5.3
    quadrant = 2 * (points.x[:, 0] > 0) + (points.x[:, 1] > 0)
    assert np.bincount(quadrant).min() > N / 4 * 0.85


@pytest.mark.parametrize("name", ["circle", "xor"])
def test_noise_changes_labels_where_the_peer_does(name: str) -> None:
    clean, noisy = drawn(name), drawn(name, noise=0.3)
    assert np.array_equal(clean.x, noisy.x)
    flipped = clean.y != noisy.y
    assert 0.02 < flipped.mean() < 0.5
    # The judged place is at most 5 * 0.3 away along either axis, so only points that near to the border can flip.
    if name == "xor":
        border = np.abs(clean.x).min(axis=1)
        assert border[flipped].max() <= 1.5
    else:
        border = np.abs(np.hypot(*clean.x.T) - 2.5)
        assert border[flipped].max() <= 1.5 * math.sqrt(2)


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_the_mean_and_variance_of_its_noise(noise: float, variance: float) -> None:
    points = drawn("gauss", noise=noise, n=20_000)
    for label, centre in ((1, 2.0), (0, -2.0)):
        cloud = points.x[points.y == label]
        # Five standard errors of a mean and of a variance over 10,000 normal samples.
        assert np.allclose(cloud.mean(axis=0), centre, atol=5 * math.sqrt(variance / 1e4))
        assert np.allclose(cloud.var(axis=0), variance, rtol=5 * math.sqrt(2 / 1e4))


def test_spiral_arms_wind_one_and_three_quarters_turns() -> None:
    points = drawn("spiral", n=200)
    s = np.arange(100) / 100
    arm = 5 * s * np.exp(1j * 1.75 * 2 * np.pi * s)
    # x = (r sin t, r cos t): the second coordinate is the real part.
    for label, sign in ((1, 1), (0, -1)):
        mine = points.x[points.y == label]
        assert np.allclose(mine[:, 1] + 1j * mine[:, 0], sign * arm)


def test_moons_lie_on_their_half_circles() -> None:
    points = drawn("moons")
    for label, sign in ((0, 1), (1, -1)):
        from_centre = sign * points.x[points.y == label] + (1.65, 0.825)
        assert np.allclose(np.hypot(*from_centre.T), 3.3)
        assert from_centre[:, 1].min() >= 0


def test_moons_reach_into_each_other() -> None:
    points = drawn("moons")
    upper, lower = points.x[points.y == 0], points.x[points.y == 1]
    assert lower[:, 0].min() < upper[:, 0].max()
    assert upper[:, 1].min() < lower[:, 1].max()


@pytest.mark.parametrize("classes", range(2, 7))
def test_blobs_stand_around_the_centre(classes: int) -> None:
    points = drawn("blobs", classes=classes, n=1000 * classes)
    centres = np.stack([points.x[points.y == k].mean(axis=0) for k in range(classes)])
    assert np.allclose(np.hypot(*centres.T), 3.5, atol=0.1)
    assert np.allclose(centres[0], (0, 3.5), atol=0.1)
    assert np.allclose(centres.sum(axis=0), 0, atol=0.3)
    assert np.allclose([points.x[points.y == k].std(axis=0) for k in range(classes)], 0.5, rtol=0.12)


@pytest.mark.parametrize("classes", [3, 4, 5])
def test_each_spiral_arm_is_the_one_before_turned(classes: int) -> None:
    points = drawn("spiral_arms", classes=classes, n=100 * classes)
    place = points.x[:, 1] + 1j * points.x[:, 0]
    turn = np.exp(2j * np.pi / classes)
    for label in range(classes):
        mine, following = place[points.y == label], place[points.y == (label + 1) % classes]
        assert np.allclose(mine * turn, following)
    assert np.allclose(np.abs(place[points.y == 0]), 5 * np.arange(100) / 100)


def test_checkerboard_alternates() -> None:
    points = drawn("checkerboard")
    column, row = np.floor(points.x / 2.5).astype(int).T
    assert np.array_equal(points.y == 1, (column + row) % 2 == 0)
    assert {(c, r) for c, r in zip(column, row, strict=True)} == {(c, r) for c in range(-2, 2) for r in range(-2, 2)}


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_rings_nest_with_gaps(classes: int) -> None:
    points = drawn("rings", classes=classes)
    r = np.hypot(*points.x.T)
    spans = [(r[points.y == k].min(), r[points.y == k].max()) for k in range(classes)]
    for (_, end), (start, _) in pairwise(spans):
        assert start - end > 0.29 * 5 / (classes - 0.3)
    assert spans[-1][1] == pytest.approx(5, abs=0.05)
    assert spans[0][0] < 0.1


CURVES = {
    "above_sine": lambda x: 2.5 * math.sin(x),
    "above_cubic": lambda x: x * (x * x - 16) / 16,
    "above_abs": lambda x: max(x, -x) - 2.5,
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("seed", SEEDS)
def test_curves_part_the_classes_with_a_gap(name: str, seed: int) -> None:
    points = drawn(name, seed=seed)
    height = points.x[:, 1] - np.array([CURVES[name](x) for x in points.x[:, 0]])
    assert height[points.y == 1].min() >= 0.3 - 1e-9
    assert height[points.y == 0].max() <= -0.3 + 1e-9
    assert np.abs(height).min() < 0.4
    assert np.abs(points.x).max() <= 5


@pytest.mark.parametrize("name", ["checkerboard", "rings", "above_sine", "above_cubic", "above_abs"])
def test_noise_moves_points_by_at_most_twice_its_share(name: str) -> None:
    clean, noisy = drawn(name), drawn(name, noise=0.4)
    moved = np.abs(noisy.x - clean.x)
    assert np.array_equal(clean.y, noisy.y)
    assert 0.75 < moved.max() <= 0.8 + 1e-12


@pytest.mark.parametrize(("name", "reach"), [("spiral", 0.4), ("spiral_arms", 0.4)])
def test_noise_moves_spirals_by_its_share(name: str, reach: float) -> None:
    classes = DATASETS[name].classes[0]
    moved = np.abs(drawn(name, noise=0.4, classes=classes).x - drawn(name, classes=classes).x)
    assert 0.95 * reach < moved.max() <= reach + 1e-12

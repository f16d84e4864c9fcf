"""The landscape against the loss evaluated directly, its planes against NumPy, and two networks that are the same
function."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from playground import Experiment, Trainer
from playground.analysis.landscape.loss_surface import LossLine, LossSurface, affordable_side, points_at_once
from playground.analysis.landscape.mode_connectivity import barrier, match_units
from playground.analysis.landscape.plane import (
    Plane,
    complete_basis,
    direction_apart_from,
    flat,
    plane_around,
    principal_directions,
    random_directions,
)
from playground.nn.masks import full_masks
from playground.nn.network import forward

CASES = {
    "plain": {"hidden": [4, 3]},
    "penalty": {"hidden": [4], "l2": 0.1},
    "no hidden layer": {"hidden": []},
    "five classes": {"dataset": "blobs", "classes": 5, "loss": "softmax_cross_entropy", "hidden": [4]},
    "a regression": {"dataset": "plane", "hidden": [3]},
}


@pytest.mark.parametrize("case", CASES)
def test_every_point_is_the_loss_of_the_network_there(case: str) -> None:
    trainer = Trainer(Experiment.of(samples=60, **CASES[case]))
    state = trainer.advance(trainer.init(), 10)
    rng = np.random.default_rng(3)
    plane = Plane(flat(state), random_directions(state.params, rng), ((-1.0, 1.0), (-0.5, 2.0)))
    heights = LossSurface(trainer, side=5).loss_on_plane(plane, state)
    _, unravel = ravel_pytree(state.params)
    first, second = plane.axes(5)
    for row, column in ((0, 0), (0, 4), (3, 1), (4, 2)):
        theta = plane.centre + first[column] * plane.directions[0] + second[row] * plane.directions[1]
        there = trainer.scores(trainer.init(unravel(jnp.asarray(theta, jnp.float32))))
        np.testing.assert_allclose(heights[row, column], there.train_loss + there.penalty, rtol=1e-4, atol=1e-6)


def test_what_is_switched_off_is_off_everywhere() -> None:
    trainer = Trainer(Experiment.of(samples=60, hidden=[4]))
    state, masks = trainer.init(), full_masks(trainer.network)
    masks.units[1][:] = 0
    plane = Plane(flat(state), random_directions(state.params, np.random.default_rng(0)), ((-1.0, 1.0), (-1.0, 1.0)))
    heights = LossSurface(trainer, side=5).loss_on_plane(plane, state, masks=masks)
    assert np.ptp(heights) < 1e-6, "the biases of a random direction stay, and nothing else counts"


def test_turned_knobs_and_what_is_switched_off_count_on_the_line() -> None:
    """By hand: a unit that is off is a network whose weights out of it are 0; a steeper Huber loss is another loss."""
    options = {"dataset": "plane", "samples": 60, "hidden": [4], "loss": "huber"}
    trainer = Trainer(Experiment.of(**options))
    one = trainer.init()
    masks = full_masks(trainer.network)
    masks.units[1][2] = 0
    turned = Trainer(Experiment.of(huber_delta=0.01, **options))
    places, loss = LossLine(trainer)(one, one, turned.knobs(), masks)
    first, second = one.params
    without = trainer.init((first, second | {"w": jnp.asarray(second["w"]).at[2].set(0.0)}))
    scores = turned.scores(without)
    np.testing.assert_allclose(loss[int(np.abs(places).argmin())], [scores.train_loss, scores.test_loss], rtol=1e-4)


def test_a_picture_s_fineness_follows_what_it_costs() -> None:
    small, large = (Trainer(Experiment.of(hidden=hidden, samples=n)) for hidden, n in (([4, 2], 500), ([64] * 8, 5000)))
    assert affordable_side(small) == 51
    assert affordable_side(large) == 21
    assert points_at_once(small, 51) == 51
    assert 1 <= points_at_once(large, 51) < 51


def test_each_unit_of_a_random_direction_is_as_long_as_the_network_s() -> None:
    params = Trainer(Experiment.of(hidden=[4, 3], normalization="batch")).init().params
    _, unravel = ravel_pytree(params)
    directions = random_directions(params, np.random.default_rng(0))
    assert abs(np.corrcoef(directions)[0, 1]) < 0.9
    for direction in directions:
        for mine, theirs in zip(unravel(jnp.asarray(direction, jnp.float32)), params, strict=True):
            for unit in range(mine["w"].shape[1]):
                lengths = [float(np.sqrt((np.asarray(layer["w"])[:, unit] ** 2).sum())) for layer in (mine, theirs)]
                assert lengths[0] == pytest.approx(lengths[1], rel=1e-5)
            assert all(not np.asarray(value).any() for name, value in mine.items() if name != "w")


def test_the_principal_plane_is_the_covariances() -> None:
    path = np.random.default_rng(1).standard_normal((12, 7)) * [5, 3, 1, 0.3, 0.2, 0.1, 0.1]
    found = principal_directions(path)
    moved = path - path[-1]
    expected = np.linalg.eigh(moved.T @ moved)[1][:, ::-1][:, :2].T
    np.testing.assert_allclose(np.abs(np.einsum("ij,ij->i", found, expected)), 1, atol=1e-6)
    assert len(principal_directions(np.ones((5, 7)))) == len(principal_directions(np.ones((1, 7)))) == 0
    straight = principal_directions(np.linspace(0, 1, 5)[:, None] * np.array([[3.0, 4, 0, 0]]))
    np.testing.assert_allclose(np.abs(straight), [[0.6, 0.8, 0, 0]], atol=1e-9)


def test_missing_directions_are_taken_from_others_at_right_angles() -> None:
    own, sharpest = np.array([[0.6, 0.8, 0]]), np.array([[0.6, 0.8, 0], [0.8, -0.6, 1.0]])
    both = complete_basis(own, sharpest)
    np.testing.assert_allclose(both, [[0.6, 0.8, 0], np.array([0.8, -0.6, 1]) / np.sqrt(2)], atol=1e-9)
    np.testing.assert_allclose(complete_basis(own[:0], np.eye(3)[:2]), np.eye(3)[:2])
    for candidates in (own, np.zeros((2, 3))):
        found = complete_basis(own, candidates)
        np.testing.assert_allclose(found @ found.T, np.eye(2), atol=1e-9)
    assert direction_apart_from(np.array([0.0, 1.0])) @ [0, 1] == 0


def test_the_share_off_the_plane_by_hand() -> None:
    plane = Plane(np.zeros(3), np.array([[2.0, 0, 0], [1.0, 1, 0]]), ((-1, 1), (-1, 1)))
    thetas = np.array([[2.0, 0, 0], [3.0, 1, 2]])  # the second: (1, 1) in the plane, 2 above it
    at, off = plane.coordinates(thetas)
    np.testing.assert_allclose(at, [[1, 0], [1, 1]], atol=1e-12)
    np.testing.assert_allclose(off, [0, 4], atol=1e-12)
    assert plane.off(thetas) == pytest.approx(4 / (4 + 14))
    assert plane.off(np.zeros((1, 3))) == 0
    seen = plane_around(np.zeros(3), plane.directions, thetas)
    assert seen.span[0][0] <= -1 <= 1 < seen.span[0][1]


def test_a_barrier_by_hand() -> None:
    places = np.linspace(-0.25, 1.25, 7)
    assert barrier(places, 3 - places) == 0
    assert barrier(places, places**2) == 0
    # Ends 1 and 0, 2 in the middle: 1.5 above the chord. What lies outside does not count.
    assert barrier(places, np.array([99, 1, 1.5, 2, 1, 0, 99])) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "options",
    [
        {"hidden": [5, 4]},
        {"hidden": [4, 4], "normalization": "batch"},
        {"hidden": [4, 4, 4], "residual": True},
        {"hidden": [2, 2], "residual": True},
    ],
    ids=["plain", "batch normalisation", "residual", "residual from the inputs on"],
)
def test_matching_keeps_the_function_and_finds_a_network_s_own_units(options: dict) -> None:
    trainer = Trainer(Experiment.of(samples=60, **options))
    one, other = trainer.advance(trainer.init(), 30), Trainer(Experiment.of(samples=60, init_seed=9, **options))
    other = other.advance(other.init(), 30)
    params, same = match_units(one.params, other.params, trainer.network)
    x = trainer.data.train.x[:20]
    before = forward(trainer.network, other.params, other.stats, x)[-1].h
    after = forward(trainer.network, params, same(other.stats), x)[-1].h
    np.testing.assert_allclose(after, before, atol=1e-5)
    if options.get("residual"):
        return
    shuffled = [{name: np.asarray(value) for name, value in layer.items()} for layer in one.params]
    for i, width in enumerate(options["hidden"]):
        order = np.roll(np.arange(width), 1 + i)
        shuffled[i] = {name: value[..., order] for name, value in shuffled[i].items()}
        shuffled[i + 1]["w"] = shuffled[i + 1]["w"][order]
    back, _ = match_units(one.params, tuple(shuffled), trainer.network)
    jax.tree.map(np.testing.assert_array_equal, back, jax.tree.map(np.asarray, one.params))


def test_the_line_between_two_networks() -> None:
    experiment = Experiment.of(samples=60, hidden=[4])
    trainer = Trainer(experiment)
    one = trainer.advance(trainer.init(), 30)
    order = np.array([2, 0, 3, 1])
    first, second = ({name: np.asarray(value) for name, value in layer.items()} for layer in one.params)
    shuffled = ({name: value[..., order] for name, value in first.items()}, second | {"w": second["w"][order]})
    other = one._replace(params=jax.tree.map(jnp.asarray, shuffled))
    line = LossLine(trainer)
    places, loss = line(one, other)
    scores = trainer.scores(one)
    for place in (0.0, 1.0):
        at = int(np.abs(places - place).argmin())
        np.testing.assert_allclose(loss[at], [scores.train_loss, scores.test_loss], rtol=1e-4)
    half = jax.tree.map(lambda a, b: (a + b) / 2, one.params, other.params)
    middle = trainer.scores(trainer.init(half)).train_loss
    np.testing.assert_allclose(loss[int(np.abs(places - 0.5).argmin()), 0], middle, rtol=1e-4)
    assert barrier(places, loss[:, 0]) > 0.01
    params, _ = match_units(one.params, other.params, trainer.network)
    _, level = line(one, one._replace(params=jax.tree.map(jnp.asarray, params)))
    assert barrier(places, level[:, 0]) < 1e-6

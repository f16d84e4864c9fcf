"""Sharpness against the whole Hessian, and the learning rate that it allows against descent that is really made."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from playground import Experiment, Trainer
from playground.analysis.landscape.curvature import (
    KRYLOV,
    Sharpness,
    leading,
    limit_of,
    momentum_of,
    rate_at,
    stability_sentence,
    stable_limit,
)
from playground.nn.masks import full_masks
from playground.nn.network import forward_train
from playground.objectives.losses import LOSSES
from playground.training.knobs import knob_dict
from tests.sampling import mark_long_except

CASES = {
    "few parameters": {"hidden": [3]},
    "more than the Krylov space": {"hidden": [6, 5]},
    "cross-entropy": {"hidden": [8], "loss": "binary_cross_entropy", "activation": "sigmoid"},
    "five classes": {"dataset": "blobs", "classes": 5, "loss": "softmax_cross_entropy", "hidden": [6]},
    "penalties": {"hidden": [8, 3], "l2": 0.05, "l1": 0.01, "activation": "gelu"},
    "batch normalisation": {"hidden": [8, 4], "normalization": "batch"},
    "layer normalisation": {"hidden": [8, 4], "normalization": "layer"},
    "residual": {"hidden": [6, 6], "residual": True},
    "no hidden layer": {"hidden": []},
    "a regression": {"dataset": "plane", "hidden": [7, 4]},
}


def whole_hessian(trainer: Trainer, state, masks=None) -> np.ndarray:
    """The Hessian written out from the mean over the real rows, in float64 from there on."""
    theta, unravel = ravel_pytree(state.params)
    train, knobs = trainer.data.train, knob_dict(jnp.asarray(trainer.knobs()))
    n, loss = int(train.n), LOSSES[trainer.experiment.structure.loss]
    x, y = train.x[:n], train.y[:n]

    def objective(vector: jax.Array) -> jax.Array:
        params = unravel(vector)
        if masks is not None:
            params = tuple(layer | {"w": layer["w"] * on} for layer, on in zip(params, masks.links, strict=True))
        units = None if masks is None else masks.units
        layers, _ = forward_train(trainer.network, params, state.stats, x, jnp.full(n, 1 / n), None, units)
        each = jax.vmap(lambda out, t: loss.fn(out, t, knobs))(layers[-1].h, y)
        squares = sum(jnp.sum(layer["w"] ** 2) for layer in params)
        return each.mean() + knobs["l2"] / 2 * squares  # |w| has no curvature

    return np.asarray(jax.jit(jax.hessian(objective))(theta), np.float64)


@pytest.mark.parametrize("case", mark_long_except(CASES, *(case for case in CASES if case != "batch normalisation")))
def test_sharpness_is_the_whole_hessians_largest_eigenvalue(case: str) -> None:
    trainer = Trainer(Experiment.of(samples=60, **CASES[case]))
    state = trainer.advance(trainer.init(), 20)
    found = Sharpness(trainer)(state)
    hessian = whole_hessian(trainer, state)
    expected = np.linalg.eigvalsh(hessian)[::-1]
    np.testing.assert_allclose(found.values, expected[:2], rtol=5e-3, atol=1e-3 * abs(expected[0]))
    np.testing.assert_allclose(hessian @ found.vectors[0], expected[0] * found.vectors[0], atol=0.02 * abs(expected[0]))
    np.testing.assert_allclose(np.linalg.norm(found.vectors[0]), 1, rtol=1e-3)


def test_what_cannot_move_has_no_curvature() -> None:
    trainer = Trainer(Experiment.of(samples=60, hidden=[6, 5]))
    state = trainer.advance(trainer.init(), 20)
    masks = full_masks(trainer.network)
    masks.units[1][0] = 0
    masks.links[0][1, 2] = 0
    masks.learning[1] = 0
    found = Sharpness(trainer)(state, masks=masks)
    # By hand: what stays is a row of the Hessian for every parameter that may move.
    free = [{name: np.ones(value.shape) for name, value in layer.items()} for layer in state.params]
    for name in ("w", "b"):
        free[0][name][..., 0] = 0
        free[1][name][...] = 0
    free[0]["w"][1, 2] = 0
    keep = ravel_pytree(tuple(free))[0] > 0
    hessian = whole_hessian(trainer, state, masks)[np.ix_(keep, keep)]
    np.testing.assert_allclose(found.values, np.linalg.eigvalsh(hessian)[::-1][:2], rtol=5e-3, atol=1e-4)
    assert np.abs(found.vectors[0][~np.asarray(keep)]).max() < 1e-5


def test_lanczos_finds_the_largest_though_others_are_larger_in_size() -> None:
    rng = np.random.default_rng(0)
    size = 3 * KRYLOV
    basis, _ = np.linalg.qr(rng.standard_normal((size, size)))
    spectrum = np.concatenate([[5.0, 4.0], np.linspace(-9, 1, size - 2)])
    matrix = jnp.asarray(basis * spectrum @ basis.T, jnp.float32)
    values, _ = leading(lambda v: matrix @ v, jnp.asarray(rng.standard_normal(size), jnp.float32))
    np.testing.assert_allclose(values, [5, 4], rtol=1e-3)


def test_lanczos_survives_a_space_that_ends_early() -> None:
    diagonal = jnp.asarray(np.r_[np.full(60, -2.0), -1.0, -3.0], jnp.float32)
    values, vectors = leading(lambda v: diagonal * v, jnp.ones(62))
    np.testing.assert_allclose(values, [-1, -2], rtol=1e-3)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(2), atol=1e-4)


def test_equal_eigenvalues_count_as_often_as_they_are_there() -> None:
    values, _ = leading(lambda v: jnp.asarray([3.0, 3.0, 1.0, 0.0]) * v, jnp.asarray([1.0, 2.0, 1.0, 0.0]))
    np.testing.assert_allclose(values, [3, 3], rtol=1e-5)


def test_what_cannot_move_at_all_is_flat() -> None:
    trainer = Trainer(Experiment.of(samples=60, hidden=[4, 2]))
    masks = full_masks(trainer.network)
    masks.learning[:] = 0
    found = Sharpness(trainer)(trainer.init(), masks=masks)
    np.testing.assert_array_equal(found.values, 0)
    np.testing.assert_array_equal(found.vectors, 0)


@pytest.mark.parametrize(("optimizer", "momentum"), [("sgd", 0.0), ("sgd", 0.9), ("nesterov", 0.9), ("nesterov", 0.0)])
@pytest.mark.parametrize(("share", "grows"), [(0.97, False), (1.03, True)])
def test_descent_grows_above_the_limit_and_not_below(
    optimizer: str, momentum: float, share: float, grows: bool
) -> None:
    """No hidden layer, the identity and squares: a quadratic, on which the limit is exact."""
    options = {"dataset": "plane", "samples": 60, "hidden": [], "batch_size": 60, "output_activation": "identity"}
    options |= {"optimizer": optimizer}
    trainer = Trainer(Experiment.of(momentum=momentum, **options))
    start = trainer.init()
    limit = limit_of(trainer.experiment, float(Sharpness(trainer)(start).values[0]))
    turned = Trainer(Experiment.of(momentum=momentum, learning_rate=share * limit, **options))
    losses = [turned.scores(turned.advance(turned.init(), steps)).train_loss for steps in (0, 600)]
    assert (not np.isfinite(losses[1]) or losses[1] > 10 * losses[0]) == grows
    assert grows or losses[1] < losses[0]


def test_the_limit_and_what_is_said_of_it() -> None:
    assert stable_limit(4.0) == 0.5
    assert stable_limit(4.0, 0.9) == pytest.approx(0.95)
    assert stable_limit(-1.0) == float("inf")
    plain = Experiment.of(learning_rate=0.3)
    assert momentum_of(Experiment.of(momentum=0.5)) == 0.5
    assert momentum_of(Experiment.of(optimizer="adam", momentum=0.5)) == 0.0
    said = stability_sentence(plain, 2 / 0.21, True)
    assert "up to a learning rate of 0.21, and 0.3 is above it" in said
    assert "edge of stability" in stability_sentence(plain, 2 / 0.29, True)
    assert "60 %" in stability_sentence(plain, 4.0, True)
    assert "0.3 is less than 1 % of that" in stability_sentence(plain, 0.01, True)
    assert "Batches add noise" in stability_sentence(plain, 4.0, False)
    assert stable_limit(4.0, 0.5, nesterov=True) == pytest.approx(0.375)
    assert momentum_of(Experiment.of(optimizer="nesterov", momentum=0.5)) == 0.5
    other = stability_sentence(Experiment.of(optimizer="adam"), 4.0, True)
    assert other.startswith("Plain full-batch SGD would be stable here up to a learning rate of 0.5; Adam")
    assert "with this momentum" in stability_sentence(Experiment.of(momentum=0.5), 4.0, True)
    assert "does not curve upwards" in stability_sentence(plain, -0.1, True)
    assert "no longer numbers" in stability_sentence(plain, float("nan"), True)


def test_the_schedule_counts() -> None:
    """Half a cosine is at half of its height in the middle, and at 0 in the end."""
    experiment = Experiment.of(learning_rate=0.3, schedule="cosine", schedule_steps=100)
    assert rate_at(experiment, 50) == pytest.approx(0.15, rel=1e-5)
    assert "0.3 is above it" in stability_sentence(experiment, 10.0, True)
    assert "0.15 is 75 %" in stability_sentence(experiment, 10.0, True, 50)

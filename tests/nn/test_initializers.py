"""Initializers against the variances, bounds and orthogonality that their papers state."""

from __future__ import annotations

import numpy as np
import pytest

from playground.nn.initializers import INITIALIZERS

FAN_IN, FAN_OUT = 300, 200
VARIANCE = {
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "he_uniform": 2 / FAN_IN,
    "he_normal": 2 / FAN_IN,
    "lecun_uniform": 1 / FAN_IN,
    "lecun_normal": 1 / FAN_IN,
    "orthogonal": 1 / FAN_IN,
    "zeros": 0.0,
    "tf_playground": 1 / 12,
}
# A uniform variable of variance s^2 lies within sqrt(3) s; a normal one cut off at two of its own standard deviations,
# and then stretched to variance s^2, within 2 / 0.8796 s (0.8796: the standard deviation of a unit normal cut off at
# 2).
REACH = {"uniform": 3**0.5, "normal": 2 / 0.87962566, "tf_playground": 3**0.5}


def drawn(name: str, shape: tuple[int, int] = (FAN_IN, FAN_OUT), seed: int = 0) -> np.ndarray:
    return INITIALIZERS[name].weights(np.random.default_rng(seed), shape)


def test_every_initializer_is_in_the_table() -> None:
    assert set(VARIANCE) == set(INITIALIZERS)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name: str) -> None:
    w = drawn(name).astype(np.float64)
    # 60,000 draws: five standard errors of the mean; of the variance, whose relative one is below sqrt(2 / n), 3 %.
    assert abs(w.mean()) <= 5 * (VARIANCE[name] / w.size) ** 0.5
    assert w.var() == pytest.approx(VARIANCE[name], rel=0.03)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name.endswith(("uniform", "normal", "playground"))])
def test_bounds_are_kept_and_reached(name: str) -> None:
    kind = name if name in REACH else name.rsplit("_", 1)[1]
    bound = REACH[kind] * VARIANCE[name] ** 0.5
    assert 0.99 * bound < np.abs(drawn(name)).max() <= bound * (1 + 1e-6)


@pytest.mark.parametrize("shape", [(7, 4), (4, 7), (5, 5), (1, 3), (3, 1)])
def test_orthogonal_keeps_lengths_on_the_shorter_side(shape: tuple[int, int]) -> None:
    w = drawn("orthogonal", shape)
    product = w.T @ w if shape[0] >= shape[1] else w @ w.T
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-5)


def test_zeros_are_zero() -> None:
    assert not drawn("zeros").any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_shape_dtype_and_dependence_on_the_seed(name: str) -> None:
    w = drawn(name, (3, 2))
    assert w.shape == (3, 2)
    assert w.dtype == np.float32
    np.testing.assert_array_equal(w, drawn(name, (3, 2)))
    assert (w == drawn(name, (3, 2), seed=1)).all() == (name == "zeros")


def test_only_tf_playground_starts_biases_off_zero() -> None:
    assert {one.name: one.bias for one in INITIALIZERS.values() if one.bias} == {"tf_playground": 0.1}

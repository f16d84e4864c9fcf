"""Input features: values by hand, alike in NumPy and JAX."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.datasets import FEATURES

AT_3_MINUS_4 = {
    "x1": 3.0,
    "x2": -4.0,
    "x1_squared": 9.0,
    "x2_squared": 16.0,
    "x1_x2": -12.0,
    "sin_x1": math.sin(3),
    "sin_x2": -math.sin(4),
    "cos_x1": math.cos(3),
    "cos_x2": math.cos(4),
    "radius": 5.0,
}


def test_the_ten_features_are_offered_in_this_order() -> None:
    assert list(FEATURES) == list(AT_3_MINUS_4)
    assert [FEATURES[name].label for name in ("x1", "x1_squared", "x1_x2", "sin_x2")] == ["x₁", "x₁²", "x₁x₂", "sin x₂"]


@pytest.mark.parametrize("name", AT_3_MINUS_4)
def test_values_by_hand(name: str) -> None:
    value = FEATURES[name].fn(np, np.array([3.0]), np.array([-4.0]))
    assert value.shape == (1,)
    assert value[0] == pytest.approx(AT_3_MINUS_4[name], rel=1e-12)


@pytest.mark.parametrize("name", AT_3_MINUS_4)
def test_numpy_and_jax_agree(name: str) -> None:
    x1, x2 = np.random.default_rng(0).uniform(-6, 6, (2, 5, 7)).astype(np.float32)
    feature = FEATURES[name].fn
    in_jax = jax.jit(lambda a, b: feature(jnp, a, b))(x1, x2)
    assert in_jax.shape == (5, 7)
    assert np.allclose(in_jax, feature(np, x1, x2), rtol=1e-5, atol=1e-5)

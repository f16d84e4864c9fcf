"""Activations and their slopes against closed forms written by hand in float64 NumPy."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special

from playground.nn.activations import ACTIVATIONS

Form = Callable[[np.ndarray], np.ndarray]

SELU_ALPHA, SELU_LAMBDA = 1.6732632423543772, 1.0507009873554805  # Klambauer et al. 2017, equation 14


def sigmoid(z: np.ndarray) -> np.ndarray:
    return special.expit(z)


def mish_slope(z: np.ndarray) -> np.ndarray:
    t = np.tanh(np.logaddexp(0, z))
    return t + z * (1 - t**2) * sigmoid(z)


def exponential_tail(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def exponential_slope(z: np.ndarray) -> np.ndarray:
    return np.where(z > 0, 1, np.exp(np.minimum(z, 0)))


CLOSED_FORMS: dict[str, tuple[Form, Form]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: z > 0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "identity": (lambda z: z, np.ones_like),
    "gelu": (
        lambda z: z * special.ndtr(z),
        lambda z: special.ndtr(z) + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
    ),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1, 0.01)),
    "elu": (exponential_tail, exponential_slope),
    "selu": (
        lambda z: SELU_LAMBDA * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0))),
        lambda z: SELU_LAMBDA * np.where(z > 0, 1, SELU_ALPHA * np.exp(np.minimum(z, 0))),
    ),
    "celu": (exponential_tail, exponential_slope),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * sigmoid(-z))),
    "mish": (lambda z: z * np.tanh(np.logaddexp(0, z)), mish_slope),
    "softplus": (lambda z: np.logaddexp(0, z), sigmoid),
    "soft_sign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
    "hard_tanh": (lambda z: np.clip(z, -1, 1), lambda z: np.abs(z) < 1),
    "hard_sigmoid": (lambda z: np.clip(z / 6 + 0.5, 0, 1), lambda z: (np.abs(z) < 3) / 6),
    "hard_silu": (
        lambda z: z * np.clip(z / 6 + 0.5, 0, 1),
        lambda z: np.where(z > 3, 1, np.where(z < -3, 0, z / 3 + 0.5)),
    ),
    "relu6": (lambda z: np.clip(z, 0, 6), lambda z: (z > 0) & (z < 6)),
    "squareplus": (lambda z: (z + np.sqrt(z**2 + 4)) / 2, lambda z: (1 + z / np.sqrt(z**2 + 4)) / 2),
    "log_sigmoid": (lambda z: -np.logaddexp(0, -z), lambda z: sigmoid(-z)),
    "sine": (np.sin, np.cos),
    "gaussian": (lambda z: np.exp(-(z**2)), lambda z: -2 * z * np.exp(-(z**2))),
}

# Off the corners of the piecewise ones (0, 1, 3, 6 and their negatives) by more than a finite difference's reach.
POINTS = np.array([-8.7, -6.4, -3.3, -2.9, -1.7, -1.02, -0.6, -0.04, 0.03, 0.5, 0.98, 1.3, 2.7, 3.2, 5.5, 6.3, 9.1])
FAR = np.array([-1e4, -100.0, -6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0, 100.0, 1e4])

Pair = tuple[np.ndarray, np.ndarray]


def values_and_slopes(z: np.ndarray) -> dict[str, Pair]:
    """Every activation and its slope at ``z``, from one compiled program."""

    @jax.jit
    def program(z: jax.Array) -> dict[str, tuple[jax.Array, jax.Array]]:
        return {one.name: (one.fn(z), jax.vmap(jax.grad(one.fn))(z)) for one in ACTIVATIONS.values()}

    return jax.tree.map(np.asarray, program(jnp.asarray(z)))


@pytest.fixture(scope="module")
def single() -> dict[str, Pair]:
    return values_and_slopes(POINTS.astype(np.float32))


@pytest.fixture(scope="module")
def far() -> dict[str, Pair]:
    return values_and_slopes(FAR.astype(np.float32))


@pytest.fixture(scope="module")
def differences() -> dict[str, Pair]:
    """Slopes in double precision, traced and as central differences of the function itself."""
    h = 1e-6
    with jax.enable_x64(True):
        above, at, below = (values_and_slopes(z) for z in (POINTS + h, POINTS, POINTS - h))
    return {name: (at[name][1], (above[name][0] - below[name][0]) / (2 * h)) for name in at}


def test_every_activation_has_a_closed_form_here() -> None:
    assert set(CLOSED_FORMS) == set(ACTIVATIONS)


def test_the_common_ones_come_first() -> None:
    assert list(ACTIVATIONS)[:4] == ["relu", "tanh", "sigmoid", "identity"]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_is_the_closed_form(name: str, single: dict[str, Pair]) -> None:
    np.testing.assert_allclose(single[name][0], CLOSED_FORMS[name][0](POINTS), rtol=2e-5, atol=2e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_closed_form(name: str, single: dict[str, Pair]) -> None:
    np.testing.assert_allclose(single[name][1], CLOSED_FORMS[name][1](POINTS), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_finite_difference(name: str, differences: dict[str, Pair]) -> None:
    traced, difference = differences[name]
    assert traced.dtype == np.float64
    np.testing.assert_allclose(traced, difference, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_closed_slope_is_the_finite_difference_of_the_closed_value(name: str) -> None:
    value, slope = CLOSED_FORMS[name]
    h = 1e-6
    np.testing.assert_allclose(slope(POINTS), (value(POINTS + h) - value(POINTS - h)) / (2 * h), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_corners_and_far_off_are_finite(name: str, far: dict[str, Pair]) -> None:
    value, slope = far[name]
    assert np.isfinite(value).all()
    assert np.isfinite(slope).all()
    # As exact as single precision knows the argument: squareplus cancels far below 0, sine reduces its argument.
    exact = CLOSED_FORMS[name][0](FAR)
    assert (np.abs(value - exact) <= 2e-5 * np.abs(exact) + 2e-7 * np.maximum(1, np.abs(FAR))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_at_a_corner_lies_between_the_slopes_beside_it(name: str, far: dict[str, Pair]) -> None:
    corners = np.abs(FAR) <= 6
    beside = [CLOSED_FORMS[name][1](FAR[corners] + side) for side in (-1e-4, 1e-4)]
    slope = far[name][1][corners]
    assert (slope >= np.minimum(*beside) - 1e-3).all()
    assert (slope <= np.maximum(*beside) + 1e-3).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_acts_on_each_entry_alone(name: str) -> None:
    z = jnp.asarray(POINTS[:6], jnp.float32)
    fn = ACTIVATIONS[name].fn
    np.testing.assert_array_equal(fn(z.reshape(2, 3)), fn(z).reshape(2, 3))
    assert fn(z).dtype == jnp.float32

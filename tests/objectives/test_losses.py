"""Losses and their gradients against formulas derived by hand, in float64 NumPy, and against finite differences."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, softmax

from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES

GAMMA, DELTA = 1.7, 0.8
KNOBS = {"focal_gamma": np.float32(GAMMA), "huber_delta": np.float32(DELTA)}
TASKS = ("binary", "multiclass", "regression")
CASES = [(loss.name, task) for loss in LOSSES.values() for task in loss.output_activations]

Oracle = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def half_squared(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    return 0.5 * ((o - t) ** 2).sum(), o - t


def binary_cross_entropy(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    p = expit(o)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).sum(), p - t


def softmax_cross_entropy(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    p = softmax(o)
    return -(t * np.log(p)).sum(), p * t.sum() - t


def hinge(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    short = 1 - o * t
    return short[short > 0].sum(), np.where(short > 0, -t, 0)


def squared_hinge(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    short = np.maximum(1 - o * t, 0)
    return (short**2).sum(), -2 * t * short


def focal(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    """By the chain rule: dL/dp_k = t_k (gamma (1-p_k)^(gamma-1) ln p_k - (1-p_k)^gamma / p_k), dp_k/do_j = p_k (k==j) -
    p_k p_j."""
    if len(o) == 1:
        value, slope = focal(np.array([0, o[0]]), np.array([1 - t[0], t[0]]))
        return value, slope[1:]
    p = softmax(o)
    along_p = t * (GAMMA * (1 - p) ** (GAMMA - 1) * np.log(p) - (1 - p) ** GAMMA / p)
    return -(t * (1 - p) ** GAMMA * np.log(p)).sum(), along_p @ (np.diag(p) - np.outer(p, p))


def huber(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    e = o - t
    each = np.where(np.abs(e) <= DELTA, e**2 / 2, DELTA * (np.abs(e) - DELTA / 2))
    return each.sum(), np.clip(e, -DELTA, DELTA)


def log_cosh(o: np.ndarray, t: np.ndarray) -> tuple[float, np.ndarray]:
    return np.log(np.cosh(o - t)).sum(), np.tanh(o - t)


ORACLES: dict[str, Oracle] = {
    "mse": half_squared,
    "binary_cross_entropy": binary_cross_entropy,
    "softmax_cross_entropy": softmax_cross_entropy,
    "hinge": hinge,
    "squared_hinge": squared_hinge,
    "focal": focal,
    "huber": huber,
    "log_cosh": log_cosh,
}


def examples(name: str, task: NetworkTask, n: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Outputs and targets (n, k), some of the targets smoothed; no output is within a finite difference of a corner."""
    loss, rng = LOSSES[name], np.random.default_rng(5)
    classes = {"binary": 2, "multiclass": 4, "regression": 0}[task]
    y = rng.normal(size=n) if task == "regression" else rng.integers(classes, size=n)
    target = np.asarray(loss.target(y, task, classes), np.float64)
    target[::3] = loss.smooth(jnp.asarray(target[::3], jnp.float32), jnp.float32(0.1), task)
    return rng.normal(scale=1.5, size=target.shape), target


def values_and_gradients(name: str, outputs: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    knobs = {key: jnp.asarray(value, outputs.dtype) for key, value in KNOBS.items()}
    program = jax.jit(jax.vmap(jax.value_and_grad(LOSSES[name].fn), in_axes=(0, 0, None)))
    value, gradient = program(jnp.asarray(outputs), jnp.asarray(targets), knobs)
    return np.asarray(value), np.asarray(gradient)


def test_every_loss_has_an_oracle_here() -> None:
    assert set(ORACLES) == set(LOSSES)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_value_and_gradient_are_the_derived_ones(name: str, task: NetworkTask) -> None:
    outputs, targets = examples(name, task)
    value, gradient = values_and_gradients(name, outputs.astype(np.float32), targets.astype(np.float32))
    exact = [ORACLES[name](o, t) for o, t in zip(outputs, targets, strict=True)]
    np.testing.assert_allclose(value, [v for v, _ in exact], rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(gradient, [g for _, g in exact], rtol=5e-5, atol=2e-6)


@pytest.mark.parametrize(("name", "task"), CASES)
def test_gradient_is_the_finite_difference(name: str, task: NetworkTask) -> None:
    outputs, targets = examples(name, task)
    h = 1e-6
    with jax.enable_x64(True):
        _, gradient = values_and_gradients(name, outputs, targets)
        moved = np.concatenate([outputs + side * h * unit for unit in np.eye(outputs.shape[1]) for side in (1, -1)])
        values, _ = values_and_gradients(name, moved, np.tile(targets, (2 * outputs.shape[1], 1)))
    sides = values.reshape(outputs.shape[1], 2, len(outputs))
    np.testing.assert_allclose(gradient, ((sides[:, 0] - sides[:, 1]) / (2 * h)).T, rtol=1e-6, atol=1e-8)


EXTREMES = np.array([-1e4, -90.0, 0.0, 90.0, 1e4], np.float32)


@pytest.mark.parametrize(("name", "task"), CASES)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_extreme_outputs_keep_values_and_gradients_finite(name: str, task: NetworkTask, smoothing: float) -> None:
    loss = LOSSES[name]
    width = loss.outputs(task, 3)
    outputs = np.array(np.meshgrid(*[EXTREMES] * width)).reshape(width, -1).T
    labels = np.array([-1e3, 0, 1e3]) if task == "regression" else np.arange(2 if task == "binary" else 3)
    targets = np.asarray(loss.smooth(jnp.asarray(loss.target(labels, task, 3)), jnp.float32(smoothing), task))
    for target in targets:
        value, gradient = values_and_gradients(name, outputs, np.broadcast_to(target, outputs.shape))
        assert np.isfinite(value).all()
        assert np.isfinite(gradient).all()
        assert (value >= -1e-3).all()


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 5.0])
@pytest.mark.parametrize("width", [1, 3])
def test_focal_is_finite_at_certainty_for_every_gamma(gamma: float, width: int) -> None:
    def value(o: jax.Array) -> jax.Array:
        target = jnp.eye(width)[0] if width > 1 else jnp.ones(1)
        return LOSSES["focal"].fn(o, target, {"focal_gamma": jnp.float32(gamma)})

    outputs = EXTREMES[:, None] * np.eye(width, dtype=np.float32)[0]
    values, slopes = jax.vmap(jax.value_and_grad(value))(jnp.asarray(outputs))
    assert np.isfinite(values).all()
    assert np.isfinite(slopes).all()
    # Certain and wrong: the loss is the logit's distance; certain and right: nothing.
    assert values[0] == pytest.approx(1e4, rel=1e-4)
    assert abs(values[-1]) < 1e-6


@pytest.mark.parametrize(
    ("task", "plain"), [("binary", "binary_cross_entropy"), ("multiclass", "softmax_cross_entropy")]
)
def test_focal_without_focus_is_cross_entropy(task: NetworkTask, plain: str) -> None:
    outputs, targets = (jnp.asarray(part, jnp.float32) for part in examples("focal", task))
    knobs = {"focal_gamma": jnp.float32(0)}
    focal_values = [LOSSES["focal"].fn(o, t, knobs) for o, t in zip(outputs, targets, strict=True)]
    plain_values = [LOSSES[plain].fn(o, t, {}) for o, t in zip(outputs, targets, strict=True)]
    np.testing.assert_allclose(focal_values, plain_values, rtol=1e-5)


softmax_value = jax.jit(lambda o, t: LOSSES["softmax_cross_entropy"].fn(o, t, {}))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-20, 20, width=32), min_size=3, max_size=3), st.floats(-100, 100, width=32))
def test_softmax_cross_entropy_ignores_a_common_shift(outputs: list[float], shift: float) -> None:
    o, t = jnp.asarray(outputs, jnp.float32), jnp.array([0.0, 1.0, 0.0])
    np.testing.assert_allclose(softmax_value(o + jnp.float32(shift), t), softmax_value(o, t), rtol=1e-4, atol=1e-4)


def test_two_softmax_logits_lose_what_their_difference_loses_as_one() -> None:
    logits = np.random.default_rng(1).normal(size=(6, 2)).astype(np.float32)
    for pair in logits:
        two = LOSSES["softmax_cross_entropy"].fn(jnp.asarray(pair), jnp.array([0.0, 1.0]), {})
        one = LOSSES["binary_cross_entropy"].fn(jnp.asarray(pair[1:] - pair[:1]), jnp.ones(1), {})
        assert two == pytest.approx(float(one), rel=1e-5)

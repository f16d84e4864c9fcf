"""Schedules against Optax's and against closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.objectives.schedules import SCHEDULES

LENGTH, RATE, WARM = 40, 0.3, 8
STEPS = np.arange(0, 3 * LENGTH + 1)
FACTORS = {one.name: jax.jit(jax.vmap(one.factor, in_axes=(0, None))) for one in SCHEDULES.values()}

PUBLISHED: dict[str, Callable[[jax.Array], jax.Array]] = {
    "constant": optax.constant_schedule(1.0),
    "step": optax.exponential_decay(1.0, LENGTH, RATE, staircase=True),
    "exponential": optax.exponential_decay(1.0, LENGTH, RATE),
    "cosine": optax.cosine_decay_schedule(1.0, LENGTH),
    "one_cycle": optax.cosine_onecycle_schedule(LENGTH, 1.0),
    "warmup_cosine": optax.warmup_cosine_decay_schedule(0.0, 1.0, WARM, LENGTH),
}  # pyright: ignore[reportAssignmentType]  # Optax's schedules do take arrays


def knobs(length: float = LENGTH, rate: float = RATE, warm: float = WARM) -> dict[str, jax.Array]:
    numbers = {"schedule_steps": length, "decay_rate": rate, "warmup_steps": warm}
    return {name: jnp.float32(number) for name, number in numbers.items()}


def factors(name: str, steps: np.ndarray, **given_knobs: float) -> np.ndarray:
    return np.asarray(FACTORS[name](jnp.asarray(steps, jnp.int32), knobs(**given_knobs)))


def test_every_schedule_has_a_published_one() -> None:
    assert set(PUBLISHED) == set(SCHEDULES)


@pytest.mark.parametrize("name", SCHEDULES)
def test_is_what_optax_has(name: str) -> None:
    published = np.broadcast_to(np.asarray(jax.vmap(PUBLISHED[name])(jnp.asarray(STEPS))), STEPS.shape)
    np.testing.assert_allclose(factors(name, STEPS), published, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "step", "value"),
    [
        ("constant", 10**6, 1.0),
        ("step", 39, 1.0),
        ("step", 40, 0.3),
        ("step", 85, 0.09),
        ("exponential", 20, math.sqrt(0.3)),
        ("cosine", 10, 0.5 + math.sqrt(0.125)),
        ("cosine", 20, 0.5),
        ("cosine", 41, 0.0),
        ("one_cycle", 0, 0.04),
        ("one_cycle", 6, 0.52),
        ("one_cycle", 12, 1.0),
        ("one_cycle", 40, 4e-6),
        ("warmup_cosine", 0, 0.0),
        ("warmup_cosine", 2, 0.25),
        ("warmup_cosine", 8, 1.0),
        ("warmup_cosine", 24, 0.5),
        ("warmup_cosine", 100, 0.0),
    ],
)
def test_values_by_hand(name: str, step: int, value: float) -> None:
    assert factors(name, np.array([step]))[0] == pytest.approx(value, rel=1e-5, abs=2e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2_000_000),
    st.floats(1, 1e6, width=32),
    st.floats(0, 1, width=32),
    st.floats(0, 1e6, width=32),
)
def test_is_between_zero_and_one_whatever_the_knobs(step: int, length: float, rate: float, warm: float) -> None:
    for name in SCHEDULES:
        found = factors(name, np.array([step]), length=length, rate=rate, warm=warm)[0]
        assert -1e-6 <= found <= 1 + 1e-6, name


@pytest.mark.parametrize("name", ["step", "exponential", "cosine"])
def test_decays_never_rise(name: str) -> None:
    assert (np.diff(factors(name, STEPS)) <= 1e-7).all()


@pytest.mark.parametrize("name", SCHEDULES)
def test_uses_the_knobs_that_it_names_and_no_others(name: str) -> None:
    plain = factors(name, STEPS)
    turned = {"schedule_steps": {"length": 55.0}, "decay_rate": {"rate": 0.7}, "warmup_steps": {"warm": 15.0}}
    moved = {knob for knob, change in turned.items() if not np.array_equal(factors(name, STEPS, **change), plain)}
    assert moved == set(SCHEDULES[name].knobs)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_factor_is_one_float32(name: str) -> None:
    factor = jax.eval_shape(SCHEDULES[name].factor, jnp.int32(3), knobs())
    assert factor.shape == ()
    assert factor.dtype == jnp.float32

"""Penalties against closed forms, and their gradient against JAX's own."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.objectives.regularizers import REGULARIZERS, penalty, penalty_gradient

RNG = np.random.default_rng(2)
PARAMS = tuple(
    {
        "w": jnp.asarray(RNG.normal(size=(i, o)), jnp.float32),
        "b": jnp.asarray(RNG.normal(size=o), jnp.float32),
        "scale": jnp.asarray(RNG.normal(size=o), jnp.float32),
        "offset": jnp.asarray(RNG.normal(size=o), jnp.float32),
    }
    for i, o in [(2, 4), (4, 3), (3, 1)]
)
WEIGHTS = np.concatenate([np.asarray(layer["w"], np.float64).ravel() for layer in PARAMS])


def knobs(l1: float, l2: float) -> dict[str, jax.Array]:
    return {"l1": jnp.float32(l1), "l2": jnp.float32(l2)}


def test_the_six_kinds() -> None:
    assert list(REGULARIZERS) == ["l1", "l2", "weight_decay", "dropout", "label_smoothing", "early_stopping"]
    assert [one.name for one in REGULARIZERS.values() if one.penalty] == ["l1", "l2"]


@pytest.mark.parametrize(("l1", "l2"), [(0, 0), (0.3, 0), (0, 0.7), (0.02, 5.0)])
def test_penalty_counts_weights_alone(l1: float, l2: float) -> None:
    exact = l1 * np.abs(WEIGHTS).sum() + l2 / 2 * (WEIGHTS**2).sum()
    assert float(penalty(PARAMS, knobs(l1, l2))) == pytest.approx(exact, rel=1e-5)


@pytest.mark.parametrize(("name", "exact"), [("l1", np.abs(WEIGHTS).sum()), ("l2", 0.5 * (WEIGHTS**2).sum())])
def test_each_penalty_by_itself(name: str, exact: float) -> None:
    one = REGULARIZERS[name].penalty
    assert one is not None
    assert sum(float(one(layer["w"])) for layer in PARAMS) == pytest.approx(exact, rel=1e-5)


def test_gradient_is_the_closed_form_and_what_jax_derives() -> None:
    turned = knobs(0.3, 0.7)
    written, derived = penalty_gradient(PARAMS, turned), jax.jit(jax.grad(penalty))(PARAMS, turned)
    for layer, mine, jaxs in zip(PARAMS, written, derived, strict=True):
        w = np.asarray(layer["w"])
        np.testing.assert_allclose(mine["w"], 0.3 * np.sign(w) + 0.7 * w, rtol=1e-5)
        assert mine.keys() == layer.keys()
        for name, value in mine.items():
            np.testing.assert_allclose(value, jaxs[name], rtol=1e-5)
            assert name == "w" or not value.any()


def test_a_weight_of_zero_is_pulled_nowhere() -> None:
    flat = ({"w": jnp.zeros((2, 1)), "b": jnp.ones(1)},)
    gradient = jax.grad(penalty)(flat, knobs(0.3, 0.7))[0]
    assert not gradient["w"].any()
    assert not penalty_gradient(flat, knobs(0.3, 0.7))[0]["w"].any()

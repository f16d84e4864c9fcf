"""Four words, one definition each: which units are silent, dead or saturated, of every activation and on every path."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.live.diagnostics.layer_health import SHUT_SLOPES, health_of_layer, kind, steady_label
from playground.live.frames.layer_statistics import LAYER_SCALARS
from playground.live.frames.observer import Observer
from playground.nn.activations import ACTIVATIONS

EVEN = np.ones(9)
RECTIFIERS = ("relu", "relu6", "hard_silu")
STEEPEST_SLOPES = {"tanh": 1.0, "sigmoid": 0.25, "soft_sign": 1.0, "hard_tanh": 1.0, "hard_sigmoid": 1 / 6}
LAYERS = [name for name in ACTIVATIONS if name != "identity"]


def health(activation: str, bias: float) -> list[dict[str, float]]:
    """What a frame and the flow say of a hidden layer whose sums all stand at ``bias``, and of the output layer."""
    trainer = Trainer(Experiment.of(hidden=[4], samples=50, activation=activation, loss="binary_cross_entropy"))
    state = trainer.init()
    first = dict(state.params[0]) | {"w": jnp.zeros((2, 4)), "b": jnp.full(4, bias)}
    last = dict(state.params[1]) | {"b": jnp.asarray([60.0])}
    state = state._replace(params=(first, last))
    frame = Observer(trainer)(state).layers(2)
    np.testing.assert_allclose(LayerFlowAnalysis(trainer)(state).numbers[:, 5:], frame[:, 5:], atol=1e-6)
    return [dict(zip(map(str, LAYER_SCALARS), numbers, strict=True)) for numbers in frame]


@pytest.mark.parametrize("bias", [-3.5, 3.5, -20.0, 20.0])
@pytest.mark.parametrize("activation", LAYERS)
def test_only_a_rectifier_dies_and_only_what_levels_off_at_both_ends_saturates(activation: str, bias: float) -> None:
    hidden, output = health(activation, bias)
    stands_at_an_end = (
        abs(bias) == 20
        or activation in ("tanh", "hard_tanh", "hard_sigmoid")
        or (activation == "soft_sign" and abs(bias) >= 3.5)
    )
    is_dead = activation in RECTIFIERS and (bias < 0 or (activation == "relu6" and bias > 6))
    assert hidden["dead"] == is_dead
    assert hidden["saturated"] == (activation in STEEPEST_SLOPES and stands_at_an_end)
    assert (output["dead"], output["saturated"]) == (0, 0)


def test_half_of_the_samples_silent_is_neither_dead_nor_saturated() -> None:
    slopes = np.where(np.arange(10) < 5, 0.0, 1.0)[:, None] * np.ones((1, 3))
    assert health_of_layer(slopes, "relu") == (0, 0)
    assert health_of_layer(slopes * 0, "relu") == (1, 0)
    assert health_of_layer(slopes, "tanh") == (0, 0.5)
    assert health_of_layer(slopes, "leaky_relu") == (0, 0)


def test_the_steepest_slopes_are_those_of_the_activations() -> None:
    z = jnp.linspace(-8, 8, 4001)
    for name, steepest in STEEPEST_SLOPES.items():
        slopes = np.abs(jax.vmap(jax.grad(ACTIVATIONS[name].fn))(z))
        assert slopes.max() == pytest.approx(steepest, rel=1e-3)
        assert min(slopes[0], slopes[-1]) < SHUT_SLOPES[list(ACTIVATIONS).index(name)]


@pytest.mark.parametrize(
    ("norms", "signal", "expected"),
    [
        (EVEN[:2], EVEN[:2], "shallow"),
        (EVEN * np.nan, EVEN, "broken"),
        (np.array([0.0] * 8 + [1.0]), EVEN, "blocked"),
        (0.5 ** np.arange(8, -1, -1.0), EVEN, "vanishing"),
        (2.0 ** np.arange(8, -1, -1.0), EVEN, "exploding"),
        (EVEN, 2.0 ** np.arange(9), "growing"),
        (EVEN, 0.5 ** np.arange(9), "fading"),
        (0.9 ** np.arange(9), 1.1 ** np.arange(9), "healthy"),
    ],
)
def test_what_is_found_has_its_name(norms: np.ndarray, signal: np.ndarray, expected: str) -> None:
    assert kind(norms, signal) == expected


@pytest.mark.parametrize(("loss", "expected"), [(1.9, "healthy"), (2.1, "vanishing")])
def test_two_decades_between_the_ends_are_vanishing(loss: float, expected: str) -> None:
    assert kind(10 ** (-loss * np.arange(4, -1, -1.0) / 4)) == expected


def test_a_label_changes_when_another_holds() -> None:
    assert steady_label(["a"]) == "a"
    assert steady_label(["a"] * 9 + ["b", "c", "a", "b"] * 9) == "a"
    assert steady_label(["a"] * 9 + ["b"] * 4) == "a"
    assert steady_label(["a"] * 9 + ["b"] * 5 + ["c"]) == "b"

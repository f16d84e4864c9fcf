"""What theory says of the first weights, against sampling; and the gradient at each layer against finite
differences."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.initial_signal import measure_initial_signal
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.gradient_flow.mean_field import moments
from playground.nn.initializers import INITIALIZERS
from playground.nn.network import forward_train, init_stats


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("initializer", ["glorot_uniform", "he_normal", "lecun_normal"])
def test_the_theory_is_what_many_draws_give(activation: str, initializer: str) -> None:
    trainer = Trainer(Experiment.of(hidden=[64] * 3, activation=activation, initializer=initializer, samples=50))
    start = measure_initial_signal(LayerFlowAnalysis(trainer), draws=200)
    np.testing.assert_allclose(start.forward.mean(axis=0), start.theory[0], rtol=0.15)
    # Gradients of neighbouring samples point alike, and the loss's at the end depends on the output: less exact.
    np.testing.assert_allclose(start.backward.mean(axis=0), start.theory[1], rtol=0.25)


def test_relu_halves_and_a_line_keeps_as_he_and_glorot_say() -> None:
    variance = jnp.asarray([0.5, 3.0])
    of = moments("relu", 0.0, variance)
    np.testing.assert_allclose(of.square, variance / 2, rtol=1e-5)
    np.testing.assert_allclose(of.slope, [0.5, 0.5], rtol=1e-5)
    of = moments("identity", 1.0, variance)
    np.testing.assert_allclose(of.mean, [1, 1], rtol=1e-5)
    np.testing.assert_allclose(of.square, variance + 1, rtol=1e-5)


def test_moments_of_a_sigmoid_are_those_of_a_million_normal_sums() -> None:
    z = np.random.default_rng(0).normal(0.3, 1.5**0.5, 1_000_000)
    h = 1 / (1 + np.exp(-z))
    of = moments("sigmoid", 0.3, jnp.asarray([1.5]))
    np.testing.assert_allclose([of.mean[0], of.square[0]], [h.mean(), (h**2).mean()], rtol=3e-3)
    np.testing.assert_allclose(of.slope[0], np.square(h * (1 - h)).mean(), rtol=3e-3)


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("shape", [(40, 60), (60, 40)])
def test_the_stated_variance_is_that_of_the_draws(name: str, shape: tuple[int, int]) -> None:
    initializer = INITIALIZERS[name]
    drawn = np.stack([initializer.weights(np.random.default_rng(k), shape) for k in range(20)])
    assert drawn.var() == pytest.approx(initializer.variance(shape), rel=0.05)


def test_nudges_give_the_gradient_at_each_layer() -> None:
    trainer = Trainer(Experiment.of(hidden=[3, 2], samples=50, normalization="layer"))
    network, params = trainer.network, trainer.init().params
    x = jnp.asarray(np.random.default_rng(0).normal(size=(4, 2)), jnp.float32)
    zeros = [jnp.zeros((4, units)) for units in network.widths[1:]]

    @jax.jit
    def total(nudges: list[jax.Array]) -> jax.Array:
        layers, _ = forward_train(network, params, init_stats(network), x, jnp.full(4, 0.25), nudges=nudges)
        return layers[-1].h.sum()

    slopes = jax.jit(jax.grad(total))(zeros)
    for layer, row, unit in ((0, 1, 2), (1, 3, 0), (2, 0, 0)):
        up, down = (
            total([one.at[row, unit].add(step) if i == layer else one for i, one in enumerate(zeros)])
            for step in (0.01, -0.01)
        )
        assert float(slopes[layer][row, unit]) == pytest.approx(float(up - down) / 0.02, rel=2e-2, abs=2e-4)


def test_batch_normalisation_is_beyond_the_theory_and_says_so() -> None:
    start = measure_initial_signal(
        LayerFlowAnalysis(Trainer(Experiment.of(hidden=[4, 4], samples=50, normalization="batch"))), draws=4
    )
    np.testing.assert_allclose(start.theory[0][:2], 1, rtol=1e-6)
    assert np.isnan(start.theory[0][2])
    assert np.isnan(start.theory[1][0])

"""The network's forward passes against NumPy written by hand."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.nn.layers import FUSED_BELOW, dense, dropout_mask
from playground.nn.network import Network, apply, forward, forward_train, init, init_stats
from playground.nn.normalization import EPSILON

SEED_OF_WEIGHTS = 3
X = np.random.default_rng(0).normal(size=(16, 3)).astype(np.float32)
ALL = jnp.full(16, 1 / 16)
SEED = jnp.uint32(7)


def net(**more: object) -> Network:
    return Network(**({"widths": (3, 5, 5, 2), "activations": ("tanh", "relu", "identity")} | more))  # pyright: ignore[reportArgumentType]


def test_parameters_are_layers_of_float32() -> None:
    params = init(net(), SEED_OF_WEIGHTS)
    assert [(layer["w"].shape, layer["b"].shape) for layer in params] == [
        ((3, 5), (5,)),
        ((5, 5), (5,)),
        ((5, 2), (2,)),
    ]
    assert {leaf.dtype for leaf in jax.tree.leaves(params)} == {jnp.dtype("float32")}


def test_forward_is_what_numpy_says() -> None:
    params = init(net(initializer="tf_playground"), SEED_OF_WEIGHTS)
    (w1, b1), (w2, b2), (w3, b3) = [(np.asarray(layer["w"]), np.asarray(layer["b"])) for layer in params]
    expected = np.maximum(np.tanh(X @ w1 + b1) @ w2 + b2, 0) @ w3 + b3
    evaluated = forward(net(), params, init_stats(net()), jnp.asarray(X))[-1].h
    trained = forward_train(net(), params, init_stats(net()), jnp.asarray(X), ALL)[0][-1].h
    np.testing.assert_allclose(evaluated, expected, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(trained, expected, rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(
        apply(net(), params, init_stats(net()), jnp.asarray(X[0])), expected[0], rtol=2e-5, atol=1e-6
    )


@pytest.mark.parametrize("batch", [4, 4096])
def test_both_forms_of_a_dense_layer_agree_with_gradients(batch: int) -> None:
    rng = np.random.default_rng(1)
    x, w, b = (jnp.asarray(rng.normal(size=shape), jnp.float32) for shape in ((batch, 3), (3, 5), (5,)))
    assert (batch * 15 < FUSED_BELOW) == (batch == 4)
    np.testing.assert_allclose(dense(x, w, b), np.asarray(x) @ np.asarray(w) + np.asarray(b), rtol=1e-5, atol=1e-5)
    gradient = jax.grad(lambda w: jnp.square(dense(x, w, b)).sum())(w)
    by_hand = 2 * np.asarray(x).T @ (np.asarray(x) @ np.asarray(w) + np.asarray(b))
    np.testing.assert_allclose(gradient, by_hand, rtol=1e-4, atol=1e-3)


def test_residual_adds_the_input_only_where_widths_agree() -> None:
    network = net(residual=True)
    assert [network.skips(i) for i in range(3)] == [False, True, False]
    params = init(network, SEED_OF_WEIGHTS)
    layers = forward(network, params, init_stats(network), jnp.asarray(X))
    plain = np.maximum(np.asarray(layers[0].h) @ np.asarray(params[1]["w"]) + np.asarray(params[1]["b"]), 0)
    np.testing.assert_allclose(layers[1].h, np.asarray(layers[0].h) + plain, rtol=2e-5, atol=1e-6)


def test_batch_normalisation_uses_the_batch_in_training_and_running_statistics_in_evaluation() -> None:
    network = net(normalization="batch")
    params, stats = init(network, SEED_OF_WEIGHTS), init_stats(network)
    params = ({**params[0], "scale": jnp.full(5, 2.0), "offset": jnp.full(5, 0.5)}, *params[1:])
    layers, new = forward_train(network, params, stats, jnp.asarray(X), ALL)
    z = X @ np.asarray(params[0]["w"]) + np.asarray(params[0]["b"])
    np.testing.assert_allclose(
        layers[0].z, 2 * (z - z.mean(0)) / np.sqrt(z.var(0) + EPSILON) + 0.5, rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(new[0]["mean"], 0.1 * z.mean(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(new[0]["variance"], 0.9 + 0.1 * z.var(0), rtol=1e-4)
    evaluated = forward(network, params, new, jnp.asarray(X))[0].z
    mean, variance = np.asarray(new[0]["mean"]), np.asarray(new[0]["variance"])
    np.testing.assert_allclose(evaluated, 2 * (z - mean) / np.sqrt(variance + EPSILON) + 0.5, rtol=1e-4, atol=1e-5)


def test_rows_of_weight_zero_do_not_count_in_batch_normalisation() -> None:
    network = net(normalization="batch")
    params, stats = init(network, SEED_OF_WEIGHTS), init_stats(network)
    share = jnp.asarray([0.1] * 10 + [0.0] * 6)
    padded, _ = forward_train(network, params, stats, jnp.asarray(X), share)
    alone, _ = forward_train(network, params, stats, jnp.asarray(X[:10]), jnp.full(10, 0.1))
    np.testing.assert_allclose(padded[-1].h[:10], alone[-1].h, rtol=1e-4, atol=1e-5)


def test_layer_normalisation_makes_each_sample_mean_zero_and_variance_one() -> None:
    network = net(normalization="layer")
    z = forward(network, init(network, SEED_OF_WEIGHTS), init_stats(network), jnp.asarray(X))[0].z
    np.testing.assert_allclose(np.asarray(z).mean(1), 0, atol=1e-5)
    np.testing.assert_allclose(np.asarray(z).var(1), 1, atol=1e-2)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_expectation(rate: float) -> None:
    out = np.asarray(dropout_mask((400, 50), jnp.float32(rate), SEED))
    assert set(np.round(np.unique(out), 4)) <= {0.0, np.round(np.float32(1 / (1 - np.float32(rate))), 4)}
    # 20,000 draws: five standard deviations of a binomial share
    assert abs((out == 0).mean() - rate) <= 5 * np.sqrt(rate * (1 - rate) / out.size)
    assert np.array_equal(out, dropout_mask((400, 50), jnp.float32(rate), SEED))
    if rate:
        assert not np.array_equal(out, dropout_mask((400, 50), jnp.float32(rate), jnp.uint32(8)))


def test_dropout_masks_are_independent_between_units_and_samples() -> None:
    kept = np.asarray(dropout_mask((2000, 8), jnp.float32(0.5), SEED)) > 0
    correlation = np.corrcoef(kept.T) - np.eye(8)
    assert np.abs(correlation).max() < 5 / np.sqrt(2000)
    assert abs(np.corrcoef(kept[:-1].ravel(), kept[1:].ravel())[0, 1]) < 5 / np.sqrt(kept.size)

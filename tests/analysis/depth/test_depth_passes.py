"""Passes of many networks of any depth against the definition: autodiff, finite differences, the app's own network."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.analysis.depth.network import (
    LAYERED,
    WIDTH,
    DepthParams,
    cut_layers,
    draw_network,
    network_logits,
    network_loss,
    pad_layers,
    stack_networks,
)
from playground.analysis.depth.passes import loss_gradients
from playground.experiment import Experiment
from playground.nn import network as nn
from playground.training.trainer import Trainer

ROWS, INPUTS, CLASSES = 32, 3, 4
SKIP = np.array([0, 0, 1, 1], np.float32)


def make_networks(depth: int, batch_norm: bool) -> DepthParams:
    """Two plain and two residual networks of one depth whose biases and scales are not what they begin at."""
    drawn = [draw_network(seed, depth, INPUTS, CLASSES, "he_normal", 1.0, batch_norm) for seed in (0, 1)]
    rng = np.random.default_rng(depth)
    stacked = stack_networks([*drawn, *drawn])
    return DepthParams(*(part + 0.1 * rng.standard_normal(part.shape).astype(np.float32) for part in stacked))


def make_batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    x = rng.standard_normal((len(SKIP), INPUTS, ROWS)).astype(np.float32)
    return x, rng.integers(0, CLASSES, (len(SKIP), ROWS)).astype(np.int32)


def part_of(params: DepthParams, g: int) -> dict[str, np.ndarray]:
    """The parameters of network ``g``, by name."""
    return {
        name: np.asarray(values)[:, g] if name in LAYERED else np.asarray(values)[g]
        for name, values in params._asdict().items()
    }


@pytest.mark.parametrize("batch_norm", [False, True], ids=["bare", "batch norm"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_one_program_of_all_depths_has_the_gradient_of_the_definition(activation: str, batch_norm: bool) -> None:
    x, y = make_batch()
    program = jax.jit(partial(loss_gradients, activation))
    for depth in (2, 3, 9, 32):
        params = make_networks(depth, batch_norm)
        loss, gradient = program(pad_layers(params), np.int32(depth), SKIP[:, None, None], x, y)
        if batch_norm and depth > 9:
            continue  # 32 normalised plain layers multiply the rounding itself a million times
        for g, skip in enumerate(SKIP):
            of_network = partial(
                network_loss, g=g, depth=depth, skip=float(skip), activation=activation, x=x[g].T, y=y[g]
            )
            expected, slope = jax.value_and_grad(of_network)(jax.tree.map(jnp.asarray, params))
            assert float(loss[g]) == pytest.approx(float(expected), rel=1e-4)
            found = part_of(cut_layers(gradient, depth), g)
            for name, values in part_of(slope, g).items():
                scale = max(1e-3, float(np.abs(values).max(initial=0)))
                np.testing.assert_allclose(found[name], values, atol=3e-4 * scale, rtol=2e-3, err_msg=f"{name} {depth}")
        beyond = jax.tree.map(lambda whole, cut: np.abs(whole[len(cut) :]).sum(), gradient, cut_layers(gradient, depth))
        assert float(sum(np.sum(part) for part in beyond)) == 0
    assert program._cache_size() == 1, "one program for all depths"  # pyright: ignore[reportAttributeAccessIssue]


def test_the_definition_has_the_slope_of_finite_differences() -> None:
    x, y = make_batch()
    with jax.enable_x64(True):
        params = DepthParams(*(jnp.asarray(part, jnp.float64) for part in make_networks(3, True)))
        of_network = partial(
            network_loss, g=2, depth=3, skip=1.0, activation="tanh", x=jnp.asarray(x[2].T, jnp.float64), y=y[2]
        )
        slope = jax.grad(of_network)(params)
        rng = np.random.default_rng(3)
        toward = DepthParams(*(jnp.asarray(rng.standard_normal(part.shape)) for part in params))
        ahead, behind = (
            of_network(jax.tree.map(lambda p, d, step=step: p + step * d, params, toward)) for step in (1e-6, -1e-6)
        )
        along = sum(float((s * d).sum()) for s, d in zip(slope, toward, strict=True))
        assert (float(ahead) - float(behind)) / 2e-6 == pytest.approx(along, rel=1e-6)


@pytest.mark.parametrize("depth", [2, 5])
def test_a_plain_network_is_the_apps_own(depth: int) -> None:
    experiment = Experiment.of(dataset="blobs", classes=4, hidden=[WIDTH] * depth, activation="tanh")
    network = Trainer(experiment).network
    ours = draw_network(5, depth, 2, 4, "glorot_normal", 1.0, False)
    matrices = [ours.input_weights[0], *ours.weights[:, 0], ours.output_weights[0]]
    params = tuple({"w": jnp.asarray(matrix.T), "b": jnp.full(len(matrix), 0.0)} for matrix in matrices)
    x = jnp.asarray(np.random.default_rng(0).standard_normal((20, 2)), jnp.float32)
    theirs = nn.forward(network, params, nn.init_stats(network), x)[-1].z
    found = network_logits(jax.tree.map(jnp.asarray, ours), 0, depth, 0.0, "tanh", x)
    np.testing.assert_allclose(found, theirs, atol=1e-5)


def test_a_residual_network_whose_branches_are_zero_is_one_layer() -> None:
    deep, shallow = (draw_network(3, depth, INPUTS, CLASSES, "he_normal", 0.0, False) for depth in (20, 2))
    x = make_batch()[0][0].T
    logits = [network_logits(params, 0, depth, 1.0, "relu", x) for params, depth in ((deep, 20), (shallow, 2))]
    np.testing.assert_allclose(logits[0], logits[1], atol=1e-6)


def test_the_shallower_network_of_a_seed_has_the_deeper_ones_first_layers() -> None:
    deep, shallow = (draw_network(3, depth, INPUTS, CLASSES, "he_normal", 1.0, True) for depth in (20, 4))
    np.testing.assert_array_equal(deep.weights[:3], shallow.weights)
    np.testing.assert_array_equal(deep.output_weights, shallow.output_weights)
    padded = pad_layers(shallow)
    for before, after in zip(shallow, cut_layers(padded, 4), strict=True):
        np.testing.assert_array_equal(before, after)

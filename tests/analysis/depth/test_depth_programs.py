"""Training, looks and routes of a study against optax and the definition, network by network."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import cast

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from playground.analysis.depth.network import (
    EPSILON,
    DepthParams,
    cut_layers,
    network_loss,
    pad_layers,
)
from playground.analysis.depth.programs import BATCH, GRADIENT_ROWS, DepthPrograms, batch_rows
from playground.analysis.depth.samples import draw_samples
from playground.analysis.depth.settings import BRANCH_STARTS, MAX_DEPTH, DepthSettings
from playground.analysis.depth.study import DepthStudy
from playground.analysis.depth.surgery import LayerSurgery, remove_layers, removed_counts, reverse_layers
from playground.live.memory_budget import SESSION_BYTES, parts_of
from playground.live.scheduling.job import Job
from playground.nn.activations import ACTIVATIONS

SMALL = DepthSettings(networks=2, steps=20, depths=(2, 5))


@pytest.fixture(scope="module", params=[False, True], ids=["bare", "batch norm"])
def programs(request: pytest.FixtureRequest) -> DepthPrograms:
    settings = DepthSettings(networks=2, steps=20, depths=(2, 5), batch_norm=request.param)
    return DepthPrograms(settings, draw_samples("spiral"))


def test_steps_are_those_of_optax_on_the_definition(programs: DepthPrograms) -> None:
    samples, depth, steps = programs.samples, 5, 4
    state = programs.train(programs.begin(depth), depth, steps)
    found = cut_layers(state.params, depth)
    transform = optax.adam(programs.settings.learning_rate)
    for g, skip in ((0, 0.0), (3, 1.0)):
        params = jax.tree.map(jnp.asarray, cut_layers(programs.begin(depth).params, depth))
        memory = transform.init(params)
        for step in range(steps):
            rows = np.asarray(batch_rows(jnp.asarray(programs.seeds), jnp.int32(step), samples.train_count))[g % 2]
            of_batch = partial(
                network_loss,
                g=g,
                depth=depth,
                skip=skip,
                activation="tanh",
                x=jnp.asarray(samples.x[rows]),
                y=jnp.asarray(samples.y[rows]),
            )
            update, memory = transform.update(jax.grad(of_batch)(params), memory)
            params = cast("DepthParams", optax.apply_updates(params, update))
        np.testing.assert_allclose(found.weights[:, g], params.weights[:, g], atol=2e-4)
        np.testing.assert_allclose(found.input_weights[g], params.input_weights[g], atol=2e-4)
        np.testing.assert_allclose(found.output_bias[g], params.output_bias[g], atol=2e-4)


def test_it_does_not_matter_in_how_many_calls_or_beside_whom(programs: DepthPrograms) -> None:
    whole = programs.train(programs.begin(5), 5, 12)
    parts = programs.begin(5)
    for steps in (1, 4, 7):
        parts = programs.train(parts, 5, steps)
    for a, b in zip(jax.tree.leaves(whole), jax.tree.leaves(parts), strict=True):
        np.testing.assert_array_equal(a, b)
    other = DepthPrograms(DepthSettings(networks=2, seed=1, batch_norm=programs.settings.batch_norm), programs.samples)
    shifted = other.train(other.begin(5), 5, 12)  # its first network is the second one here
    np.testing.assert_allclose(whole.params.weights[:, 1], shifted.params.weights[:, 0], atol=1e-6)


def test_batches_are_even_and_of_the_train_set_alone() -> None:
    rows = np.stack([batch_rows(jnp.arange(4, dtype=jnp.uint32), jnp.int32(step), 64) for step in range(400)])
    counts = np.bincount(rows.ravel(), minlength=64)
    assert len(counts) == 64
    expected = rows.size / 64
    assert ((counts - expected) ** 2 / expected).sum() < 110  # chi-squared with 63 degrees: 99.98 %
    assert rows.shape == (400, 4, BATCH)
    assert len({tuple(batch) for batch in rows.reshape(-1, BATCH)}) == 1600


def walk(params: DepthParams, g: int, skip: float, x: np.ndarray, route: list[int], depth: int) -> list[np.ndarray]:
    """The sums at every layer of a route, by the definition in NumPy, normalised by the moments of what the whole
    network sees there."""
    f = lambda z: np.asarray(ACTIVATIONS["tanh"].fn(jnp.asarray(z)))  # noqa: E731
    moments: list[tuple[np.ndarray, np.ndarray]] = []

    def normalize(layer: int, h: np.ndarray) -> np.ndarray:
        if not len(params.scales):
            return h
        mean, variance = moments[layer]
        return params.scales[layer, g] * (h - mean) / np.sqrt(variance + EPSILON) + params.offsets[layer, g]

    def run(layers: list[int], *, measure: bool) -> list[np.ndarray]:
        h = x @ params.input_weights[g].T + params.input_bias[g]
        sums = [h]
        for layer in layers:
            if measure:
                moments.append((h.mean(0), h.var(0)))
            h = skip * h + f(normalize(layer, h)) @ params.weights[layer, g].T + params.biases[layer, g]
            sums.append(h)
        if measure:
            moments.append((h.mean(0), h.var(0)))
        output = f(normalize(depth - 1, h)) @ params.output_weights[g].T + params.output_bias[g]
        return [*sums, output]

    run(list(range(depth - 1)), measure=True)
    return run(route, measure=False)


def loss_of(logits: np.ndarray, y: np.ndarray) -> float:
    return float(optax.softmax_cross_entropy_with_integer_labels(jnp.asarray(logits), jnp.asarray(y)).mean())


def test_a_look_is_what_the_definition_says(programs: DepthPrograms) -> None:
    samples, depth = programs.samples, 5
    state = programs.train(programs.begin(depth), depth, 12)
    look, params = programs.look(state.params, depth), cut_layers(state.params, depth)
    learned = slice(0, samples.train_count)
    for g, skip in ((0, 0.0), (2, 1.0)):
        *sums, logits = walk(params, g, skip, samples.x[learned], [0, 1, 2, 3], depth)
        assert float(look.scores[0, g]) == pytest.approx(loss_of(logits, samples.y[learned]), abs=1e-5)
        right = (logits.argmax(1) == samples.y[learned]).mean()
        assert float(look.scores[2, g]) == pytest.approx(right)
        signal = [np.sqrt((h**2).mean()) for h in sums]
        np.testing.assert_allclose(look.signal[:depth, g], signal, rtol=1e-4)
        change = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in pairwise(sums)]
        np.testing.assert_allclose(look.change[: depth - 1, g], change, rtol=1e-4)
        few_x, few_y = jnp.asarray(samples.x[:GRADIENT_ROWS]), jnp.asarray(samples.y[:GRADIENT_ROWS])
        of_network = partial(network_loss, g=g, depth=depth, skip=skip, activation="tanh", x=few_x, y=few_y)
        slope = jax.grad(of_network)(jax.tree.map(jnp.asarray, params))
        norms = [np.linalg.norm(slope.input_weights[g]), *(np.linalg.norm(w) for w in slope.weights[:, g])]
        np.testing.assert_allclose(look.gradient[:depth, g], norms, rtol=1e-3)
    assert not np.asarray(look.signal[depth:]).any()


def test_routes_leave_out_and_exchange_the_layers_that_they_say(programs: DepthPrograms) -> None:
    samples, depth = programs.samples, 5
    state = programs.train(programs.begin(depth), depth, 12)
    look, params = programs.look(state.params, depth), cut_layers(state.params, depth)
    routes = [remove_layers(depth, ()), remove_layers(depth, {1}), reverse_layers(depth, {0, 2, 3}), ()]
    assert routes[1:3] == [(0, 2, 3), (3, 1, 2, 0)]
    scores = programs.reroute(state.params, look.moments, depth, routes * 3)
    np.testing.assert_allclose(scores[0, 0], look.scores[0], atol=1e-5)
    np.testing.assert_array_equal(scores[:4], scores[8:])  # more routes than one call takes
    learned = slice(0, samples.train_count)
    for place, route in enumerate(routes):
        for g, skip in ((1, 0.0), (3, 1.0)):
            logits = walk(params, g, skip, samples.x[learned], list(route), depth)[-1]
            assert scores[place, 0, g] == pytest.approx(loss_of(logits, samples.y[learned]), rel=1e-3), route


def test_a_study_is_looked_at_often_and_lets_go_of_what_it_needs_no_more() -> None:
    study = DepthStudy(SMALL)
    looks = set()
    for share in study.work():
        assert 0 <= share <= 1
        looks.add(study.looks)
    assert len(looks) >= 10
    assert study.marks[0] == 0
    assert study.marks[-1] == 20
    assert np.isfinite(study.scores).all()
    for depth in SMALL.depths:
        assert study.measure("change", depth).shape == (depth - 1, 2, 2)
        assert np.isfinite(study.measure("gradient", depth)).all()
    assert np.isnan(study.layers[:, 0, :, 2:]).all()
    alone = DepthPrograms(SMALL, study.samples)
    state = alone.train(alone.begin(5), 5, 20)
    np.testing.assert_array_equal(alone.look(state.params, 5).scores[0].reshape(2, 2), study.score("train_loss")[1])
    surgery = LayerSurgery(study, 5)
    assert list(surgery.work())[-1] == 1.0
    assert surgery.is_finished
    np.testing.assert_allclose(surgery.intact[0], study.score("train_loss")[1], atol=1e-5)
    np.testing.assert_array_equal(surgery.without[2], surgery.route_scores((0, 1, 3)))
    np.testing.assert_array_equal(surgery.exchanged[0], surgery.route_scores((1, 0, 2, 3)))
    smallest = LayerSurgery(study, 2)
    assert list(smallest.work())[-1] == 1.0
    assert removed_counts(2) == (1,)
    assert removed_counts(MAX_DEPTH)[-1] == MAX_DEPTH - 2


def test_the_largest_study_leaves_room_for_a_run_in_what_a_session_holds() -> None:
    study = DepthStudy(DepthSettings(dataset="digits", batch_norm=True, networks=16, steps=20))
    for _ in study.work():
        pass
    surgery = LayerSurgery(study, 32)
    for _ in surgery.work():
        pass
    job = Job("surgery", surgery.recipes, surgery.work)
    held = parts_of(job) | parts_of(surgery)
    assert sum(held.values()) < SESSION_BYTES - 2**20


def test_both_kinds_begin_alike_but_for_the_size_of_branches() -> None:
    settings = DepthSettings(networks=2, branches="scaled")
    params = cut_layers(DepthPrograms(settings, draw_samples("spiral")).begin(16).params, 16)
    np.testing.assert_allclose(params.weights[:, 2:], params.weights[:, :2] / 4, rtol=1e-6)
    np.testing.assert_array_equal(params.input_weights[2:], params.input_weights[:2])
    assert BRANCH_STARTS["zero"].factor(9) == 0
    assert BRANCH_STARTS["full"].factor(9) == 1
    for before, after in zip(params, cut_layers(pad_layers(params), 16), strict=True):
        np.testing.assert_array_equal(before, after)


def test_networks_that_break_are_infinite_and_disturb_no_others() -> None:
    settings = DepthSettings(networks=2, learning_rate=1.0, activation="relu", initializer="he_normal")
    programs = DepthPrograms(settings, draw_samples("spiral"))
    state = programs.begin(32)
    broken = state.params._replace(weights=state.params.weights.copy())
    broken.weights[:, 0] *= 1e4
    look = programs.look(programs.train(state._replace(params=broken), 32, 3).params, 32)
    assert np.isinf(look.scores[0, 0])
    assert look.scores[2, 0] == 0
    np.testing.assert_array_equal(
        look.scores[:, 1], programs.look(programs.train(state, 32, 3).params, 32).scores[:, 1]
    )

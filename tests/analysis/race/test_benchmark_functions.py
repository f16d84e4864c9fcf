"""Surfaces and descents against published minima, finite differences and formulas done by hand."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from playground.analysis.race.benchmark_functions import SURFACES, own_surface
from playground.analysis.race.entrants import RACING
from playground.analysis.race.function_descent import (
    MAX_STEPS,
    FunctionDescent,
    make_descend,
    optimizer_memory,
    surface_entrants,
    surface_rates,
)
from playground.errors import PlaygroundError
from playground.live import ComparisonRun, FrameRequest
from playground.training.knobs import knob_vector

PUBLISHED = {
    # Moré, Garbow & Hillstrom 1981 (Rosenbrock, Beale); Himmelblau 1972; Mühlenbein et al. 1991 (Rastrigin): heights at
    # (0, 0) and (2, 1)
    "ravine": (0, 0.2 + 2),
    "rosenbrock": (1, 1 + 900),
    "beale": (1.5**2 + 2.25**2 + 2.625**2, 1.5**2 + 2.25**2 + 2.625**2),
    "himmelblau": (170, 36 + 16),
    "saddle": (0, 4 - 1 + 0.25),
    "rastrigin": (0, 5),
}


@pytest.mark.parametrize("name", list(SURFACES))
def test_heights_and_minima_are_the_published_ones(name: str) -> None:
    surface = SURFACES[name]
    assert surface.height(np, np.array([0.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx(PUBLISHED[name])
    for x1, x2 in surface.minima:
        assert float(surface.height(np, np.float64(x1), np.float64(x2))) == pytest.approx(surface.lowest, abs=1e-9)
    heights = surface.heights(64)
    assert heights.min() >= surface.lowest
    assert surface.xlim[0] < surface.start[0] < surface.xlim[1]
    assert surface.ylim[0] < surface.start[1] < surface.ylim[1]


@pytest.mark.parametrize("name", list(SURFACES))
def test_the_descent_follows_the_gradient_of_finite_differences(name: str) -> None:
    surface = SURFACES[name]
    way = surface_entrants(surface, ["sgd"])[0]
    descent = FunctionDescent(surface, [way])
    x = descent.first_state().places[0].x.astype(float)
    moved = descent.advance(descent.first_state(), 1).places[0].x
    small = 1e-5 * np.eye(2)
    slope = np.array([surface.height(np, *(x + e)) - surface.height(np, *(x - e)) for e in small]) / 2e-5
    assert moved == pytest.approx(x - way.knobs.learning_rate * slope, rel=1e-4, abs=1e-5)


def test_what_is_remembered_is_momentum_and_adam_by_hand() -> None:
    surface = SURFACES["ravine"]
    ways = surface_entrants(surface, ["momentum", "adam", "textbook_adam", "rmsprop", "lion"])
    descent = FunctionDescent(surface, ways)
    state = descent.advance(descent.advance(descent.first_state(), 1), 1)
    found = [optimizer_memory(way, place) for way, place in zip(ways, state.places, strict=True)]
    x, v = np.array(surface.start, float), np.zeros(2)
    for _ in range(2):
        v = 0.9 * v + x * (0.1, 4.0)
        x = x - ways[0].knobs.learning_rate * v
    assert state.places[0].x == pytest.approx(x, rel=1e-5)
    assert found[0][:2] == pytest.approx(-v, rel=1e-5)
    assert np.isnan(found[0][2:]).all()
    x, m, s = np.array(surface.start, float), np.zeros(2), np.zeros(2)
    for step in (1, 2):
        g = x * (0.1, 4.0)
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        x = x - ways[1].knobs.learning_rate * (m / (1 - 0.9**step)) / (np.sqrt(s / (1 - 0.999**step)) + 1e-8)
    assert state.places[1].x == pytest.approx(x, rel=1e-4)
    assert found[1] == pytest.approx([*-m, *np.sqrt(s)], rel=1e-3)
    assert np.isfinite(found[2]).all()
    assert np.isfinite(found[3]).all()
    assert np.sign(found[3][:2]) == pytest.approx(-np.sign(descent.start))
    assert np.isnan(found[4][2:]).all()


def test_any_cutting_is_the_same_descent_and_frames_hold_the_heights() -> None:
    surface = SURFACES["himmelblau"]
    descent = FunctionDescent(surface, surface_entrants(surface, ["sgd", "adam"]))
    one, two = (
        descent.advance(descent.first_state(), 30),
        descent.advance(descent.advance(descent.first_state(), 13), 17),
    )
    assert all((a.x == b.x).all() for a, b in zip(one.places, two.places, strict=True))
    frame = descent.frame(one)
    path = frame.part(descent.blocks, "path").reshape(2, 2)
    heights = frame.part(descent.blocks, "series").reshape(2, 2)[:, 0]
    assert heights == pytest.approx(surface.height(np, path[:, 0], path[:, 1]), rel=1e-4)
    assert len(descent.series) == frame.part(descent.blocks, "series").size


def test_who_leaves_the_surface_stays_where_that_was_and_is_told() -> None:
    surface = SURFACES["rosenbrock"]
    descent = FunctionDescent(surface, surface_rates(surface, "sgd", [100.0]))
    state = descent.advance(descent.first_state(), 50)
    assert state.bad_step[0] >= 0
    assert np.isfinite(state.places[0].x).all()
    assert np.isnan(descent.frame(state).part(descent.blocks, "series")).all()
    told = descent.stop_reason(state)
    assert told is not None
    assert told[0] == "diverged"
    assert int(descent.advance(descent.first_state(), 10 * MAX_STEPS).step) == MAX_STEPS


def test_every_racing_optimizer_descends_and_streams() -> None:
    surface = SURFACES["ravine"]
    ways = surface_entrants(surface, [*RACING, "lbfgs"])
    assert len(ways) == len(RACING)
    for way in ways:
        place = FunctionDescent(surface, [way]).first_state().places[0]
        moved = make_descend(surface, way)
        assert callable(moved)
        assert knob_vector(way.knobs).shape
        assert np.shape(optimizer_memory(way, place)) == (4,)
    lanes = ComparisonRun("a", FunctionDescent(surface, ways[:2]))
    while not lanes.has_begun:
        lanes.mount()
    chunk = lanes.answer(FrameRequest(run="a", epoch=0, start=1, pace=5, head=0, frames=4))  # pyright: ignore[reportCallIssue]
    assert len(chunk.frames) == 4


@pytest.mark.parametrize("text", ["", "x1**", "__import__('os')", "log(-1-x1**2)"])
def test_own_formulas_that_are_none_are_answered_in_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError):
        own_surface(text, 3.0, (1.0, 1.0))


def test_an_own_formula_is_a_surface() -> None:
    surface = own_surface("x1^2 + abs(x2)", 2.0, (1.0, -1.0))
    assert surface.floor == pytest.approx(0, abs=1e-6)
    bowl = own_surface("(x1-0.3)^2+2*(x2+0.71)^2-5", 2.0, (1.0, -1.0))
    assert bowl.floor == pytest.approx(-5, abs=1e-6)
    assert float(surface.height(jnp, jnp.float32(1), jnp.float32(-2))) == pytest.approx(3)

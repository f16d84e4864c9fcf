"""A training on its plane: places, losses and sharpness of every frame against what they are elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.landscape.curvature import Sharpness
from playground.analysis.landscape.descent_simulation import LIVE_SIDE, DescentSimulation, log_range, shades_of
from playground.analysis.landscape.plane import Plane, flat
from playground.live.frames.observer import Observer


def course(moving: bool = False, **options: object) -> DescentSimulation:
    experiment = Experiment.of(hidden=[2], samples=50, **options)
    trainer = Trainer(experiment)
    start = trainer.init()
    directions = np.eye(2, flat(start).size)
    plane = Plane(flat(start), directions, ((-1, 1), (-1, 1)))
    return DescentSimulation(Observer(trainer), experiment, None, start, plane, moving)


def test_a_point_moves_over_a_plane_that_stays() -> None:
    on = course()
    state = on.advance(on.first_state(), 30)
    frame = on.frame(state)
    np.testing.assert_allclose(frame.part(on.blocks, "path"), (flat(state) - flat(on.start))[:2], atol=1e-6)
    train, test, sharp, most = frame.part(on.blocks, "series")
    scores = on.observer.trainer.scores(state)
    np.testing.assert_allclose([train, test], [scores.train_loss, scores.test_loss], rtol=1e-5)
    assert sharp == pytest.approx(float(Sharpness(on.observer.trainer)(state).values[0]), rel=1e-5)
    assert most == pytest.approx(2 / 0.03)
    moved = flat(state) - flat(on.start)
    assert on.distance_from_plane(state) == pytest.approx(np.square(moved[2:]).sum() / np.square(moved).sum(), rel=1e-4)
    assert on.with_learning_rate(0.5).frame(state).part(on.blocks, "series")[3] == pytest.approx(4)
    assert on.stop_reason(state) is None


def test_a_plane_that_goes_along_has_the_point_in_its_middle() -> None:
    on = course(moving=True)
    frame = on.frame(on.advance(on.first_state(), 30))
    assert frame.part(on.blocks, "path").tolist() == [0, 0]
    assert frame.part(on.blocks, "map").shape == (1, LIVE_SIDE**2)
    assert len(on.recipes) == 4


def test_it_ends_where_it_diverges() -> None:
    wild = course(dataset="plane", activation="relu", output_activation="identity").with_learning_rate(10.0)
    said = wild.stop_reason(wild.advance(wild.first_state(), 500))
    assert said is not None
    assert said[0] == "diverged"


def test_shades_by_hand() -> None:
    heights = np.array([[1.0, 10.0], [100.0, np.nan]])
    assert shades_of(heights, 0, 2).tolist() == [[255, 255], [0, 127]]
    assert log_range(np.array([[1e-9, 1.0]] * 50))[0] == pytest.approx(-3)
    assert log_range(np.full((2, 2), np.nan)) == (-1, 0)

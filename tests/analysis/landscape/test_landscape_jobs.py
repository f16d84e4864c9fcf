"""What is measured around a run's way, in good states and bad ones; the run itself is left alone."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from playground import Experiment
from playground.analysis.landscape.jobs import (
    KINDS,
    InterpolationJob,
    PlaneJob,
    PlaneKind,
    SharpnessJob,
    coarse_to_fine,
)
from playground.analysis.landscape.plane import flat
from playground.analysis.landscape.weight_path import AHEAD, WeightPath
from playground.errors import PlaygroundError
from playground.live import FrameRequest, Run
from playground.nn.masks import full_masks
from playground.programs.cache import ProgramSpec


def gone(run: Run, frames: int, pace: int) -> Run:
    """The run after so many more frames."""
    run.compile()
    for _ in range(frames):
        run.answer(FrameRequest(run.name, run.epoch, run.last + 1, pace, run.last, 1))
    return run


def done(measured: PlaneJob | SharpnessJob | InterpolationJob) -> None:
    """All of its work at once."""
    for recipe in measured.recipes:
        recipe.program()
    assert all(isinstance(share, ProgramSpec) or 0 <= share <= 1 for share in measured.work())


@pytest.fixture(scope="module")
def run() -> Run:
    return gone(Run("a", Experiment.of(hidden=[3], samples=50, learning_rate=0.1)), 8, 20)


def test_the_way_is_the_run_s_own_and_the_run_stays(run: Run) -> None:
    descent = WeightPath(run, 6)
    assert list(descent.fetch_all())[-1] == 1
    assert descent.steps.tolist() == [0, 20, 40, 60, 80, 100, 120]
    assert not descent.ahead
    for frame in (0, 3, 6):
        weights = np.concatenate([np.ravel(layer[name]) for layer in run.state(frame).params for name in ("b", "w")])
        np.testing.assert_array_equal(descent.path[frame], weights)
    np.testing.assert_allclose(descent.losses()[3], run.frame(3).scalar("train_loss"), rtol=1e-6)
    assert descent.allowed.tolist() == pytest.approx([20] * 7)
    assert run.last == 8


def test_who_has_not_played_is_shown_what_would_come() -> None:
    run = Run("b", Experiment.of(hidden=[3], samples=50))
    run.compile()
    descent = WeightPath(run, 0)
    assert list(descent.fetch_all())[-1] == 1
    assert descent.ahead == AHEAD == descent.steps[-1]
    assert run.last == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_terrain_is_low_where_the_network_stands(run: Run, kind: PlaneKind) -> None:
    descent = WeightPath(run, run.last)
    terrain = PlaneJob(descent, kind, 3)
    done(terrain)
    assert terrain.plane is not None
    assert terrain.heights.shape == (51, 51)
    np.testing.assert_allclose(terrain.at[-1], 0, atol=1e-6)
    assert 0 <= terrain.off <= 1
    at = [int(np.abs(axis).argmin()) for axis in terrain.plane.axes()]
    here = run.frame(run.last).scalar("train_loss")
    assert terrain.heights[at[1], at[0]] == pytest.approx(here, rel=0.5)
    if kind == "path":
        assert terrain.off < 0.2


def test_turned_knobs_count_and_the_sharpness_is_that_of_each_state(run: Run) -> None:
    descent = WeightPath(run, run.last)
    steep = SharpnessJob(descent)
    done(steep)
    assert np.isfinite(steep.values).all()
    np.testing.assert_allclose(steep.values[3], steep.sharpness(run.state(3)).values[0], rtol=1e-4)
    turned = gone(Run("c", Experiment.of(hidden=[3], samples=50, learning_rate=0.1)), 2, 20)
    turned.update_knobs(Experiment.of(hidden=[3], samples=50, learning_rate=0.4, l2=0.5))
    gone(turned, 2, 20)
    later = WeightPath(turned, turned.last)
    list(later.fetch_all())
    assert later.allowed.tolist() == pytest.approx([20, 20, 20, 5, 5])
    l2 = later.trainer.experiment.knobs.l2
    assert l2 == 0
    assert later.knobs[list(later.experiment.knobs.as_dict()).index("l2")] == 0.5


def test_the_line_to_another_start(run: Run) -> None:
    descent = WeightPath(run, run.last)
    crossing = InterpolationJob(descent, 5)
    done(crossing)
    assert crossing.other_step == descent.steps[-1]
    assert crossing.losses is not None
    assert crossing.matched is not None
    ends = [int(np.abs(crossing.places - place).argmin()) for place in (0, 1)]
    np.testing.assert_allclose(crossing.losses[ends], crossing.matched[ends], rtol=1e-3)
    np.testing.assert_allclose(crossing.losses[ends[0], 0], run.frame(run.last).scalar("train_loss"), rtol=1e-4)


def test_what_is_switched_off_stays_off_and_nothing_is_matched() -> None:
    run = gone(Run("d", Experiment.of(hidden=[3], samples=50)), 2, 20)
    masks = full_masks(run.trainer.network)
    masks.units[1][1] = 0
    run.intervene(run.last, masks=masks)
    gone(run, 2, 20)
    descent = WeightPath(run, run.last)
    terrain, crossing = PlaneJob(descent, "random"), InterpolationJob(descent, 1)
    done(terrain)
    done(crossing)
    assert terrain.plane is not None
    off = np.flatnonzero((terrain.plane.directions == 0).all(axis=0))
    assert len(off) >= 3, "two weights into the unit and one out of it"
    assert crossing.matched is None
    assert crossing.losses is not None
    here = int(np.abs(crossing.places).argmin())
    np.testing.assert_allclose(crossing.losses[here, 0], run.frame(run.last).scalar("train_loss"), rtol=1e-4)


BAD = {
    "diverged": {"learning_rate": 10, "dataset": "plane", "activation": "relu", "output_activation": "identity"},
    "five classes and no hidden layer": {"dataset": "blobs", "classes": 5, "loss": "softmax_cross_entropy"},
}


@pytest.mark.parametrize("case", BAD)
def test_bad_states_are_measured_or_refused_calmly(case: str) -> None:
    hidden = [3] if case == "diverged" else []
    descent = WeightPath(Run("e", Experiment.of(samples=50, hidden=hidden, **BAD[case])), 0)
    terrain, steep = PlaneJob(descent, "path"), SharpnessJob(descent)
    if case == "diverged":
        with suppress(PlaygroundError):
            done(terrain)
        assert "Diverged" in descent.stopped
    else:
        done(terrain)
        assert terrain.plane is not None
    done(steep)
    assert np.isfinite(steep.values).any()


@pytest.mark.parametrize(
    ("options", "frames", "pace", "head"),
    [
        ({}, 1, 1, 1),
        ({}, 8, 100, 0),
        ({}, 3, 1, 3),
        ({"learning_rate": 1e-5}, 2, 1, 2),
        ({"learning_rate": 0.0}, 2, 5, 2),
        ({"learning_rate": 0.0, "hidden": []}, 2, 5, 2),
    ],
    ids=[
        "one step",
        "scrubbed to the start",
        "three steps",
        "hardly moving",
        "not moving",
        "not moving, without layers",
    ],
)
def test_a_way_too_short_to_see_still_shows_a_landscape(options: dict, frames: int, pace: int, head: int) -> None:
    """The picture has relief along both of its directions, and holds the present weights, where a copy would go, and
    what surrounds them."""
    run = gone(Run("g", Experiment.of(**{"hidden": [3], "samples": 50} | options)), frames, pace)
    terrain = PlaneJob(WeightPath(run, head), "path")
    done(terrain)
    descent, plane = terrain.descent, terrain.plane
    assert plane is not None
    assert descent.ahead == AHEAD
    np.testing.assert_array_equal(descent.path[descent.present], flat(run.state(head)))
    assert descent.steps[descent.present] == int(run.state(head).step)
    whole = np.ptp(terrain.heights)
    assert min(np.ptp(terrain.heights, axis=axis).max() for axis in (0, 1)) > 0.05 * whole, "a stripe"
    bends = [np.abs(terrain.heights[[0, 25, 50]].T @ [1, -2, 1]), np.abs(terrain.heights[:, [0, 25, 50]] @ [1, -2, 1])]
    assert max(bend.max() for bend in bends) > 0.05 * whole, "a slope and no more"
    for low, high in plane.span:
        assert high - low >= 0.5 * np.linalg.norm(plane.centre) - 1e-6
    if options.get("learning_rate") == 0.0:
        assert terrain.sharpest == 2


def test_a_long_way_is_shown_as_it_is(run: Run) -> None:
    descent = WeightPath(run, run.last)
    list(descent.fetch_all())
    assert descent.ahead == 0
    assert descent.present == len(descent.path) - 1


def test_coarse_to_fine_misses_nothing() -> None:
    assert [sorted(coarse_to_fine(n)) for n in (0, 1, 5)] == [[], [0], [0, 1, 2, 3, 4]]
    assert coarse_to_fine(9)[:3] == [8, 0, 4]

"""With one input each start's fitted curve is shown, in the target's units: what the network answers there by
itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.seeds.page import heights
from playground.analysis.seeds.parts import GRID, MAX_FITS
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.figures.fitted_curve import fits_figure, spread_figure
from playground.nn.network import forward

CASES: dict[str, dict[str, Any]] = {
    "a regression": {"dataset": "diabetes", "features": ["body_mass_index"], "hidden": [3], "standardize": True},
    "probabilities": {
        "dataset": "breast_cancer",
        "features": ["mean_area"],
        "hidden": [2],
        "loss": "binary_cross_entropy",
    },
}


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
@pytest.mark.parametrize("case", CASES)
def test_each_curve_is_what_that_start_answers(case: str, grouped: bool) -> None:
    many = SeedEnsemble(Experiment.of(**CASES[case]), networks=3, steps=40, points=2, grouped=grouped)
    for _ in many.work():
        pass
    prepared = many.trainer.prepared
    picture, cells = prepared.picture, GRID * GRID
    x = picture.xlim[0] + (np.arange(cells) + 0.5) / cells * (picture.xlim[1] - picture.xlim[0])
    inputs = ((x[:, None] - prepared.plane.mean) / prepared.plane.deviation).astype(np.float32)
    for k in range(3):
        alone = Trainer(many.member_experiment(k))
        state = alone.advance(alone.init(), 40)
        output = np.asarray(forward(alone.network, state.params, state.stats, inputs)[-1].h, float)[:, 0]  # pyright: ignore[reportArgumentType]
        expected = (
            prepared.target.mean + prepared.target.deviation * output
            if case == "a regression"
            else 1 / (1 + np.exp(-output))
        )
        np.testing.assert_allclose(heights(many)[k], expected, atol=2e-3 * np.ptp(picture.ylim))
    spread = heights(many).std(axis=0)
    if case == "a regression":
        np.testing.assert_allclose(
            prepared.target.deviation * many.outcome.disagreement, spread, atol=0.01 * spread.max()
        )


def test_a_plane_has_no_curves_and_many_networks_show_the_first() -> None:
    plane = SeedEnsemble(Experiment.of(samples=60, hidden=[2]), networks=2, steps=2, points=2)
    line = SeedEnsemble(
        Experiment.of(dataset="ripples", features=["radius"], hidden=[2]), networks=MAX_FITS + 2, steps=2
    )
    for many in (plane, line):
        for _ in many.work():
            pass
    assert len(plane.outcome.fits) == 0
    assert len(line.outcome.fits) == MAX_FITS


def test_the_figure_has_a_line_for_each_start_but_those_that_diverged() -> None:
    picture = Trainer(Experiment.of(**CASES["a regression"])).prepared.picture
    fits = np.array([np.linspace(100, 200, 50), np.full(50, np.nan), np.linspace(120, 140, 50)])
    figure: Any = fits_figure(fits, picture, np.array([5, 6, 7]))
    train, test, starts, mean = figure.data
    assert len(train.x) + len(test.x) == len(picture.x)
    lines = np.array(starts.y).reshape(2, 51)
    np.testing.assert_array_equal(lines[:, :-1], fits[[0, 2]])
    assert np.isnan(lines[:, -1]).all()  # no line from one start to the next
    assert set(starts.customdata) == {5, 7}
    np.testing.assert_allclose(mean.y, fits[[0, 2]].mean(axis=0))
    assert picture.xlim[0] < starts.x[0] < starts.x[49] < picture.xlim[1]
    across: Any = spread_figure(np.arange(50.0), picture, "target")
    np.testing.assert_allclose(across.data[0].x, starts.x[:50])

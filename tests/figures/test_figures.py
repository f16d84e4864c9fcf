"""Figures as data: what is drawn is what was given, the right way up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from playground import Experiment, Trainer
from playground.analysis.landscape.line_figures import sharpness_figure
from playground.figures.fitted_curve import curve_figure
from playground.figures.theme import log_ticks
from playground.live.frames.observer import Observer
from playground.live.inspection.metrics import confusion_matrix, r_squared, recall, rmse_of, root_mean_square_error
from playground.stage.figures.compare import compare_figure
from playground.stage.figures.confusion import confusion_figure
from playground.stage.figures.history import history_figure
from playground.stage.figures.surface import surface_figure

ROOT = Path(__file__).resolve().parents[2]


def test_measures_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    matrix = confusion_matrix(true, predicted, 4)
    np.testing.assert_array_equal(matrix, metrics.confusion_matrix(true, predicted))
    np.testing.assert_allclose(recall(matrix), metrics.recall_score(true, predicted, average=None))  # pyright: ignore[reportArgumentType]
    y, guess = rng.normal(size=50), rng.normal(size=50)
    assert r_squared(y, guess) == pytest.approx(metrics.r2_score(y, guess))
    error = metrics.root_mean_squared_error(y, guess)
    assert root_mean_square_error(y, guess) == pytest.approx(error)
    assert rmse_of(metrics.r2_score(y, guess), y.std()) == pytest.approx(error)
    assert np.isnan(recall(np.array([[0, 0], [1, 3]]))[0])
    assert np.isnan(r_squared(np.ones(3), np.ones(3)))


@pytest.mark.parametrize("dataset", ["gauss", "blobs", "plane"])
def test_the_surface_rises_to_the_right_and_to_the_back_as_the_network_does(dataset: str) -> None:
    trainer = Trainer(Experiment.of(dataset=dataset, hidden=[], samples=200))
    state = trainer.advance(trainer.init(), 200)
    observer = Observer(trainer)
    figure: Any = surface_figure(observer(state).part(observer.blocks, "map"), trainer.prepared.picture)
    surface = figure.data[0]
    z = np.array(surface.z)
    assert z.shape == (64, 64)
    assert len(figure.data[1].x) == trainer.prepared.picture.train.sum()
    if dataset == "plane":  # (x1 + x2) / 10
        assert z[0, -1] > z[0, 0]
        assert z[-1, 0] > z[0, 0]


def test_a_confusion_figure_has_the_first_class_on_top() -> None:
    figure: Any = confusion_figure(np.array([[5, 1], [2, 8]]), ("no", "yes"))
    heat = figure.data[0]
    assert list(heat.y) == ["yes", "no"]
    np.testing.assert_array_equal(heat.text, [[2, 8], [5, 1]])
    np.testing.assert_allclose(heat.z[1], [5 / 6, 1 / 6])


def test_two_moments_are_drawn_side_by_side() -> None:
    maps = [np.full((1, 4, 4), 255, np.uint8), np.full((1, 4, 4), 1, np.uint8)]
    figure: Any = compare_figure(maps, [np.ones(5), np.zeros(7)], [np.array([1.0, 2]), np.array([3.0, 4])], ["a", "b"])
    np.testing.assert_allclose(figure.data[0].z, 1)
    np.testing.assert_allclose(figure.data[1].z, -1)
    assert list(figure.data[3].y) == [1, 2]
    assert len(figure.data[4].x) == 7


def test_the_history_has_logarithmic_steps_where_asked_for() -> None:
    curves = {name: np.arange(1, 5.0) for name in ("step", "train_loss", "test_loss", "train_metric", "test_metric")}
    figure: Any = history_figure(curves | {"gradient_norm": np.ones((4, 2))}, "accuracy", log_steps=True)
    assert figure.layout.xaxis.type == "log"
    np.testing.assert_array_equal(figure.data[0].y, [1, 2, 3, 4])


def test_the_curve_of_one_input_is_in_the_units_of_input_and_target() -> None:
    trainer = Trainer(Experiment.of(dataset="diabetes", features=["body_mass_index"], hidden=[]))
    observer, prepared = Observer(trainer), trainer.prepared
    state = trainer.init()
    map_ = observer(state).part(observer.blocks, "map")
    one = prepared.target.deviation * prepared.scale
    figure: Any = curve_figure(map_, prepared.picture, zero=prepared.target.mean, unit=one)
    train, test, line = figure.data
    np.testing.assert_allclose(np.sort(np.concatenate([train.y, test.y])), np.sort(prepared.targets))
    slope = float(state.params[0]["w"][0, 0]) * prepared.target.deviation / prepared.plane.deviation[0]
    expected = prepared.target.mean + slope * (np.array(line.x) - prepared.plane.mean[0])
    inside = np.abs(expected - prepared.target.mean) < one
    np.testing.assert_allclose(np.array(line.y)[inside], expected[inside], atol=one / 127)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.008, 0.25, ["0.01", "0.02", "0.05", "0.1", "0.2"]),
        (1e-7, 2.0, ["10<sup>−7</sup>", "10<sup>−5</sup>", "0.001", "0.1"]),
        (0.3, 0.31, []),
    ],
)
def test_a_logarithmic_axis_has_few_labels_and_none_that_has_to_be_added_up(
    low: float, high: float, expected: list[str]
) -> None:
    ticks = log_ticks(low, high)
    assert ticks.get("ticktext", []) == expected
    assert all(0.999 * low <= value <= 1.001 * high for value in ticks.get("tickvals", []))


def test_every_logarithmic_axis_names_its_numbers_in_full() -> None:
    """Plotly's own labels between powers of ten are digits: 5, 2, 1, 5."""
    steps, norms = np.arange(1.0, 5.0), np.array([[0.3, 0.31], [0.2, 0.3], [0.1, 0.3], [0.07, 0.3]])
    losses = dict.fromkeys(("train_loss", "test_loss", "train_metric", "test_metric"), norms[:, 0])
    curves = losses | {"step": steps, "gradient_norm": norms}
    figures = [
        history_figure(curves, "accuracy", log_steps=True),
        sharpness_figure(steps, np.array([0.4, 1.3, 3.0, 4.1]), np.full(4, 67.0), "2 / learning rate"),
        sharpness_figure(steps, np.array([0.30, 0.31, 0.32, 0.31]), np.full(4, np.nan), "2 / learning rate"),
    ]
    for figure in figures:
        axes = [
            axis
            for axis in figure.to_plotly_json()["layout"].values()
            if isinstance(axis, dict) and axis.get("type") == "log"
        ]
        assert axes
        for axis in axes:
            assert len(axis["tickvals"]) >= 2
            for value, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
                assert float(text) == pytest.approx(value)
    source = "".join(path.read_text() for path in (ROOT / "playground/figures").glob("*.py") if path.name != "theme.py")
    assert '"type": "log"' not in source
    assert 'type="log"' not in source

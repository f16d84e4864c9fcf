"""Figures of the race hold what they are given: paths on their surface, arrivals at their steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.analysis.race.benchmark_functions import SURFACES
from playground.analysis.race.figures import arrivals_figure
from playground.analysis.race.function_figures import descent_figure


def test_paths_lie_on_the_surface_and_end_where_they_leave_the_picture() -> None:
    surface = SURFACES["rosenbrock"]
    paths = np.array([[[1.0, 1.0], [0.0, 0.0]], [[1.5, 1.0], [99.0, 0.0]]])
    figure: Any = descent_figure(surface, paths, ["<b>A</b>", "B"])
    assert len(figure.data) == 3
    assert figure.data[1].name == "&lt;b&gt;A&lt;/b&gt;"
    assert list(figure.data[1].hovertext) == ["0", "156.5"]
    assert np.isnan(figure.data[2].x[1])
    assert figure.data[0].z.shape == (80, 80)


def test_who_never_arrives_stands_at_the_edge_and_is_named_so() -> None:
    figure: Any = arrivals_figure(np.array([[10.0, np.inf], [20.0, 40.0]]), ["A", "B"], 100.0, dark=True)
    assert list(figure.data[0].x) == [10, 20]
    assert list(figure.data[1].x) == [106, 40]
    assert list(figure.data[1].text) == ["start 0: never", "start 1: step 40"]
    assert figure.layout.annotations[0].text == "never"


def test_rows_of_learning_rates_are_categories_and_do_not_overlap() -> None:
    figure: Any = arrivals_figure(np.array([[10.0, 20.0, 30.0]]), ["0.001", "0.003", "0.03"], 100.0)
    assert figure.layout.yaxis.type == "category"
    assert [trace.name for trace in figure.data] == ["0.001", "0.003", "0.03"]

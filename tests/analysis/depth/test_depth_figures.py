"""Figures of depth show the numbers that they are given, and those that are missing or infinite without harm."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from playground.analysis.depth.figures import FLOOR, TOP, curves_figure, depth_figure, layers_figure, surgery_figure

DEPTHS = (2, 8)


def traces(figure: go.Figure) -> list[Any]:
    return list(figure.data)


def test_the_loss_by_depth_has_a_dot_a_network_and_the_medians_interval() -> None:
    losses = np.exp(np.random.default_rng(0).standard_normal((2, 2, 8)))
    losses[1, 0, 0], losses[1, 0, 1] = np.inf, 0.0
    dots, plain, _, residual = traces(depth_figure(DEPTHS, losses, "train loss"))
    assert len(dots.y) == 16
    assert max(dots.y) == TOP
    assert min(dots.y) == FLOOR
    np.testing.assert_allclose(plain.y, np.median(np.clip(losses[:, 0], FLOOR, TOP), axis=1))
    np.testing.assert_allclose(residual.y + residual.error_y.array, losses[:, 1].max(axis=1))
    np.testing.assert_allclose(residual.y - residual.error_y.arrayminus, losses[:, 1].min(axis=1))
    assert (plain.name, residual.name) == ("plain", "with skip connections")


def test_curves_of_both_kinds_have_one_scale_and_end_where_they_are_known() -> None:
    losses = np.exp(np.random.default_rng(1).standard_normal((5, 2, 2, 8)))
    losses[3:] = np.nan
    figures = [curves_figure(np.arange(5), losses, DEPTHS, kind, "train loss") for kind in (0, 1)]
    ranges = [figure.to_dict()["layout"]["yaxis"]["range"] for figure in figures]
    assert ranges[0] == ranges[1]
    for kind, figure in enumerate(figures):
        for place, trace in enumerate(traces(figure)):
            np.testing.assert_allclose(trace.y[:3], np.median(losses[:3, place, kind], axis=1))
            assert np.isnan(trace.y[3:]).all()
    assert len(traces(curves_figure(np.arange(5), np.full_like(losses, np.nan), DEPTHS, 0, ""))) == 2


def test_layers_are_numbered_and_what_is_not_positive_leaves_a_gap() -> None:
    values = np.ones((7, 2, 8))
    values[3, 1], values[4, 0, :3] = 0.0, np.nan
    drawn = traces(layers_figure(values, "norm", 2))
    assert list(drawn[2].x) == list(range(2, 9))
    assert np.isnan(drawn[5].y[3])
    assert drawn[2].y[4] == 1
    figure = layers_figure(values, "change", 2, log=False)
    assert figure.to_dict()["layout"]["yaxis"].get("type") != "log"


def test_surgery_is_drawn_beside_what_was_trained() -> None:
    losses, intact = np.full((3, 2, 8), 2.0), np.full((2, 8), 0.5)
    drawn = traces(surgery_figure((1, 5, 30), losses, intact, "layers", "train loss", dark=True))
    assert list(drawn[2].x) == [1, 5, 30]
    assert [list(trace.y) for trace in drawn[-2:]] == [[0.5, 0.5]] * 2
    assert "as trained" in drawn[-1].hovertemplate

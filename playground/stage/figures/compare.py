"""Two moments side by side: boundary, weights, gradients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from playground.figures.theme import layer_name, layout, log_axis
from playground.language import t
from playground.palette import INK, NEGATIVE, OKABE_ITO, POSITIVE, QUIET
from playground.stage.figures.surface import heights


def compare_figure(
    maps: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
    norms: Sequence[np.ndarray],
    titles: Sequence[str],
    *,
    curves: Sequence[bool] = (),
    dark: bool = False,
) -> go.Figure:
    """Of each of two moments: its map ``(planes, size, size)``, which lies along the only input where ``curves`` says
    so; below, all weights as histograms, and gradient norms by layer."""
    figure = make_subplots(
        rows=2,
        cols=2,
        subplot_titles=(*titles, t("Weights"), t("Gradient norm by layer")),
        row_heights=[0.6, 0.4],
        vertical_spacing=0.12,
    )
    for column, map_ in enumerate(maps, 1):
        several = len(map_) > 1
        if curves and curves[column - 1]:
            _add_curve(figure, map_, column, dark)
            continue
        z = map_[0, ::-1].astype(float) if several else heights(map_)
        scale = (
            [[i / 7, colour] for i, colour in enumerate(OKABE_ITO)]
            if several
            else [[0, NEGATIVE[dark]], [0.5, QUIET[dark]], [1, POSITIVE[dark]]]
        )
        low, high = (0, 7) if several else (-1, 1)
        figure.add_trace(
            go.Heatmap(z=z, colorscale=scale, zmin=low, zmax=high, showscale=False, hoverinfo="skip"), row=1, col=column
        )
        figure.update_xaxes(visible=False, row=1, col=column)
        figure.update_yaxes(visible=False, scaleanchor=f"x{column if column > 1 else ''}", row=1, col=column)
    bins = {"start": -5, "end": 5, "size": 0.25}
    for name, colour, values, norm in zip(
        (t("moment 1"), t("moment 2")), (INK[dark], NEGATIVE[dark]), weights, norms, strict=True
    ):
        figure.add_trace(
            go.Histogram(x=np.clip(values, -5, 4.99), xbins=bins, name=name, marker_color=colour, legendgroup=name),
            row=2,
            col=1,
        )
        labels = [*(layer_name(i + 1) for i in range(len(norm) - 1)), t("output")]
        figure.add_trace(
            go.Bar(x=labels, y=norm, name=name, marker_color=colour, legendgroup=name, showlegend=False), row=2, col=2
        )
    shared = layout(dark, height=600, hovermode="closest")
    shared["legend"] = {"orientation": "h", "yanchor": "top", "y": -0.06, "x": 0}
    across, up = shared.pop("xaxis"), shared.pop("yaxis")
    figure.update_layout(**shared)
    for column in (1, 2):
        figure.update_xaxes(**across, row=2, col=column)
        figure.update_yaxes(**up, row=2, col=column)
    figure.update_layout(barmode="group")
    figure.update_yaxes(**log_axis(*norms), row=2, col=2)
    return figure


def _add_curve(figure: go.Figure, map_: np.ndarray, column: int, dark: bool) -> None:
    """The answers along the only input, from one end of the picture to the other."""
    levels = map_.astype(float).reshape(-1, map_.shape[-1]).mean(axis=1)
    line = go.Scatter(y=levels, mode="lines", line={"color": INK[dark]}, showlegend=False, hoverinfo="skip")
    figure.add_trace(line, row=1, col=column)
    figure.update_xaxes(visible=False, row=1, col=column)
    figure.update_yaxes(visible=False, range=[0, 255], row=1, col=column)

"""The fitted curve of a network with one input."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import INK, NEGATIVE, POSITIVE, layout, plain
from playground.training.picture import Picture


def curve_places(map_: np.ndarray, picture: Picture, zero: float, one: float) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and answers along a frame's map ``(1, size, size)`` of ``picture``, whose value v stands for ``zero + one v``;
    a fraction of the cells, each the mean of its neighbours."""
    levels = map_.astype(float).reshape(-1, map_.shape[-1]).mean(axis=1)
    at = (np.arange(len(levels)) + 0.5) / len(levels)
    return picture.xlim[0] + at * (picture.xlim[1] - picture.xlim[0]), zero + one * (levels - 128) / 127


def curve_figure(map_: np.ndarray, picture: Picture, *, zero: float, one: float, dark: bool = False) -> go.Figure:
    """What the network answers over its only input, with the train and the test samples."""
    across, up = (plain(label.replace("_", " ")) for label in picture.labels)
    figure = go.Figure()
    for name, rows, colour, symbol in (
        ("train samples", picture.train, POSITIVE[dark], "circle"),
        ("test samples", ~picture.train, NEGATIVE[dark], "triangle-up"),
    ):
        marker = {"color": colour, "symbol": symbol, "size": 6, "opacity": 0.6}
        figure.add_trace(
            go.Scatter(x=picture.x[rows], y=picture.y[rows], mode="markers", marker=marker, name=name, hoverinfo="skip")
        )
    x, y = curve_places(map_, picture, zero, one)
    hover = f"{across} %{{x:.3g}}: {up} %{{y:.3g}}<extra></extra>"
    figure.add_trace(
        go.Scatter(x=x, y=y, mode="lines", line={"color": INK[dark], "width": 3}, name="network", hovertemplate=hover)
    )
    figure.update_layout(**layout(dark, height=460, hovermode="closest"))
    figure.update_xaxes(title=across, range=list(picture.xlim))
    figure.update_yaxes(title=up, range=list(picture.ylim))
    return figure

"""The fitted curve of a network with one input."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import HOVER_FORMAT, escape_markup, hover, layout
from playground.language import t
from playground.palette import INK, NEGATIVE, POSITIVE
from playground.training.projection import Picture


def curve_places(map_: np.ndarray, picture: Picture, zero: float, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and answers along a frame's map ``(1, size, size)`` of ``picture``, whose value v stands for
    ``zero + one v``; a fraction of the cells, each the mean of its neighbours."""
    levels = map_.astype(float).reshape(-1, map_.shape[-1]).mean(axis=1)
    return inputs_along(picture, len(levels)), zero + unit * (levels - 128) / 127


def inputs_along(picture: Picture, cells: int) -> np.ndarray:
    """The inputs (cells,) at the middle of each cell along a ``picture`` with one input."""
    at = (np.arange(cells) + 0.5) / cells
    return picture.xlim[0] + at * (picture.xlim[1] - picture.xlim[0])


def curve_figure(map_: np.ndarray, picture: Picture, *, zero: float, unit: float, dark: bool = False) -> go.Figure:
    """What the network answers over its only input, with the train and the test samples."""
    figure, (across, up) = samples_figure(picture, dark=dark)
    x, y = curve_places(map_, picture, zero, unit)
    figure.add_trace(
        go.Scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": INK[dark], "width": 3},
            name=t("network"),
            hovertemplate=hover(f"{across} %{{x}}: {up} %{{y}}"),
        )
    )
    return figure


def samples_figure(picture: Picture, *, dark: bool, height: int = 460) -> tuple[go.Figure, tuple[str, str]]:
    """The train and the test samples over the only input, and what the axes are called."""
    across, up = (escape_markup(t(label).replace("_", " ")) for label in picture.labels)
    figure = go.Figure()
    for name, rows, colour, symbol in (
        (t("train samples"), picture.train, POSITIVE[dark], "circle"),
        (t("test samples"), ~picture.train, NEGATIVE[dark], "triangle-up"),
    ):
        marker = {"color": colour, "symbol": symbol, "size": 6, "opacity": 0.6}
        figure.add_trace(
            go.Scatter(x=picture.x[rows], y=picture.y[rows], mode="markers", marker=marker, name=name, hoverinfo="skip")
        )
    figure.update_layout(**layout(dark, height=height, hovermode="closest"))
    figure.update_xaxes(title=across, range=list(picture.xlim), hoverformat=HOVER_FORMAT)
    figure.update_yaxes(title=up, range=list(picture.ylim))
    return figure, (across, up)


def fits_figure(
    fits: np.ndarray, picture: Picture, starts: np.ndarray, *, dark: bool = False, height: int = 340
) -> go.Figure:
    """The fitted curve ``fits (f, cells)`` of each of many networks over their only input, in the units of the
    picture's vertical axis, and their mean, over the samples; one that is NaN diverged and has none.

    ``starts (f,)``: what their weights were drawn from.
    """
    figure, (across, up) = samples_figure(picture, dark=dark, height=height)
    alive = np.isfinite(fits).all(axis=1)
    shown, x = fits[alive], inputs_along(picture, fits.shape[1])
    # One trace of all: a line of its own for each start is slow to draw.
    gap = np.full((len(shown), 1), np.nan)
    figure.add_trace(
        go.Scatter(
            x=np.tile(np.append(x, np.nan), len(shown)),
            y=np.hstack([shown, gap]).ravel(),
            customdata=np.repeat(starts[alive], len(x) + 1),
            mode="lines",
            line={"color": INK[dark], "width": 1},
            opacity=0.35,
            name=t("each start"),
            hovertemplate=hover(t("start %{{customdata}}: {across} %{{x}}, {up} %{{y}}", across=across, up=up)),
        )
    )
    if len(shown):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=shown.mean(axis=0),
                mode="lines",
                line={"color": INK[dark], "width": 3},
                name=t("their mean"),
                hovertemplate=hover(t("mean: {across} %{{x}}, {up} %{{y}}", across=across, up=up)),
            )
        )
    return figure


def spread_figure(
    spread: np.ndarray, picture: Picture, name: str, *, dark: bool = False, height: int = 340
) -> go.Figure:
    """``spread (cells,)``, called ``name``, over the only input."""
    across = escape_markup(t(picture.labels[0]).replace("_", " "))
    x = inputs_along(picture, len(spread))
    line = {"color": POSITIVE[dark], "width": 2}
    figure = go.Figure(
        go.Scatter(
            x=x, y=spread, mode="lines", line=line, fill="tozeroy", hovertemplate=hover(f"{across} %{{x}}: %{{y}}")
        )
    )
    figure.update_layout(**layout(dark, height=height, hovermode="closest", showlegend=False))
    figure.update_xaxes(title=across, range=list(picture.xlim), hoverformat=HOVER_FORMAT)
    figure.update_yaxes(title=escape_markup(name), rangemode="tozero")
    return figure

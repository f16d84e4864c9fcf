"""A picture's values as a heat map, with its points: what every static map of the output has in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import HOVER_FORMAT, escape_markup, hover, layout
from playground.language import t
from playground.palette import GROUND, NEGATIVE, OKABE_ITO, POSITIVE
from playground.training.projection import Picture

SHOWN = 300
"""Points that a picture bears at most."""


def axes_of(picture: Picture, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The cells' centres along x and y, from below: (size,) each."""
    at = (np.arange(size) + 0.5) / size
    return tuple(low + at * (high - low) for low, high in (picture.xlim, picture.ylim))  # pyright: ignore[reportReturnType]


def diverging(dark: bool) -> list[list[Any]]:
    """Plotly's colour scale from negative over zero to positive."""
    return [[0, NEGATIVE[dark]], [0.5, GROUND[dark]], [1, POSITIVE[dark]]]


def growing(dark: bool) -> list[list[Any]]:
    """Plotly's colour scale from nothing to much."""
    return [[0, GROUND[dark]], [1, POSITIVE[dark]]]


def shares_image(shares: np.ndarray, dark: bool) -> np.ndarray:
    """Class shares ``(cells, k)`` as colours ``(cells, 3)``: each class's own, mixed."""
    hues = np.array([[int(hue[i : i + 2], 16) for i in (1, 3, 5)] for hue in OKABE_ITO], float)
    ground = np.array([int(GROUND[dark][i : i + 2], 16) for i in (1, 3, 5)], float)
    mixed = shares @ hues[np.arange(shares.shape[1]) % len(hues)]
    return (0.25 * ground + 0.75 * mixed).astype(np.uint8)


def picture_figure(
    values: np.ndarray,
    picture: Picture,
    *,
    dark: bool = False,
    limit: float | None = None,
    low: float | None = None,
    zero: float = 0.0,
    name: str = "",
    ends: tuple[str, str] | None = None,
    height: int = 360,
) -> go.Figure:
    """Values over the picture's plane, its points on top; by the colours stands what their ``ends`` are called, or
    numbers of what ``name`` says (the output where it is empty).

    ``values (cells, 1)``: from ``zero - limit`` to ``zero + limit``, or from ``low`` to ``limit`` where it is given;
    ``(cells, k)``: shares of classes. Cells as ``Picture.grid`` has them, the top row first."""
    size = round(len(values) ** 0.5)
    across, up = (escape_markup(t(label)) for label in picture.labels)
    name = escape_markup(name or t("output"))
    x, y = axes_of(picture, size)
    if values.shape[1] > 1:
        colours = shares_image(values, dark).reshape(size, size, 3)
        step = (x[1] - x[0], y[0] - y[1])
        figure = go.Figure(go.Image(z=colours, x0=x[0], dx=step[0], y0=y[-1], dy=step[1], hoverinfo="skip"))
        figure.update_yaxes(autorange=True)
    else:
        top = limit if limit is not None else float(np.abs(values).max() or 1.0)
        least = zero - top if low is None else low
        scale = (
            {"title": {"text": name, "side": "top"}}
            if ends is None
            else {"tickvals": [least, zero + top], "ticktext": [escape_markup(end) for end in ends]}
        )
        figure = go.Figure(
            go.Heatmap(
                x=x,
                y=y,
                z=values[:, 0].reshape(size, size)[::-1],
                colorscale=diverging(dark) if low is None else growing(dark),
                zmin=least,
                zmax=zero + top,
                zhoverformat=HOVER_FORMAT,
                # Above the map, however narrow that is: beside it, it would stand at the edge of the page.
                colorbar={
                    "orientation": "h",
                    "x": 0.5,
                    "y": 1.0,
                    "yanchor": "bottom",
                    "ypad": 6,
                    "len": 0.6,
                    "thickness": 10,
                    "outlinewidth": 0,
                }
                | scale,
                hovertemplate=hover(f"{across} %{{x}}, {up} %{{y}}: {name} %{{z}}"),
            )
        )
    figure.add_trace(points_trace(picture, dark))
    shared = layout(
        dark,
        height=height,
        hovermode="closest",
        showlegend=False,
        margin={"l": 44, "r": 8, "t": 72 if ends is None else 44, "b": 56},
    )
    for name_, axis, label, span in (
        ("x", "xaxis", across, picture.xlim),
        ("y", "yaxis", up, picture.ylim),
    ):
        shared[axis] = shared[axis] | {
            "title": {"text": label, "standoff": 4},
            "range": list(span),
            "hoverformat": HOVER_FORMAT,
            "showgrid": False,
            "constrain": "domain",
        }
        if name_ == "y" and picture.xlim == picture.ylim:
            shared[axis] |= {"scaleanchor": "x"}
    figure.update_layout(**shared)
    return figure


def points_trace(picture: Picture, dark: bool) -> go.Scattergl | go.Scatter:
    """The train points, at most ``SHOWN`` of them."""
    rows = np.flatnonzero(picture.train)
    rows = rows[:: max(1, -(-len(rows) // SHOWN))]
    value = picture.value[rows].astype(float)
    classes = np.array_equal(value, value.astype(int)) and (not len(value) or value.min() >= 0)
    if classes:
        several = value.max(initial=0) > 1
        hues = OKABE_ITO if several else (NEGATIVE[dark], POSITIVE[dark])
        colour: Any = [hues[int(v) % len(hues)] for v in value]
        shape: Any = ["square" if v == 0 else "circle" if v == 1 else "diamond" for v in value]
        scale: dict[str, Any] = {}
    else:
        colour, shape = value, "circle"
        scale = {"colorscale": diverging(dark), "cmin": -1, "cmax": 1}
    marker = {"size": 5, "color": colour, "symbol": shape, "line": {"width": 0.8, "color": GROUND[dark]}} | scale
    return go.Scatter(
        x=picture.x[rows], y=picture.y[rows], mode="markers", marker=marker, hoverinfo="skip", name=t("train points")
    )

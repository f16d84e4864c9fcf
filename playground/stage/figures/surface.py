"""The network's output as a surface over the picture."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import HOVER_FORMAT, escape_markup, layout
from playground.language import t
from playground.palette import INK, NEGATIVE, OKABE_ITO, POSITIVE, QUIET
from playground.training.projection import Picture


def heights(map_: np.ndarray) -> np.ndarray:
    """A frame's map ``(planes, size, size)`` as values with the first row below: -1 to 1, or the likeliest class's
    confidence."""
    return (map_[-1, ::-1].astype(float) - 128) / 127 if len(map_) == 1 else map_[1, ::-1].astype(float) / 255


def surface_figure(
    map_: np.ndarray,
    picture: Picture,
    *,
    zero: float = 0.0,
    unit: float = 1.0,
    name: str = "",
    dark: bool = False,
) -> go.Figure:
    """The output over the plane: x1 to the right, x2 to the back, train points at their targets.

    ``map_ (planes, size, size)`` uint8 as a frame holds it; ``zero``, ``unit``: what 0 stands for, and how far 1 is
    from it; ``name``: what is shown, the output where it is empty."""
    name = escape_markup(name or t("output"))
    z = zero + heights(map_) * unit
    size = z.shape[0]
    at = (np.arange(size) + 0.5) / size
    x = picture.xlim[0] + at * (picture.xlim[1] - picture.xlim[0])
    y = picture.ylim[0] + at * (picture.ylim[1] - picture.ylim[0])
    several = len(map_) > 1
    colours = map_[0, ::-1].astype(float) if several else z
    scale = (
        [[i / 7, colour] for i, colour in enumerate(OKABE_ITO)]
        if several
        else [[0, NEGATIVE[dark]], [0.5, QUIET[dark]], [1, POSITIVE[dark]]]
    )
    low, high = (0, 7) if several else (zero - unit, zero + unit)
    figure = go.Figure(
        go.Surface(
            x=x,
            y=y,
            z=z,
            surfacecolor=colours,
            colorscale=scale,
            cmin=low,
            cmax=high,
            showscale=False,
            opacity=0.92,
            name=name,
        )
    )
    train = picture.train
    value = picture.value[train].astype(float)
    if several:
        target = np.ones_like(value)
    elif np.array_equal(picture.value, picture.value.astype(int)) and picture.value.min() >= 0:
        target = np.where(value > 0, zero + unit, zero - unit)
    else:
        target = zero + value * unit
    figure.add_trace(
        go.Scatter3d(
            x=picture.x[train],
            y=picture.y[train],
            z=target,
            mode="markers",
            marker={
                "size": 3,
                "color": value if several else target,
                "colorscale": scale,
                "cmin": low,
                "cmax": high,
                "line": {"color": INK[dark], "width": 1},
            },
            name=t("train points"),
        )
    )
    shared = layout(dark, height=460, hovermode="closest", showlegend=False)
    axis = {"gridcolor": QUIET[dark], "backgroundcolor": "rgba(0,0,0,0)", "color": INK[dark]}
    axis["hoverformat"] = HOVER_FORMAT
    shared.pop("xaxis")
    shared.pop("yaxis")
    names = {
        "xaxis": escape_markup(t(picture.labels[0])),
        "yaxis": escape_markup(t(picture.labels[1])),
        "zaxis": name,
    }
    figure.update_layout(
        **shared,
        scene={place: axis | {"title": {"text": label}} for place, label in names.items()}
        | {"camera": {"eye": {"x": 0.6, "y": -1.7, "z": 1.1}}, "aspectratio": {"x": 1, "y": 1, "z": 0.6}},
    )
    return figure

"""Figures of the sharpness against the largest stable one, and of the loss on the line between two networks."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import HOVER_FORMAT, layout, log_axis
from playground.language import t
from playground.palette import INK, NEGATIVE, POSITIVE, QUIET


def sharpness_figure(
    steps: np.ndarray, values: np.ndarray, allowed: np.ndarray, limit: str, *, dark: bool = False
) -> go.Figure:
    """The sharpness ``values (n,)`` at ``steps``, NaN where it is not known, beside the one that is ``allowed (n,)``,
    called ``limit``."""
    known = np.isfinite(values) & (values > 0)
    bound = np.where(np.isfinite(allowed), allowed, np.nan)
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=steps,
            y=bound,
            mode="lines",
            name=limit,
            line={"color": NEGATIVE[dark], "width": 2, "dash": "dash"},
            hovertemplate="%{y}",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=steps[known],
            y=values[known],
            mode="lines+markers",
            name=t("sharpness"),
            line={"color": POSITIVE[dark], "width": 2.5},
            marker={"size": 6},
            hovertemplate="%{y}",
        )
    )
    shared = layout(dark, height=340)
    shared["xaxis"] = shared["xaxis"] | {"title": {"text": t("step")}}
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": t("largest curvature")}} | log_axis(values, bound)
    figure.update_layout(**shared)
    return figure


def line_figure(
    places: np.ndarray, losses: np.ndarray, matched: np.ndarray | None, has_test: bool, *, dark: bool = False
) -> go.Figure:
    """The losses ``(n, 2)`` of train and test set on the line between two networks, at 0 and 1; ``matched``: with their
    units paired."""
    figure = go.Figure()
    for table, names, colour in (
        (losses, (t("as they are, train"), t("as they are, test")), NEGATIVE[dark]),
        (matched, (t("units matched, train"), t("units matched, test")), POSITIVE[dark]),
    ):
        if table is None:
            continue
        for column, dash in ((0, "solid"), (1, "dot")):
            if column == 1 and not has_test:
                continue
            values = np.where(np.isfinite(table[:, column]), table[:, column], np.nan)
            figure.add_trace(
                go.Scatter(
                    x=places,
                    y=values,
                    mode="lines",
                    name=names[column],
                    line={"color": colour, "width": 2.5 if column == 0 else 1.5, "dash": dash},
                    hovertemplate="%{y}",
                )
            )
    for place, name in ((0, t("this network")), (1, t("the other"))):
        figure.add_vline(
            x=place,
            line={"color": QUIET[dark], "width": 1.5},
            annotation={"text": name, "font": {"color": INK[dark]}, "showarrow": False},
            annotation_position="top right" if place == 0 else "top left",
        )
    below = {"orientation": "h", "y": -0.26, "yanchor": "top", "x": 0}  # four names take four lines on a phone
    shared = layout(dark, height=420, legend=below, margin={"l": 56, "r": 16, "t": 32, "b": 136})
    shared["xaxis"] = shared["xaxis"] | {"title": {"text": t("share of the way")}, "hoverformat": HOVER_FORMAT}
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": t("loss")}, "rangemode": "tozero"}
    figure.update_layout(**shared)
    return figure

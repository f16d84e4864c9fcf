"""A benchmark function in three dimensions, with the optimizers' paths."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from playground.analysis.race.benchmark_functions import Surface
from playground.figures.heatmap import growing
from playground.figures.theme import HOVER_FORMAT, escape_markup, hover, layout
from playground.language import t
from playground.number_format import format_precise
from playground.palette import INK, LANES, QUIET

CELLS = 80


def log_heights(above: np.ndarray) -> np.ndarray:
    """Heights above the lowest place as they are drawn: log10(1 + h), since a known surface spans many orders of
    magnitude."""
    return np.log10(1 + np.maximum(above, 0))


def descent_figure(surface: Surface, paths: np.ndarray, names: list[str], *, dark: bool = False) -> go.Figure:
    """``surface`` with ``paths (frames, K, 2)`` on it, one of ``names`` each."""
    z = log_heights(surface.heights(CELLS)[::-1] - surface.floor)
    at = (np.arange(CELLS) + 0.5) / CELLS * surface.span
    figure = go.Figure(
        go.Surface(
            x=surface.xlim[0] + at,
            y=surface.ylim[0] + at,
            z=z,
            colorscale=growing(dark),
            showscale=False,
            opacity=0.85,
            contours={"z": {"show": True, "color": QUIET[dark], "size": float(np.nanmax(z)) / 14 or 1.0}},
            name=t("height"),
            hovertemplate=hover("x1 %{x}, x2 %{y}"),
        )
    )
    lift = 0.01 * float(np.nanmax(z))
    for k, name in enumerate(names):
        x, y = np.where(clip_path(surface, paths[:, k]), paths[:, k].T.astype(float), np.nan)
        with np.errstate(all="ignore"):
            height = surface.height(np, x, y)
        figure.add_trace(
            go.Scatter3d(
                x=x,
                y=y,
                z=log_heights(height - surface.floor) + lift,
                mode="lines",
                line={"color": LANES[dark][k % len(LANES[dark])], "width": 6},
                name=escape_markup(name),
                hovertext=[t(format_precise(value, 4)) for value in height],
                hovertemplate=t("x1 %{x}, x2 %{y}: height %{hovertext}"),
            )
        )
    shared = layout(dark, height=520, hovermode="closest", margin={"l": 0, "r": 0, "t": 32, "b": 0})
    for axis in ("xaxis", "yaxis"):
        shared.pop(axis)
    look: dict[str, Any] = {"gridcolor": QUIET[dark], "backgroundcolor": "rgba(0,0,0,0)", "color": INK[dark]}
    look["hoverformat"] = HOVER_FORMAT
    titles = {"xaxis": "x1", "yaxis": "x2", "zaxis": t("log10(1 + height)")}
    figure.update_layout(
        **shared,
        scene={axis: look | {"title": {"text": title}} for axis, title in titles.items()}
        | {"camera": {"eye": {"x": 1.1, "y": -1.4, "z": 1.1}}, "aspectratio": {"x": 1, "y": 1, "z": 0.6}},
    )
    return figure


def clip_path(surface: Surface, path: np.ndarray) -> np.ndarray:
    """Which places of a path (frames, 2) lie in the picture."""
    (left, right), (low, high) = surface.xlim, surface.ylim
    return (path[:, 0] >= left) & (path[:, 0] <= right) & (path[:, 1] >= low) & (path[:, 1] <= high)

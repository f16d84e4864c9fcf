"""Figures of the loss on a plane: contour map and relief, with the path of training over it."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import MIN_MARKS, even_marks, hover, layout
from playground.language import t
from playground.number_format import format_brief, format_precise
from playground.palette import HIGH_LOSS, INK, LOW_LOSS, NEGATIVE, POSITIVE, QUIET


def shading(dark: bool) -> list[list[Any]]:
    """Colours from a low loss to a high one."""
    return [[0, LOW_LOSS[dark]], [0.65, POSITIVE[dark]], [1, HIGH_LOSS[dark]]]


def display_heights(heights: np.ndarray, log: bool) -> np.ndarray:
    """``heights`` as they are drawn: logarithms to 10 where that is wished; what is not a number, or beyond all others,
    leaves a gap or is cut."""
    values = np.where(np.isfinite(heights), heights, np.nan)
    if log:
        values = np.log10(np.maximum(values, 1e-9))
    if np.isfinite(values).any() and not log:
        values = np.minimum(values, np.nanquantile(values, 0.97))
    return values


def format_heights(heights: np.ndarray) -> np.ndarray:
    """``heights (rows, cols)`` as texts."""
    return np.array([[t(format_precise(height, 4)) for height in row] for row in heights.tolist()], dtype=object)


def ticks(values: np.ndarray, log: bool) -> dict[str, Any]:
    """Where an axis or colour bar has marks where ``values`` are logarithms: at decades, or at 1, 2 and 5 of each, or
    at even steps of what is drawn where that spans less; never none."""
    if not log or not np.isfinite(values).any():
        return {}
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    leaves = (1,) if high - low > 2.5 else (1, 2, 5)
    marks = [m * 10.0**e for e in range(int(np.floor(low)), int(np.ceil(high)) + 1) for m in leaves]
    marks = [mark for mark in marks if 10**low * (1 - 1e-9) <= mark <= 10**high * (1 + 1e-9)]
    if len(marks) < MIN_MARKS:
        marks = even_marks(10**low, 10**high)
    return {
        "tickvals": [float(np.log10(mark)) for mark in marks],
        "ticktext": [t(format_brief(mark)) for mark in marks],
    }


def terrain_figure(
    axes: tuple[np.ndarray, np.ndarray],
    heights: np.ndarray,
    at: np.ndarray,
    steps: np.ndarray,
    names: tuple[str, str],
    *,
    present: int = -1,
    log: bool = True,
    dark: bool = False,
) -> go.Figure:
    """The loss ``heights (rows, cols)`` from above, the way ``at (n, 2)`` over it from the ring to the dot at place
    ``present``, and dotted from there on."""
    values = display_heights(heights, log)
    figure = go.Figure(
        go.Contour(
            x=axes[0],
            y=axes[1],
            z=values,
            customdata=format_heights(heights),
            colorscale=shading(dark),
            ncontours=24,
            contours={"coloring": "heatmap"},
            line={"width": 0.6, "color": QUIET[dark]},
            colorbar={"title": {"text": t("loss")}, "thickness": 12, "outlinewidth": 0, **ticks(values, log)},
            hovertemplate=hover(t("loss %{customdata}")),
        )
    )
    step_words = hover(t("step %{customdata:,}"))
    now = present % len(at)
    gone, ahead = slice(0, now + 1), slice(now, len(at))
    lines = (
        (gone, LOW_LOSS[dark], 5, "solid"),
        (ahead, LOW_LOSS[dark], 5, "solid"),
        (gone, NEGATIVE[dark], 2.5, "solid"),
        (ahead, NEGATIVE[dark], 2.5, "dot"),
    )
    for part, colour, width, dash in lines:
        figure.add_trace(
            go.Scatter(
                x=at[part, 0],
                y=at[part, 1],
                mode="lines",
                line={"color": colour, "width": width, "dash": dash},
                customdata=steps[part],
                hovertemplate=step_words,
            )
        )
    for place, symbol, size, words in marker_places(now, len(at)):
        figure.add_trace(
            go.Scatter(
                x=at[[place], 0],
                y=at[[place], 1],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": size,
                    "color": NEGATIVE[dark],
                    "line": {"width": 2, "color": INK[dark]},
                },
                customdata=steps[[place]],
                hovertemplate=hover(words),
            )
        )
    shared = layout(
        dark, height=440, hovermode="closest", showlegend=False, margin={"l": 64, "r": 36, "t": 32, "b": 56}
    )
    for axis, name, places in zip(("xaxis", "yaxis"), names, axes, strict=True):
        shared[axis] = shared[axis] | {"title": {"text": name, "standoff": 10}, "range": [places[0], places[-1]]}
    figure.update_layout(**shared)
    return figure


def marker_places(now: int, places: int) -> list[tuple[int, str, int, str]]:
    """Place, symbol, size and words of what is marked on a way of so many ``places``, the present weights at ``now``
    last."""
    copy = [(places - 1, "square", 10, t("the copy that went ahead, step %{customdata:,}"))] if now < places - 1 else []
    return [
        *copy,
        (0, "circle-open", 17, t("first weights, step %{customdata:,}")),
        (now, "circle", 11, t("present weights, step %{customdata:,}")),
    ]


def relief_figure(
    axes: tuple[np.ndarray, np.ndarray],
    heights: np.ndarray,
    at: np.ndarray,
    steps: np.ndarray,
    names: tuple[str, str],
    *,
    present: int = -1,
    log: bool = True,
    dark: bool = False,
) -> go.Figure:
    """The same as a surface to turn; the way lies on it."""
    values = display_heights(heights, log)
    figure = go.Figure(
        go.Surface(
            x=axes[0],
            y=axes[1],
            z=values,
            customdata=format_heights(heights),
            colorscale=shading(dark),
            showscale=False,
            opacity=0.95,
            lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.05},
            contours={"z": {"show": True, "color": QUIET[dark], "width": 1}},
            hovertemplate=hover(t("loss %{customdata}")),
        )
    )
    z = on_surface(axes, values, at)
    z = z + 0.015 * (np.nanmax(values) - np.nanmin(values)) if np.isfinite(values).any() else z
    sizes = np.zeros(len(at))
    sizes[present] = 7
    figure.add_trace(
        go.Scatter3d(
            x=at[:, 0],
            y=at[:, 1],
            z=z,
            mode="lines+markers",
            line={"color": NEGATIVE[dark], "width": 7},
            marker={"size": sizes, "color": NEGATIVE[dark], "line": {"width": 0}},
            customdata=steps,
            hovertemplate=hover(t("step %{customdata:,}")),
        )
    )
    shared = layout(dark, height=440, hovermode="closest", showlegend=False, margin={"l": 0, "r": 0, "t": 8, "b": 0})
    shared.pop("xaxis")
    shared.pop("yaxis")
    axis = {"gridcolor": QUIET[dark], "backgroundcolor": "rgba(0,0,0,0)", "color": INK[dark], "showspikes": False}
    scene = {
        "xaxis": axis | {"title": {"text": names[0]}},
        "yaxis": axis | {"title": {"text": names[1]}},
        "zaxis": axis | {"title": {"text": ""}} | ticks(values, log),
        # So far away that the names of its axes are whole in half of 768 px, too.
        "camera": {"eye": {"x": 1.88, "y": -2.55, "z": 1.7}, "center": {"x": 0, "y": 0, "z": -0.12}},
        "aspectratio": {"x": 1.1, "y": 1.1, "z": 0.7},
    }
    figure.update_layout(**shared, scene=scene)
    # In the corner: beside its axis it would be cut on a phone.
    figure.add_annotation(x=0, y=1, xref="paper", yref="paper", xanchor="left", text=t("height: loss"), showarrow=False)
    return figure


def on_surface(axes: tuple[np.ndarray, np.ndarray], values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The surface's height ``(n,)`` at places ``at (n, 2)``, bilinear between its points."""
    (i, u), (j, v) = (_cell(axis, column) for axis, column in zip(axes, at.T, strict=True))
    below = values[j, i] * (1 - u) + values[j, i + 1] * u
    above = values[j + 1, i] * (1 - u) + values[j + 1, i + 1] * u
    return below * (1 - v) + above * v


def _cell(axis: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The point of ``axis`` before each place, and how far it is on the way to the next."""
    scaled = (places - axis[0]) / (axis[1] - axis[0])
    before = np.clip(np.floor(scaled).astype(int), 0, len(axis) - 2)
    return before, np.clip(scaled - before, 0, 1)

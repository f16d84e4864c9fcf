"""Figures of depth: loss by depth, curves by depth, what each layer does, and what becomes of a network without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from playground.analysis.intervals import median_interval
from playground.figures.theme import hover, layer_colours, layout, log_axis
from playground.language import mark, t
from playground.palette import LANES

KIND_NAMES = (mark("plain"), mark("with skip connections"))
SYMBOLS = ("circle", "square")
FLOOR = 1e-6
"""Losses below it are drawn on it."""
TOP = 1e3
"""Losses above it, diverged ones too, are drawn on it."""
HEIGHT = 300
KIND_SHIFT, DOT_SHIFT = 0.09, 0.05
"""How far the two kinds' medians stand from a depth's place, and each network's dot further out than its median."""


def drawable(losses: np.ndarray) -> np.ndarray:
    """``losses`` as a logarithmic axis shows them; NaN stays."""
    return np.clip(losses, FLOOR, TOP)


def depth_figure(depths: Sequence[int], losses: np.ndarray, name: str, *, dark: bool = False) -> go.Figure:
    """The loss ``(depths, 2, networks)`` by depth: a dot for each network, the median of each kind and its interval."""
    figure = go.Figure()
    places = np.arange(len(depths), dtype=float)
    shown = drawable(losses)
    for kind, kind_name in enumerate(KIND_NAMES):
        colour = LANES[dark][1 - kind]
        side = 2 * kind - 1
        at = places + side * KIND_SHIFT
        networks = shown.shape[2]
        figure.add_trace(
            go.Scatter(
                x=np.repeat(at + side * DOT_SHIFT, networks),
                y=shown[:, kind].ravel(),
                mode="markers",
                marker={"color": colour, "size": 5, "opacity": 0.35, "symbol": SYMBOLS[kind]},
                showlegend=False,
                hoverinfo="skip",
            )
        )
        intervals = [median_interval(row) for row in shown[:, kind]]
        middle = np.array([interval.middle for interval in intervals])
        figure.add_trace(
            go.Scatter(
                x=at,
                y=middle,
                mode="lines+markers",
                name=t(kind_name),
                line={"color": colour, "width": 2.5},
                marker={"symbol": SYMBOLS[kind], "size": 9},
                error_y={
                    "type": "data",
                    "array": [interval.high - interval.middle for interval in intervals],
                    "arrayminus": [interval.middle - interval.low for interval in intervals],
                    "thickness": 1.5,
                    "width": 4,
                    "color": colour,
                },
                customdata=[str(depth) for depth in depths],
                hovertemplate=hover(t("{kind}, {depth} layers: median {loss}", kind=t(kind_name), **PLACES)),
            )
        )
    shared = layout(dark, height=360, hovermode="closest")
    shared["xaxis"] = shared["xaxis"] | {
        "title": {"text": t("hidden layers")},
        "tickvals": places,
        "ticktext": [str(depth) for depth in depths],
        "range": [-0.5, len(depths) - 0.5],
        "showgrid": False,
    }
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": name}} | log_axis(shown)
    shared["margin"] = {"l": 62, "r": 12, "t": 32, "b": 44}
    figure.update_layout(**shared)
    return figure


PLACES = {"depth": "%{customdata}", "loss": "%{y}", "layer": "%{customdata}", "value": "%{y}"}
"""Plotly's places in what is said of a point."""


def curves_figure(
    marks: np.ndarray, losses: np.ndarray, depths: Sequence[int], kind: int, name: str, *, dark: bool = False
) -> go.Figure:
    """The median loss of one kind of network by step, a line for each depth; ``losses (T, depths, 2, networks)``, NaN
    for looks that are to come, whose axes they share: both kinds are drawn to one scale."""
    figure = go.Figure()
    middle = drawable(np.median(losses, axis=3))
    for place, depth in enumerate(depths):
        figure.add_trace(
            go.Scatter(
                x=marks,
                y=middle[:, place, kind],
                mode="lines",
                name=str(depth),
                line={"color": layer_colours(len(depths), dark)[place], "width": 1.5 + 0.4 * place},
                hovertemplate=hover(t("{depth} layers: median {loss}", depth=depth, loss="%{y}")),
            )
        )
    shared = layout(dark, height=HEIGHT)
    shared["xaxis"] = shared["xaxis"] | {"title": {"text": t("step")}, "range": [0, float(marks[-1])]}
    known = middle[np.isfinite(middle)]
    ends = (np.log10(known.min()) - 0.1, np.log10(known.max()) + 0.1) if len(known) else (-1, 0)
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": name}} | log_axis(known) | {"range": list(ends)}
    shared["margin"] = {"l": 62, "r": 12, "t": 52, "b": 44}
    shared["legend"] = shared["legend"] | {"title": {"text": t("layers")}, "y": 1.01, "yanchor": "bottom"}
    figure.update_layout(**shared)
    return figure


def layers_figure(
    values: np.ndarray, name: str, first_layer: int, *, dark: bool = False, log: bool = True
) -> go.Figure:
    """A measure ``(layers, 2, networks)`` by layer: the median of each kind, and the band that holds its interval;
    ``first_layer``: the number of the first one."""
    figure = go.Figure()
    at = np.arange(len(values)) + first_layer
    shown = np.where(np.isfinite(values) & (values > 0), values, np.nan) if log else values
    drawn = []
    for kind, kind_name in enumerate(KIND_NAMES):
        colour = LANES[dark][1 - kind]
        rows = [row[np.isfinite(row)] for row in shown[:, kind]]
        intervals = [median_interval(row) if len(row) else None for row in rows]
        low, middle, high = (
            np.array([np.nan if interval is None else getattr(interval, part) for interval in intervals])
            for part in ("low", "middle", "high")
        )
        drawn += [low, high]
        fill = f"rgba({','.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))},0.18)"
        for edge, filled in ((low, None), (high, "tonexty")):
            figure.add_trace(
                go.Scatter(
                    x=at,
                    y=edge,
                    mode="lines",
                    line={"width": 0, "color": colour},
                    fill=filled,
                    fillcolor=fill,
                    showlegend=False,
                    hoverinfo="skip",
                )
            )
        figure.add_trace(
            go.Scatter(
                x=at,
                y=middle,
                mode="lines+markers",
                name=t(kind_name),
                line={"color": colour, "width": 2},
                marker={"symbol": SYMBOLS[kind], "size": 5},
                customdata=[str(number) for number in at],
                hovertemplate=hover(t("{kind}, layer {layer}: {value}", kind=t(kind_name), **PLACES)),
            )
        )
    shared = layout(dark, height=260, hovermode="closest", showlegend=False)
    shared["xaxis"] = shared["xaxis"] | {"title": {"text": t("layer")}, "range": [at[0] - 0.5, at[-1] + 0.5]}
    if len(at) <= 16:
        shared["xaxis"] |= {"tickvals": at[:: max(1, len(at) // 8)]}
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": name, "font": {"size": 12}}}
    shared["yaxis"] |= log_axis(*drawn) if log else {"rangemode": "tozero"}
    shared["margin"] = {"l": 62, "r": 12, "t": 10, "b": 40}
    figure.update_layout(**shared)
    return figure


def surgery_figure(
    at: Sequence[float], losses: np.ndarray, intact: np.ndarray, title: str, name: str, *, dark: bool = False
) -> go.Figure:
    """The loss ``(places, 2, networks)`` of networks that something was done to, by the numbers ``at`` along the axis
    ``title``: median and interval of each kind; dashed: as they were trained, ``intact (2, networks)``."""
    figure = layers_figure(drawable(losses), name, 0, dark=dark)
    for trace in figure.data:
        trace.x = np.asarray(at)  # pyright: ignore[reportAttributeAccessIssue]
        if trace.customdata is not None:  # pyright: ignore[reportAttributeAccessIssue]
            words = t("{kind}: {loss}", kind=trace.name, loss="%{y}")  # pyright: ignore[reportAttributeAccessIssue]
            trace.hovertemplate = hover(words)  # pyright: ignore[reportAttributeAccessIssue]
    ends = [float(min(at)) - 0.5, float(max(at)) + 0.5]
    middles = drawable(np.array([median_interval(row).middle for row in intact]))
    for kind, middle in enumerate(middles):
        figure.add_trace(
            go.Scatter(
                x=ends,
                y=[middle, middle],
                mode="lines",
                line={"color": LANES[dark][1 - kind], "width": 1.5, "dash": "dash"},
                showlegend=False,
                hovertemplate=hover(t("{kind}, as trained: {loss}", kind=t(KIND_NAMES[kind]), loss="%{y}")),
            )
        )
    figure.update_xaxes(title={"text": title}, range=ends, tickmode="auto", tickvals=None, dtick=None)
    figure.update_yaxes(**log_axis(drawable(losses), middles))
    return figure

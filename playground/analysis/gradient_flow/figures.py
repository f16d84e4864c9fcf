"""Figures of gradient flow: gradient norm by layer and its slope, signal against mean-field theory, histograms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from playground.analysis.gradient_flow.initial_signal import InitialSignal
from playground.analysis.gradient_flow.layer_flow import HISTOGRAM_DECADES, LEVELS, LayerFlow
from playground.figures.heatmap import growing
from playground.figures.theme import escape_markup, hover, layer_name, layout, log_axis
from playground.language import t
from playground.live.diagnostics.slope import line
from playground.live.frames.layer_statistics import BINS, HIGH, LOW
from playground.number_format import format_brief, format_signed
from playground.palette import LANES

MARKS = ("circle", "square", "diamond", "triangle-up")
HEIGHT = 300


def layer_names(depth: int) -> list[str]:
    """How layers are called on an axis: by number, the last one ``out``."""
    return [*(str(i + 1) for i in range(depth - 1)), t("out")]


def full_layer_names(depth: int) -> list[str]:
    """How layers are called where there is room."""
    return [*(layer_name(i + 1) for i in range(depth - 1)), t("output")]


def slopes_figure(names: Sequence[str], layers: Sequence[LayerFlow], *, dark: bool = False) -> go.Figure:
    """Each layer's gradient norm (log), and the line that its slope was read from, dashed."""
    figure = go.Figure()
    for k, (name, layer_flow) in enumerate(zip(names, layers, strict=True)):
        norms = layer_flow.of("gradient_norm")
        _add_trace(
            figure,
            k,
            norms,
            dark,
            t("{name}, {layer}: gradient norm %{{y}}", name=escape_markup(name), layer="%{customdata}"),
            name,
        )
        decades, height = line(norms)
        if np.isfinite(decades) and len(norms) > 2:
            back = len(norms) - 1 - np.arange(len(norms))
            _add_dashed_line(
                figure,
                k,
                10 ** (height + decades * back),
                dark,
                t(
                    "{decades} powers of ten a layer on the way back",
                    decades=format_signed(decades, 2),
                ),
            )
    return _finish_layout(
        figure, [len(layer_flow.numbers) for layer_flow in layers], dark, t("gradient norm of a layer's weights")
    )


def theory_figure(names: Sequence[str], starts: Sequence[InitialSignal], row: int, *, dark: bool = False) -> go.Figure:
    """Measured over many draws (mean, and the middle 80 % as bars) against theory (dashed): ``row`` 0 the signal, 1 its
    gradient."""
    figure = go.Figure()
    for k, (name, start) in enumerate(zip(names, starts, strict=True)):
        drawn = (start.forward, start.backward)[row]
        mean = drawn.mean(axis=0)
        low, high = np.quantile(drawn, (0.1, 0.9), axis=0)
        bars = {"array": np.maximum(high - mean, 0), "arrayminus": np.maximum(mean - low, 0)}
        _add_trace(
            figure,
            k,
            mean,
            dark,
            t("{name}, {layer}: measured %{{y}}", name=escape_markup(name), layer="%{customdata}"),
            name,
            bars,
        )
        _add_dashed_line(figure, k, start.theory[row], dark, t("theory"))
    depths = [start.theory.shape[1] for start in starts]
    return _finish_layout(
        figure, depths, dark, (t("variance of the sums"), t("mean square of the gradient at the sums"))[row]
    )


def strips_figure(names: Sequence[str], layers: Sequence[LayerFlow], *, dark: bool = False) -> go.Figure:
    """How a layer's gradients (above) and outputs (below) are spread: a row a layer, the first on top, a column a
    variant."""
    many = len(names)
    figure = make_subplots(
        2,
        many,
        subplot_titles=[escape_markup(label) for label in names],
        vertical_spacing=0.22,
        horizontal_spacing=0.03,
    )
    decades = LOW + (np.arange(BINS) + 0.5) * (HIGH - LOW) / BINS
    sizes = -HISTOGRAM_DECADES + (np.arange(LEVELS) + 0.5) * 2 * HISTOGRAM_DECADES / LEVELS
    deepest = max(len(layer_flow.numbers) for layer_flow in layers)
    for k, layer_flow in enumerate(layers):
        rows = full_layer_names(len(layer_flow.numbers))
        for row, (x, shares, words) in enumerate(
            (
                (decades, layer_flow.gradients, t("%{customdata}: %{z:.0%} of the gradients near 10^%{x}")),
                (sizes, layer_flow.outputs, t("%{customdata}: %{z:.0%} of the outputs near %{x}")),
            )
        ):
            figure.add_trace(
                go.Heatmap(
                    x=x,
                    y=np.arange(len(rows)),
                    z=shares / 255,
                    zmin=0,
                    zmax=0.5,
                    colorscale=growing(dark),
                    showscale=False,
                    ygap=1,
                    customdata=np.repeat(np.array(rows)[:, None], len(x), axis=1),
                    hovertemplate=hover(words),
                ),
                row + 1,
                k + 1,
            )
    shared = layout(dark, height=430, hovermode="closest")
    axis = {**shared.pop("xaxis"), "showgrid": False}
    shared.pop("yaxis")
    shared["margin"] = {"l": 40, "r": 8, "t": 28, "b": 44}
    figure.update_layout(**shared)
    figure.update_annotations(font_size=13)
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis, range=[deepest - 0.5, -0.5])
    figure.update_yaxes(tickvals=list(range(deepest)), ticktext=layer_names(deepest), col=1)
    for column in range(2, many + 1):
        figure.update_yaxes(showticklabels=False, col=column)
    powers = [-8, -4, 0]
    figure.update_xaxes(
        hoverformat=".1f",
        tickvals=powers,
        ticktext=[f"10<sup>{t(format_brief(power))}</sup>" for power in powers],
        row=1,
    )
    figure.update_xaxes(hoverformat=".2f", tickvals=[-1, 0, 1], row=2)
    middle = many // 2 + 1
    for row, title in ((1, t("size of gradients")), (2, t("outputs"))):
        figure.update_xaxes(title={"text": title, "font": {"size": 12}, "standoff": 4}, row=row, col=middle)
    return figure


def _add_trace(
    figure: go.Figure, k: int, values: np.ndarray, dark: bool, words: str, name: str, bars: dict | None = None
) -> None:
    hue, depth = LANES[dark][k], len(values)
    figure.add_trace(
        go.Scatter(
            x=np.arange(1, depth + 1),
            y=np.where(values > 0, values, np.nan),
            name=escape_markup(name),
            mode="lines+markers",
            line={"color": hue, "width": 2},
            marker={"symbol": MARKS[k], "size": 8},
            error_y=None if bars is None else {"type": "data", **bars, "thickness": 1, "width": 0, "color": hue},
            customdata=full_layer_names(depth),
            hovertemplate=hover(words),
        )
    )


def _add_dashed_line(figure: go.Figure, k: int, values: np.ndarray, dark: bool, label: str) -> None:
    figure.add_trace(
        go.Scatter(
            x=np.arange(1, len(values) + 1),
            y=np.where(values > 0, values, np.nan),
            mode="lines",
            showlegend=False,
            line={"color": LANES[dark][k], "width": 1.5, "dash": "dash"},
            hovertemplate=hover(label),
        )
    )


def _finish_layout(figure: go.Figure, depths: Sequence[int], dark: bool, title: str) -> go.Figure:
    shared = layout(dark, height=HEIGHT, hovermode="closest", showlegend=False)
    deepest = max(depths)
    alike = len(set(depths)) == 1
    ticks = {"tickvals": list(range(1, deepest + 1)), "ticktext": layer_names(deepest) if alike else None}
    shared["xaxis"] = shared["xaxis"] | ticks | {"title": {"text": t("layer")}}
    shared["yaxis"] = (
        shared["yaxis"] | {"title": {"text": title, "font": {"size": 12}}} | log_axis(*line_heights(figure))
    )
    shared["margin"] = {"l": 62, "r": 12, "t": 10, "b": 40}
    figure.update_layout(**shared)
    return figure


def line_heights(figure: go.Figure) -> Iterator[np.ndarray]:
    """The heights of all lines, and of the ends of their bars."""
    traces: list[Any] = list(figure.data)
    for trace in traces:
        height = np.asarray(trace.y, float)
        yield height
        if trace.error_y.array is not None:
            yield height + np.asarray(trace.error_y.array, float)
            yield height - np.asarray(trace.error_y.arrayminus, float)

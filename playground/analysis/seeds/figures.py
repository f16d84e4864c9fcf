"""Figures of many networks' losses: quantiles over time, histogram at the end."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import HOVER_FORMAT, hover, layout, log_axis
from playground.language import t
from playground.palette import INK, NEGATIVE, POSITIVE

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantile_bands_figure(steps: np.ndarray, quantiles: np.ndarray, name: str, *, dark: bool = False) -> go.Figure:
    """The loss over steps: the median, and the bands that hold half and nine tenths of the networks.

    ``steps (T,)``, ``quantiles (T, 5)`` at 5, 25, 50, 75 and 95 %; what is infinite leaves a gap.
    """
    values = np.where(np.isfinite(quantiles), quantiles, np.nan)
    colour = POSITIVE[dark]
    figure = go.Figure()
    for low, high, label, alpha in ((0, 4, t("9 of 10"), 0.18), (1, 3, t("half"), 0.32)):
        fill = f"rgba({','.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))},{alpha})"
        for column, filled in ((low, None), (high, "tonexty")):
            figure.add_trace(
                go.Scatter(
                    x=steps,
                    y=values[:, column],
                    mode="lines",
                    line={"width": 0},
                    fill=filled,
                    fillcolor=fill,
                    name=label,
                    showlegend=filled is not None,
                    hovertemplate=hover(t("{share:.0%} of the networks are below %{{y}}", share=SHARES[column])),
                )
            )
    figure.add_trace(
        go.Scatter(x=steps, y=values[:, 2], mode="lines", line={"color": INK[dark], "width": 2}, name=t("median"))
    )
    shared = layout(dark, height=340)
    shared["xaxis"] = shared["xaxis"] | {"title": {"text": t("step")}}
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": name}} | log_axis(values)
    figure.update_layout(**shared)
    return figure


def final_figure(loss: np.ndarray, solved: np.ndarray, name: str, *, dark: bool = False) -> go.Figure:
    """How many networks ended at which loss ``(N,)`` (log), those that ``solved (N,)`` it apart; diverged ones are left
    out."""
    fine = np.isfinite(loss) & (loss > 0)
    figure = go.Figure()
    if fine.any():
        low, high = np.log10(loss[fine].min()), np.log10(loss[fine].max())
        edges = np.linspace(low - 1e-9, max(high, low + 0.1) + 1e-9, 31)
        centres = 10 ** ((edges[1:] + edges[:-1]) / 2)
        for label, rows, colour in (
            (t("solved"), fine & solved, POSITIVE[dark]),
            (t("not solved"), fine & ~solved, NEGATIVE[dark]),
        ):
            counts, _ = np.histogram(np.log10(loss[rows]), edges)
            figure.add_trace(
                go.Bar(
                    x=centres,
                    y=counts,
                    width=np.diff(10**edges) * 0.94,
                    name=label,
                    marker_color=colour,
                    hovertemplate=hover(t("%{y} networks near %{x}")),
                )
            )
    shared = layout(dark, height=340, barmode="stack", hovermode="closest")
    title = {"title": {"text": t("{loss} at the end", loss=name)}, "hoverformat": HOVER_FORMAT}
    shared["xaxis"] = shared["xaxis"] | title | log_axis(loss)
    shared["yaxis"] = shared["yaxis"] | {"title": {"text": t("networks")}}
    figure.update_layout(**shared)
    return figure

"""Figures of a race repeated: the step at which each contestant reached the goal, race by race."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import escape_markup, hover, layout
from playground.language import t
from playground.palette import INK, LANES


def arrivals_figure(at: np.ndarray, names: list[str], last: float, *, dark: bool = False) -> go.Figure:
    """Every race's step of arrival ``at (N, K)`` as a dot, and a box from quartile to quartile with the median; who
    never arrived stands at the right edge.

    ``last``: the races' last step.
    """
    never = 1.06 * last
    shown = np.where(np.isfinite(at), at, never)
    figure = go.Figure()
    for k, name in enumerate(names):
        hue = LANES[dark][k % len(LANES[dark])]
        hover_texts = np.array(
            [
                t("start {start}: step {step:,.0f}", start=n, step=step)
                if np.isfinite(step)
                else t("start {start}: never", start=n)
                for n, step in enumerate(at[:, k])
            ]
        )
        figure.add_trace(
            go.Box(
                x=shown[:, k],
                name=escape_markup(t(name)),
                orientation="h",
                boxpoints="all",
                pointpos=0,
                jitter=0.5,
                marker={"color": hue, "size": 5, "opacity": 0.75},
                line={"color": hue, "width": 1.5},
                fillcolor="rgba(0,0,0,0)",
                text=hover_texts,
                hoveron="points",
                hovertemplate=hover(f"{escape_markup(t(name))}, %{{text}}"),
            )
        )
    shared = layout(dark, height=90 + 42 * len(names), hovermode="closest", showlegend=False)
    shared["margin"] = {"l": 130, "r": 24, "t": 24, "b": 44}
    shared["xaxis"] = shared["xaxis"] | {
        "title": {"text": t("step at which the goal was reached")},
        "range": [0, 1.1 * last],
    }
    shared["yaxis"] = shared["yaxis"] | {
        "type": "category",  # names of learning rates look like numbers
        "autorange": "reversed",
    }
    figure.update_layout(**shared)
    if not np.isfinite(at).all():
        figure.add_vline(x=last, line={"color": INK[dark], "width": 1, "dash": "dot"})
        figure.add_annotation(x=never, y=1.0, yref="paper", text=t("never"), showarrow=False, yanchor="bottom")
    return figure

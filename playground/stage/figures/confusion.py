"""Which classes are taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from playground.figures.theme import escape_markup, hover, layout
from playground.language import t
from playground.palette import INK, POSITIVE


def confusion_figure(matrix: np.ndarray, names: Sequence[str], *, dark: bool = False) -> go.Figure:
    """Counts ``(classes, classes)``, a row a true class, a column a predicted one; shaded by the row's share."""
    total = matrix.sum(axis=1, keepdims=True)
    share = matrix / np.maximum(total, 1)
    ground = "rgba(0,0,0,0)"
    shown = [escape_markup(name) for name in names]
    figure = go.Figure(
        go.Heatmap(
            z=share[::-1],
            x=shown,
            y=shown[::-1],
            text=matrix[::-1],
            texttemplate="%{text}",
            colorscale=[[0, ground], [1, POSITIVE[dark]]],
            zmin=0,
            zmax=1,
            showscale=False,
            hovertemplate=hover(t("%{y} taken for %{x}: %{text} (%{z:.0%})")),
        )
    )
    figure.update_layout(**layout(dark, height=300, hovermode="closest"))
    figure.update_xaxes(title=t("predicted"), showgrid=False, type="category", color=INK[dark])
    figure.update_yaxes(title=t("true"), showgrid=False, type="category", color=INK[dark])
    return figure

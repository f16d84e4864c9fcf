"""Loss, metric and gradient norms over steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from playground.figures.theme import layer_colours, layer_name, layout, log_axis
from playground.language import t
from playground.palette import INK, NEGATIVE


def history_figure(
    curves: Mapping[str, np.ndarray], metric: str, *, dark: bool = False, log_steps: bool = False
) -> go.Figure:
    """Three charts over the same steps: train and test loss (log), train and test ``metric``, each layer's gradient
    norm (log).

    ``curves``: ``step, train_loss, test_loss, train_metric, test_metric (frames,)`` and
    ``gradient_norm (frames, layers)``."""
    figure = make_subplots(
        rows=1, cols=3, subplot_titles=(t("Loss"), metric[:1].upper() + metric[1:], t("Gradient norm by layer"))
    )
    step = curves["step"]
    for column, quantity in ((1, "loss"), (2, "metric")):
        for part, name, colour in (("train", t("train"), INK[dark]), ("test", t("test"), NEGATIVE[dark])):
            line = go.Scatter(
                x=step,
                y=curves[f"{part}_{quantity}"],
                name=name,
                legendgroup=part,
                showlegend=column == 1,
                line={"color": colour, "width": 1.5},
            )
            figure.add_trace(line, row=1, col=column)
    norms = curves["gradient_norm"]
    for layer, colour in enumerate(layer_colours(norms.shape[1], dark)):
        name = layer_name(layer + 1) if layer < norms.shape[1] - 1 else t("output")
        line = go.Scatter(x=step, y=norms[:, layer], name=name, legend="legend2", line={"color": colour, "width": 1.5})
        figure.add_trace(line, row=1, col=3)
    shared = layout(dark, height=350)
    below = {"orientation": "h", "yanchor": "top", "y": -0.24}
    shared |= {"legend": below | {"x": 0}, "legend2": below | {"x": 0.71}}
    across, up = shared.pop("xaxis"), shared.pop("yaxis")
    figure.update_layout(**shared)
    figure.update_xaxes(**across, title=t("step"))
    figure.update_yaxes(**up)
    if log_steps:
        figure.update_xaxes(**log_axis(step))
    figure.update_yaxes(**log_axis(curves["train_loss"], curves["test_loss"]), row=1, col=1)
    figure.update_yaxes(**log_axis(norms), row=1, col=3)
    return figure

"""The history of a run as charts to zoom, hover and download."""

from __future__ import annotations

import streamlit as st

from playground.stream import Run
from playground.ui.language import t


def history(run: Run) -> None:
    """Loss, metric and gradient norms over all steps so far."""
    from playground.figures.history import history_figure  # plotly is heavy: only once somebody pauses

    curves = run.curves.until(run.last + 1)
    metric = "R²" if run.experiment.task == "regression" else "accuracy"
    with st.expander(t("History of this run: zoom, hover, download"), expanded=False):
        dark = st.context.theme.type == "dark"
        st.plotly_chart(history_figure(curves, metric, dark=dark), width="stretch", theme=None, key="history")

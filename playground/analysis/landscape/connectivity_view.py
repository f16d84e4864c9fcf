"""The view of mode connectivity: the loss on the line between two trained networks."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import streamlit as st

from playground.analysis.landscape.jobs import InterpolationJob
from playground.analysis.landscape.mode_connectivity import wall_words
from playground.analysis.landscape.weight_path import WeightPath
from playground.language import t
from playground.live.scheduling.job import Job
from playground.web.jobs import get_or_start_job, show_job

MAX_SEED = 2**31 - 1


def draw_connectivity(descent: WeightPath, key: Hashable) -> None:
    """Another start trained as long, and the loss on the straight line to it."""
    st.subheader(t("Is it the same valley?"))
    own = descent.experiment.problem.init_seed
    ahead = st.session_state.setdefault("crossing_ahead", 1)
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.write(
        t(
            "Another network of the same kind is trained as long from other weights (start {seed}), and the loss is "
            "followed on the straight line "
            "from yours to it. Its units may do the same in another order: with them matched, the line is drawn again.",
            seed=(own + ahead) % MAX_SEED,
        )
    )
    if right.button(t("Another start"), key="another_start", width="stretch"):
        ahead = st.session_state["crossing_ahead"] = ahead + 1

    def begin() -> tuple[Job, InterpolationJob]:
        interpolation = InterpolationJob(descent, (own + ahead) % MAX_SEED)
        return Job((key, ahead), interpolation.recipes, interpolation.work), interpolation

    job_and_result = get_or_start_job("crossing", (key, ahead), begin)
    if job_and_result is not None:
        show_job("crossing", job_and_result, draw_line)


def draw_line(interpolation: InterpolationJob) -> None:
    """The line, and how high it rises, in words."""
    from playground.analysis.landscape.line_figures import line_figure

    if interpolation.losses is None:
        return
    dark = st.context.theme.type == "dark"
    if interpolation.diverged:
        st.info(
            t(
                "The other network diverged at step {step:,}; the line leads to where it stopped.",
                step=interpolation.other_step,
            ),
            icon=":material/info:",
        )
    if not np.isfinite(interpolation.losses[:, 0]).all():
        st.info(t("The loss between them is no number everywhere: there the chart has gaps."), icon=":material/info:")
    matched = None if interpolation.matched is None else interpolation.matched[:, 0]
    st.markdown(f"**{t(wall_words(interpolation.places, interpolation.losses[:, 0], matched))}**")
    has_test = int(interpolation.descent.trainer.prepared.data.test.n) > 0
    figure = line_figure(interpolation.places, interpolation.losses, interpolation.matched, has_test, dark=dark)
    st.plotly_chart(figure, width="stretch", theme=None, key="crossing_chart")
    if interpolation.matched is None:
        st.caption(t("While units or links are switched off, the other's units cannot be matched to yours."))

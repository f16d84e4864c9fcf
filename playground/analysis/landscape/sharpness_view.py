"""The view of the sharpness along the path, against the largest stable one."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import streamlit as st

from playground.analysis.landscape.curvature import momentum_of, stability_sentence, steps_plainly
from playground.analysis.landscape.jobs import SharpnessJob
from playground.analysis.landscape.weight_path import WeightPath
from playground.experiment import Experiment
from playground.language import mark, t
from playground.live.scheduling.job import Job
from playground.web.jobs import get_or_start_job, show_job


def draw_sharpness(descent: WeightPath, key: Hashable) -> Job | None:
    """The chart, and the sentence on the present learning rate."""
    st.subheader(t("How steep may it be?"))

    def begin() -> tuple[Job, SharpnessJob]:
        sharpness = SharpnessJob(descent)
        return Job(key, sharpness.recipes, sharpness.work), sharpness

    job_and_result = get_or_start_job("steepness", key, begin)
    if job_and_result is None:
        return None
    show_job("steepness", job_and_result, draw_curve)
    return job_and_result[0]


def draw_curve(sharpness: SharpnessJob) -> None:
    """What is known of the sharpness so far."""
    from playground.analysis.landscape.line_figures import sharpness_figure

    if not len(sharpness.values) or np.isnan(sharpness.values[-1]):
        return
    descent, dark = sharpness.descent, st.context.theme.type == "dark"
    full = descent.trainer.batch_size >= int(descent.trainer.prepared.data.train.n)
    step = int(descent.steps[-1])
    st.markdown(f"**{t(stability_sentence(descent.experiment, float(sharpness.values[-1]), full, step))}**")
    figure = sharpness_figure(
        descent.steps, sharpness.values, descent.allowed, t(limit_name(descent.experiment)), dark=dark
    )
    st.plotly_chart(figure, width="stretch", theme=None, key="steepness_chart")
    st.caption(
        t(
            "The sharpness is the largest eigenvalue of the loss's Hessian. Above the dashed line a step of "
            "full-batch descent overshoots by more than it "
            "was off: losses rise. Training often climbs up to that line by itself and then stays at it, the "
            "edge of stability (Cohen et al. 2021)."
        )
    )


def limit_name(experiment: Experiment) -> str:
    """What the dashed line is, in few words."""
    if not steps_plainly(experiment):
        return mark("2 / learning rate (of plain SGD)")
    return mark("2 / learning rate, with momentum") if momentum_of(experiment) else mark("2 / learning rate")

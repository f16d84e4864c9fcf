"""The page of depth: plain and residual networks of many depths side by side, as they train and once they have."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from playground.analysis.depth.degradation import TITLES, degradation_words, find_degradation
from playground.analysis.depth.network import WIDTH
from playground.analysis.depth.player_view import PLACE, is_playing, play_study
from playground.analysis.depth.programs import BATCH, ROUTE_ROWS
from playground.analysis.depth.settings_view import current_settings, preset_chooser, setting_controls
from playground.analysis.depth.study import KINDS, SCORES, DepthStudy
from playground.analysis.depth.surgery_view import surgery_section
from playground.analysis.intervals import median_interval
from playground.language import Translatable, mark, t
from playground.live.scheduling.job import Job
from playground.number_format import format_precise
from playground.web.compat.type_exports import DeltaGenerator
from playground.web.csv_text import to_csv
from playground.web.jobs import get_or_start_job

LOSSES = {"train_loss": mark("train loss"), "test_loss": mark("test loss")}
MEASURE_TITLES = {
    "gradient": (mark("Gradient of each layer's weights"), mark("norm of the gradient")),
    "signal": (mark("Signal that reaches each layer"), mark("size of a unit's sum")),
    "change": (mark("How far each layer is from the identity"), mark("change of the signal, relative")),
}
LOOK_DEPTH = 8
"""The depth whose layers are looked at first, where it is there."""


def subject_words() -> str:
    """What is trained, in a line."""
    settings = current_settings()
    return t(
        "{count:,} networks of {width} units a layer, batches of {batch}, Adam; a plain and a residual network of each "
        "start, of the same first weights and batches.",
        count=2 * settings.networks * len(settings.depths),
        width=WIDTH,
        batch=BATCH,
    )


def depth_page() -> None:
    """Presets and controls, the study as it plays, and what can be asked of it once it rests."""
    preset_chooser()
    with st.expander(t("Change the study"), icon=":material/tune:"):
        setting_controls()
    settings = current_settings()

    def begin() -> tuple[Job, DepthStudy]:
        study = DepthStudy(settings)
        return Job(settings, study.recipes, study.work), study

    job_and_result = get_or_start_job(PLACE, settings, begin)
    if job_and_result is None:
        return
    job, study = job_and_result
    score = st.segmented_control(
        t("Show"),
        list(LOSSES),
        default="train_loss",
        required=True,
        format_func=lambda name: t(LOSSES[name]).capitalize(),
        key="depth_score",
        label_visibility="collapsed",
        help=t("Which loss the charts show; whether depth makes training worse is told by the train loss."),
    )
    resting = not is_playing(job)
    play_study(job, study, lambda study: draw_study(study, score, resting=resting, ended=not job.going))
    if resting and study.looks:
        layers_section(study)


def draw_study(study: DepthStudy, score: str, *, resting: bool, ended: bool) -> None:
    """The answer so far, the loss by depth, and the curves of all depths."""
    if not study.looks:
        return
    row = shown_look(study) if resting and study.looks > 1 else study.looks - 1
    answer(study, row, ended=ended)
    charts(study, score, row)
    if resting:
        download(study)


def shown_look(study: DepthStudy) -> int:
    """Which look the charts show: the newest one, until somebody goes back."""
    steps = study.marks[: study.looks].tolist()
    step = st.select_slider(
        t("Look back"),
        steps,
        value=steps[-1],
        key=f"depth_look_{id(study)}_{study.looks}",
        format_func=lambda step: t("step {step:,}", step=step),
        help=t("The losses and layers as they were after so many steps."),
    )
    return steps.index(step)


def answer(study: DepthStudy, row: int, *, ended: bool) -> None:
    """What the starts tell at a look; no verdict while they train."""
    step = int(study.marks[row])
    if not ended or row == 0:
        st.subheader(t("After {step:,} steps", step=step))
        return
    degradation = find_degradation(study.settings.depths, study.score("train_loss", row))
    st.subheader(t(TITLES[degradation.kind]))
    words = " ".join(map(t, degradation_words(degradation)))
    if row < study.looks - 1:
        words = t("After {step:,} steps: {words}", step=step, words=words)
    st.write(words)
    if diverged := int(np.isinf(study.score("train_loss", row)).sum()):
        st.write(t("{count} networks have no finite loss any more.", count=diverged))


def charts(study: DepthStudy, score: str, row: int) -> None:
    """The loss by depth at a look, and on the way there, plain networks beside residual ones."""
    from playground.analysis.depth.figures import curves_figure, depth_figure

    dark, depths = st.context.theme.type == "dark", study.settings.depths
    name = t(LOSSES[score])
    draw_titled(st, mark("Loss by depth"), depth_figure(depths, study.score(score, row), name, dark=dark), "by_depth")
    losses = study.scores[:, :, SCORES.index(score)].copy()
    losses[row + 1 :] = np.nan
    for box, kind, title in zip(
        st.columns(2), range(len(KINDS)), (mark("Plain, on the way"), mark("With skip connections")), strict=True
    ):
        figure = curves_figure(study.marks, losses, depths, kind, name, dark=dark)
        draw_titled(box, title, figure, f"curves_{KINDS[kind]}")
    st.caption(
        t(
            "A dot is a network; lines join medians, and bars are the median's interval over the starts. The charts "
            "below it show medians: the thicker a line, the deeper its networks."
        )
    )


def draw_titled(box: Any, title: str, figure: object, key: str) -> None:
    """A chart under its title."""
    place: DeltaGenerator = box
    place.markdown(f"**{t(title)}**")
    place.plotly_chart(figure, width="stretch", theme=None, key=f"depth_{key}")


@st.fragment
def layers_section(study: DepthStudy) -> None:
    """Inside the networks of one depth: what each layer does, and what becomes of them without it."""
    from playground.analysis.depth.figures import layers_figure

    depths, dark = study.settings.depths, st.context.theme.type == "dark"
    st.subheader(t("Inside the layers"))
    depth = st.segmented_control(
        t("Networks of so many hidden layers"),
        list(depths),
        default=LOOK_DEPTH if LOOK_DEPTH in depths else depths[-1],
        required=True,
        key=f"depth_depth_{'_'.join(map(str, depths))}",
        help=t("The depth whose layers are shown below."),
    )
    step = st.session_state.get(f"depth_look_{id(study)}_{study.looks}")
    row = study.marks.tolist().index(step) if step in study.marks.tolist() else study.looks - 1
    for box, (name, (title, axis)) in zip(st.columns(3), MEASURE_TITLES.items(), strict=True):
        values = study.measure(name, depth, row)
        figure = layers_figure(values, t(axis), 2 if name == "change" else 1, dark=dark, log=name != "change")
        draw_titled(box, title, figure, f"layers_{name}")
    st.write(t(identity_words(study, depth, row)))
    st.subheader(t("Take a layer out"))
    st.caption(
        t(
            "Of the networks as they are now, without training them further; on their train samples, {rows} at most.",
            rows=ROUTE_ROWS,
        )
    )
    surgery_section(study, depth)


def identity_words(study: DepthStudy, depth: int, row: int) -> Translatable:
    """How far the layers are from the identity, in a sentence."""
    changes = study.measure("change", depth, row).mean(axis=0)
    plain, residual = (median_interval(values[np.isfinite(values)]) for values in changes)
    numbers = mark(
        "A plain layer changes its input by {plain} of its size, a residual one by {residual} (medians; "
        "{confidence:.0f} % intervals {plain_low} to {plain_high} and {low} to {high}).",
        plain=format_precise(plain.middle),
        residual=format_precise(residual.middle),
        confidence=100 * residual.confidence,
        plain_low=format_precise(plain.low),
        plain_high=format_precise(plain.high),
        low=format_precise(residual.low),
        high=format_precise(residual.high),
    )
    if residual.high >= min(1.0, plain.low):
        return numbers
    return numbers + " " + mark("A residual layer stays nearer to the identity: it adds a little to what it gets.")


def download(study: DepthStudy) -> None:
    """All scores of all networks at every look, as CSV."""
    st.download_button(
        t("Numbers (CSV)"),
        lambda: study_csv(study),
        "depth.csv",
        "text/csv",
        on_click="ignore",
        key="depth_csv",
        icon=":material/download:",
    )


def study_csv(study: DepthStudy) -> str:
    """A row for each network and look; a loss that is no number is written as ``inf``."""
    header = ["step", "layers", "kind", "seed", *SCORES]
    rows = (
        (int(study.marks[row]), depth, kind, seed, *map(float, study.scores[row, place, :, k, n]))
        for row in range(study.looks)
        for place, depth in enumerate(study.settings.depths)
        for k, kind in enumerate(KINDS)
        for n, seed in enumerate(study.settings.seeds)
    )
    return to_csv(header, rows)

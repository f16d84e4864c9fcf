"""The page of gradient flow: variants of one experiment side by side at initialisation, a diagnosis each, and
remedies."""

from __future__ import annotations

from html import escape

import streamlit as st

from playground.analysis.gradient_flow.job import CURE_DRAWS, InitialSignalJob, is_symptom
from playground.analysis.gradient_flow.training_view import training_lanes
from playground.analysis.gradient_flow.variants import Verdict, variant_words
from playground.analysis.gradient_flow.variants_view import (
    VARIANTS_KEY,
    VariantList,
    change_fields,
    choosers,
    edition,
    get_variants,
    preset_chooser,
)
from playground.language import mark, t
from playground.live.scheduling.job import Job
from playground.palette import LANES
from playground.web.jobs import get_or_start_job, show_job
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session

MEASURED = mark("In how many draws of the first weights, tried just now, what is wrong here is gone with this change.")
ICONS = {
    "healthy": ":material/check_circle:",
    "vanishing": ":material/trending_down:",
    "fading": ":material/trending_down:",
    "exploding": ":material/trending_up:",
    "growing": ":material/trending_up:",
    "blocked": ":material/block:",
    "dead": ":material/block:",
    "broken": ":material/block:",
    "shallow": ":material/remove:",
}


def flow(current: Session) -> None:
    """What to compare, a card for each variant, and the charts over all of them."""
    own, table = current.experiment, current.table_used
    variants = get_variants(own, table)
    preset_chooser(own, variants)

    def begin() -> tuple[Job, InitialSignalJob]:
        starts = InitialSignalJob(variants.variants, own, table)
        return Job(key, (), starts.work), starts

    key = (own, variants.variants, None if table is None else id(table))
    job = get_or_start_job("flow", key, begin)
    if job is not None:
        still = not job[0].going  # what is pressed while the page is drawn again and again may be lost
        show_job("flow", job, lambda starts: draw_cards(current, starts, still))
        training_lanes(job[1])


def draw_cards(current: Session, starts: InitialSignalJob, still: bool) -> None:
    """A card for each variant, and the charts of those that are there."""
    variants: VariantList = st.session_state[VARIANTS_KEY]
    if variants.variants != starts.variants:
        st.rerun()
    if variants.note:
        st.info(escape_markdown(t(variants.note)), icon=":material/info:")
    st.caption(t("Each at its first weights, before any step; below they are trained."))
    for k, column in enumerate(st.columns(len(starts.variants))):
        with column.container(border=True):
            card(starts, k, variants.cured.get(k, ""))
            if still:
                actions(current, starts, k)
    charts(starts)


def card(starts: InitialSignalJob, k: int, cured: str) -> None:
    """One variant: its name, and what is found of it."""
    variant, experiment, verdict = starts.variants[k], starts.experiments[k], starts.verdicts[k]
    hue = LANES[st.context.theme.type == "dark"][k]
    st.html(
        f'<div style="display:flex;gap:8px;align-items:center;font-weight:600">'
        f'<span style="width:12px;height:12px;border-radius:3px;background:{hue}"></span>'
        f"{escape(t(variant.name))}</div>"
    )
    st.caption(t(variant_words(experiment)))
    if verdict is None:
        st.markdown(f":material/hourglass_empty: {t('Drawing weights')}")
        return
    verdict_text(verdict, cured)


def actions(current: Session, starts: InitialSignalJob, k: int) -> None:
    """A variant's cures, and what can be changed of it."""
    experiment, verdict = starts.experiments[k], starts.verdicts[k]
    place = f"{k}_{edition()}"
    offered = starts.cures[k]
    if any(cure.cured is not None for cure in offered):
        st.caption(t("What helps, and for how many of {draws} draws of the first weights:", draws=CURE_DRAWS))
    elif is_symptom(verdict):
        st.caption(t("No change of one thing that was tried here is enough."))
    for i, cure in enumerate(offered):
        st.button(
            t(cure.words),
            key=f"flow_cure_{place}_{i}",
            icon=":material/healing:",
            help=t(MEASURED) if cure.cured is not None else None,
            on_click=change_fields,
            args=(current, k, cure.remedy.changes, cure.remedy.label),
            width="stretch",
        )
    with st.popover(t("Change"), icon=":material/tune:", width="stretch"):
        choosers(current, k, experiment, starts.variants)
    if st.button(t("Open in the Playground"), key=f"flow_open_{place}", width="stretch", type="tertiary"):
        current.adopt(experiment)
        st.switch_page(PLAYGROUND)


def verdict_text(verdict: Verdict, cured: str) -> None:
    """What is found of a variant, in a title and a sentence."""
    st.markdown(f"#### {ICONS[verdict.kind]} {t(verdict.title)}")
    st.write(t(verdict.sentence))
    if cured:
        st.caption(t("Changed: {cure}", cure=cured))


def charts(starts: InitialSignalJob) -> None:
    """The layers of the variants that are there."""
    from playground.analysis.gradient_flow.figures import slopes_figure, strips_figure, theory_figure

    there = [
        (variant.name, start)
        for variant, start in zip(starts.variants, starts.signals, strict=True)
        if start is not None
    ]
    if len(there) < len(starts.variants):
        return
    dark = st.context.theme.type == "dark"
    names, signals = [t(name) for name, _ in there], [start for _, start in there]
    layers = [start.layers for start in signals]
    boxes = st.columns(3)
    for box, title, figure, name in (
        (boxes[0], mark("Gradient of each layer's weights"), slopes_figure(names, layers, dark=dark), "slopes"),
        (boxes[1], mark("The signal on its way forward"), theory_figure(names, signals, 0, dark=dark), "forward"),
        (boxes[2], mark("The gradient on its way back"), theory_figure(names, signals, 1, dark=dark), "backward"),
    ):
        box.markdown(f"**{t(title)}**")
        box.plotly_chart(figure, width="stretch", theme=None, key=f"flow_{name}")
    st.caption(
        t(
            "Dashed in the first chart: the line whose slope is measured. Dashed in the others: what theory says of "
            "the first weights (Glorot & Bengio 2010, He et al. 2015, Poole et al. 2016); bars hold 8 of 10 draws."
        )
    )
    box = st.expander(t("How gradients and outputs are spread at the start"))
    box.plotly_chart(strips_figure(names, layers, dark=dark), width="stretch", theme=None, key="flow_strips")

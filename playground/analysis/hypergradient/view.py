"""The hypergradient panel of the sidebar, for the frame that is shown."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.hypergradient.hypergradient import MAX_GROWTH, Hypergradient, HypergradientReport, Slope
from playground.experiment.links.query import RULES
from playground.language import NumberText, Translatable, join_items, join_sentences, mark, t
from playground.live.scheduling.job import Job
from playground.web.markdown import escape_markdown
from playground.web.session import Session, track_memory

NAME = "which_way"
EVERY, SLICE = 0.3, 0.05
"""Seconds between two slices, and in one: the stage goes on playing meanwhile."""
NOT_YET = mark("The network is still being compiled; ask again in a moment.")
MINUS = "\N{MINUS SIGN}"
LOSSES = {"train": mark("train loss"), "test": mark("test loss")}
RAISING = mark("raising it by {by} would change the {kind} by {share}")
LOWERING = mark("lowering it by {by} would change the {kind} by {share}")


def hypergradient_panel(session: Session) -> None:
    """The button, and how far the answer is."""
    if NAME in session.handout.hide:
        return
    st.button(
        t("Which way should I turn it?"),
        key=NAME,
        icon=":material/explore:",
        width="stretch",
        disabled=NAME in session.handout.lock,
        help=t(
            "Looks a few steps ahead of the moment that is shown, and tells of each knob which way the test "
            "loss would fall, and by how much."
        ),
        on_click=_ask,
        args=(session,),
    )
    job_and_analysis = _get_job(session)
    if job_and_analysis is None:
        return
    job, report = job_and_analysis
    if job.going:
        st.fragment(_draw_progress, run_every=EVERY)(job)
    elif job.state == "done":
        st.caption(_draw_heading(report))
        for name, slope in report.slopes.items():
            st.caption(
                f"**{escape_markdown(t(RULES[name].label))}** {verdict_words(slope, report)}",
                help=evidence(slope, report),
            )
    elif job.state == "failed":
        st.caption(escape_markdown(t(job.text)))


def verdict_words(slope: Slope, report: HypergradientReport) -> str:
    """The advice in a line."""
    kind, size = LOSSES[report.kind], abs(slope.derivative)
    match slope.verdict:
        case "up" | "down":
            up = slope.verdict == "up"
            if np.isnan(slope.up if up else slope.down):
                change = _change(LOWERING if up else RAISING, slope, size, kind)
                return f"**■** {t('as far as it goes: {change}', change=change)}"
            return f"**{'▲' if up else '▼'}** {t(_change(RAISING if up else LOWERING, slope, -size, kind))}"
        case "best":
            return f"**■** {t('good as it is: turned either way, the {kind} rises', kind=kind)}"
        case "flat":
            return f"**·** {t('hardly matters here: less than 0.1 %')}"
        case "chaotic":
            return f"**?** {t('chaotic here: no answer would be worth anything')}"
        case _:
            return f"**–** {t('no slope to go by: what it does jumps')}"


def evidence(slope: Slope, report: HypergradientReport) -> str:
    """What the advice rests on: the slope, and the trainings that tried it."""
    if slope.verdict == "undefined":
        return t(slope.why)
    lines = []
    if slope.verdict == "chaotic":
        if not report.growth <= MAX_GROWTH:
            lines.append(
                mark(
                    "A tiny nudge of the weights grows {growth:.2g}-fold within {window} steps.",
                    growth=report.growth,
                    window=report.window,
                )
            )
        lines.append(
            mark(
                "The slope says {said}, training it really gave {tried}: they should agree.",
                said=percent(slope.derivative),
                tried=percent(slope.tried),
            )
        )
        return t(join_sentences(lines))
    raised, lowered = (
        mark("raised: {share}", share=percent(slope.up)),
        mark("lowered: {share}", share=percent(slope.down)),
    )
    tries = [words for words, share in ((raised, slope.up), (lowered, slope.down)) if not np.isnan(share)]
    return t(
        "Tried by training: {tries}. The slope says {said}.",
        tries=join_items(tries),
        said=percent(slope.derivative),
    )


def percent(share: float) -> Translatable:
    """A relative change with its sign."""
    if not np.isfinite(share):
        return mark("divergence")
    size = abs(100 * share)
    digits = 0 if size >= 10 else 1 if size >= 1 else 2
    return mark("{number} %", number=NumberText(f"{MINUS if share < 0 else '+'}{size:.{digits}f}"))


def _change(turn: Translatable, slope: Slope, share: float, kind: str) -> Translatable:
    by = NumberText(f"{abs(slope.amount):.2g}")
    if np.isfinite(slope.relative):
        by = mark("{number} %", number=NumberText(f"{100 * slope.relative:.0f}"))
    return Translatable(turn.template, {"by": by, "kind": kind, "share": percent(share)})


def _draw_heading(report: HypergradientReport) -> str:
    if report.text:
        return t(report.text)
    return t(
        "From step {step:,}, over the next {window} steps, with the same batches.",
        step=report.step,
        window=report.window,
    )


def _ask(session: Session) -> None:
    session.run.mount()  # the first frame may be there though no stage has asked for it yet
    if not session.run.has_begun:
        session.notes[:] = [NOT_YET]
        return
    trainer, state, knobs, masks = session.run.snapshot(session.shown_index)
    asked = Hypergradient(trainer, masks is not None)
    job = Job(_job_key(session), asked.recipes, lambda: asked.work(state, knobs, masks))
    st.session_state[f"job_{NAME}"] = (job, asked.report)


def _job_key(session: Session) -> tuple[str, int]:
    """What an answer is about: a turned knob, or anything changed by hand, makes it another question."""
    return session.run.name, session.run.epoch


def _get_job(session: Session) -> tuple[Job, HypergradientReport] | None:
    job_and_analysis = st.session_state.get(f"job_{NAME}")
    if job_and_analysis is None or job_and_analysis[0].key != _job_key(session):
        return None
    track_memory(job_and_analysis[0], lambda: st.session_state.pop(f"job_{NAME}", None), job_and_analysis[1])
    return job_and_analysis


def _draw_progress(job: Job) -> None:
    job.run_slice(SLICE)
    if not job.going:
        st.rerun()
    st.progress(min(job.share, 1.0), text=t("Compiling") if job.state == "compiling" else t("Looking ahead"))
    st.button(t("Stop"), key=f"stop_{NAME}", width="stretch", on_click=job.cancel)

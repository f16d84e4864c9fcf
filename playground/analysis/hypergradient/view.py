"""Which way should I turn it? Asked and answered in the sidebar, for the frame that is shown."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.hypergradient.hypergradient import CHAOTIC, Hypergradient, Slope, Turns
from playground.experiment.links.query import RULES
from playground.live.scheduling.job import Job
from playground.web.i18n import t
from playground.web.markdown import plain
from playground.web.session import Session, looked_at

NAME = "which_way"
EVERY, SLICE = 0.3, 0.05
"""Seconds between two slices, and in one: the stage goes on playing meanwhile."""
NOT_YET = "The network is still being compiled; ask again in a moment."
MINUS = "\N{MINUS SIGN}"


def which_way(session: Session) -> None:
    """The button, and how far the answer is."""
    if NAME in session.lesson.hide:
        return
    st.button(
        t("Which way should I turn it?"),
        key=NAME,
        icon=":material/explore:",
        width="stretch",
        disabled=NAME in session.lesson.lock,
        help=t(
            "Looks a few steps ahead of the moment that is shown, and tells of each knob which way the test loss would fall, and by how much."
        ),
        on_click=_ask,
        args=(session,),
    )
    held = _held(session)
    if held is None:
        return
    job, found = held
    if job.going:
        st.fragment(_progress, run_every=EVERY)(job)
    elif job.state == "done":
        st.caption(_heading(found))
        for name, slope in found.slopes.items():
            st.caption(f"**{plain(t(RULES[name].label))}** {words(slope, found)}", help=evidence(slope, found))
    elif job.state == "failed":
        st.caption(plain(t(job.text)))


def words(slope: Slope, found: Turns) -> str:
    """The advice in a line."""
    kind, size = t(f"{found.kind} loss"), abs(slope.said)
    match slope.verdict:
        case "up" | "down":
            up = slope.verdict == "up"
            if np.isnan(slope.up if up else slope.down):
                return "**■** " + t("as far as it goes: ") + _change("lowering" if up else "raising", slope, size, kind)
            return f"**{'▲' if up else '▼'}** " + _change("raising" if up else "lowering", slope, -size, kind)
        case "best":
            return "**■** " + t("good as it is: turned either way, the {kind} rises").format(kind=kind)
        case "flat":
            return "**·** " + t("hardly matters here: less than 0.1 %")
        case "chaotic":
            return "**?** " + t("chaotic here: no answer would be worth anything")
        case _:
            return "**–** " + t("no slope to go by: what it does jumps")


def evidence(slope: Slope, found: Turns) -> str:
    """What the advice rests on: the slope, and the trainings that tried it."""
    if slope.verdict == "undefined":
        return t(slope.why)
    lines = []
    if slope.verdict == "chaotic":
        if not found.growth <= CHAOTIC:
            lines.append(
                t("A tiny nudge of the weights grows {growth}-fold within {window} steps.").format(
                    growth=f"{found.growth:.2g}", window=found.window
                )
            )
        lines.append(
            t("The slope says {said}, training it really gave {tried}: they should agree.").format(
                said=percent(slope.said), tried=percent(slope.tried)
            )
        )
        return " ".join(lines)
    tries = [
        f"{t(way)}: {percent(share)}"
        for way, share in (("raised", slope.up), ("lowered", slope.down))
        if not np.isnan(share)
    ]
    return " ".join(
        (t("Tried by training:"), ", ".join(tries) + ".", t("The slope says {said}.").format(said=percent(slope.said)))
    )


def percent(share: float) -> str:
    """A relative change with its sign."""
    if not np.isfinite(share):
        return t("divergence")
    size = abs(100 * share)
    digits = 0 if size >= 10 else 1 if size >= 1 else 2
    return f"{MINUS if share < 0 else '+'}{size:.{digits}f} %"


def _change(turn: str, slope: Slope, share: float, kind: str) -> str:
    by = f"{100 * slope.relative:.0f} %" if np.isfinite(slope.relative) else f"{abs(slope.amount):.2g}"
    return t(f"{turn} it by {{by}} would change the {{kind}} by {{share}}").format(
        by=by, kind=kind, share=percent(share)
    )


def _heading(found: Turns) -> str:
    if found.text:
        return t(found.text)
    return t("From step {step}, over the next {window} steps, with the same batches.").format(
        step=f"{found.step:,}", window=found.window
    )


def _ask(session: Session) -> None:
    session.run.mount()  # the first frame may be there though no stage has asked for it yet
    if not session.run.begun:
        session.notes[:] = [NOT_YET]
        return
    trainer, state, knobs, masks = session.run.moment(session.shown)
    asked = Hypergradient(trainer, masks is not None)
    job = Job(_key(session), asked.recipes, lambda: asked.work(state, knobs, masks))
    st.session_state[f"job_{NAME}"] = (job, asked.found)


def _key(session: Session) -> tuple[str, int]:
    """What an answer is about: a turned knob, or anything changed by hand, makes it another question."""
    return session.run.name, session.run.epoch


def _held(session: Session) -> tuple[Job, Turns] | None:
    held = st.session_state.get(f"job_{NAME}")
    if held is None or held[0].key != _key(session):
        return None
    looked_at(held[0], lambda: st.session_state.pop(f"job_{NAME}", None), held[1])
    return held


def _progress(job: Job) -> None:
    job.go_on(SLICE)
    if not job.going:
        st.rerun()
    st.progress(min(job.share, 1.0), text=t("Compiling") if job.state == "compiling" else t("Looking ahead"))
    st.button(t("Stop"), key=f"stop_{NAME}", width="stretch", on_click=job.cancel)

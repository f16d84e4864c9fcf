"""A study that plays: it trains while the page is open, look by look, and can be paused, ended and begun again."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.analysis.depth.study import DepthStudy
from playground.language import t
from playground.live.scheduling.job import Job
from playground.web.jobs import REFRESH_SECONDS, SLICE_SECONDS
from playground.web.markdown import escape_markdown

PLACE = "depth"
PAUSED = "depth_paused"
STEADY = "<style>.st-key-depth_study [data-stale='true'] { opacity: 1 !important; transition: none !important }</style>"
"""Streamlit fades what is about to be drawn anew; charts that are drawn several times a second would flicker."""


def is_paused() -> bool:
    """Whether the study waits for Play."""
    return bool(st.session_state.get(PAUSED))


def is_playing(job: Job) -> bool:
    """Whether the study trains by itself."""
    return job.going and not is_paused()


def advance_study(job: Job, study: DepthStudy) -> None:
    """Train for a slice, but no further than the next look: each is drawn, however fast the machine is."""
    looks = study.looks
    job.run_slice(SLICE_SECONDS, lambda: study.looks > looks)


def play_study(job: Job, study: DepthStudy, draw: Callable[[DepthStudy], None]) -> None:
    """Advance the study while the page is open, and draw it so far."""
    was_playing = is_playing(job)

    def body() -> None:
        if is_playing(job):
            advance_study(job, study)
        with st.container(key="depth_study"):
            with st.container():
                transport(job, study)
            draw(study)
        if was_playing != is_playing(job):
            st.rerun()

    st.html(STEADY)
    st.fragment(body, run_every=REFRESH_SECONDS if was_playing else None)()


def set_paused(paused: bool) -> None:
    """Play, or wait."""
    st.session_state[PAUSED] = paused


def take_look(job: Job, study: DepthStudy) -> None:
    """Go on to the next look, and wait there."""
    looks = study.looks
    while job.going and study.looks == looks:
        advance_study(job, study)


def begin_again() -> None:
    """Forget the study; the page begins it anew, and plays."""
    st.session_state.pop(f"job_{PLACE}", None)
    set_paused(False)


def transport(job: Job, study: DepthStudy) -> None:
    """How far it is, and the buttons that change that; all of them callbacks, which act before the next slice."""
    with st.container(horizontal=True, vertical_alignment="center", key="depth_transport"):
        if job.going:
            step = int(study.marks[study.looks - 1]) if study.looks else 0
            words = t("Step {step:,} of {steps:,}", step=step, steps=study.settings.steps)
            st.progress(min(job.share, 1.0), text=t("Compiling") if job.state == "compiling" else words)
            if is_paused():
                st.button(t("Play"), key="depth_play", icon=":material/play_arrow:", on_click=set_paused, args=(False,))
                st.button(
                    t("Next look"),
                    key="depth_next",
                    icon=":material/skip_next:",
                    on_click=take_look,
                    args=(job, study),
                    help=t("Train to the next of the steps at which the networks are looked at."),
                )
            else:
                st.button(t("Pause"), key="depth_pause", icon=":material/pause:", on_click=set_paused, args=(True,))
            st.button(t("Stop"), key="stop_depth", icon=":material/stop:", on_click=job.cancel)
            return
        if job.state == "failed":
            st.info(escape_markdown(t(job.text)), icon=":material/info:")
        else:
            count = 2 * study.settings.networks * len(study.settings.depths)
            words = t("{count:,} networks trained for {steps:,} steps each.", count=count, steps=study.settings.steps)
            if job.state == "cancelled":
                words = t("Stopped: what follows is what was found until then.")
            st.caption(words)
        st.button(t("Train again"), key="again_depth", icon=":material/replay:", on_click=begin_again)

"""Longer work on a page: it starts by itself, shows how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from playground.errors import PlaygroundError
from playground.language import mark, t
from playground.live.scheduling.job import Job
from playground.web.markdown import escape_markdown
from playground.web.session import track_memory

REFRESH_SECONDS = 0.15
"""Seconds between two slices of it, while somebody watches."""
SLICE_SECONDS = 0.15
"""Of one slice: a press on Stop waits for its end."""
STOPPED = mark("Stopped: what follows is what was found until then.")


def get_or_start_job(place: str, key: Hashable, begin: Callable[[], tuple[Job, Any]]) -> tuple[Job, Any] | None:
    """The job that answers ``key`` on the page ``place``, started unless it is there, with the object that it fills;
    None, after a sentence on the page, when it cannot be started."""
    job_and_result = st.session_state.get(f"job_{place}")
    if job_and_result is None or job_and_result[0].key != key:
        try:
            job_and_result = begin()
        except PlaygroundError as error:
            st.info(escape_markdown(t(error.sentence)), icon=":material/info:")
            return None
        st.session_state[f"job_{place}"] = job_and_result
    track_memory(job_and_result[0], lambda: st.session_state.pop(f"job_{place}", None), job_and_result[1])
    return job_and_result


def show_job(place: str, job_and_result: tuple[Job, Any], draw: Callable[[Any], None], stopped: str = STOPPED) -> None:
    """Advance the job while the page is open, and draw the result so far; ``stopped``: the sentence after it was
    stopped."""
    job, result = job_and_result
    was_going = job.going

    def body() -> None:
        job.run_slice(SLICE_SECONDS)
        if was_going and not job.going and job.state != "cancelled":
            st.rerun()
        with st.container():  # what is drawn below stays where it is when the work is over
            tell_state()
        draw(result)
        if was_going and not job.going:
            st.rerun()

    def tell_state() -> None:
        if job.state == "failed":
            st.info(escape_markdown(t(job.text)), icon=":material/info:")
        elif job.going:
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.progress(min(job.share, 1.0), text=t("Compiling") if job.state == "compiling" else t("Working"))
            # In a callback: it is done before the next slice, and that run shows what was found, no later one.
            right.button(t("Stop"), key=f"stop_{place}", width="stretch", on_click=job.cancel)
        elif job.state == "cancelled":
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.caption(t(stopped))
            if right.button(t("Again"), key=f"again_{place}", width="stretch"):
                del st.session_state[f"job_{place}"]
                st.rerun()

    st.fragment(body, run_every=REFRESH_SECONDS if was_going else None)()

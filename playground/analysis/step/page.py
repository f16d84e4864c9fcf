"""The next training step of a run, spelled out in the browser, and taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import streamlit as st

from playground.analysis.step import StepExplainer
from playground.analysis.step.payload import BRIEF_EXTENT, OPENED_EXTENT, step_payload
from playground.errors import PlaygroundError
from playground.experiment.title import experiment_title
from playground.language import mark, t
from playground.live import Run, parse_request
from playground.live.scheduling.job import Job
from playground.presets import PRESETS
from playground.presets.article import ARTICLE_TITLE
from playground.term_links import term_names
from playground.training.knobs import knob_vector
from playground.web.components import steps
from playground.web.jobs import get_or_start_job, show_job
from playground.web.session import Session, new_name, session, track_memory

ARTICLE, OWN = mark("The article's case"), mark("Your experiment")
KEY, CHOICE = "steps", "step_whose"
ROWS_OPENED = "step_rows_opened"
"""In the session: whether rows and columns that were left out are shown."""
CASE = "the_articles_case"


def subject() -> str:
    """What the page is about when that is not the visitor's own experiment, in a line."""
    if st.session_state.get(CHOICE) != ARTICLE:
        return ""
    return t(
        "The article's case, “{article}”: {title}",
        article=ARTICLE_TITLE,
        title=experiment_title(PRESETS[CASE].experiment),
    )


def one_step(current: Session) -> None:
    """Whose step it is, and the step itself."""
    chosen = st.segmented_control(
        t("Whose step"),
        (OWN, ARTICLE),
        default=OWN,
        format_func=t,
        required=True,
        key=CHOICE,
        label_visibility="collapsed",
        help=t("The next step of your own run, or the article's case."),
    )
    if chosen == ARTICLE:
        st.caption(
            t(
                "Section 4.3 of the article that this playground grew out of: 50 samples with two features, hidden "
                "layers of two units and of one, cross-entropy, its Adam. "
                "The article writes z2 = W2 z1 + b2, without an activation between; here tanh lies between, without "
                "which the layers would be one."
            )
        )
    try:
        run = articles_run() if chosen == ARTICLE else current.run
    except PlaygroundError as error:
        st.info(t(error.sentence), icon=":material/info:")
        return
    index = position(current, run)
    opened = rows_opened()
    key = (run.name, run.epoch, index, run.experiment, opened)
    job_and_result = get_or_start_job("step", key, lambda: begin_step(run, index, key, opened=opened))
    if job_and_result is not None:
        show_job("step", job_and_result, lambda payload: draw_step(payload, lambda: position(current, run)))


def articles_run() -> Run:
    """The visitor's own run of the article's case."""
    entry = st.session_state.get("step_article")
    if not isinstance(entry, Run):
        entry = Run(new_name(), PRESETS[CASE].experiment, wait=False)
        st.session_state["step_article"] = entry
    track_memory(entry, lambda: st.session_state.pop("step_article", None))
    return entry


def rows_opened() -> bool:
    """Whether this visitor had all rows shown."""
    return st.session_state.get(ROWS_OPENED, False)


def open_rows() -> None:
    """Show all rows and columns from now on, or few again; what makes no sense is passed over."""
    asked = getattr(st.session_state.get(KEY), "rows", None)
    if isinstance(asked, dict) and isinstance(asked.get("all"), bool):
        st.session_state[ROWS_OPENED] = asked["all"]


def begin_step(run: Run, index: int, key: Any, *, opened: bool = False) -> tuple[Job, dict[str, Any]]:
    """The work that spells out the step after frame ``index`` of ``run``, ``opened`` with all rows and columns."""
    explained, payload = StepExplainer(run.trainer), {}

    def work() -> Iterator[float]:
        run.mount()
        state, knobs = run.state(index), knob_vector(run.knobs)
        with np.errstate(all="ignore"):  # a run that has diverged may hold what is not finite
            step_data = step_payload(
                explained(state, knobs, run.masks), run.trainer, knobs, OPENED_EXTENT if opened else BRIEF_EXTENT
            )
        broken = int(state.bad_step) >= 0
        payload.update(step_data | {"run": run.name, "frame": index, "broken": broken, "terms": term_names()})
        yield 1.0

    return Job(key, (*run.recipes, *explained.recipes(run.masks is not None)), work), payload


def position(current: Session, run: Run) -> int:
    """The frame of ``run`` whose next step is shown: in one's own, the one that is looked at."""
    return current.shown_index if run is current.run else run.last


def draw_step(payload: dict[str, Any], now: Callable[[], int]) -> None:
    """The step, when it is there; the page is drawn anew once it was taken."""
    if not payload:
        return
    if payload["frame"] != now() or payload["opened"] != rows_opened():
        st.rerun()
    refused = st.session_state.pop("step_refused", "")
    if refused:
        st.info(t(refused), icon=":material/info:")
    if payload["broken"]:
        st.info(
            t(
                "This run has diverged: the step below is the one that broke it, and it is not taken. "
                "Go back in time in the Playground, or turn the learning rate down there."
            ),
            icon=":material/info:",
        )
    steps(payload, key=KEY, on_take=take_step, on_rows=open_rows)


def take_step() -> None:
    """Go one optimizer step on in the run whose step was shown; what makes no sense is passed over."""
    asked = getattr(st.session_state.get(KEY), "take", None)
    if not isinstance(asked, dict):
        return
    current, article = session(), st.session_state.get("step_article")
    mine = asked.get("run") == current.run.name
    run = current.run if mine else article
    if not isinstance(run, Run) or asked.get("run") != run.name:
        return
    index = position(current, run)
    if asked.get("frame") != index:
        return
    want = {"run": run.name, "epoch": run.epoch, "from": index + 1, "head": index, "steps": 1, "frames": 1}
    checked = parse_request(want)
    assert checked is not None
    chunk = run.answer(checked)
    st.session_state["step_refused"] = "" if chunk.frames else chunk.text
    if mine and chunk.frames:
        current.head = -1
        current.send(chunk)

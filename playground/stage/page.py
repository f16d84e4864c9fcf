"""The stage in its fragment: it asks, its connection answers, nothing else reruns."""

from __future__ import annotations

import streamlit as st

from playground.language import t
from playground.stage.connection import connection_of
from playground.stage.details_view import details
from playground.web.components import stage
from playground.web.layout import STAGE_IS_SHOWN
from playground.web.markdown import escape_markdown, safe_markdown
from playground.web.session import Session, session
from playground.web.widget_state import forget_known

KEY = "stage"


def _take_trigger(name: str) -> object:
    return getattr(st.session_state.get(KEY), name, None)


def _read_request() -> None:
    forget_known()
    connection_of(session()).answer(_take_trigger("want"))


def _read_command() -> None:
    forget_known()
    connection_of(session()).command(_take_trigger("command"))


@st.fragment
def stage_fragment() -> None:
    """The live stage, and below it the history while it is paused."""
    now: Session = session()
    if not st.session_state.get(STAGE_IS_SHOWN):
        connection_of(now).forget_shown()
        now.send(now.run.mount(with_past=True))
        st.session_state[STAGE_IS_SHOWN] = True
    stage(connection_of(now).message, key=KEY, on_want=_read_request, on_command=_read_command)
    if now.paused and now.run.last > 0 and not st.context.is_embedded and "history" not in now.handout.hide:
        details(now)
    if now.touched:
        # The page takes the mark away once its controls are drawn: a run that is interrupted before that is made up
        # for.
        st.rerun()


def leave_stage() -> None:
    """Something else stands in its place: when it is back, it begins with all that it needs."""
    st.session_state[STAGE_IS_SHOWN] = False


def heading(current: Session) -> None:
    """The handout's title as it is, and its task as Markdown, never as HTML and without links and pictures."""
    if current.handout.title:
        st.text(current.handout.title)
    if current.handout.words:
        st.markdown(safe_markdown(current.handout.words))


def notes(current: Session) -> None:
    """What the visitor should know of what went wrong, calmly."""
    for note in current.notes[:2]:
        st.info(escape_markdown(t(note)), icon=":material/info:")

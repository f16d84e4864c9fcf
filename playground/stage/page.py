"""The stage in its fragment: it asks, the session answers, nothing else reruns."""

from __future__ import annotations

import streamlit as st

from playground.stage.details_view import closer
from playground.web.components import stage
from playground.web.i18n import t
from playground.web.layout import STAGE_IS_SHOWN
from playground.web.markdown import plain, safe_markdown
from playground.web.session import Session, session
from playground.web.widget_state import forget_known

KEY = "stage"


def _triggered(name: str) -> object:
    return getattr(st.session_state.get(KEY), name, None)


def _want() -> None:
    forget_known()
    session().answer(_triggered("want"))


def _command() -> None:
    forget_known()
    session().command(_triggered("command"))


@st.fragment
def player() -> None:
    """The live stage, and below it the history while it is paused."""
    now: Session = session()
    if not st.session_state.get(STAGE_IS_SHOWN):
        now.drawn = ""
        now.send(now.run.mount(with_past=True))
        st.session_state[STAGE_IS_SHOWN] = True
    stage(now.message, key=KEY, on_want=_want, on_command=_command)
    if now.paused and now.run.last > 0 and not st.context.is_embedded and "history" not in now.lesson.hide:
        closer(now)
    if now.touched:
        # The page takes the mark away once its controls are drawn: a run that is interrupted before that is made up for.
        st.rerun()


def heading(current: Session) -> None:
    """The lesson's title as it is, and its task as Markdown, never as HTML and without links and pictures."""
    if current.lesson.title:
        st.text(current.lesson.title)
    if current.lesson.words:
        st.markdown(safe_markdown(current.lesson.words))


def notes(current: Session) -> None:
    """What the visitor should know of what went wrong, calmly."""
    for note in current.notes[:2]:
        st.info(plain(t(note)), icon=":material/info:")

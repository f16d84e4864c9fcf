"""What pages that answer a question share: heading, experiment, suggestions."""

from __future__ import annotations

import time
from collections.abc import Mapping

import streamlit as st

from playground.experiment.title import experiment_title
from playground.language import mark, t
from playground.live import Run
from playground.term_links import with_links
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.run_link import keep_link
from playground.web.session import Session

WAIT_SECONDS, ASK_SECONDS = 20.0, 1.0
"""How long a page waits for a run's first frame, and how often it asks from then on."""
COMPILING = mark("Compiling the network")


def question(
    current: Session, asked: str, words: str, subject: str = "", page_part: Mapping[str, str] | None = None
) -> None:
    """The page's question, two sentences, and what it is about: the visitor's experiment, with the way back to it, or
    ``subject``, another one in a line; ``page_part``: what the address holds beside the experiment."""
    keep_link(current, page_part)
    st.title(t(asked))
    st.write(with_links(t(words)))
    if subject:
        st.caption(subject)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            t(
                "Your experiment: {title}",
                title=escape_markdown(t(experiment_title(current.experiment, current.table_used))),
            ),
            width="content",
        )
        st.page_link(PLAYGROUND, label=t("Change it"), icon=":material/arrow_back:", width="content")


def try_this(*lines: str) -> None:
    """What to do next, at the page's end."""
    st.subheader(t("Try this"))
    st.markdown(with_links("\n".join(f"- {t(line)}" for line in lines)))


def wait_for_first_frame(current: Session) -> bool:
    """Whether the run has its first frame; waits for its program, and says so when it cannot be made.

    After ``WAIT_SECONDS`` the page is drawn without the frame, and again by itself once there is one.
    """
    run = current.run
    if run.has_begun:
        return True
    end = time.monotonic() + WAIT_SECONDS
    reply = run.mount()
    with st.spinner(t(COMPILING)):
        while reply.state == "compiling" and time.monotonic() < end:
            reply = run.mount()
    if reply.state == "failed":
        st.info(escape_markdown(t(reply.text)), icon=":material/info:")
    elif not run.has_begun:
        st.fragment(lambda: draw_again_when_begun(run), run_every=ASK_SECONDS)()
    return run.has_begun


def draw_again_when_begun(run: Run) -> None:
    """Say that the program of ``run`` is being compiled, or draw the page again."""
    if run.mount().state == "compiling":
        st.info(t(COMPILING), icon=":material/hourglass:")
    else:
        st.rerun()

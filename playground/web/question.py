"""What the pages of Understand share: heading, experiment, suggestions."""

from __future__ import annotations

import time

import streamlit as st

from playground.experiment.title import experiment_title
from playground.glossary import with_links
from playground.language import t
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.run_link import keep_link
from playground.web.session import Session


def question(current: Session, asked: str, words: str, subject: str = "") -> None:
    """The page's question, two sentences, and what it is about: the visitor's experiment, with the way back to it, or
    ``subject``, another one in a line."""
    keep_link(current)
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


def wait_for_first_frame(current: Session, seconds: float = 20.0) -> bool:
    """Whether the run has its first frame; waits for its program, and says so when it takes too long."""
    end = time.monotonic() + seconds
    if current.run.has_begun:
        return True
    with st.spinner(t("Compiling the network")):
        while not current.run.has_begun and time.monotonic() < end:
            current.run.mount()
    if not current.run.has_begun:
        st.info(t("The network is still being compiled; open this page again in a moment."), icon=":material/info:")
    return current.run.has_begun

"""Links: to the experiment as it is, to a handout around it, into another page; and links of others, opened here."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from playground.datasets import DATASETS
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.links.parse import open_link
from playground.language import t
from playground.live.replay.log_text import log_changes
from playground.web.address import address
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.run_link import link_query, not_in_link, past_of, past_query
from playground.web.session import Session

FIRST_DATA = DATASETS[Experiment().problem.dataset].label
"""What a link opens in the place of rows of one's own."""


def link(current: Session) -> None:
    """The link to what is there now."""
    st.subheader(t("A link to this experiment"))
    st.caption(t(link_words(current)))
    st.code(address(link_query(current) | past_query(current)), language=None, wrap_lines=True)


def link_words(current: Session) -> str:
    """What a link to the present run holds, what it cannot hold, and what else its reader needs for the same run."""
    if current.table_used is not None:
        return (
            f"A link cannot hold rows of your own: this one opens your network and its training on {FIRST_DATA} "
            "instead. Who is to get the same run needs your file, to learn it under Your data, and then the experiment "
            "(JSON) of Save and load, to load it there."
        )
    if reasons := not_in_link(current):
        return (
            "It opens the experiment as it stands now, at its first step. Whoever opens it gets another run, since a "
            f"link cannot hold {join_parts(reasons)}."
        )
    parts = "the data, the network, the training and all seeds"
    story = past_of(current)
    if story is None:
        return f"It holds {parts}: whoever opens it gets the same run, from its first step on."
    return (
        f"It holds {parts}, and what was done on the way to step {story.step:,} "
        f"({join_parts(log_changes(story))}): whoever "
        "opens it comes to that step in the same run."
    )


def opens_words(current: Session) -> str:
    """What a link to the experiment alone opens, without its run."""
    if current.table_used is not None:
        return f"your network and its training on {FIRST_DATA}"
    return "the experiment as it stands now, at its first step"


def join_parts(parts: Sequence[str]) -> str:
    """``parts`` as a sentence lists them."""
    return ", ".join(parts[:-1]) + (" and " if parts[:-1] else "") + parts[-1]


def opening(current: Session) -> None:
    """A link of another playground, or of this one, opened here."""
    st.subheader(t("Open a link"))
    text = st.text_input(
        t("A link to this playground, or to TensorFlow Playground"),
        key="open_link",
        placeholder="https://playground.tensorflow.org/#activation=tanh&batchSize=10&dataset=circle…",
        help=t("The whole address; what has no counterpart here is named."),
    )
    if not text or not st.button(t("Open"), key="open_link_go", type="primary"):
        return
    try:
        current.open(open_link(text))
    except PlaygroundError as error:
        st.error(escape_markdown(t(str(error))))
        return
    for note in current.notes:
        st.info(escape_markdown(note))
    st.success(t("Opened. It waits for you in the playground."))
    st.page_link(PLAYGROUND, label=t("Go to the playground"))


def embedding(current: Session) -> None:
    """An iframe for a course page or a slide."""
    st.subheader(t("Just the stage, in another page"))
    st.caption(
        t("Paste this into a course page or a slide: the stage, without the controls. It opens {opens}.").format(
            opens=t(opens_words(current))
        )
    )
    source = address(link_query(current) | {"embed": "true"}).replace("&", "&amp;")
    st.code(
        f'<iframe src="{source}" width="1000" height="760" style="border: 0" title="Neural Playground"></iframe>',
        language=None,  # Streamlit's colours of HTML are too pale to read on its light ground
        wrap_lines=True,
    )

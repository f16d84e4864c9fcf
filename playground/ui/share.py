"""Links: to the experiment as it is, to a lesson around it, into another page; and links of others, opened here."""

from __future__ import annotations

import streamlit as st

from playground.datasets import DATASETS
from playground.errors import PlaygroundError
from playground.spec import OWN_DATA, Experiment
from playground.spec.any_link import open_link
from playground.ui.address import address
from playground.ui.language import t
from playground.ui.plain import plain
from playground.ui.session import Session, link_notes, link_query

PLAYGROUND = "pages/play/playground.py"


def link(current: Session) -> None:
    """The link to what is there now."""
    st.subheader(t("A link to this experiment"))
    st.caption(t(link_words(current.experiment)))
    st.code(address(link_query(current)), language=None, wrap_lines=True)


def link_words(experiment: Experiment) -> str:
    """What a link to ``experiment`` holds, and what else its reader needs for the same run."""
    if experiment.problem.dataset != OWN_DATA:
        return "It holds the data, the network, the training and all seeds: whoever opens it gets the same run."
    begins = DATASETS[Experiment().problem.dataset].label
    return (
        f"A link cannot hold rows of your own: this one opens your network and its training on {begins} instead. Who "
        f"is "
        "to get the same run needs your file, to learn it under Your data, and then the experiment (JSON) of Save and "
        "load, to load it there."
    )


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
        opened = open_link(text)
        current.start(opened.experiment, lesson=opened.lesson)
    except PlaygroundError as error:
        st.error(plain(t(str(error))))
        return
    current.notes[:] = link_notes(opened.notes)
    for note in current.notes:
        st.info(plain(note))
    st.success(t("Opened. It waits for you in the playground."))
    st.page_link(PLAYGROUND, label=t("Go to the playground"))


def embedding(current: Session) -> None:
    """An iframe for a course page or a slide."""
    st.subheader(t("Just the stage, in another page"))
    st.caption(t("Paste this into a course page or a slide: the stage of this experiment, without the controls."))
    if current.table_used is not None:
        st.caption(t(link_words(current.experiment)))
    source = address(link_query(current) | {"embed": "true"}).replace("&", "&amp;")
    st.code(
        f'<iframe src="{source}" width="1000" height="760" style="border: 0" title="Neural Playground"></iframe>',
        language=None,  # Streamlit's colours of HTML are too pale to read on its light ground
        wrap_lines=True,
    )

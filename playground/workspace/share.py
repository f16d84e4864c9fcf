"""Links: to the experiment as it is, to a handout around it, into another page; and links of others, opened here."""

from __future__ import annotations

import streamlit as st

from playground.datasets import DATASETS
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.links.parse import open_link
from playground.language import Translatable, join_items, mark, t
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


def link_words(current: Session) -> Translatable:
    """What a link to the present run holds, what it cannot hold, and what else its reader needs for the same run."""
    if current.table_used is not None:
        return mark(
            "A link cannot hold rows of your own: this one opens your network and its training on {dataset} "
            "instead. Who is to get the same run needs your file, to learn it under Your data, and then the experiment "
            "(JSON) of Save and load, to load it there.",
            dataset=FIRST_DATA,
        )
    if reasons := not_in_link(current):
        return mark(
            "It opens the experiment as it stands now, at its first step. Whoever opens it gets another run, since a "
            "link cannot hold {reasons}.",
            reasons=join_items(reasons, "and"),
        )
    story = past_of(current)
    if story is None:
        return mark(
            "It holds the data, the network, the training and all seeds: whoever opens it gets the same run, from its "
            "first step on."
        )
    return mark(
        "It holds the data, the network, the training and all seeds, and what was done on the way to step {step:,} "
        "({changes}): whoever opens it comes to that step in the same run.",
        step=story.step,
        changes=join_items(log_changes(story), "and"),
    )


def opens_words(current: Session) -> Translatable:
    """What a link to the experiment alone opens, without its run."""
    if current.table_used is not None:
        return mark("your network and its training on {dataset}", dataset=FIRST_DATA)
    return mark("the experiment as it stands now, at its first step")


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
        st.error(escape_markdown(t(error.sentence)))
        return
    for note in current.notes:
        st.info(escape_markdown(t(note)))
    st.success(t("Opened. It waits for you in the playground."))
    st.page_link(PLAYGROUND, label=t("Go to the playground"))


def embedding(current: Session) -> None:
    """An iframe for a course page or a slide."""
    st.subheader(t("Just the stage, in another page"))
    st.caption(
        t(
            "Paste this into a course page or a slide: the stage, without the controls. It opens {opens}.",
            opens=opens_words(current),
        )
    )
    source = address(link_query(current) | {"embed": "true"}).replace("&", "&amp;")
    st.code(
        f'<iframe src="{source}" width="1000" height="760" style="border: 0" title="Neural Playground"></iframe>',
        language=None,  # Streamlit's colours of HTML are too pale to read on its light ground
        wrap_lines=True,
    )

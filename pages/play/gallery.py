"""Experiments worth a minute: one click loads one."""

import streamlit as st

from playground.language import t
from playground.term_links import with_links
from playground.web.session import session
from playground.workspace.gallery import gallery

current = session()
st.title(t("Worth a minute"))
with st.container(key="legend_of_pictures"):
    st.caption(
        with_links(
            t(
                "Each shows one thing. Choose one, press Play, and watch what its words say; then turn a knob. The "
                "pictures "
                "are its own training: what the network answers, with train samples; beside it the loss of train "
                "(line) and "
                "test samples (broken), the maps of the last hidden layer's units, and how large each layer's gradient "
                "is at "
                "the end, first layer first (a bar one fifth shorter: ten times smaller)."
            )
        )
    )
gallery(current)

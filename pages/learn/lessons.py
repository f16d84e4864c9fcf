"""Lessons that one does: a few steps each, ticked off by what the network does."""

import streamlit as st

from playground.language import t
from playground.web.session import session
from playground.workspace.lesson_list import code_check, lesson_list, links_for_class, own_lesson

current = session()
st.title(t("Lessons"))
st.caption(
    t(
        "Each takes a few minutes. The steps stand beside the network and tick themselves off once it does what they "
        "ask for; you can leave at any time and go on later. At the end there is a completion code."
    )
)
lesson_list(current)
left, right = st.columns(2, gap="large")
with left:
    own_lesson(current)
with right:
    code_check(current)
links_for_class()

"""Write a lesson: steps, and what must be true at the end of each."""

import streamlit as st

from playground.language import t
from playground.web.session import session
from playground.workspace.lesson_editor import lesson_editor

current = session()
st.title(t("Write a lesson"))
st.caption(
    t(
        "A lesson is a short course of steps. Each has a few words and a condition on what the network does, which "
        "ticks it off. Set up an experiment in the Playground, and take it here as a step's start."
    )
)
lesson_editor(current)

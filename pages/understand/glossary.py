"""What do the words mean?"""

import streamlit as st

from playground.language import t
from playground.web.glossary import glossary
from playground.workspace.lesson_list import term_lesson

st.title(t("Glossary"))
st.caption(
    t("The words of the field that this app uses. Where one of them stands underlined, point at it, or press it.")
)
glossary(term_lesson)

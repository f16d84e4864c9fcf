"""Share an experiment: a link, a lesson, a frame for another page."""

import streamlit as st

from playground.ui.language import t
from playground.ui.session import session
from playground.ui.share import embedding, lesson, link, opening

current = session()
st.title(t("Share"))
link(current)
opening(current)
lesson(current)
embedding(current)

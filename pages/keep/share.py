"""Share an experiment: a link, a handout, a frame for another page."""

import streamlit as st

from playground.language import t
from playground.web.session import session
from playground.workspace.handout_editor import handout_editor
from playground.workspace.share import embedding, link, opening

current = session()
st.title(t("Share"))
top = st.container()
opening(current)
with top:  # of what may have been opened below it a moment ago
    link(current)
handout_editor(current)
embedding(current)

"""Save and load: experiments, weights, data, history, code, equations."""

import streamlit as st

from playground.language import t
from playground.web.session import session
from playground.workspace.files import code, downloads, loading

current = session()
st.title(t("Save and load"))
top = st.container()
loading(current)
with top:  # of what may have been loaded below it a moment ago
    downloads(current)
    code(current)

"""Save and load: experiments, weights, data, history, code, equations."""

import streamlit as st

from playground.ui.language import t
from playground.ui.saving import code, downloads, loading
from playground.ui.session import session

current = session()
st.title(t("Save and load"))
top = st.container()
loading(current)
with top:  # of what may have been loaded below it a moment ago
    downloads(current)
    code(current)

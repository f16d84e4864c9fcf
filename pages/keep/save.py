"""Save and load: experiments, weights, data, history, code, equations."""

import streamlit as st

from playground.ui.language import t
from playground.ui.saving import code, downloads, loading
from playground.ui.session import session

current = session()
st.title(t("Save and load"))
downloads(current)
code(current)
loading(current)

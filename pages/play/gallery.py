"""Experiments worth a minute: one click loads one."""

import streamlit as st

from playground.ui.gallery import gallery
from playground.ui.language import t
from playground.ui.session import session

current = session()
st.title(t("Worth a minute"))
st.caption(t("Each shows one thing. Load it, press Play, and watch what its words say; then turn a knob."))
gallery(current)

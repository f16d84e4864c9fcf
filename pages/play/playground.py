"""Build a small network, press Play, and watch it learn."""

import streamlit as st

from playground.ui.controls import controls
from playground.ui.player import notes, player
from playground.ui.session import keep_link, session

current = session()
with st.sidebar:
    controls(current)
notes(current)
current.touched = False
player()
keep_link(current)

"""Build a small network, press Play, and watch it learn."""

import streamlit as st

from playground.ui.choice_bar import choice_bar
from playground.ui.controls import controls
from playground.ui.gallery import preset_words
from playground.ui.player import heading, notes, player
from playground.ui.run_link import keep_link
from playground.ui.session import session

current = session()
above = st.container()  # one place on the page, whatever it holds: a stage that moved would be made anew
if not st.context.is_embedded:
    with st.sidebar:
        controls(current)
    with above:
        heading(current)
        choice_bar(current)
        preset_words(current)
with above:
    notes(current)
keep_link(current)
current.touched = False
player()

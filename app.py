"""Neural Playground: the page frame and the navigation; each page is a file under pages/."""

import streamlit as st

from playground.ui.frame import navigation, page_frame

st.set_page_config(page_title="Neural Playground", page_icon="static/icon.svg", layout="wide")
page = navigation()
page_frame(page.url_path)
page.run()

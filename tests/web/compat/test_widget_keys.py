"""The keys of widgets are told from the app's own."""

from __future__ import annotations

import inspect

from streamlit.runtime.state.session_state_proxy import SessionStateProxy
from streamlit.testing.v1 import AppTest

from playground.web.compat.widget_keys import widget_keys


def page() -> None:
    import streamlit as st

    from playground.web.compat.widget_keys import widget_keys

    def take_keys() -> None:
        st.session_state["found"] = sorted(widget_keys())

    st.session_state["own"] = 1
    st.selectbox("Letter", ["a", "b"], key="letter", on_change=take_keys)
    st.toggle("Switch", key="switch")


def test_widgets_are_told_from_what_the_app_keeps() -> None:
    assert widget_keys() == set()
    app = AppTest.from_function(page).run()
    app.selectbox(key="letter").select("b").run()
    assert app.session_state["found"] == ["letter", "switch"]


def test_streamlit_still_says_it_only_inside() -> None:
    """Once this fails, ``widget_keys.py`` is not needed any more, or has to read another attribute."""
    public = {name for name, _ in inspect.getmembers(SessionStateProxy) if name[0] != "_"}
    assert [name for name in public if "widget" in name] == []

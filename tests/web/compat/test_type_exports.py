"""Types of Streamlit's public functions that it does not export."""

from __future__ import annotations

import streamlit as st

from playground.web.compat import type_exports


def test_streamlit_still_exports_none_of_them() -> None:
    """Once this fails, the name can be imported from there instead."""
    public = {*vars(st), *vars(st.typing)}
    assert [name for name in type_exports.__all__ if name in public] == []

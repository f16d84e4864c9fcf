"""Values of a page's widgets, kept while other pages are open: Streamlit drops those of widgets that are not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st


def widget_values(prefixes: tuple[str, ...]) -> dict[str, Any]:
    """What the widgets whose keys begin so say now, by key."""
    return {str(key): value for key, value in st.session_state.items() if str(key).startswith(prefixes)}


def restore_widgets(values: Mapping[str, Any]) -> None:
    """Have the widgets that are not drawn yet begin with these values."""
    for key, value in values.items():
        if key not in st.session_state:
            st.session_state[key] = value

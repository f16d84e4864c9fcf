"""Types of what Streamlit's public functions take and return, for annotations.

Streamlit 1.67 exports none of them (``streamlit.typing`` has others). Upstream: streamlit/streamlit#7801, open; #16094
chose what ``streamlit.typing`` holds.
"""

from __future__ import annotations

from streamlit.commands.page_config import MenuItems
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

__all__ = ["DeltaGenerator", "MenuItems", "StreamlitPage"]

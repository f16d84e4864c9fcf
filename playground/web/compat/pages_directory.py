"""The folder ``pages/`` is not Streamlit's old page discovery.

Until ``st.navigation`` is called for the first time, Streamlit takes the folder for that: a first visitor who follows
a link to a page is told that there is none.

Seen in Streamlit 1.67 (``PagesManager.__init__``, ``ScriptRunner._run_script``). Upstream: streamlit/streamlit#8860,
closed; there an app without the folder was mended.
"""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager


def disable_pages_directory() -> None:
    """Say what ``st.navigation`` says at its first call, before any visitor is there."""
    PagesManager.uses_pages_directory = False

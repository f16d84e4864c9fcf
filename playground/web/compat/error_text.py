"""The sentence that a visitor reads where a page fails by a fault of ours.

Streamlit's own, with ``client.showErrorDetails = "none"``, advises the app's developer. Seen in Streamlit 1.67
(``elements/exception.py``). Upstream: streamlit/streamlit#14925, closed by #14972: ``st.App(on_script_error=...)`` may
draw something else in the place of the error, but leaves no way to change its sentence alone.
"""

from __future__ import annotations

from streamlit.elements import exception

CONSTANT = "_GENERIC_UNCAUGHT_EXCEPTION_TEXT"


def replace_error_text(text: str) -> None:
    """Have every uncaught exception shown as ``text``; the traceback goes into the server's log as before."""
    if hasattr(exception, CONSTANT):
        setattr(exception, CONSTANT, text)

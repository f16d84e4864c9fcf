"""The sentence that a visitor reads where a page fails by a fault of ours.

Streamlit's own, with ``client.showErrorDetails = "none"``, advises the app's developer. Seen in Streamlit 1.67
(``elements/exception.py``). Upstream: streamlit/streamlit#14925, closed by #14972: ``st.App(on_script_error=...)`` may
draw something else in the place of the error, but leaves no way to change its sentence alone.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.elements import exception

from playground.language import t

CONSTANT = "_GENERIC_UNCAUGHT_EXCEPTION_TEXT"


def replace_error_text(text: str) -> None:
    """Have every uncaught exception shown as ``text``, in the visitor's language; the traceback goes into the server's
    log as before."""
    if not hasattr(exception, CONSTANT):
        return
    setattr(exception, CONSTANT, str(text))
    marshall = exception.marshall

    @wraps(marshall)
    def marshall_translated(exception_proto: Any, *arguments: Any, **options: Any) -> None:
        marshall(exception_proto, *arguments, **options)
        if exception_proto.message == text:
            exception_proto.message = t(text)

    exception.marshall = marshall_translated

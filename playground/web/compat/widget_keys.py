"""Which keys of the session's state are those of widgets: Streamlit keeps them apart from the app's own inside only.

Seen in Streamlit 1.67 (``SessionState._key_id_mapper``). Upstream: no issue found.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def widget_keys() -> set[str]:
    """The keys of the widgets that the last run of the page has drawn; none outside of a script's run."""
    context = get_script_run_ctx(suppress_warning=True)
    state = getattr(getattr(context, "session_state", None), "_state", None)
    return set(getattr(getattr(state, "_key_id_mapper", None), "_key_id_mapping", {}))

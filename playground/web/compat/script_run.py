"""What kind of run a script is in: of the whole page, or of fragments of it alone; or in none.

Seen in Streamlit 1.67 (``ScriptRunContext.fragment_ids_this_run``). Upstream: no issue found.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def runs_script() -> bool:
    """Whether this thread runs a page's script, or a callback of it."""
    return get_script_run_ctx(suppress_warning=True) is not None


def runs_fragment() -> bool:
    """Whether only fragments of the page are run; false outside of a script's run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and bool(context.fragment_ids_this_run)

"""A page that is being left asks nothing more.

The stage of the old page may still ask while another page is on its way. Streamlit then runs the question under the
page that it names: the browser takes that for one more change and clears the page that has just come; or, while the
change still waits for a run to end, goes nowhere at all. Three of 25 changes from a playing network ended on an empty
page.

Seen in Streamlit 1.67 (``ScriptRunner._run_script``, ``ScriptRequests._request_rerun_locked``). Upstream: no issue
found; streamlit/streamlit#9617 stops the timers of fragments when the page changes, but not what is asked by hand.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType


def ignore_stale() -> None:
    """Have every session of this process pass them over, from now on; done once however often it is called."""
    for owner, name, left in (
        (ScriptRunner, "_run_script", _is_stale),
        (ScriptRequests, "_request_rerun_locked", _is_page_change),
    ):
        plain: Any = getattr(owner, name, None)
        if plain is not None and not hasattr(plain, "__wrapped__"):
            setattr(owner, name, _skip_if(left, plain))


def _skip_if(left: Any, plain: Any) -> Any:
    @wraps(plain)
    def run_unless_stale(self: Any, data: Any) -> Any:
        return True if left(self, data) else plain(self, data)

    return run_unless_stale


def _is_stale(runner: Any, data: Any) -> bool:
    """Whether only fragments are to be run, of a page that is not the session's any more."""
    pages = getattr(runner, "_pages_manager", None)
    return bool(getattr(data, "fragment_id_queue", ())) and _is_other_page(
        data, getattr(pages, "current_page_script_hash", "")
    )


def _is_page_change(requests: Any, data: Any) -> bool:
    """Whether another page is waited for than the one whose fragment is asked for, or which asks to be run again itself
    (``st.rerun``)."""
    waiting = getattr(requests, "_rerun_data", None)
    script = get_script_run_ctx(suppress_warning=True)
    again = script is not None and data.page_script_hash == script.page_script_hash
    return bool(
        getattr(requests, "_state", None) is ScriptRequestType.RERUN
        and (again or getattr(data, "fragment_id", None))
        and not getattr(waiting, "fragment_id_queue", ())
        and _is_other_page(data, getattr(waiting, "page_script_hash", ""))
    )


def _is_other_page(data: Any, page: str) -> bool:
    """Whether ``data`` names a page, and not this one; a page that has no name yet may be any."""
    return bool(page and data.page_script_hash and data.page_script_hash != page)

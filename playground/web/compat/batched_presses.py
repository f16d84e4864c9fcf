"""A press counts, once, whatever else the browser sends in the same moment.

Streamlit's browser side (1.67) gathers all that happens within a task into one message, and has only one fragment run
for it: a press outside of that fragment (a button in the sidebar while the stage asks for frames, or in another
fragment) runs its callback, but nobody draws what came of it, and a button that acts by its answer does nothing. And
the timer of a fragment that runs by itself sends along what was pressed and waits for its own message, which then
comes as well: such a press counted twice.

Seen in Streamlit 1.67 (``WidgetStateManager.scheduleFlush`` in the browser, ``AppSession.request_rerun``). Upstream:
streamlit/streamlit#12747, which brought it and says that it is left so; no issue found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

TRIGGERS = ("trigger_value", "json_trigger_value")
"""What a button and a component say when something was pressed."""


def count_presses_once() -> None:
    """Have every session of this process hear each press, from now on; done once however often it is called."""
    plain: Any = getattr(AppSession, "request_rerun", None)
    if plain is None or hasattr(plain, "__wrapped__"):
        return

    @wraps(plain)
    def request_rerun(self: Any, client_state: ClientState | None) -> None:
        plain(self, client_state and route_message(self, client_state))

    AppSession.request_rerun = request_rerun


def route_message(session: Any, message: ClientState) -> ClientState:
    """``message`` of the browser; for the whole page where something was pressed outside of the fragment that it is
    for, and without presses where a timer sent it."""
    if not message.fragment_id:
        return message
    presses = [state.id for state in message.widget_states.widgets if is_pressed(state)]
    if not presses or not (message.is_auto_rerun or any(is_outside(session, message.fragment_id, presses))):
        return message
    changed = ClientState()
    changed.CopyFrom(message)
    if message.is_auto_rerun:
        rest = [state for state in message.widget_states.widgets if not is_pressed(state)]
        del changed.widget_states.widgets[:]
        changed.widget_states.widgets.extend(rest)
    else:
        changed.fragment_id = ""
    return changed


def is_pressed(state: Any) -> bool:
    """Whether a widget's ``state`` in a message is a press."""
    kind = state.WhichOneof("value")
    return kind in TRIGGERS and bool(getattr(state, kind))


def is_outside(session: Any, fragment: str, widgets: list[str]) -> Iterator[bool]:
    """Of each of the ``widgets``, whether it was drawn outside of ``fragment``; one that is not known was not."""
    known = getattr(session.session_state, "get_widget_metadata", lambda _: None)
    storage = getattr(session, "_fragment_storage", None)
    for widget in widgets:
        metadata = known(widget)
        its = getattr(metadata, "fragment_id", fragment)
        yield its != fragment and not (its and storage is not None and storage.has_ancestor_in(its, {fragment}))

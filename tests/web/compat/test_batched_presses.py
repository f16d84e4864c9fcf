"""A press outside of the fragment that a message is for has the whole page run; a timer presses nothing."""

from __future__ import annotations

import inspect
import types
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from playground.web.compat.batched_presses import TRIGGERS, count_presses_once, route_message
from playground.web.compat.browser_scripts import streamlit_scripts

FRAGMENT_OF = {"undo": None, "stage": "player", "stop": "job", "ring": "ring_of_player"}


@pytest.fixture
def session() -> Any:
    """One with a stage that holds another fragment, a job beside it, and buttons in each and in none."""
    storage = MemoryFragmentStorage()
    for fragment, parent in (("player", None), ("job", None), ("ring_of_player", "player")):
        storage.register(fragment, lambda: None, parent_fragment_id=parent)
    known = {name: types.SimpleNamespace(fragment_id=its) for name, its in FRAGMENT_OF.items()}
    state = types.SimpleNamespace(get_widget_metadata=known.get)
    return types.SimpleNamespace(session_state=state, _fragment_storage=storage)


def message(fragment: str, *pressed: str, timer: bool = False) -> ClientState:
    """What the browser sends for ``fragment``: a slider's value, buttons at rest, and those that were pressed."""
    made = ClientState(fragment_id=fragment, is_auto_rerun=timer)
    made.widget_states.widgets.add(id="slider", int_value=3)
    made.widget_states.widgets.add(id="at_rest", trigger_value=False)
    for name in pressed:
        if name == "stage":
            made.widget_states.widgets.add(id=name, json_trigger_value='[{"event": "want"}]')
        else:
            made.widget_states.widgets.add(id=name, trigger_value=True)
    return made


@pytest.mark.parametrize("pressed", [("stage", "undo"), ("stage", "stop"), ("undo",)])
def test_a_press_elsewhere_has_the_whole_page_run_with_all_that_was_pressed(session: Any, pressed: tuple[str]) -> None:
    sent = route_message(session, message("player", *pressed))
    assert sent.fragment_id == ""
    assert sent.widget_states == message("player", *pressed).widget_states


@pytest.mark.parametrize("pressed", [("stage",), ("ring",), ("stage", "ring"), ("unknown",), ()])
def test_what_is_pressed_within_the_fragment_has_it_alone_run(session: Any, pressed: tuple[str, ...]) -> None:
    sent = message("player", *pressed)
    assert route_message(session, sent) is sent


def test_a_press_that_a_timer_sends_along_comes_by_itself_and_counts_then(session: Any) -> None:
    by_timer = route_message(session, message("job", "undo", "stop", timer=True))
    assert (by_timer.fragment_id, by_timer.is_auto_rerun) == ("job", True)
    assert [state.id for state in by_timer.widget_states.widgets] == ["slider", "at_rest"]
    its_own = message("", "undo")
    assert route_message(session, its_own) is its_own


def test_every_session_of_the_process_hears_so(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(AppSession, "request_rerun", lambda _, state: heard.append(state))
    count_presses_once()
    count_presses_once()
    for state in (message("player", "undo"), None):
        AppSession.request_rerun(session, state)
    assert [state and state.fragment_id for state in heard] == ["", None]


def test_the_browser_still_sends_all_of_a_moment_for_one_fragment() -> None:
    """Once this fails, ``batched_presses.py`` may not be needed any more."""
    warning = "Multiple different fragmentIds detected in a single batch"
    assert any(warning in file.read_text(encoding="utf-8") for file in streamlit_scripts().glob("index.*.js"))


def test_streamlit_still_has_the_parts_that_are_touched() -> None:
    assert list(inspect.signature(AppSession.request_rerun).parameters) == ["self", "client_state"]
    assert "_fragment_storage" in inspect.getsource(AppSession.__init__)
    assert hasattr(SessionState, "get_widget_metadata")
    assert "fragment_id" in WidgetMetadata.__dataclass_fields__
    assert {"is_auto_rerun", "fragment_id"} <= set(ClientState.DESCRIPTOR.fields_by_name)
    assert set(TRIGGERS) <= set(ClientState().widget_states.widgets.add().DESCRIPTOR.fields_by_name)

"""Who asked for another page goes there, whatever the old one still wants."""

from __future__ import annotations

import inspect
import types

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from playground.web.compat import stale_fragments as leaving


def waiting_for(page: str) -> ScriptRequests:
    leaving.ignore_stale()
    requests = ScriptRequests()
    assert requests.request_rerun(RerunData(page_script_hash=page))
    return requests


def next_page(requests: ScriptRequests) -> str:
    return requests.on_scriptrunner_ready().rerun_data.page_script_hash


def script_of(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows is asked by a script of ``page`` itself."""
    context = types.SimpleNamespace(page_script_hash=page)
    monkeypatch.setattr(leaving, "get_script_run_ctx", lambda **_: context)


def test_the_stage_of_the_old_page_does_not_call_it_back() -> None:
    requests = waiting_for("race")
    assert requests.request_rerun(RerunData(page_script_hash="home", fragment_id="stage"))
    assert next_page(requests) == "race"


def test_the_old_page_that_wants_to_be_drawn_again_does_not_call_itself_back(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = waiting_for("race")
    script_of("home", monkeypatch)
    assert requests.request_rerun(RerunData(page_script_hash="home"))
    assert next_page(requests) == "race"


def test_a_script_that_sends_its_visitor_on_and_a_visitor_who_thinks_again_are_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests = waiting_for("race")
    assert requests.request_rerun(RerunData(page_script_hash="home"))  # pressed by the visitor
    script_of("home", monkeypatch)
    assert requests.request_rerun(RerunData(page_script_hash="flow"))  # st.switch_page
    assert next_page(requests) == "flow"


def test_a_question_of_the_page_that_is_waited_for_runs_with_it() -> None:
    requests = waiting_for("race")
    assert requests.request_rerun(RerunData(page_script_hash="race", fragment_id="stage"))
    request = requests.on_scriptrunner_ready().rerun_data
    assert (request.page_script_hash, request.fragment_id_queue) == ("race", [])


def test_streamlit_still_lets_the_old_page_call_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once this fails, ``stale_fragments.py`` is not needed any more."""
    requests = waiting_for("race")
    plain = inspect.unwrap(ScriptRequests._request_rerun_locked)
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", plain)
    assert requests.request_rerun(RerunData(page_script_hash="home", fragment_id="stage"))
    assert next_page(requests) == "home"


def test_streamlit_still_has_the_parts_that_are_touched() -> None:
    assert list(inspect.signature(inspect.unwrap(ScriptRunner._run_script)).parameters) == ["self", "rerun_data"]
    assert "self._pages_manager" in inspect.getsource(ScriptRunner)
    assert {"_state", "_rerun_data"} <= vars(ScriptRequests()).keys()

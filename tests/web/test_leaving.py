"""Who asked for another page goes there, whatever the old one still wants."""

from __future__ import annotations

import types

import pytest
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

"""A page that fails by a fault of ours says what its visitor can do."""

from __future__ import annotations

import pytest
from streamlit.elements import exception
from streamlit.proto.Exception_pb2 import Exception as Shown

from playground.server.startup import ERROR_TEXT
from playground.web.compat.error_text import CONSTANT, replace_error_text


def shown_error(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What a visitor sees of an exception that nobody caught."""
    monkeypatch.setattr("streamlit.config.get_option", lambda name: "none")
    shown = Shown()
    exception.marshall(shown, RuntimeError("/home/secret"), apply_show_error_details=True)
    return shown


def test_a_page_that_fails_by_our_fault_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exception, CONSTANT, getattr(exception, CONSTANT))
    replace_error_text(ERROR_TEXT)
    shown = shown_error(monkeypatch)
    assert shown.message == ERROR_TEXT
    assert not shown.stack_trace
    assert "secret" not in str(shown)


def test_streamlit_still_takes_its_sentence_from_the_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once this fails, ``error_text.py`` changes nothing any more."""
    monkeypatch.setattr(exception, CONSTANT, "another sentence")
    assert shown_error(monkeypatch).message == "another sentence"

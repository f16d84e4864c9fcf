"""A page that needs a run's first frame waits for it, and goes on by itself however late it is."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st

from playground.web import question
from playground.web.session import Session


class Drawn:
    """Stands for Streamlit: what was said, which fragment the page has, and whether it is to be drawn again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.fragment: Callable[[], None] | None = None
        self.reruns = 0
        monkeypatch.setattr(st, "info", lambda text, **_: self.said.append(text))
        monkeypatch.setattr(st, "fragment", self.keep)
        monkeypatch.setattr(st, "rerun", self.rerun)

    def keep(self, body: Callable[[], None], run_every: float) -> Callable[[], None]:
        assert run_every > 0
        self.fragment = body
        return body

    def rerun(self) -> None:
        self.reruns += 1


def session_of(*states: str, text: str = "") -> Session:
    """A visitor whose run answers one question after another so, and has begun with "ready"."""
    run = SimpleNamespace(has_begun=False)
    replies = iter(states)

    def mount() -> Any:
        state = next(replies)
        run.has_begun = state == "ready"
        return SimpleNamespace(state=state, text=text)

    run.mount = mount
    return cast(Session, SimpleNamespace(run=run))


def test_a_frame_that_comes_in_time_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(monkeypatch)
    assert question.wait_for_first_frame(session_of("compiling", "compiling", "ready"))
    assert (drawn.said, drawn.fragment) == ([], None)


def test_a_page_whose_program_is_late_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(monkeypatch)
    monkeypatch.setattr(question, "WAIT_SECONDS", 0.0)
    assert not question.wait_for_first_frame(session_of("compiling", "compiling", "ready"))
    assert drawn.said == [question.COMPILING]
    assert drawn.fragment is not None
    assert drawn.reruns == 0
    drawn.fragment()
    assert drawn.reruns == 1


def test_a_program_that_cannot_be_made_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Drawn(monkeypatch)
    assert not question.wait_for_first_frame(session_of("compiling", "failed", text="Too little memory"))
    assert drawn.said == ["Too little memory"]
    assert drawn.fragment is None

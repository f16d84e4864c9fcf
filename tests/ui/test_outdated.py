"""A question, or a press on one control, carries what all widgets said when it left: that is not a visitor's wish."""

from __future__ import annotations

import types
from typing import Any

import pytest

from playground.ui import fields as module
from playground.ui.fields import UNDER_WAY, outdated, show, taken


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The session's state, and the clock."""
    made = types.SimpleNamespace(state={}, now=100.0)
    monkeypatch.setattr(module.st, "session_state", made.state)
    monkeypatch.setattr(module.time, "monotonic", lambda: made.now)
    return made


def turned_by_the_app(world: Any, late: float = 0.1) -> None:
    """The widget said 1, was made to show 2, and a message still says 1."""
    world.state["knob"] = 1
    show("knob", 2)
    world.state["knob"] = 1
    world.now += late


def test_what_was_said_before_is_passed_over(world: Any) -> None:
    done: list[str] = []
    turned_by_the_app(world)
    assert outdated("knob")
    taken("knob", done.append)("old")
    world.state["knob"] = 3
    taken("knob", done.append)("new")
    assert done == ["new"]


def test_later_it_is_a_wish(world: Any) -> None:
    turned_by_the_app(world, UNDER_WAY + 0.1)
    assert not outdated("knob")


def test_a_widget_that_was_never_turned_by_the_app_is_heard(world: Any) -> None:
    world.state["knob"] = 1
    show("knob", 1)
    assert not outdated("knob")

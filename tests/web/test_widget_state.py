"""A question, or a press on one control, carries what all widgets said when it left: that is not a visitor's wish."""

from __future__ import annotations

import types
from typing import Any

import pytest

from playground.web import widget_state as module
from playground.web.widget_state import (
    BEHIND,
    UNDER_WAY,
    forget_known,
    is_outdated,
    send_address,
    set_widget_value,
    skip_outdated,
)


class Address(dict[str, str]):
    """The query of the browser's message."""

    def from_dict(self, query: dict[str, str]) -> None:
        self.clear()
        self.update(query)


class Sent(dict[str, Any]):
    """The session's state, and the keys of widgets that it was told to set."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.keys_set: list[str] = []

    def __setitem__(self, key: str, value: Any) -> None:
        self.keys_set.append(key)
        super().__setitem__(key, value)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The session's state, the clock, the browser's address, and the fragments that a message is for."""
    made = types.SimpleNamespace(state={}, now=100.0, query_params=Address(), fragments=None)
    monkeypatch.setattr(module, "st", types.SimpleNamespace(session_state=made.state, query_params=made.query_params))
    monkeypatch.setattr(module.time, "monotonic", lambda: made.now)
    monkeypatch.setattr(module, "runs_fragment", lambda: bool(made.fragments))
    return made


def turned_by_the_app(world: Any, late: float = 0.1) -> None:
    """The widget said 1, was made to show 2, and a message still says 1."""
    world.state["knob"] = 1
    set_widget_value("knob", 2)
    world.state["knob"] = 1
    world.now += late


def test_what_was_said_before_is_passed_over(world: Any) -> None:
    done: list[str] = []
    turned_by_the_app(world)
    assert is_outdated("knob")
    skip_outdated("knob", done.append)("old")
    world.state["knob"] = 3
    skip_outdated("knob", done.append)("new")
    assert done == ["new"]


def test_later_it_is_a_wish(world: Any) -> None:
    turned_by_the_app(world, UNDER_WAY + 0.1)
    assert not is_outdated("knob")


def test_a_stages_question_is_never_a_wish_for_another_control_however_late_it_comes(world: Any) -> None:
    turned_by_the_app(world, 1000.0)
    world.fragments = ["stage"]
    assert is_outdated("knob")


def test_any_value_that_was_shown_meanwhile_is_outdated_not_only_the_last(world: Any) -> None:
    world.state["knob"] = 1
    for value in (2, 3, 4):
        set_widget_value("knob", value)
    for value in (1, 2, 3):
        world.state["knob"] = value
        assert is_outdated("knob")
    world.state["knob"] = 5
    assert not is_outdated("knob")


def test_a_value_that_was_shown_between_is_outdated_though_no_message_said_it_then(world: Any) -> None:
    world.state["knob"] = 1
    set_widget_value("knob", 2)
    world.state["knob"] = 1  # a message that left before
    set_widget_value("knob", 3)
    world.state["knob"] = 2  # the browser knows of 2 now
    world.fragments = ["stage"]
    forget_known()
    assert is_outdated("knob")


def test_the_value_that_was_shown_last_is_no_wish_though_the_experiment_is_another_already(world: Any) -> None:
    turned_by_the_app(world)  # the message before said 1 still; the next one knows of 2, which is to become 3
    world.state["knob"] = 2
    world.fragments = ["stage"]
    forget_known()
    assert is_outdated("knob")


def test_once_the_browser_knows_the_value_the_old_one_is_a_wish(world: Any) -> None:
    turned_by_the_app(world)
    forget_known()
    assert is_outdated("knob")
    world.state["knob"] = 2
    forget_known()
    world.state["knob"] = 1
    assert not is_outdated("knob")


def test_a_value_is_sent_again_until_the_browser_knows_it(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Sent(knob=1)
    monkeypatch.setattr(module.st, "session_state", sent)
    for _ in range(3):
        set_widget_value("knob", 2)  # the page is drawn again, by no message of the browser
    forget_known()
    set_widget_value("knob", 2)
    assert sent.keys_set == ["knob"] * 3


def test_a_visitors_own_choice_is_not_sent_back_under_the_hand(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    set_widget_value("knob", 1)
    world.state["knob"] = 2
    sent = Sent(world.state)
    monkeypatch.setattr(module.st, "session_state", sent)
    skip_outdated("knob", lambda: None)()
    set_widget_value("knob", 2)
    assert sent.keys_set == []


def test_a_browser_that_has_not_the_pages_address_knows_no_newer_value(world: Any) -> None:
    turned_by_the_app(world)
    send_address({"hidden": "3"})
    world.query_params.from_dict({})
    world.now += 2 * UNDER_WAY
    assert is_outdated("knob")
    world.query_params.from_dict({"hidden": "3"})
    assert not is_outdated("knob")
    world.query_params.from_dict({})
    world.now += BEHIND
    assert not is_outdated("knob")


def test_a_widget_that_was_never_turned_by_the_app_is_heard(world: Any) -> None:
    world.state["knob"] = 1
    set_widget_value("knob", 1)
    world.state["knob"] = 2
    assert not is_outdated("knob")

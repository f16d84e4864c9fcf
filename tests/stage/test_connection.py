"""The stage's talk with the server (``static/live/connection.js``) in Node, under a clock that is set by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stage.scripts import run_module

CONNECTION = Path(__file__).resolve().parents[2] / "static/live/connection.js"

BEGIN = """
import { Connection } from "%s";
let now = 0;
globalThis.performance = { now: () => now };
const said = [], told = [];
const connection = new Connection();
connection.component = { setTriggerValue: (name, value) => said.push(value) };
const at = (time, act) => { now = time; return act ? act() : undefined; };
"""


def run(script: str) -> Any:
    """What ``script`` pushes to ``told``."""
    return run_module(BEGIN % CONNECTION.as_uri() + script + "\nconsole.log(JSON.stringify(told));")


def test_it_rests_as_long_as_the_answer_took_times_what_the_server_says() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        at(1400, () => connection.settle(false, 0.5));
        for (const time of [1400, 1599, 1601]) told.push(at(time, () => connection.isResting(time)));
        """
    ) == [True, True, False]


def test_it_does_not_rest_when_the_server_does_not_say_so_and_never_longer_than_two_seconds() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        at(1400, () => connection.settle(false));
        told.push(connection.isResting(1400));
        at(2000, () => connection.request({}));
        at(12000, () => connection.settle(false, 1));
        for (const time of [13999, 14001]) told.push(connection.isResting(time));
        """
    ) == [False, True, False]


def test_a_rest_counts_as_waiting_so_that_frames_come_evenly() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        told.push(connection.secondsWaiting(1300));
        at(1400, () => connection.settle(false, 1));
        told.push(connection.secondsWaiting(1600), connection.secondsWaiting(5000));
        at(1900, () => connection.request({}));
        told.push(connection.secondsWaiting(1900), connection.secondsWaiting(2000));
        """
    ) == [0.3, 0.2, 0.4, 0.4, 0.5]


def test_what_a_hand_does_ends_the_rest() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        at(1400, () => connection.settle(false, 1));
        connection.invalidate();
        told.push(connection.isResting(1500), connection.secondsWaiting(1500));
        at(2000, () => connection.request({}));
        at(2400, () => connection.settle(false, 1));
        connection.reset();
        told.push(connection.isResting(2400));
        """
    ) == [False, 0, False]

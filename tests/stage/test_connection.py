"""Questions to the server and their replies (``static/live/connection.js``) in Node, under a clock that is set
by hand."""

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


def test_a_question_without_an_answer_is_asked_again_ever_more_rarely() -> None:
    waits = run(
        """
        let last = 1000;
        at(1000, () => connection.request({}));
        for (now = 1000; now < 40000; now += 10) {
          if (!connection.isFree(now)) continue;
          told.push(now - last);
          last = now;
          connection.request({});
        }
        """
    )
    assert waits[:4] == [1210, 1810, 2710, 4060]
    assert set(waits[4:]) == {5010}


def test_a_slow_server_is_given_four_times_as_long_as_usual() -> None:
    fast, slow = run(
        """
        for (const trip of [100, 800]) {
          for (let i = 0; i < 40; i++) {
            at(now + 5000, () => connection.request({}));
            at(now + trip, () => connection.settle(false));
          }
          told.push(Math.round(connection.timeout));
        }
        """
    )
    assert (fast, slow) == (1200, 3200)


def test_a_second_reply_to_the_same_question_counts_nothing() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        at(1400, () => connection.settle(false));
        const latency = connection.usualLatency;
        at(9000, () => connection.settle(false, 1));
        told.push(connection.usualLatency === latency, connection.isResting(9000), connection.isFree(9000));
        """
    ) == [True, False, True]


def test_a_clock_that_jumps_leaves_limits_as_they_are() -> None:
    assert run(
        """
        at(1000, () => connection.request({}));
        at(1e12, () => connection.settle(false, 1));
        told.push(connection.timeout, connection.isResting(1e12 + 1999), connection.isResting(1e12 + 2001));
        """
    ) == [5000, True, False]


def test_no_question_is_asked_while_programs_are_compiled_or_the_server_failed() -> None:
    assert run(
        """
        at(1000, () => connection.settle(true));
        told.push(connection.isFree(1149), connection.isFree(1150));
        connection.backOff();
        told.push(connection.isFree(5999), connection.isFree(6000));
        """
    ) == [False, True, False, True]


def test_a_reply_to_a_question_that_holds_no_more_is_known_by_it() -> None:
    assert run(
        """
        connection.invalidate();
        told.push(connection.outdated);
        at(1000, () => connection.request({}));
        connection.invalidate();
        told.push(connection.outdated);
        at(1100, () => connection.settle(false));
        told.push(connection.outdated);
        """
    ) == [False, True, False]

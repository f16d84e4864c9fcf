"""The stage's talk with the server (``static/live/connection.js``) in Node, under a clock that is set by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stage.scripts import run_module

ASKING = Path(__file__).resolve().parents[2] / "static/live/connection.js"

BEGIN = """
import { Asking } from "%s";
let now = 0;
globalThis.performance = { now: () => now };
const said = [], told = [];
const asking = new Asking();
asking.component = { setTriggerValue: (name, value) => said.push(value) };
const at = (time, act) => { now = time; return act ? act() : undefined; };
"""


def run(script: str) -> Any:
    """What ``script`` pushes to ``told``."""
    return run_module(BEGIN % ASKING.as_uri() + script + "\nconsole.log(JSON.stringify(told));")


def test_it_rests_as_long_as_the_answer_took_times_what_the_server_says() -> None:
    assert run(
        """
        at(1000, () => asking.want({}));
        at(1400, () => asking.answered(false, 0.5));
        for (const time of [1400, 1599, 1601]) told.push(at(time, () => asking.resting(time)));
        """
    ) == [True, True, False]


def test_it_does_not_rest_when_the_server_does_not_say_so_and_never_longer_than_two_seconds() -> None:
    assert run(
        """
        at(1000, () => asking.want({}));
        at(1400, () => asking.answered(false));
        told.push(asking.resting(1400));
        at(2000, () => asking.want({}));
        at(12000, () => asking.answered(false, 1));
        for (const time of [13999, 14001]) told.push(asking.resting(time));
        """
    ) == [False, True, False]


def test_a_rest_counts_as_waiting_so_that_frames_come_evenly() -> None:
    assert run(
        """
        at(1000, () => asking.want({}));
        told.push(asking.waited(1300));
        at(1400, () => asking.answered(false, 1));
        told.push(asking.waited(1600), asking.waited(5000));
        at(1900, () => asking.want({}));
        told.push(asking.waited(1900), asking.waited(2000));
        """
    ) == [0.3, 0.2, 0.4, 0.4, 0.5]


def test_what_a_hand_does_ends_the_rest() -> None:
    assert run(
        """
        at(1000, () => asking.want({}));
        at(1400, () => asking.answered(false, 1));
        asking.discard();
        told.push(asking.resting(1500), asking.waited(1500));
        at(2000, () => asking.want({}));
        at(2400, () => asking.answered(false, 1));
        asking.forget();
        told.push(asking.resting(2400));
        """
    ) == [False, 0, False]

"""What the stage makes of a run that has no frame yet (``static/live/run-client.js``), in Node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stage.scripts import run_module

THREAD = Path(__file__).resolve().parents[2] / "static/live/run-client.js"

BEGIN = """
import { Thread } from "%s";
globalThis.sessionStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const told = [], asked = [];
const events = Object.fromEntries(["outlined", "begun", "turned", "cut", "arrived", "told"].map((name) => [name, (header) => told.push([name, header?.run])]));
const curves = { clear() {}, add() {}, cut() {}, fill() {} };
const thread = new Thread(events, curves);
thread.asking.component = { setTriggerValue: (name, value) => asked.push(value.drawn) };
const scene = { network: {}, layers: [] };
const frame = () => ({ step: 0, bytes: 1, scalars: [0, 0] });
const ready = (run) => thread.take({ run, epoch: 0, start: 0, state: "ready", scene }, [frame()]);
const compiling = (run, state = "compiling", shown = scene) => thread.take({ run, epoch: 0, start: 0, state, scene: shown }, []);
"""


def run(script: str) -> Any:
    """What ``script`` has the stage do, and what it says that it has drawn."""
    return run_module(BEGIN % THREAD.as_uri() + script + "\nconsole.log(JSON.stringify([told, asked]));")


def test_a_network_is_drawn_before_anything_is_computed_and_once() -> None:
    told, asked = run(
        """
        ready("a");
        compiling("b");
        const kept = thread.reel.frames.newest;
        thread.ask({ mount: true });
        compiling("b", "compiling", {});
        ready("b");
        thread.ask({ mount: true });
        told.push(kept);
        """
    )
    assert told == [["begun", "a"], ["outlined", "b"], ["begun", "b"], -1]
    assert asked == ["b", ""]


def test_the_picture_of_a_lost_run_stays_while_the_server_makes_it_again() -> None:
    told, asked = run(
        """
        ready("a");
        thread.recalling = { story: {} };
        compiling("b", "returning");
        thread.ask({ mount: true });
        told.push(thread.reel.frames.newest);
        """
    )
    assert told == [["begun", "a"], 0]
    assert asked == ["b"]


def test_the_run_from_before_comes_back_whole_from_behind_another_s_outline() -> None:
    told, _ = run('ready("a"); compiling("b"); ready("a"); told.push(thread.reel.frames.newest, thread.awaiting);')
    assert told == [["begun", "a"], ["outlined", "b"], ["begun", "a"], 0, False]

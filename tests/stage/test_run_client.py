"""What the stage makes of a run that has no frame yet (``static/live/run-client.js``), in Node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.stage.scripts import run_module

CLIENT = Path(__file__).resolve().parents[2] / "static/live/run-client.js"

BEGIN = """
import { RunClient } from "%s";
globalThis.sessionStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const told = [], asked = [];
const names = ["onOutline", "onRun", "onEpoch", "onTruncate", "onFrames", "onHeader"];
const events = Object.fromEntries(names.map((name) => [name, (header) => told.push([name, header?.run])]));
const series = { clear() {}, add() {}, truncate() {}, fill() {} };
const client = new RunClient(events, series);
client.connection.component = { setTriggerValue: (name, value) => asked.push(value.drawn) };
const scene = { network: {}, layers: [] };
const frame = () => ({ step: 0, bytes: 1, scalars: [0, 0] });
const ready = (run) => client.apply({ run, epoch: 0, start: 0, state: "ready", scene }, [frame()]);
const compiling = (run, state = "compiling", shown = scene) =>
  client.apply({ run, epoch: 0, start: 0, state, scene: shown }, []);
"""


def run(script: str) -> Any:
    """What ``script`` has the stage do, and what it says that it has drawn."""
    return run_module(BEGIN % CLIENT.as_uri() + script + "\nconsole.log(JSON.stringify([told, asked]));")


def test_a_network_is_drawn_before_anything_is_computed_and_once() -> None:
    told, asked = run(
        """
        ready("a");
        compiling("b");
        const kept = client.playhead.buffer.newest;
        client.request({ mount: true });
        compiling("b", "compiling", {});
        ready("b");
        client.request({ mount: true });
        told.push(kept);
        """
    )
    assert told == [["onRun", "a"], ["onOutline", "b"], ["onRun", "b"], -1]
    assert asked == ["b", ""]


def test_the_picture_of_a_lost_run_stays_while_the_server_makes_it_again() -> None:
    told, asked = run(
        """
        ready("a");
        client.recallRequest = { story: {} };
        compiling("b", "returning");
        client.request({ mount: true });
        told.push(client.playhead.buffer.newest);
        """
    )
    assert told == [["onRun", "a"], 0]
    assert asked == ["b"]


def test_the_run_from_before_comes_back_whole_from_behind_another_s_outline() -> None:
    told, _ = run(
        'ready("a"); compiling("b"); ready("a"); told.push(client.playhead.buffer.newest, client.isAwaiting);'
    )
    assert told == [["onRun", "a"], ["onOutline", "b"], ["onRun", "a"], 0, False]

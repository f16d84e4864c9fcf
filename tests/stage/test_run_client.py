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
const names = ["onOutline", "onRun", "onEpoch", "onTruncate", "onFrames", "onHeader", "onTranslation"];
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


PLAY = """
const frames = (steps) => steps.map((step) => ({ step, bytes: 1, scalars: [step] }));
const reply = (start, steps, more = {}) =>
  client.apply({ run: "a", epoch: 0, start, state: "ready", ...more }, frames(steps));
const steps = () => client.playhead.buffer.frames.map(({ step }) => step);
const ask = () => (client.requestFrames(10), asked.length);
ready("a");
told.length = 0;
"""


def test_frames_that_do_not_follow_the_newest_one_wait_for_their_question() -> None:
    told, _ = run(
        PLAY
        + """
        ask();
        reply(3, [30]);
        told.push(steps(), client.connection.askedAt > 0);
        reply(1, [10, 20]);
        told.push(steps(), client.connection.askedAt);
        """
    )
    assert told == [[0], True, ["onFrames", None], [0, 10, 20], 0]


def test_the_same_reply_twice_adds_its_frames_once() -> None:
    told, _ = run(PLAY + "ask(); reply(1, [10]); reply(1, [10]); told.push(steps());")
    assert told == [["onFrames", None], [0, 10]]


def test_frames_of_an_older_epoch_or_of_an_outdated_question_are_left_out() -> None:
    told, _ = run(
        PLAY
        + """
        reply(1, [], { epoch: 2 });
        ask();
        reply(1, [10], { epoch: 1 });
        told.push(steps(), client.connection.askedAt > 0);
        client.connection.invalidate();
        reply(1, [11], { epoch: 2 });
        told.push(steps(), client.connection.askedAt);
        """
    )
    assert told == [["onEpoch", None], [0], True, [0], 0]


def test_another_epoch_drops_what_was_not_shown() -> None:
    told, _ = run(
        PLAY
        + """
        ask();
        reply(1, [10, 20, 30]);
        client.playhead.moveTo(1);
        reply(2, [21], { epoch: 1 });
        told.push(steps(), client.playhead.frame.step, client.epoch);
        """
    )
    assert told == [["onFrames", None], ["onTruncate", None], ["onEpoch", None], [0, 10, 21], 10, 1]


def test_a_single_step_takes_no_frame_of_an_older_question() -> None:
    told, _ = run(
        PLAY
        + """
        client.playhead.moveTo(0);
        client.requestFrames(10, { frames: 1, steps: 1 });
        reply(1, [10, 20]);
        told.push(steps());
        client.requestFrames(10, { frames: 1, steps: 1 });
        reply(1, [1]);
        told.push(steps());
        """
    )
    assert told == [[0], ["onFrames", None], [0, 1]]


def test_what_server_and_stage_both_have_stays_and_another_past_begins_anew() -> None:
    told, _ = run(
        PLAY
        + """
        ask();
        reply(1, [10, 20, 30]);
        client.playhead.moveTo(1);
        ask();
        reply(1, [10, 20], { scene });
        told.push(steps());
        ask();
        reply(1, [10, 99], { scene });
        told.push(steps());
        """
    )
    assert told == [["onFrames", None], ["onTruncate", None], [0, 10, 20], ["onRun", "a"], [10, 99]]


def test_a_server_that_stopped_is_asked_no_more() -> None:
    told, _ = run(
        PLAY + 'ask(); reply(1, [10], { state: "diverged", text: "so" }); told.push(client.isEnded, client.server);'
    )
    assert told == [["onFrames", None], True, {"state": "diverged", "text": "so"}]


def test_in_another_language_the_run_is_described_once_more_and_goes_on() -> None:
    told, _ = run(
        """
        ready("a");
        ready("a");  // the page was drawn anew with its last message
        client.requestTranslation();
        told.push(client.wantsTranslation);
        ready("a");  // once more: nobody had asked
        client.request({ mount: true });
        ready("a");
        told.push(client.wantsTranslation, client.playhead.buffer.last);
        client.request({ mount: true });
        ready("a");
        """
    )
    assert told == [["onRun", "a"], True, ["onTranslation", "a"], False, 0]


def test_before_there_is_a_run_none_is_described_once_more() -> None:
    told, asked = run('client.requestTranslation(); told.push(client.wantsTranslation); compiling("b");')
    assert told == [False, ["onOutline", "b"]]
    assert asked == []


def hear(script: str) -> Any:
    """What the stage asks for after ``script`` has it hear that a command was done before."""
    heard = "const hear = (run, epoch) => client.hear({ run, epoch, story: {} });\n"
    events = "events.onHeard = (header) => told.push(['onHeard', header.run]);\n"
    tail = "\nconsole.log(JSON.stringify([told, asked]));"
    watch = "client.connection.component = { setTriggerValue: (name, value) => asked.push(!!value.mount) };\n"
    return run_module(BEGIN % CLIENT.as_uri() + events + watch + heard + script + tail)


def test_what_came_of_a_command_is_asked_for_where_only_that_it_was_done_has_arrived() -> None:
    told, asked = hear('ready("a"); hear("b", 0);')
    assert (told, asked) == ([["onRun", "a"]], [True]), "another run was started"
    told, asked = hear('ready("a"); hear("a", 1);')
    assert (told[1:], asked) == ([["onHeard", "a"]], [True]), "something was changed in this one"


def test_nothing_is_asked_for_where_all_has_arrived() -> None:
    assert hear('ready("a"); hear("a", 0);')[1] == []
    assert hear('ready("a"); compiling("b"); hear("b", 0);')[1] == [], "it asks by itself until there is a picture"

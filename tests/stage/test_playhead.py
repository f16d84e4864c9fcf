"""Where in a run the eye is (``static/live/playhead.js``), in Node."""

from __future__ import annotations

from typing import Any

from tests.stage.scripts import address, run_module

BEGIN = f"""
import {{ Playhead }} from "{address("live/playhead.js")}";
const calls = [];
const note = (name) => (value) => calls.push([name, value?.step ?? value]);
const series = Object.fromEntries(["clear", "fill", "add", "truncate"].map((name) => [name, note(name)]));
const playhead = new Playhead(series);
const frame = (step, bytes = 1) => ({{ step, bytes }});
const results = [];
const state = () => [playhead.place, playhead.index, playhead.frame?.step ?? null, playhead.ahead, playhead.lastSeen];
playhead.reset({{ scalars: [], layer_scalars: [] }}, ["a"]);
"""


def run(script: str) -> Any:
    """What ``script`` pushes to ``results``."""
    return run_module(BEGIN + script + "\nconsole.log(JSON.stringify(results));")


def test_it_stands_nowhere_before_there_is_a_frame() -> None:
    assert run("playhead.moveTo(3); results.push(state(), playhead.seenStep, playhead.truncate(0));") == [
        [-1, 0, None, 0, -1],
        0,
        False,
    ]


def test_it_moves_among_the_frames_in_hand_and_remembers_the_latest_that_was_shown() -> None:
    assert run("""
        playhead.add(5, [frame(50), frame(60), frame(70)]);
        for (const place of [1, 99, -3]) { playhead.moveTo(place); results.push(state()); }
        results.push(playhead.seenStep);
    """) == [[1, 6, 60, 1, 6], [2, 7, 70, 0, 7], [0, 5, 50, 2, 7], 70]


def test_the_same_frame_is_shown_when_older_ones_make_room() -> None:
    before, after, place, left = run("""
        playhead.add(0, Array.from({ length: 60 }, (_, i) => frame(i, 2 ** 19)));
        playhead.moveTo(40);
        results.push(playhead.frame.step);
        playhead.add(60, Array.from({ length: 8 }, (_, i) => frame(60 + i, 2 ** 19)));
        results.push(playhead.frame.step, playhead.place, playhead.buffer.frames.length);
    """)
    assert before == after == 40
    assert left < 68
    assert place == 40 - (68 - left)


def test_numbers_of_frames_in_hand_from_before_are_in_the_history_already() -> None:
    assert run("""
        playhead.addEarlier([2, 4], [frame(20), frame(40)]);
        playhead.add(6, [frame(60)]);
        results.push(calls.filter(([name]) => name === "add"), playhead.buffer.indices);
    """) == [[["add", 60]], [2, 4, 6]]


def test_what_is_truncated_was_never_seen() -> None:
    assert run("""
        playhead.add(0, [frame(0), frame(10), frame(20)]);
        playhead.moveTo(2);
        results.push(playhead.truncate(2), playhead.truncate(7), playhead.truncate(-1));
        playhead.moveTo(0);
        results.push(playhead.truncate(1), playhead.lastSeen, calls.at(-1), playhead.buffer.newest);
    """) == [False, False, False, True, 1, ["truncate", 10], 1]


def test_another_run_begins_with_nothing_of_the_one_before() -> None:
    assert run("""
        playhead.add(0, [frame(0), frame(10)]);
        playhead.moveTo(1);
        playhead.reset({ scalars: [], layer_scalars: [] }, ["b"], { step: [] });
        results.push(state(), calls.slice(-2).map(([name]) => name));
    """) == [[-1, 0, None, 0, -1], ["clear", "fill"]]

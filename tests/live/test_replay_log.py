"""A run told by the stage is made again on a server that knows nothing of it: the same step, bit for bit."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from playground import Experiment
from playground.experiment import replace_field
from playground.live import FrameReply, FrameRequest, Run
from playground.live.history.segment import Edit
from playground.live.replay import replay as module
from playground.live.replay.hand_edits import MAX_EDITS
from playground.live.replay.log import (
    MAX_CHANGES,
    LoggedChange,
    ReplayLog,
    decode_log,
    encode_log,
    reason_not_replayable,
)
from playground.live.scheduling.scheduler import SLICE_SECONDS
from playground.nn.masks import full_masks

SPEC: dict[str, object] = {"samples": 100, "hidden": [3], "noise": 0.1}


def want(on: Run, at: int, frames: int = 4, **more: Any) -> FrameRequest:
    return FrameRequest(run=on.name, epoch=on.epoch, start=at, pace=7, head=at - 1, frames=frames, **more)


def lived(**given: object) -> Run:
    """A run in whose life two knobs were turned, one of them twice at the same step."""
    run = Run("old", Experiment.of(**(SPEC | given)))
    run.compile()
    run.answer(want(run, 1))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.1))
    run.answer(want(run, 4))
    run.update_knobs(replace_field(run.experiment, "l2", 0.01))
    run.answer(want(run, run.last + 1))
    return run


def again(run: Run, step: int) -> tuple[Run, FrameReply]:
    """The run as another server makes it, from the link and from what the stage tells."""
    experiment = run.experiment
    story = decode_log(json.loads(json.dumps(encode_log(run))), step, experiment)
    assert story
    made = Run("new", replace(experiment, knobs=story.changes[0].knobs))
    made.compile()
    made.start_replay(story, experiment)
    for _ in range(100):
        chunk = made.answer(want(run, 3))
        if chunk.state != "returning":
            return made, chunk
        assert (chunk.frames, chunk.scene) == ((), True)
    raise AssertionError("it never arrives")


def same(a: Any, b: Any) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"optimizer": "adam", "learning_rate": 0.01, "dropout": 0.2},
        {"normalization": "batch", "optimizer": "nesterov"},
    ],
    ids=["sgd", "adam with dropout", "batch norm"],
)
def test_the_same_step_again_bit_for_bit(given: dict[str, object]) -> None:
    run = lived(**given)
    step = int(run.state(run.last).step)
    made, chunk = again(run, step)
    assert same(made.state(made.last), run.state(run.last))
    assert chunk.frames[-1].step == step
    assert np.array_equal(made.frame(made.last).floats, run.frame(run.last).floats)
    assert made.experiment == run.experiment
    onward = [one.answer(want(one, one.last + 1, frames=1)).frames[-1].floats for one in (made, run)]
    assert np.array_equal(onward[0], onward[1])


def test_an_earlier_step_is_reached_under_what_held_then() -> None:
    run = lived()
    made, chunk = again(run, 14)
    assert same(made.state(made.last), run.state(2))
    assert chunk.history is not None
    # what is turned now still holds from there on
    assert made.answer(want(made, made.last + 1, frames=1)).frames[0].scalar("learning_rate") == np.float32(0.1)


def test_a_story_is_short() -> None:
    assert len(json.dumps(encode_log(Run("r", Experiment.of(**SPEC))))) < 60
    assert [step for step, _ in encode_log(lived())["turns"]] == [0, 21, 49]


def touched(**given: object) -> Run:
    """A run that was changed by hand before its first step, twice at the same step, and between two turned knobs."""
    run = Run("old", Experiment.of(**(SPEC | given)))
    run.compile()
    run.intervene(0, edits=(Edit(0, None, 0, 1.5),))
    run.answer(want(run, run.last + 1))
    masks = full_masks(run.trainer.network)
    masks.units[1][2] = 0
    masks.links[0][1, 0] = 0
    run.intervene(run.last, masks=masks)
    run.intervene(run.last, edits=(Edit(0, 1, 1, -0.3), Edit(1, None, 0, 0.1)))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.1))
    run.answer(want(run, run.last + 1))
    frozen = full_masks(run.trainer.network)
    frozen.learning[0] = 0
    run.intervene(run.last, masks=frozen)
    run.answer(want(run, run.last + 1))
    run.update_knobs(replace_field(run.experiment, "l2", 0.01))
    run.answer(want(run, run.last + 1))
    return run


@pytest.mark.parametrize("given", [{}, {"optimizer": "adam", "learning_rate": 0.01, "dropout": 0.2, "hidden": [4, 4]}])
def test_what_was_changed_by_hand_comes_again_bit_for_bit(given: dict[str, object]) -> None:
    run = touched(**given)
    made, chunk = again(run, int(run.state(run.last).step))
    assert same(made.state(made.last), run.state(run.last))
    assert chunk.frames[-1].step == run.past.steps[-1]
    assert encode_log(made)["turns"] == encode_log(run)["turns"]
    onward = [one.answer(want(one, one.last + 1, frames=1)).frames[-1].floats for one in (made, run)]
    assert np.array_equal(onward[0], onward[1])


def test_what_a_hand_did_at_the_step_that_is_shown_shows_again() -> None:
    run = lived()
    run.intervene(run.last, edits=(Edit(0, None, 0, 1.5),))
    made, _ = again(run, run.past.steps[-1])
    assert same(made.state(made.last), run.state(run.last))


def test_what_no_story_tells_is_named() -> None:
    run = lived()
    assert reason_not_replayable(run) == ()
    weights = run.trainer.init()
    other = Run("r", run.experiment, weights=(weights.params, weights.stats))
    assert [reason.split()[0] for reason in reason_not_replayable(other)] == ["weights"]
    run.intervene(run.last, experiment=replace_field(run.experiment, "painted", [[1, 1, 0]]))
    assert ["painted" in reason for reason in reason_not_replayable(run)] == [True]
    many = lived()
    for i in range(MAX_EDITS + 1):
        many.intervene(many.last, edits=(Edit(0, None, 0, 0.1 * i),))
    assert reason_not_replayable(many)
    for one in (run, other, many):
        assert not encode_log(one)["whole"]
        assert decode_log(encode_log(one), 20, one.experiment) is None


@pytest.mark.parametrize("seconds", [0.0, SLICE_SECONDS], ids=["a turn that is over as it begins", "a whole turn"])
def test_what_takes_too_long_is_left_at_what_was_reached(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    run = lived()
    with monkeypatch.context() as patch:
        patch.setattr(module, "MAX_REPLAY_SECONDS", -1.0)
        patch.setattr(module.SCHEDULER, "acquire", lambda *_, **__: nullcontext(seconds))
        made, chunk = again(run, 10**9)
    assert made.fell_short
    assert made.last > 0
    assert 0 < chunk.frames[-1].step == int(made.state(made.last).step) < 10**9
    onward = made.answer(want(made, made.last + 1, frames=1)).frames[0]
    assert onward.step > chunk.frames[-1].step


@pytest.mark.parametrize(
    "change",
    [
        {"of": "else"},
        {"whole": 1},
        {"turns": []},
        {"turns": [[1, {}]]},
        {"turns": [[0, {}], [0, {}]]},
        {"turns": [[0, {"learning_rate": 1e9}]]},
        {"turns": [[0, {"learning_rate": float("nan")}]]},
        {"turns": [[0, {"unknown": 1}]]},
        {"turns": [[0, 5]]},
        {"turns": [0]},
        {"turns": [[0, {}, {"units": [[0, 9]]}]]},
        {"turns": [[0, {}, {"units": [[-1, 0]]}]]},
        {"turns": [[0, {}, {"units": [[0, 0, 0]]}]]},
        {"turns": [[0, {}, {"links": [[0, 0, 3]]}]]},
        {"turns": [[0, {}, {"links": [[0, 0, 0.0]]}]]},
        {"turns": [[0, {}, {"frozen": [2]}]]},
        {"turns": [[0, {}, {"frozen": 1}]]},
        {"turns": [[0, {}, {"frozen": [True]}]]},
        {"turns": [[0, {}, {"edits": [[0, 0, 0, 1e9]]}]]},
        {"turns": [[0, {}, {"edits": [[0, 0, 0, float("nan")]]}]]},
        {"turns": [[0, {}, {"edits": [[0, -2, 0, 1]]}]]},
        {"turns": [[0, {}, {"edits": [[0, 0, 0, "1"]]}]]},
        {"turns": [[0, {}, {"edits": [[0, -1, 0, 1.0]] * (MAX_EDITS + 1)}]]},
        {"turns": [[0, {}, {"what": []}]]},
        {"turns": [[0, {}, {}, {}]]},
        {"turns": "ab"},
        {"turns": [[0, {}]] + [[i, {}] for i in range(1, MAX_CHANGES + 1)]},
    ],
    ids=str,
)
def test_a_forged_story_is_passed_over(change: dict[str, Any]) -> None:
    experiment = Experiment.of(**SPEC)
    good = {"of": encode_log(Run("r", experiment))["of"], "whole": True, "turns": [[0, {}]]}
    assert decode_log(good, 5, experiment) == ReplayLog(5, (LoggedChange(0, experiment.knobs),))
    assert decode_log(good | change, 5, experiment) is None
    assert decode_log(good, 0, experiment) is None
    assert decode_log([1], 5, experiment) is None

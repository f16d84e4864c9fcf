"""What is done by hand in mid-run shows at once, is part of the run from then on, and is made again with it."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment
from playground.errors import PlaygroundError
from playground.experiment import replace_field
from playground.live import FrameReply, Run
from playground.live.history.segment import Edit
from playground.live.replay.log import decode_log, encode_log
from playground.nn.masks import full_masks
from tests.live.test_run import SPEC, play, ready_run, want


def weight(run: Run, index: int, layer: int, source: int, unit: int) -> float:
    return float(run.state(index).params[layer]["w"][source, unit])


def test_an_edited_weight_is_a_new_frame_at_the_same_step_and_trains_on_from_there() -> None:
    run = ready_run()
    play(run, 6)
    before = run.frame(6)
    chunk = run.intervene(6, edits=(Edit(0, 1, 2, 1.5),))
    assert (chunk.start, chunk.epoch, len(chunk.frames)) == (7, 1, 1)
    assert chunk.frames[0].step == before.step
    assert weight(run, 7, 0, 1, 2) == 1.5
    assert chunk.frames[0].scalar("train_loss") != before.scalar("train_loss")
    run.answer(want(run, 8))
    assert weight(run, 8, 0, 1, 2) != 1.5, "it learns on"
    run.past.states.forget_after(3)
    assert weight(run, 7, 0, 1, 2) == 1.5
    np.testing.assert_array_equal(run.frame(7).floats, chunk.frames[0].floats)


def test_a_bias_can_be_edited_and_what_is_no_weight_cannot() -> None:
    run = ready_run()
    run.intervene(0, edits=(Edit(1, None, 0, -0.25),))
    assert float(run.state(1).params[1]["b"][0]) == -0.25
    for edit in (
        Edit(2, 0, 0, 1.0),
        Edit(0, 2, 0, 1.0),
        Edit(0, 0, 3, 1.0),
        Edit(0, 0, 0, np.inf),
        Edit(-1, 0, 0, 0.0),
    ):
        with pytest.raises(PlaygroundError):
            run.intervene(1, edits=(edit,))
    assert run.last == 1


def test_going_back_to_before_an_edit_forgets_it() -> None:
    run = ready_run()
    floats = play(run, 4)
    run.intervene(2, edits=(Edit(0, 0, 0, 3.0),))
    again = run.answer(want(run, 3))
    np.testing.assert_array_equal(again.frames[0].floats, floats[2])


def test_a_masked_unit_shows_at_once_and_stays_off_while_it_trains() -> None:
    run = ready_run()
    play(run, 4)
    masks = full_masks(run.trainer.network)
    masks.units[1][0] = 0
    run.compile()
    chunk = run.intervene(4, masks=masks)
    resting = run.state(5).params[1]["w"][0].copy()
    assert (
        not chunk.frames[0].part(chunk.blocks, "maps")[0].any()
        or (chunk.frames[0].part(chunk.blocks, "maps")[0] == 128).all()
    )
    run.answer(want(run, 6))
    np.testing.assert_array_equal(run.state(run.last).params[1]["w"][0], resting)
    assert run.masks_of(4) is None
    assert run.masks_of(run.last) is not None
    run.intervene(run.last, masks=full_masks(run.trainer.network))
    run.answer(want(run, run.last + 1))
    assert (np.asarray(run.state(run.last).params[1]["w"][0]) != np.asarray(resting)).any()


def test_painted_points_join_the_training_without_a_new_start() -> None:
    run = ready_run()
    play(run, 3)
    n = int(run.trainer.prepared.data.train.n)
    painted = replace_field(run.experiment, "painted", [[1.0, 2.0, 1], [0.5, 0.5, 0]])
    chunk = run.intervene(3, experiment=painted)
    assert int(run.trainer.prepared.data.train.n) == n + 2
    assert chunk.frames[0].step == run.frame(3).step
    np.testing.assert_array_equal(run.state(4).params[0]["w"], run.state(3).params[0]["w"])
    run.answer(want(run, 5))
    assert run.last > 4


def test_a_branch_goes_its_own_way_and_leaves_the_first_alone() -> None:
    run = ready_run()
    floats = play(run, 8)
    other = run.branch("b", 4)
    assert (other.last, run.last, other.name) == (4, 8, "b")
    other.update_knobs(replace_field(other.experiment, "learning_rate", 1.0))
    chunk = other.answer(want(other, 5))
    assert (chunk.frames[0].floats != floats[4]).any()
    np.testing.assert_array_equal(run.frame(8).floats, floats[7])
    assert len(run.curves.until(9)["step"]) == 9


def test_a_closer_look_is_of_the_frame_that_is_asked_for() -> None:
    run = ready_run()
    play(run, 4)
    found = None
    while found is None:
        found = run.inspect("samples", 2)
    assert found["frame"] == 2
    picture = run.trainer.prepared.picture
    assert found["loss"][picture.train].mean() == pytest.approx(run.frame(2).scalar("train_loss"), rel=1e-4)


def test_an_experiment_with_painted_points_is_equal_to_its_json_and_its_link() -> None:
    from playground.experiment import from_query, to_query

    experiment = Experiment.of(painted=[[1.23456, -2, 0], [0.1, 0.2, 1]], only_painted=True)
    assert experiment.problem.painted[0] == (1.235, -2.0, 0.0)
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert from_query(to_query(experiment)) == (experiment, [])
    for bad in ([[1, 2]], [[1, 2, 3]], [[1, 2, 0.5]], "1,2,0", [[1e9, 0, 0]], [[float("nan"), 0, 0]]):
        with pytest.raises(PlaygroundError):
            Experiment.of(painted=bad)


class Waiting:
    """A run whose program is not there until ``finish`` says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **given: object) -> None:
        ready_run(**given)  # what it needs once it may have it
        self._ready = False
        monkeypatch.setattr("playground.live.playback.compile_within", lambda *_: self._ready)
        self.run = Run("w", Experiment.of(**(SPEC | given)), wait=False)

    def finish(self) -> FrameReply:
        assert self.run.mount().state == "compiling"
        self._ready = True
        return self.run.mount()


def test_what_is_done_before_there_is_a_frame_holds_from_the_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(monkeypatch)
    run = waiting.run
    masks = full_masks(run.trainer.network)
    masks.learning[0] = 0
    assert run.intervene(0, masks=masks).state == "compiling"
    switched = run.masks_of(0)
    assert switched is not None
    assert float(switched.learning[0]) == 0
    assert run.mask_changes()[0][1] is switched, "the stage hears of it at once"
    run.intervene(0, edits=(Edit(0, 1, 2, 1.5),))
    run.intervene(0, edits=(Edit(0, 1, 1, 2.5),))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    chunk = waiting.finish()
    assert (chunk.state, len(chunk.frames), chunk.frames[-1].step) == ("ready", 2, 0)
    assert [weight(run, 1, 0, 1, unit) for unit in (1, 2)] == [2.5, 1.5]
    trained = run.answer(want(run, 2)).frames[0]
    assert trained.scalar("learning_rate") == np.float32(0.3)
    assert [weight(run, 2, 0, 1, unit) for unit in (1, 2)] == [2.5, 1.5], "frozen"
    assert weight(run, 2, 1, 1, 0) != weight(run, 1, 1, 1, 0)


def test_points_painted_before_there_is_a_frame_are_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(monkeypatch)
    run = waiting.run
    painted = replace_field(run.experiment, "painted", ((1.0, 2.0, 1),))
    run.intervene(0, experiment=painted)
    waiting.finish()
    assert run.experiment == painted
    assert run.segment_at(0).observer.trainer.prepared.data.train.n == ready_run().trainer.prepared.data.train.n + 1


def test_what_is_done_while_a_step_is_reached_again_holds_afterwards() -> None:
    before = ready_run()
    play(before, 8)
    story = decode_log(encode_log(before), before.past.steps[8], before.experiment)
    assert story
    run = Run("again", before.experiment)
    run.start_replay(story, before.experiment)
    masks = full_masks(run.trainer.network)
    masks.learning[0] = 0
    run.intervene(8, masks=masks)
    run.intervene(8, edits=(Edit(0, 1, 2, 1.5),))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    while (chunk := run.mount()).state == "returning":
        pass
    assert chunk.frames[-1].step == story.step
    assert weight(run, run.last, 0, 1, 2) == 1.5
    trained = run.answer(want(run, run.last + 1)).frames[0]
    assert trained.scalar("learning_rate") == np.float32(0.3)
    assert weight(run, run.last, 0, 1, 2) == 1.5, "frozen"


def test_what_waits_for_its_program_is_shown_when_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    run = ready_run()
    play(run, 4)
    ready = False
    monkeypatch.setattr("playground.live.playback.compile_within", lambda *_: ready)
    chunk = run.intervene(4, edits=(Edit(0, 1, 2, 1.5),))
    assert (chunk.state, chunk.scene, chunk.frames) == ("compiling", True, ()), "the stage asks again, paused or not"
    assert run.answer(want(run, 5)).state == "compiling"
    ready = True
    assert run.mount().frames[-1].step == run.past.steps[4]
    assert weight(run, 5, 0, 1, 2) == 1.5


def test_two_changes_before_the_first_is_seen_both_hold_and_one_after_going_back_does_not() -> None:
    run = ready_run()
    play(run, 4)
    epoch = run.epoch
    run.intervene(run.epoch_shown_since(3, epoch), edits=(Edit(0, 1, 2, 1.5),))
    run.intervene(run.epoch_shown_since(3, epoch), edits=(Edit(0, 1, 1, 2.5),))
    assert (run.last, run.epoch_shown_since(3, epoch)) == (5, 5)
    assert [weight(run, run.last, 0, 1, unit) for unit in (1, 2)] == [2.5, 1.5]
    assert run.branch("b", run.epoch_shown_since(3, epoch)).last == 5
    seen = run.epoch
    assert run.epoch_shown_since(3, seen) == 3, "who has seen them and went back means that frame"
    run.intervene(run.epoch_shown_since(3, seen), edits=(Edit(0, 1, 0, 3.5),))
    assert weight(run, run.last, 0, 1, 1) != 2.5

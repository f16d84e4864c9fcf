"""A run answers "frames from here on" purely: any order of asking, pausing, turning and going back gives the same
frames."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment
from playground.experiment import replace_field
from playground.live import FrameReply, FrameRequest, Run, parse_request
from playground.live.frames.observer import Observer
from playground.live.history.checkpoints import MAX_CURVE, Checkpoints, Curves
from playground.programs.cache import ProgramSpec

SPEC: dict[str, object] = {"samples": 100, "hidden": [3], "noise": 0.1}


def ready_run(**given: object) -> Run:
    run = Run("r", Experiment.of(**(SPEC | given)))
    run.compile()
    return run


def want(on: Run, at: int, **more: object) -> FrameRequest:
    fields = {"run": on.name, "epoch": on.epoch, "start": at, "pace": 5, "head": at - 1, "frames": 4} | more
    return FrameRequest(**fields)  # pyright: ignore[reportArgumentType]


def play(run: Run, frames: int, **more: object) -> list[np.ndarray]:
    """Ask until there are so many frames after the first; the floats of each."""
    got: list[np.ndarray] = []
    while len(got) < frames:
        chunk = run.answer(want(run, len(got) + 1, **({"frames": min(4, frames - len(got))} | more)))
        assert chunk.start == len(got) + 1
        got += [frame.floats for frame in chunk.frames]
        if chunk.state != "ready":
            break
    return got


def test_frame_zero_is_the_start_and_is_there_at_once() -> None:
    chunk = Run("r", Experiment.of(**SPEC)).mount()
    assert (chunk.start, len(chunk.frames), chunk.scene) == (0, 1, True)
    assert chunk.frames[0].step == 0


def test_frames_do_not_depend_on_how_they_are_asked_for() -> None:
    whole = play(ready_run(), 12)
    single = ready_run()
    one_by_one = [single.answer(want(single, i + 1, frames=1)).frames[0].floats for i in range(12)]
    assert np.array_equal(whole, one_by_one)


def test_asking_again_for_a_frame_gives_the_same_frame() -> None:
    run = ready_run()
    first = play(run, 12)
    again = run.answer(want(run, 5)).frames
    assert np.array_equal([frame.floats for frame in again], first[4:8])
    assert run.last == 8


def test_a_question_asked_again_gets_the_same_frames_and_no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    run = ready_run()
    play(run, 8)
    first = run.answer(want(run, 9))
    monkeypatch.setattr(Run, "_train", lambda *_: pytest.fail("trained again"))
    again = run.answer(want(run, 9, head=5))
    assert again.start == first.start
    assert [frame is other for frame, other in zip(again.frames, first.frames, strict=True)] == [True] * 4
    assert run.last == 12


def test_another_question_from_the_same_frame_trains() -> None:
    run = ready_run()
    play(run, 8)
    steps = [run.answer(want(run, 9, pace=pace)).frames[-1].step for pace in (5, 6, 6, 5)]
    assert steps == [60, 64, 64, 60]
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    before = run.frame(12).floats
    after = run.answer(want(run, 9, pace=5)).frames[-1]
    assert after.step == 60
    assert not np.array_equal(after.floats, before)


def test_a_frame_is_made_again_from_a_thinned_past() -> None:
    run = ready_run(hidden=[64, 64, 64])
    frames = play(run, 40, pace=1)
    assert len(run.past.states) < 40  # pyright: ignore[reportPrivateUsage]
    for index in (1, 7, 23, 40):
        assert np.array_equal(run.frame(index).floats, frames[index - 1])


def test_a_run_goes_the_trainers_way() -> None:
    """Its many frames at once are the trainer's states, bit for bit, and the observer's frames of them."""
    run = ready_run(hidden=[3, 2])
    frames = play(run, 12)
    trainer, state = run.trainer, run.trainer.init()
    observer = Observer(trainer)
    for index, floats in enumerate(frames, 1):
        state = trainer.advance(state, 5)
        pairs = zip(jax.tree.leaves(run.state(index)), jax.tree.leaves(state), strict=True)
        assert all(np.array_equal(one, other) for one, other in pairs)
        np.testing.assert_allclose(floats, observer(state).floats, rtol=1e-5, atol=1e-6)


def test_turning_a_knob_goes_on_from_the_frame_that_is_shown() -> None:
    run = ready_run()
    before = play(run, 8)
    run.answer(want(run, 9, head=5))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    after = run.answer(want(run, 6)).frames
    assert (run.last, run.epoch) == (9, 1)
    assert after[0].scalar("learning_rate") == np.float32(0.3)
    assert not np.array_equal(after[0].floats, before[5])
    assert np.array_equal(run.frame(4).floats, before[3])
    assert np.array_equal(run.frame(7).floats, after[1].floats)


def test_going_back_before_a_turn_goes_on_under_the_knobs_of_now() -> None:
    run = ready_run()
    play(run, 4)
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    run.answer(want(run, 5))
    branch = run.answer(want(run, 2, frames=1)).frames
    assert branch[0].scalar("learning_rate") == np.float32(0.3)
    assert run.frame(1).scalar("learning_rate") == np.float32(0.03)


def test_a_want_of_another_epoch_trains_nothing() -> None:
    run = ready_run()
    play(run, 4)
    chunk = run.answer(want(run, 5, epoch=7))
    assert chunk.frames == ()
    assert run.last == 4


@pytest.mark.parametrize("more", [{"run": "other"}, {"start": 99}, {"mount": True}])
def test_a_stage_that_has_lost_the_thread_gets_everything(more: dict[str, object]) -> None:
    run = ready_run()
    play(run, 4)
    chunk = run.answer(want(run, 5, **more))
    assert chunk.scene
    assert chunk.start + len(chunk.frames) == run.last + 1
    assert chunk.history is not None
    assert len(chunk.history["step"]) == chunk.start


def test_one_optimizer_step_at_a_time() -> None:
    run = ready_run()
    chunk = run.answer(want(run, 1, steps=1, frames=1))
    assert [frame.step for frame in chunk.frames] == [1]


def test_divergence_is_told_and_a_lower_rate_goes_on() -> None:
    run = ready_run(dataset="plane", activation="relu", hidden=[8], learning_rate=10.0)
    play(run, 200, pace=20)
    chunk = run.answer(want(run, run.last + 1))
    assert chunk.state == "diverged"
    assert "learning rate" in chunk.text
    assert chunk.frames == ()
    run.answer(want(run, 2, frames=1, head=0))
    run.update_knobs(replace_field(run.experiment, "learning_rate", 1e-3))
    onward = run.answer(want(run, 1))
    assert onward.state == "ready"
    assert onward.frames[0].step > 0
    assert all(np.isfinite(frame.scalar("train_loss")) for frame in onward.frames)


def test_early_stopping_says_when_the_best_was() -> None:
    run = ready_run(patience=3, learning_rate=0.0)
    play(run, 60)
    chunk = run.answer(want(run, run.last + 1))
    assert chunk.state == "stopped"
    assert "epoch" in chunk.text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), min_size=1, max_size=6))
def test_any_order_of_going_back_gives_the_same_frames(jumps: list[tuple[int, int]]) -> None:
    run = REFERENCE_RUN
    run.answer(want(run, 1, frames=1))
    for start, frames in jumps:
        begin = min(start, run.last) + 1
        chunk = run.answer(want(run, begin, frames=frames))
        for i, frame in enumerate(chunk.frames):
            assert np.array_equal(frame.floats, REFERENCE[begin + i - 1])


REFERENCE = play(ready_run(), 24)
REFERENCE_RUN = ready_run()


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["run", "epoch", "from", "pace", "head", "frames", "steps", "mount"]), inner, max_size=8
            )
        ),
    )
)
def test_forged_wants_are_brought_into_range_or_passed_over(data: object) -> None:
    found = parse_request(data)
    if found is not None:
        assert 0 <= found.start <= 2**31
        assert 1 <= found.frames <= 64
        assert 0 <= found.pace <= 100_000


def test_what_a_run_keeps_is_bounded() -> None:
    run = ready_run()
    frame = run.frame(0)
    curves = Curves(depth=2)
    for index in range(10_000):
        curves.add(index, frame)
    assert len(curves.until(10_000)["step"]) <= MAX_CURVE
    states = Checkpoints()
    big = run.state(0)._replace(update=np.zeros(300_000, np.float32))
    for index in range(50):
        states.add(index, big)
    assert len(states) <= 4
    assert states.state_before(49)[0] == 49
    assert states.state_before(0)[0] == 0


def test_a_chunk_is_told_to_be_compiling_while_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run("r", Experiment.of(**SPEC))
    monkeypatch.setattr(ProgramSpec, "ready", lambda self: False)
    chunk: FrameReply = run.answer(want(run, 1))
    assert (chunk.state, chunk.frames) == ("compiling", ())


def test_a_run_that_does_not_wait_begins_once_its_program_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as compiling:
        compiling.setattr(ProgramSpec, "ready", lambda self: False)
        run = Run("r", Experiment.of(**SPEC, activation="sine"), wait=False)
        first = run.mount()
        assert (first.state, first.frames, first.scene) == ("compiling", (), True)
        run.update_knobs(replace_field(run.experiment, "learning_rate", 0.5))
    run.compile()
    chunk = run.mount()
    assert (chunk.start, len(chunk.frames), chunk.state) == (0, 1, "ready")
    assert chunk.frames[0].scalar("learning_rate") == np.float32(0.5)

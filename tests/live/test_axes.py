"""What the picture's axes show is looked at, not learned: another pair changes every frame's picture and no step."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment
from playground.errors import PlaygroundError
from playground.experiment import with_axes
from playground.live import Run
from playground.stage.connection import connection_of
from playground.web.session import Session, new_name
from tests.live.test_run import play, want

WINE = Experiment.of(dataset="wine", hidden=[3])
AXES = ("alcohol", "hue")


def ready(experiment: Experiment) -> Run:
    run = Run(new_name(), experiment)
    run.compile()
    return run


@pytest.mark.parametrize("frames", [6, 60])
def test_every_frame_is_as_if_the_picture_had_always_had_these_axes_and_it_trains_on(frames: int) -> None:
    run, other = ready(WINE), ready(with_axes(WINE, AXES))
    shown, expected = play(run, frames), play(other, frames)
    before = run.frame(3)
    run.set_axes(AXES)
    assert run.last == frames
    for index in (0, 3, frames - 1, frames):
        found, wanted = run.frame(index), other.frame(index)
        assert found.step == wanted.step
        np.testing.assert_array_equal(found.floats, wanted.floats)
        np.testing.assert_array_equal(found.bytes, wanted.bytes)
    assert not np.array_equal(run.frame(3).bytes, before.bytes)
    chunk = run.mount(with_past=True)
    assert chunk.start + len(chunk.frames) - 1 == frames
    for index, frame in enumerate(chunk.frames, chunk.start):
        np.testing.assert_array_equal(frame.bytes, other.frame(index).bytes)
    np.testing.assert_array_equal(run.curves.until(frames)["train_loss"], other.curves.until(frames)["train_loss"])
    later, wanted = run.answer(want(run, frames + 1)).frames[-1], other.answer(want(other, frames + 1)).frames[-1]
    assert later.step == wanted.step > before.step
    np.testing.assert_array_equal(later.floats, wanted.floats)
    np.testing.assert_array_equal(later.bytes, wanted.bytes)
    assert len(shown) == len(expected)


def test_axes_that_are_not_learned_are_refused_and_change_nothing() -> None:
    run = ready(WINE)
    play(run, 2)
    epoch, before = run.epoch, run.frame(2)
    with pytest.raises(PlaygroundError):
        run.set_axes(("alcohol", "nonsense"))
    assert (run.epoch, run.experiment) == (epoch, WINE)
    np.testing.assert_array_equal(run.frame(2).bytes, before.bytes)


def test_a_visitor_keeps_the_run_its_branches_and_what_was_switched_off_and_can_undo_it() -> None:
    session = Session(WINE, ready(WINE))
    session.show_run(session.run)
    play(session.run, 8)
    session.branch(4)
    connection_of(session).command(
        {"name": "switch", "kind": "unit", "layer": 0, "unit": 1, "on": 0, "head": 4, "epoch": 0}
    )
    runs = list(session.branches.values())
    last, masks = session.run.last, session.run.masks
    assert masks is not None
    session.change("axes", list(AXES))
    assert not session.notes
    assert list(session.branches.values()) == runs
    assert (session.run.last, session.run.masks) == (last, masks)
    assert {run.experiment.problem.axes for run in runs} == {AXES}
    session.choose_branch(runs[0].name)
    assert session.experiment == with_axes(WINE, AXES)
    session.undo()
    session.undo()
    assert session.experiment.problem.axes == ()
    assert session.run in runs
    session.redo()
    assert session.experiment.problem.axes == AXES
    assert session.run in runs


def test_axes_and_a_knob_at_once_keep_the_run_and_turn_the_knob() -> None:
    session = Session(WINE, ready(WINE))
    session.show_run(session.run)
    play(session.run, 4)
    run = session.run
    session.change_fields({"axes": list(AXES), "l2": 0.01})
    assert (session.run, session.experiment.problem.axes, session.experiment.knobs.l2) == (run, AXES, 0.01)
    assert run.knobs.l2 == 0.01
    session.change("only_painted", False)
    session.change("seed", 3)
    assert session.run is not run

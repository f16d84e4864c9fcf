"""What the visitor sees is there again on return: frames, bookmarks, and a run that the page was loaded again in."""

from __future__ import annotations

import pytest

from playground import Experiment
from playground.live import Run
from playground.stage.connection import LEFT_BEHIND, LOST_ROWS, RELOADED_BY_HAND, connection_of
from playground.web.components import decode
from playground.web.session import Session, new_name
from tests.web.test_undo import session, train

__all__ = ["session"]  # a fixture that is used here as well


def test_an_empty_stage_is_given_the_frame_that_was_shown_and_some_before_the_latest(session: Session) -> None:
    run = session.run
    for _ in range(30):
        connection_of(session).answer(
            {"run": run.name, "epoch": 0, "from": run.last + 1, "pace": 1, "head": run.last, "frames": 24}
        )
    assert run.past.recent.start > 50
    connection_of(session).command({"name": "pause", "head": 41})
    header, blocks = unpack_message(session, with_past=True)
    assert {0, 41} <= set(header["earlier"])
    assert header["earlier"] == sorted(header["earlier"])
    assert max(header["earlier"]) < header["start"]
    steps = blocks["scalars"][:, 0]
    assert [steps[i] for i in range(len(header["earlier"]))] == header["earlier"]
    assert len(steps) == header["n"] == len(header["earlier"]) + run.last + 1 - header["start"]


def unpack_message(session: Session, **options: bool) -> tuple[dict, dict]:
    session.send(session.run.mount(**options))
    return decode(connection_of(session).message)


def test_what_was_computed_before_a_knob_was_turned_is_not_shown_on_return(session: Session) -> None:
    train(session)
    connection_of(session).command({"name": "pause", "head": 1})
    session.change("learning_rate", 0.1)
    header, _ = unpack_message(session, with_past=True)
    assert header["start"] + header["n"] - 1 == 1


def test_a_bookmark_is_told_and_forgotten_where_it_is_set_again(session: Session) -> None:
    train(session)
    for marks, head in ((["a"], 1), (["a"], 0), ([], 0)):
        connection_of(session).command({"name": "bookmark", "mark": "a", "head": head})
        assert unpack_message(session)[0]["bookmarks"] == marks


@pytest.mark.parametrize(("own", "note"), [(False, RELOADED_BY_HAND), (True, LOST_ROWS)])
def test_a_run_that_cannot_be_made_again_after_a_reload_says_so(session: Session, own: bool, note: str) -> None:
    session.opened = True
    story = {"of": "other", "whole": False, "turns": [], "own": own}
    connection_of(session).answer({"run": "", "mount": True, "story": story, "step": 30, "reloaded": True})
    assert session.notes == [note]


@pytest.mark.parametrize("marks", [[], ["a"]])
def test_what_stood_beside_a_run_before_a_reload_is_missed_in_a_sentence(session: Session, marks: list[str]) -> None:
    train(session)
    for mark in marks:
        connection_of(session).command({"name": "bookmark", "mark": mark, "head": 0})
    story = unpack_message(session)[0]["story"]
    again = Session(session.experiment, Run(new_name(), session.experiment, wait=False), opened=True)
    connection_of(again).answer({"run": "", "mount": True, "story": story, "step": 10, "reloaded": True})
    assert again.notes == [LEFT_BEHIND] * len(marks)


def test_a_notice_is_told_with_the_frame_that_it_is_of(session: Session) -> None:
    for _ in range(5):
        train(session)
    connection_of(session).command({"name": "pause", "head": 2})
    header, _ = unpack_message(session, with_past=True)
    assert [one["frame"] for one in header["notices"]] == [2, session.run.last]


def test_a_run_that_had_diverged_is_shown_again_as_what_it_is() -> None:
    experiment = Experiment.of(dataset="plane", hidden=[8], activation="relu", learning_rate=10.0)
    session = Session(experiment, Run(new_name(), experiment))
    session.show_run(session.run)
    for _ in range(9):
        train(session)
    assert unpack_message(session)[0]["state"] == "diverged"
    diverged, last = session.run, session.run.last
    cure = {"name": "cure", "changes": {"learning_rate": 0.03}, "step": 0, "head": last}
    for _ in range(2):  # quick presses
        connection_of(session).command(cure)
    header, _ = unpack_message(session, with_past=True)
    assert (header["state"], header["resumes"], header["playing"], len(session.branches)) == ("ready", True, True, 2)
    connection_of(session).command({"name": "change", "changes": {"l2": 0.001}})
    assert unpack_message(session)[0]["resumes"]
    connection_of(session).command({"name": "pause", "head": 0})
    header, _ = unpack_message(session)
    assert (header["resumes"], header["playing"]) == (False, False)
    connection_of(session).command({"name": "undo"})
    connection_of(session).command({"name": "undo"})
    header, _ = unpack_message(session, with_past=True)
    assert (session.run, header["state"], header["playing"]) == (diverged, "diverged", False)
    assert header["notices"][-1]["notices"][0]["name"] == "divergence"

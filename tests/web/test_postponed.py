"""What is pressed before a run has a frame is done once it has one, in order."""

from __future__ import annotations

import pytest

from playground import Experiment
from playground.live import Run
from playground.stage.connection import MAX_POSTPONED, connection_of
from playground.web.session import Session, new_name


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session whose run has no program yet."""
    monkeypatch.setattr("playground.live.playback.compile_within", lambda *_: False)
    experiment = Experiment.of(samples=60, hidden=[2])
    session = Session(experiment, Run(new_name(), experiment, wait=False))
    session.show_run(session.run)
    return session


def finish(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.live.playback.compile_within", lambda *_: True)
    connection_of(session).answer(
        {"run": session.run.name, "epoch": 0, "from": 1, "pace": 1, "head": 0, "mount": True, "nonce": 1}
    )


def test_a_bookmark_and_a_branch_wait_for_the_first_frame(waiting: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = waiting.run.name
    connection_of(waiting).command({"name": "bookmark", "mark": "a", "head": 0, "nonce": 1})
    connection_of(waiting).command({"name": "branch", "head": 0, "nonce": 2})
    connection_of(waiting).command({"name": "bookmark", "mark": "b", "head": 0, "nonce": 3})
    assert (waiting.bookmarks, list(waiting.branches)) == ({}, [first])
    finish(waiting, monkeypatch)
    assert {name: mark.branch for name, mark in waiting.bookmarks.items()} == {"a": "A", "b": "B"}
    assert len(waiting.branches) == 2
    assert waiting.run.name != first


def test_what_was_meant_for_another_run_is_passed_over(waiting: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    connection_of(waiting).command({"name": "bookmark", "mark": "a", "head": 0, "nonce": 1})
    waiting.start(Experiment.of(samples=60, hidden=[3]))
    finish(waiting, monkeypatch)
    assert (waiting.bookmarks, connection_of(waiting).postponed) == ({}, [])


def test_not_without_bound(waiting: Session) -> None:
    for nonce in range(3 * MAX_POSTPONED):
        connection_of(waiting).command({"name": "bookmark", "mark": "a", "head": 0, "nonce": nonce + 1})
    assert len(connection_of(waiting).postponed) == MAX_POSTPONED

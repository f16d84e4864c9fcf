"""What a handout locks arrives at the stage, also where the message that tells it was overtaken by another."""

from __future__ import annotations

from typing import Any

import pytest

from playground.experiment import Experiment, Handout
from playground.live import Run
from playground.stage.connection import StageConnection, connection_of
from playground.web.components import decode
from playground.web.opened_run import new_name
from playground.web.session import Session

FREE = {"hide": [], "lock": [], "show": [], "key": ""}


@pytest.fixture
def session() -> Session:
    experiment = Experiment.of(dataset="xor")
    return Session(experiment, Run(new_name(), experiment), paused=False)


def request(session: Session, **more: Any) -> dict[str, Any]:
    run = session.run
    return {"run": run.name, "epoch": run.epoch, "from": run.last + 1, "head": 0, "pace": 1, "nonce": 1, **more}


def header(stage: StageConnection) -> dict[str, Any]:
    return decode(stage.message)[0]


def test_frames_say_that_the_stage_is_frozen_where_the_word_of_it_was_overtaken(session: Session) -> None:
    stage = connection_of(session)
    stage.answer(request(session))
    assert header(stage)["handout"] == FREE
    session.freeze()
    stage.answer(request(session))  # its frames take the place of the message that nobody has fetched
    frozen = header(stage)
    assert "play" in frozen["handout"]["lock"]
    assert frozen["playing"] is False
    assert frozen["handout"]["key"]


def test_the_release_is_said_to_a_stage_that_asked_for_nothing_since_it_was_frozen(session: Session) -> None:
    stage = connection_of(session)
    stage.answer(request(session))
    session.freeze()
    assert header(stage)["handout"]["lock"]
    session.release()
    assert header(stage)["handout"] == FREE


def test_a_confirmation_that_takes_the_release_s_place_says_it(session: Session) -> None:
    stage = connection_of(session)
    session.freeze()
    assert header(stage)["handout"]["lock"]
    session.release()
    stage.command({"name": "nothing of the kind", "head": 0})
    session.send(session.run.empty_reply(), only_heard=True)
    confirmation = header(stage)
    assert confirmation["only_heard"] is True
    assert confirmation["handout"] == FREE


def test_an_empty_stage_gets_the_handout_with_its_scene(session: Session) -> None:
    session.set_handout(Handout(lock=("optimizer",)), session.experiment)
    stage = connection_of(session)
    stage.answer(request(session, mount=True))
    message = header(stage)
    assert message["scene"]["handout"] == message["handout"]
    assert message["handout"]["lock"] == ["optimizer"]


def test_other_locks_have_another_key_and_so_does_a_stage_that_is_made_to_play(session: Session) -> None:
    stage = connection_of(session)
    keys = set()
    for handout in (Handout(), Handout(lock=("optimizer",)), Handout(hide=("optimizer",)), Handout(lock=("play",))):
        for paused in (True, False):
            session.paused = paused
            session.set_handout(handout, session.experiment)
            session.send(session.run.empty_reply())
            keys.add(header(stage)["handout"]["key"])
    assert len(keys) == 5

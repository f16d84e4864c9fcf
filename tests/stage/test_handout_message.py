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


@pytest.fixture
def session() -> Session:
    experiment = Experiment.of(dataset="xor")
    return Session(experiment, Run(new_name(), experiment), paused=False)


def request(session: Session, **more: Any) -> dict[str, Any]:
    run = session.run
    return {"run": run.name, "epoch": run.epoch, "from": run.last + 1, "head": 0, "pace": 1, "nonce": 1, **more}


def header(stage: StageConnection) -> dict[str, Any]:
    return decode(stage.message)[0]


def test_a_frozen_stage_is_told_so_until_it_says_that_it_knows(session: Session) -> None:
    stage = connection_of(session)
    stage.answer(request(session))
    assert "handout" not in header(stage)
    session.freeze()
    stage.answer(request(session))  # its frames take the place of the message that nobody has fetched
    told = header(stage)
    assert "play" in told["handout"]["lock"]
    assert told["playing"] is False
    stage.answer(request(session, handout=told["handout"]["key"]))
    assert "handout" not in header(stage)
    session.release()
    stage.answer(request(session, handout=told["handout"]["key"]))
    assert header(stage)["handout"] == {"hide": [], "lock": [], "show": [], "key": ""}
    stage.answer(request(session))
    assert "handout" not in header(stage)


def test_an_empty_stage_gets_the_handout_with_its_scene_and_says_its_key(session: Session) -> None:
    session.set_handout(Handout(lock=("optimizer",)), session.experiment)
    stage = connection_of(session)
    stage.answer(request(session, mount=True))
    told = header(stage)
    assert told["scene"]["handout"]["lock"] == ["optimizer"]
    stage.command({"name": "pause", "head": 0, "handout": told["scene"]["handout"]["key"]})
    session.send(session.run.empty_reply())
    assert "handout" not in header(stage)
    stage.forget_shown()
    session.send(session.run.empty_reply())
    assert header(stage)["handout"]["lock"] == ["optimizer"]


def test_a_key_that_is_no_text_is_passed_over(session: Session) -> None:
    stage = connection_of(session)
    session.freeze()
    for key in (1, ["x"], {"a": 1}, None, "x" * 10_000):
        stage.answer(request(session, handout=key))
        assert "handout" in header(stage)

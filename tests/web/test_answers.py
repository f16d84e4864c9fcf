"""Each answer is a message of its own: what is the same as before does not reach the stage again, which would then wait
for it in vain."""

from __future__ import annotations

import types
from typing import Any, cast

import pytest

from playground import Experiment
from playground.errors import PlaygroundError
from playground.live import Run
from playground.live.protocol.reply import ReplyState
from playground.stage.connection import StageConnection, connection_of
from playground.web.comparison_player import PlayerState
from playground.web.components import decode
from playground.web.session import Session

WANT: dict[str, Any] = {"run": "r", "epoch": 0, "from": 0, "mount": True}


@pytest.fixture
def run() -> Run:
    return Run("r", Experiment.of(hidden=[2], samples=50), wait=False)


@pytest.mark.parametrize("made", ["stage", "lanes"])
@pytest.mark.parametrize("state", ["compiling", "returning"])
def test_the_same_answer_to_the_next_question_is_another_message(run: Run, made: str, state: ReplyState) -> None:
    waiting = run._reply(0, (), state=state, scene=made == "stage")
    asked: Any = types.SimpleNamespace(answer=lambda want: waiting, begun=False)
    if made == "stage":
        run.answer = asked.answer
        speaker: StageConnection | PlayerState = connection_of(Session(run.experiment, run, branches={run.name: run}))
    else:
        speaker = PlayerState("key", cast("Any", asked), {})
    messages = []
    for nonce in (1, 2):
        speaker.answer({**WANT, "nonce": nonce})
        messages.append(speaker.message)
        assert decode(speaker.message)[0]["state"] == state
    assert messages[0] != messages[1]


def test_a_stage_that_asks_before_it_has_heard_that_its_run_is_lost_can_still_have_it_made_again(run: Run) -> None:
    run.compile()
    fresh = Session(run.experiment, run, branches={run.name: run}, opened=True)
    connection_of(fresh).answer({"run": "lost", "epoch": 0, "from": 40, "nonce": 1})
    header, _ = decode(connection_of(fresh).message)
    assert (header["opened"], header["start"]) == (True, 0)
    for nonce in range(2, 100):
        connection_of(fresh).answer(
            {"run": "lost", "mount": True, "story": header["story"], "step": 30, "nonce": nonce}
        )
        if decode(connection_of(fresh).message)[0]["n"]:
            break
    assert fresh.run is not run
    assert decode(connection_of(fresh).message)[1]["scalars"][-1, 0] == 30


def test_a_stage_that_has_taken_a_run_has_nothing_to_tell_of_another(run: Run) -> None:
    run.compile()
    fresh = Session(run.experiment, run, branches={run.name: run}, opened=True)
    connection_of(fresh).answer({**WANT, "nonce": 1})
    assert fresh.opened, "an empty stage may only not have said yet what it shows"
    connection_of(fresh).answer({"run": "r", "epoch": 0, "from": 1, "nonce": 2})
    assert not fresh.opened


def test_a_network_is_described_once_before_it_has_a_frame(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "_begin", lambda self, seconds=0.0: False)
    visitor = Session(run.experiment, run, branches={run.name: run})
    visitor.change("hidden", [2, 5, 3])
    header, _ = decode(connection_of(visitor).message)
    assert (header["n"], header["scene"]["network"]["hidden"]) == (0, [2, 5, 3])
    for drawn, is_told in ((visitor.run.name, False), ("", True)):
        connection_of(visitor).answer({"run": "r", "mount": True, "drawn": drawn, "nonce": 1})
        assert bool(decode(connection_of(visitor).message)[0]["scene"]) is is_told


def test_a_frame_that_cannot_be_looked_at_is_a_note_and_the_message_goes_all_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.compile()
    session = Session(run.experiment, run, branches={run.name: run})
    monkeypatch.setattr(run, "notices", raise_no_memory)
    session.send(run.mount())
    header, blocks = decode(connection_of(session).message)
    assert (header["notices"], len(blocks["scalars"])) == (None, 1)
    assert (session.notes, session.touched) == (["no memory is left."], True)


def raise_no_memory(index: int) -> list[Any]:
    raise PlaygroundError("no memory is left.")

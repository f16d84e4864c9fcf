"""A command of the lanes' stage is done once, is confirmed, and reaches the lanes that are shown next."""

from __future__ import annotations

from playground import Experiment
from playground.analysis.race.simulation import Contestant, RaceSimulation
from playground.live import ComparisonRun
from playground.web.comparison_player import PlayerState
from playground.web.components import decode


def held() -> PlayerState:
    one = Contestant("one", Experiment.of(hidden=[2], samples=50))
    return PlayerState("key", ComparisonRun("a", RaceSimulation([one])), {})


def said(name: str, nonce: int, *earlier: tuple[str, int]) -> dict[str, object]:
    return {
        "name": name,
        "head": -1,
        "nonce": nonce,
        "talk": "t",
        "earlier": [{"name": name, "nonce": nonce} for name, nonce in earlier],
    }


def test_a_pause_that_was_lost_is_done_when_it_is_said_again_and_only_then_confirmed() -> None:
    lanes = held()
    lanes.send(lanes.lanes.mount())
    assert decode(lanes.message)[0]["heard"] == ["", 0]
    lanes.command(said("play", 2, ("pause", 1)), None)
    assert not lanes.paused
    lanes.command(said("pause", 3), None)
    assert lanes.paused
    lanes.command(said("play", 2), None)
    header, _ = decode(lanes.message)
    assert lanes.paused, "an old command was done again"
    assert (header["heard"], header["only_heard"]) == (["t", 3], True)


def test_a_new_start_is_made_once_however_often_it_is_said() -> None:
    made: list[int] = []
    lanes = held()
    for _ in range(3):
        lanes.command(said("new_start", 1), lambda: made.append(1))
    assert made == [1]

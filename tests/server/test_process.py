"""What looks after the process: a collector that leaves the libraries alone, visitors who left are let go, programs are
made ahead when nobody trains."""

from __future__ import annotations

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.experiment import Experiment
from playground.live.frames.observer import Observer
from playground.live.scheduling.scheduler import Scheduler
from playground.programs.cache import LATER, ProgramCache, ProgramSpec
from playground.server import process as module
from playground.server.prewarm import likely_recipes, prewarm
from playground.server.process import COLLECT_SECONDS, IDLE_SECONDS, Process
from playground.training.trainer import Trainer

ROOT = Path(__file__).resolve().parents[2]


class World:
    """A process whose clock, collector and visitors are set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.gone, self.done = 1000.0, 0, []
        gc = types.SimpleNamespace(
            collect=lambda: self.done.append("collect"), freeze=lambda: self.done.append("freeze")
        )
        self.programs, self.slots = ProgramCache(), Scheduler(2, self.clock)
        for name, value in {
            "gc": gc,
            "drop_expired_sessions": lambda: self.gone,
            "trim": lambda: None,
        }.items():
            monkeypatch.setattr(module, name, value)
        self.keeper = Process(self.programs, self.slots, self.ahead(), self.clock)

    def clock(self) -> float:
        return self.now

    def ahead(self) -> Iterator[Any]:
        for i in range(2):
            self.done.append(f"ahead {i}")
            yield None

    def tick(self) -> list[str]:
        self.done.clear()
        self.keeper.tick()
        return list(self.done)

    def visit(self) -> None:
        with self.slots.acquire("visitor"):
            pass


def test_the_libraries_are_frozen_once_the_first_programs_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.now += IDLE_SECONDS
    assert world.tick() == [], "nothing is compiled yet"
    world.programs.get("key", lambda: lambda: 0)
    assert world.tick() == ["collect", "freeze"]
    assert world.tick() == ["ahead 0"]


def test_nothing_is_done_beside_somebody_who_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.programs.get("key", lambda: lambda: 0)
    world.visit()
    assert world.tick() == []
    world.now += IDLE_SECONDS
    assert world.tick() == ["collect", "freeze"]
    world.visit()
    assert world.tick() == []
    world.now += IDLE_SECONDS
    assert [world.tick() for _ in range(3)] == [["ahead 0"], ["ahead 1"], []]


def test_what_is_left_is_collected_now_and_then_and_when_somebody_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.visit()
    assert world.tick() == []
    world.now += COLLECT_SECONDS + 1
    world.visit()
    assert world.tick() == ["collect"]
    assert world.tick() == []
    world.gone = 3
    assert world.tick() == ["collect"]


def test_what_is_compiled_ahead_begins_with_what_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, int]] = []
    monkeypatch.setattr(ProgramSpec, "prefetch", lambda self, urgency=0: asked.append((self.key, urgency)))
    assert list(prewarm()) == likely_recipes()
    assert asked[0] == (Observer(Trainer(Experiment())).recipe.key, LATER)
    assert len({key for key, _ in asked}) == len(asked)

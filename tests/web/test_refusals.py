"""Every control that a handout can lock is refused by the server, by whichever message it comes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from playground.errors import PlaygroundError
from playground.experiment import CONTROLS, Experiment, Handout, replace_field
from playground.experiment.handout_controls import STAGE_CONTROLS
from playground.experiment.links.query import RULES
from playground.live import Run
from playground.live.protocol.request import DEFAULT_FRAMES_PER_SECOND
from playground.stage.connection import connection_of
from playground.web.session import Session

BEGINNING = Experiment.of(dataset="blobs", hidden=[3], samples=60, optimizer="adam")
TABULAR = Experiment.of(dataset="wine", hidden=[3])
REGRESSION = Experiment.of(dataset="plane", hidden=[3], samples=60, painted=[[1.0, 1.0, 1.0]])
IN_THE_BROWSER = {"pictures", "curves", "gradients", "test_points", "history", "which_way"}
"""Panels and files: nothing of them changes what is trained, and no message asks for them."""
ELSEWHERE = {"speed", "pulls"}
"""Refused in tests of their own."""
CANDIDATES: list[Any] = [
    True,
    False,
    1,
    2,
    3,
    7,
    80,
    0.5,
    0.1,
    "relu",
    ["x1"],
    [2, 2],
    ["alcohol", "hue"],
    ["hue", "ash"],
    [0, 1],
    [[1.0, 2.0, 1.0]],
]


class Visitor:
    """A session, and what its stage would say."""

    def __init__(self, experiment: Experiment = BEGINNING, **handout: Any) -> None:
        told = Handout(**handout)
        run = Run("run", experiment)
        self.session = Session(experiment, run, handout=told, origin=experiment, paused=not told.playing)
        self.session.show_run(run)

    def begin(self) -> None:
        """Train on to a few frames, a knob turned on the way, which can be undone; nobody asked the handout."""
        session, handout = self.session, self.session.handout
        session.handout = Handout()
        for _ in range(3):
            self.want(frames=2)
        session.change("learning_rate", 0.2)
        for _ in range(2):
            self.want(frames=2)
        self.want(frames=1)
        self.do("pause", head=session.run.last)
        session.paused = not handout.playing
        session.handout = handout

    def do(self, name: str, **data: Any) -> None:
        connection_of(self.session).command({"name": name, **data})

    def want(self, **data: Any) -> None:
        run = self.session.run
        question = {"run": run.name, "epoch": run.epoch, "from": run.last + 1, "head": run.last, "pace": 10, "nonce": 1}
        connection_of(self.session).answer(question | data)

    def state(self) -> Any:
        """All that a control could change."""
        session, run = self.session, self.session.run
        return (
            session.experiment,
            session.paused,
            session.head,
            run.name,
            run.epoch,
            tuple(run.past.steps),
            len(session.branches),
            connection_of(session).marks(),
            run.masks is None,
            len(session.history.versions),
        )


def play_on(visitor: Visitor) -> None:
    """A stage that plays though nobody may: it asks for many frames."""
    visitor.do("play")
    visitor.want(frames=64)


def go_back(visitor: Visitor) -> None:
    """Train on from the first frame, and look at it."""
    visitor.do("pause", head=0)
    visitor.want(**{"from": 1, "head": 0, "frames": 1})


PRESSES: dict[str, list[Callable[[Visitor], None]]] = {
    "play": [play_on],
    "step": [lambda v: v.want(frames=1)],
    "step_one": [lambda v: v.want(frames=1, steps=1)],
    "reset": [lambda v: v.do("reset")],
    "undo": [lambda v: v.do("undo")],
    "new_start": [lambda v: v.do("new_start")],
    "new_samples": [lambda v: v.do("new_samples")],
    "time_line": [go_back],
    "branches": [lambda v: v.do("branch", head=1), lambda v: v.do("bookmark", mark="a", head=1)],
    "diagram": [
        lambda v: v.do("edit", layer=0, source=0, unit=0, value=2.0, head=1),
        lambda v: v.do("switch", kind="unit", layer=1, unit=0, on=0, head=1),
    ],
    "paint": [lambda v: v.do("paint", add=[[0, 0, 1]])],
    "painted": [lambda v: v.do("paint", add=[[0, 0, 1]])],
    "notices": [lambda v: v.do("cure", changes={"learning_rate": 0.3}, step=-1)],
    "hidden": [lambda v: v.do("resize", by=1), lambda v: v.do("resize", by=1, layer=0)],
    "features": [lambda v: v.do("feature", name_of="sin_x1")],
    "activation": [lambda v: v.do("activate", layer=0, name_of="relu")],
}
"""What a stage would say for a control, in each of its forms, beside the field's own change."""


def another(name: str) -> tuple[Experiment, Any]:
    """An experiment, and a value of its field ``name`` that can be chosen and is another."""
    for experiment in (BEGINNING, TABULAR, REGRESSION):
        for value in [*getattr(RULES[name], "choices", ()), *CANDIDATES]:
            try:
                if replace_field(experiment, name, value) != experiment:
                    return experiment, value
            except PlaygroundError:
                continue
    raise AssertionError(f"no value of CANDIDATES is another {name}")


def check(control: str, kind: str, experiment: Experiment, press: Callable[[Visitor], None]) -> None:
    """The press does something where nothing is locked, and nothing where ``control`` is."""
    for handout in ({}, {kind: (control,)}):
        visitor = Visitor(experiment, **handout)
        visitor.begin()
        before = visitor.state()
        press(visitor)
        assert (visitor.state() == before) is bool(handout), (control, handout)


@pytest.mark.parametrize("kind", ["lock", "hide"])
@pytest.mark.parametrize("control", [one for one in STAGE_CONTROLS if one not in IN_THE_BROWSER | ELSEWHERE])
def test_what_a_stage_asks_for_is_refused_where_it_is_locked(control: str, kind: str) -> None:
    for press in PRESSES[control]:
        check(control, kind, BEGINNING, press)


@pytest.mark.parametrize("control", list(RULES))
def test_a_field_is_refused_where_it_is_locked(control: str) -> None:
    experiment, value = another(control)
    check(control, "lock", experiment, lambda visitor: visitor.do("change", changes={control: value}))
    for press in PRESSES.get(control, []):
        check(control, "lock", BEGINNING, press)


def test_every_control_is_spoken_of() -> None:
    assert set(CONTROLS) == set(RULES) | (set(PRESSES) - set(RULES)) | IN_THE_BROWSER | ELSEWHERE


def test_a_locked_speed_is_the_usual_one() -> None:
    visitor = Visitor(lock=("speed",), playing=True)
    visitor.want(pace=1000, frames=3)
    visitor.want(steps=700, frames=1)
    steps = visitor.session.run.past.steps
    assert len(steps) > 1
    assert {b - a for a, b in pairwise(steps)} == {DEFAULT_FRAMES_PER_SECOND}


@pytest.mark.parametrize("lock", [(), ("pulls",)])
def test_a_closer_look_is_refused_where_it_is_locked(lock: tuple[str, ...]) -> None:
    visitor = Visitor(lock=lock)
    asked: list[str] = []
    visitor.session.run.inspect = lambda name, *_: asked.append(name)  # pyright: ignore[reportAttributeAccessIssue]
    visitor.want(look="pulls", point=1)
    assert asked == ([] if lock else ["pulls"])


@pytest.mark.parametrize("playing", [True, False])
def test_a_locked_play_is_neither_begun_nor_ended(playing: bool) -> None:
    visitor = Visitor(lock=("play",), playing=playing)
    for name in ("play", "pause", "reset", "pause", "play"):
        visitor.do(name)
        assert visitor.session.paused is not playing
    last = visitor.session.run.last
    visitor.want(frames=64)
    assert (visitor.session.run.last > last) is playing
    if not playing:
        visitor.want(frames=1)  # a step is free
        assert visitor.session.run.last == last + 1


def test_where_the_time_line_is_locked_training_goes_on_from_what_is_shown() -> None:
    """The stage holds frames that it has not shown; a knob that is turned drops them, and that is no way back."""
    visitor = Visitor(lock=("time_line",), playing=True)
    visitor.want(frames=8)
    shown = visitor.session.run.last - 1
    visitor.session.change("learning_rate", 0.1)
    visitor.want(**{"from": shown + 1, "head": shown, "frames": 2})
    run = visitor.session.run
    assert run.segment_at(shown + 1).knobs[0] == pytest.approx(0.1)
    assert run.seen == shown

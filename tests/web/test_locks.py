"""What a handout locks stays as it is, whichever control, command or page would change it."""

from __future__ import annotations

from typing import Any

import pytest

from playground.experiment import CONTROLS, Experiment, Handout, field_value
from playground.experiment.links.query import RULES
from playground.stage.connection import connection_of
from playground.web.opened_run import first_run
from playground.web.session import Session

BEGINNING = Experiment.of(hidden=[3], samples=60, optimizer="adam")
CHANGES: dict[str, Any] = {
    "activation": "relu",
    "batch_size": 7,
    "classes": 3,
    "dataset": "wine",
    "features": ["x1"],
    "hidden": [2, 2],
    "init_seed": 5,
    "l1": 0.1,
    "learning_rate": 0.3,
    "loss": "hinge",
    "noise": 0.1,
    "optimizer": "sgd",
    "samples": 80,
    "seed": 5,
    "train_fraction": 0.7,
}
"""Another value for fields that others depend on, or that depend on others."""
ELSEWHERE = Experiment.of(
    dataset="blobs", classes=4, hidden=[5, 4], activation="gelu", optimizer="rmsprop", learning_rate=0.2, batch_size=3,
    noise=0.3, samples=90, features=["x2"], loss="squared_hinge", init_seed=9, seed=9, l1=0.2, l2=0.2, dropout=0.3,
    train_fraction=0.6,
)  # fmt: skip


def visitor(**handout: Any) -> Session:
    """A session in a handout."""
    return Session(BEGINNING, first_run(BEGINNING), handout=Handout(**handout), origin=BEGINNING)


@pytest.mark.parametrize("kind", ["lock", "hide"])
@pytest.mark.parametrize("locked", list(CHANGES))
def test_no_choice_changes_what_is_locked(locked: str, kind: str) -> None:
    for name, value in CHANGES.items():
        session = visitor(**{kind: (locked,)})
        connection_of(session).command({"name": "change", "changes": {name: value}})
        assert field_value(session.experiment, locked) == field_value(BEGINNING, locked), (locked, name)
        if name == locked:
            assert "locked" in session.notes[0]


def test_a_choice_brings_what_it_needs_but_for_what_is_locked() -> None:
    session = visitor(lock=("learning_rate",))
    session.change("optimizer", "sgd")
    assert session.experiment.structure.optimizer == "sgd"
    assert session.experiment.knobs.learning_rate == BEGINNING.knobs.learning_rate
    assert not session.notes


@pytest.mark.parametrize("locked", list(CHANGES))
def test_what_another_page_hands_over_is_refused_where_it_changes_what_is_locked(locked: str) -> None:
    session = visitor(lock=(locked,))
    assert not session.adopt(ELSEWHERE)
    assert session.experiment == BEGINNING
    assert str(CONTROLS[locked]) in session.notes[0]
    assert visitor().adopt(ELSEWHERE)


@pytest.mark.parametrize(
    ("locked", "command"),
    [
        ("hidden", {"name": "resize", "by": 1, "layer": 0}),
        ("features", {"name": "feature", "name_of": "sin_x1"}),
        ("activation", {"name": "activate", "layer": 0, "name_of": "relu"}),
        ("new_start", {"name": "new_start"}),
        ("new_samples", {"name": "new_samples"}),
        ("paint", {"name": "paint", "add": [[0, 0, 1]]}),
        ("reset", {"name": "reset"}),
    ],
)
def test_the_stage_s_commands_are_refused(locked: str, command: dict[str, Any]) -> None:
    assert locked in RULES or locked in CONTROLS
    session = visitor(lock=(locked,))
    run = session.run
    connection_of(session).command(command)
    assert session.experiment == BEGINNING
    assert session.run is run

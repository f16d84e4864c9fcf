"""Every change of the experiment can be undone and done again, with the run that there was."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from playground import Experiment
from playground.datasets import Table
from playground.experiment import OWN_DATA, Handout, replace_field
from playground.live import Run
from playground.stage.connection import connection_of
from playground.web import undo_history
from playground.web.session import Session, new_name
from playground.web.undo_history import MAX_RUNS, MAX_VERSIONS, UndoHistory, Version

SMALL = Experiment.of(samples=60, hidden=[2])


def table(shift: float = 0.0) -> Table:
    x = np.random.default_rng(0).normal(size=(40, 2)) + shift
    return Table(("width", "height"), x, (x[:, 0] > shift).astype(int), ("no", "yes"), "classification", "target")


@pytest.fixture
def session() -> Session:
    made = Session(SMALL, Run(new_name(), SMALL))
    made.show_run(made.run)
    return made


def train(session: Session) -> None:
    """A frame more."""
    run = session.run
    run.compile()
    connection_of(session).answer({"run": run.name, "mount": True, "nonce": 1})
    connection_of(session).answer(
        {
            "run": run.name,
            "epoch": run.epoch,
            "from": run.last + 1,
            "pace": 5,
            "head": run.last,
            "frames": 2,
            "nonce": 2,
        }
    )


def said(name: str, **data: object) -> Callable[[Session], None]:
    return lambda session: connection_of(session).command(
        {"name": name, "head": session.run.last, "epoch": session.run.epoch, **data}
    )


CHANGES = {
    "a knob": lambda session: session.change("learning_rate", 0.1),
    "a structure": lambda session: session.change("activation", "relu"),
    "a problem": lambda session: session.change("dataset", "spiral"),
    "several fields": said("change", changes={"l2": 0.01, "optimizer": "adam"}),
    "a unit more": said("resize", layer=0, by=1),
    "a layer's activation": said("activate", layer=0, name_of="relu"),
    "a feature": said("feature", name_of="x1_squared"),
    "a point": said("paint", add=[[1.0, 1.0, 1]]),
    "new start": said("new_start"),
    "another experiment": lambda session: session.start(Experiment.of(dataset="xor", samples=60), handout=Handout()),
    "one's own rows": lambda session: session.start(
        replace_field(session.experiment, "dataset", OWN_DATA, table()), table=table(), handout=Handout()
    ),
    "defaults": lambda session: session.reset(),
}


def test_what_is_undone_is_named_as_it_was_pressed(session: Session) -> None:
    """Where the field's own name, as *Start*, does not say it."""
    train(session)
    CHANGES["new start"](session)
    assert "new start" in session.undo_label.lower()


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_undone_and_done_again(session: Session, name: str) -> None:
    train(session)
    assert session.undo_label == ""
    CHANGES[name](session)
    after = session.experiment
    assert after != SMALL
    assert session.undo_label
    connection_of(session).command({"name": "undo"})
    assert session.experiment == session.run.experiment == SMALL
    assert not session.undo_label
    assert session.redo_label
    connection_of(session).command({"name": "redo"})
    assert session.experiment == session.run.experiment == after
    assert session.run.table is session.table_used
    assert not session.redo_label
    assert session.notes == []


def test_the_run_comes_back_as_it_was(session: Session) -> None:
    train(session)
    run, loss = session.run, session.run.frame(session.run.last).scalar("train_loss")
    connection_of(session).command({"name": "bookmark", "mark": "a", "head": 1})
    session.change("hidden", [3])
    session.undo()
    assert session.run is run
    assert session.run.frame(session.run.last).scalar("train_loss") == loss
    assert list(session.branches) == [run.name]


@pytest.mark.parametrize("changes", [{"learning_rate": 0.003}, {"activation": "relu", "learning_rate": 0.003}])
def test_a_cure_is_undone_like_every_change(session: Session, changes: dict[str, object]) -> None:
    train(session)
    run, last = session.run, session.run.last
    connection_of(session).command({"name": "cure", "changes": changes, "step": 0})
    assert session.run is not run
    assert session.experiment == session.run.experiment != SMALL
    assert (run.name in session.branches) == (len(changes) == 1)
    connection_of(session).command({"name": "undo"})
    assert (session.run, session.run.last, session.experiment) == (run, last, SMALL)
    connection_of(session).command({"name": "cure", "changes": {"learning_rate": -1.0}, "step": 0})
    assert session.run is run
    assert session.notes


def test_a_training_that_was_begun_anew_comes_back(session: Session) -> None:
    train(session)
    run = session.run
    connection_of(session).command({"name": "reset"})
    assert session.run is not run
    session.undo()
    assert session.run is run


def test_branches_come_back_and_choosing_among_them_is_one_change(session: Session) -> None:
    train(session)
    first = session.run.name
    session.branch(1)
    second = session.run.name
    for name in (first, second, first, second):
        session.choose_branch(name)
    session.change("hidden", [3])
    session.undo()
    assert (list(session.branches), session.run.name) == ([first, second], second)
    session.undo()
    assert session.run.name == first
    assert not session.undo_label


def test_a_change_after_undo_ends_what_was_undone(session: Session) -> None:
    session.change("hidden", [3])
    session.undo()
    session.change("hidden", [4])
    assert not session.redo_label
    session.redo()
    assert session.experiment.structure.hidden == (4,)


def test_two_tables_of_ones_own(session: Session) -> None:
    first, second = table(), table(5.0)
    session.start(replace_field(SMALL, "dataset", OWN_DATA, first), table=first)
    session.start(replace_field(session.experiment, "dataset", OWN_DATA, second), table=second)
    session.undo()
    assert session.table_used is session.run.table is first
    session.redo()
    assert session.table_used is session.run.table is second
    session.undo()
    session.undo()
    assert session.table_used is session.run.table is None


def test_a_stroke_is_one_change() -> None:
    times = iter((0.0, 0.2, 0.4, 3.0))
    history, experiment = UndoHistory(clock=lambda: next(times)), SMALL
    for count in range(1, 5):
        points = tuple((float(i), 0.0, 1.0) for i in range(count))
        painted = replace_field(experiment, "painted", points)
        history.record(Version(experiment=experiment), painted)
        experiment = painted
    assert [len(version.experiment.problem.painted) for version in history.versions] == [0, 3]


def test_a_handout_comes_back_with_its_own_defaults(session: Session) -> None:
    handout = Handout(title="Rates", lock=("learning_rate",))
    taught = Experiment.of(samples=60, hidden=[3], learning_rate=0.1)
    session.start(taught, handout=handout)
    session.change("hidden", [4])
    session.start(Experiment(), handout=Handout())
    session.undo()
    assert session.handout is handout
    session.reset()
    assert session.experiment == taught
    assert session.handout is handout


def test_a_handout_that_locks_undoing_refuses_it(session: Session) -> None:
    session.handout = Handout(lock=("undo",))
    session.change("hidden", [3])
    for name in ("undo", "redo"):
        connection_of(session).command({"name": name})
    assert session.experiment.structure.hidden == (3,)


def test_bounded_in_versions_runs_and_bytes(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(MAX_VERSIONS + 20):
        session.change("hidden", [2 + i % 5])
    assert len(session.history.versions) == MAX_VERSIONS
    assert len(session.history.runs) <= MAX_RUNS
    monkeypatch.setattr(undo_history, "MAX_TABLE_BYTES", 3 * table().nbytes)
    for shift in range(8):
        rows = table(shift)
        session.start(replace_field(session.experiment, "dataset", OWN_DATA, rows), table=rows)
    assert sum(session.history.tables.values()) <= 3 * table().nbytes
    assert session.memory_by_object().keys() >= session.history.tables.keys()


def test_a_run_without_room_leaves_and_is_trained_again(session: Session) -> None:
    train(session)
    run = session.run
    session.change("hidden", [3])
    session.budget.most = 1
    session.track_memory(session)
    assert session.history.runs == []
    session.undo()
    assert session.experiment == SMALL
    assert session.run is not run
    assert session.notes == []


def test_another_device_leaves_runs_behind(session: Session) -> None:
    run = session.run
    session.change("hidden", [3])
    session.choose_device("cpu:0")
    session.undo()
    assert session.experiment == SMALL
    assert session.run is not run
    assert session.run.trainer.chosen == "cpu:0"


def test_another_table_is_what_is_undone(session: Session) -> None:
    for _ in range(2):
        rows = table()
        session.start(replace_field(session.experiment, "dataset", OWN_DATA, rows), table=rows)
        assert session.undo_label == "your own table"
    session.undo()
    assert session.redo_label == "your own table"

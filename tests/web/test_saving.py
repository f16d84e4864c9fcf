"""Files that leave: what the stage shows, and nothing of what the experiment does not use."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from safetensors.numpy import load, save

from playground import Experiment
from playground.analysis.landscape.jobs import PlaneJob
from playground.analysis.landscape.page import path_words
from playground.analysis.landscape.weight_path import WeightPath
from playground.datasets import read_csv
from playground.experiment import OWN_DATA, replace_field
from playground.export import EXPORTS, export_file
from playground.live import FrameRequest, Run
from playground.stage.connection import connection_of
from playground.training.weights import from_bytes, read_step, to_bytes
from playground.web.session import Session, new_name
from playground.workspace.files import data_csv, history_csv, shown_state

ROWS = "height,weight,who\n" + "".join(f"{i},{40137.5 + i},{'ab'[i % 2]}\n" for i in range(40))
SECRET = "40137.5"
"""A weight in the visitor's rows."""


def played(experiment: Experiment, frames: int = 6) -> Session:
    session = Session(experiment, Run(new_name(), experiment, wait=False))
    session.show_run(session.run)
    train(session, frames)
    return session


def train(session: Session, frames: int = 6) -> None:
    """So many frames of ten steps; a busy machine's answers hold fewer."""
    session.run.compile()
    session.run.mount()
    while session.run.last < frames:
        last = session.run.last
        session.run.answer(FrameRequest(session.run.name, 0, last + 1, 10, last, frames - last))


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_of_ones_own_stay_here_once_other_data_are_learned(name: str) -> None:
    table = read_csv(ROWS)
    own = replace_field(Experiment.of(hidden=[2]), "dataset", OWN_DATA, table)
    session = Session(own, Run(new_name(), own, table, wait=False), table)
    session.show_run(session.run)
    assert SECRET in data_csv(session), "the rows are in the file while they are learned"
    session.change("dataset", "circle")
    assert session.table is table, "and can be chosen again"
    assert SECRET not in data_csv(session)
    content = export_file(name, session.experiment, table)
    assert SECRET.encode() not in content
    assert content == export_file(name, session.experiment)


def test_weights_and_history_are_those_of_the_frame_that_is_shown() -> None:
    session = played(Experiment.of(hidden=[3], samples=60))
    connection_of(session).command({"name": "pause", "head": 2, "nonce": 1})
    state = shown_state(session)
    assert int(state.step) == 20
    expected = session.run.trainer.advance(session.run.trainer.init(), 20)
    np.testing.assert_array_equal(state.params[0]["w"], expected.params[0]["w"])
    kept = load(to_bytes(state))
    assert any(np.array_equal(array, expected.params[0]["w"]) for array in kept.values())
    rows = list(csv.DictReader(io.StringIO(history_csv(session))))
    assert [float(row["step"]) for row in rows] == [0, 10, 20]


def test_while_it_plays_the_newest_frame_is_shown() -> None:
    session = played(Experiment.of(hidden=[3], samples=60))
    assert int(shown_state(session).step) == 60


def test_a_frame_that_was_looked_at_once_is_not_shown_for_ever() -> None:
    session = played(Experiment.of(hidden=[3], samples=60))
    connection_of(session).command({"name": "pause", "head": 2, "nonce": 1})
    connection_of(session).command({"name": "play", "nonce": 2})
    assert int(shown_state(session).step) == 60, "it plays on from the newest frame"
    connection_of(session).command({"name": "pause", "head": 2, "nonce": 3})
    session.start(Experiment.of(hidden=[4], samples=60))
    train(session)
    assert int(shown_state(session).step) == 60, "another run, other frames"


def test_before_the_first_frame_it_is_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.live.playback.compile_within", lambda *_: False)
    experiment = Experiment.of(hidden=[3], samples=60)
    session = Session(experiment, Run(new_name(), experiment, wait=False))
    assert int(shown_state(session).step) == 0


def test_loaded_weights_go_on_at_the_step_at_which_they_were_saved() -> None:
    session = played(Experiment.of(hidden=[3], samples=60, optimizer="sgd"))
    connection_of(session).command({"name": "pause", "head": 2, "nonce": 1})
    content = to_bytes(shown_state(session))
    expected = session.run.trainer.advance(shown_state(session), 10)
    session.start(session.experiment, from_bytes(content, "weights"), read_step(content))
    session.run.compile()
    session.run.mount()
    assert int(shown_state(session).step) == 20
    session.run.answer(FrameRequest(session.run.name, 0, 1, 10, 0, 1))
    assert session.run.curves.until(2)["step"].tolist() == [20, 30]
    np.testing.assert_allclose(shown_state(session).params[0]["w"], expected.params[0]["w"], rtol=1e-5)
    words = path_words_of(session, 0)
    assert "not been trained here yet" in words
    assert "the weights at step 20, which were loaded" in words


def path_words_of(session: Session, head: int) -> str:
    """What the landscape says of the way to frame ``head``."""
    descent = WeightPath(session.run, head)
    for _ in descent.fetch_all():
        pass
    return path_words(PlaneJob(descent, "path", 0))


@pytest.mark.parametrize("metadata", [None, {}, {"step": "-3"}, {"step": "x"}, {"step": "9" * 11}, {"other": "5"}])
def test_a_file_without_a_step_that_makes_sense_begins_at_0(metadata: dict[str, str] | None) -> None:
    assert read_step(save({"layers.0.w": np.zeros((1, 1), np.float32)}, metadata)) == 0
    assert read_step(b"\xff" * 40) == 0

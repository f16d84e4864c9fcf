"""``sharpness`` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.landscape.curvature import Sharpness, stable_limit
from playground.cli.main import main
from playground.training.weights import save

EXPERIMENT = Experiment.of(samples=60, hidden=[4], learning_rate=0.1, momentum=0.5)


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "spec.json"
    path.write_text(EXPERIMENT.to_json())
    return str(path)


def test_it_prints_the_curvature_at_these_weights(
    capsys: pytest.CaptureFixture[str], spec: str, tmp_path: Path
) -> None:
    trainer = Trainer(EXPERIMENT)
    state = trainer.advance(trainer.init(), 40)
    weights = tmp_path / "w.safetensors"
    save(state, weights)
    assert main(["sharpness", "--spec", spec, "--weights", str(weights)]) == 0
    said = json.loads(capsys.readouterr().out)
    largest, second = Sharpness(trainer)(state).values
    np.testing.assert_allclose([said["sharpness"], said["second_eigenvalue"]], [largest, second], rtol=1e-4)
    assert said["stable_learning_rate"] == pytest.approx(stable_limit(float(largest), 0.5), rel=1e-4)
    assert said["learning_rate"] == pytest.approx(0.1)
    assert "Full-batch SGD with this momentum is stable here" in said["meaning"]


def test_without_weights_it_is_the_start(capsys: pytest.CaptureFixture[str], spec: str) -> None:
    assert main(["sharpness", "--spec", spec]) == 0
    said = json.loads(capsys.readouterr().out)
    trainer = Trainer(EXPERIMENT)
    assert said["sharpness"] == pytest.approx(float(Sharpness(trainer)(trainer.init()).values[0]), rel=1e-4)


def test_own_rows_are_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = tmp_path / "points.csv"
    rng = np.random.default_rng(0)
    lines = [f"{a:.3f},{b:.3f},{'in' if a * b > 0 else 'out'}" for a, b in rng.standard_normal((40, 2))]
    rows.write_text("\n".join(["first,second,label", *lines]))
    assert main(["sharpness", "--data", str(rows)]) == 0
    assert json.loads(capsys.readouterr().out)["sharpness"] > 0


def test_weights_that_broke_are_said_to_be_broken(
    capsys: pytest.CaptureFixture[str], spec: str, tmp_path: Path
) -> None:
    trainer = Trainer(EXPERIMENT)
    state = trainer.init()
    weights = tmp_path / "w.safetensors"
    save(state._replace(params=jax.tree.map(lambda value: value * 1e30, state.params)), weights)
    code = main(["sharpness", "--spec", spec, "--weights", str(weights)])
    printed = capsys.readouterr()
    assert code == 0
    said = json.loads(printed.out)
    assert said["sharpness"] is None or np.isfinite(said["sharpness"])


@pytest.mark.parametrize("wrong", ["no file", "another network", "not a spec"])
def test_bad_input_is_one_sentence_and_two(
    wrong: str, capsys: pytest.CaptureFixture[str], spec: str, tmp_path: Path
) -> None:
    weights = tmp_path / "w.safetensors"
    arguments = ["sharpness", "--spec", spec]
    if wrong == "no file":
        arguments += ["--weights", str(weights)]
    elif wrong == "another network":
        save(Trainer(Experiment.of(hidden=[7, 2])).init(), weights)
        arguments += ["--weights", str(weights)]
    else:
        weights.write_text("{")
        arguments[2] = str(weights)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip().count("\n") == 0
    assert "Traceback" not in printed.err

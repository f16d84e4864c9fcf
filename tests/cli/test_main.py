"""The command line as a person types it: JSON lines out, one sentence and exit code 2 for bad input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from playground import Experiment, Trainer
from playground.cli.main import main
from playground.training.weights import save, to_tensors

SPEC = {"problem": {"samples": 100, "noise": 0.1}, "structure": {"hidden": [3]}}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    """Exit code, the lines of standard output as JSON, standard error."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(SPEC))
    return str(path)


def test_train_prints_lines_and_a_final_one(capsys: pytest.CaptureFixture[str], spec: str) -> None:
    code, lines, _ = run(capsys, "train", "--spec", spec, "--steps", "50", "--every", "20")
    assert code == 0
    assert [line["step"] for line in lines] == [0, 20, 40, 50]
    assert [line.get("final") for line in lines] == [None, None, None, True]
    assert lines[-1].keys() == {
        "step",
        "epoch",
        "train_loss",
        "test_loss",
        "metrics",
        "penalty",
        "final",
        "target",
        "classes",
    }
    assert lines[-1]["epoch"] == 10


def test_lines_do_not_depend_on_how_often_they_are_printed(capsys: pytest.CaptureFixture[str], spec: str) -> None:
    often = run(capsys, "train", "--spec", spec, "--steps", "60", "--every", "7")[1][-1]
    once = run(capsys, "train", "--spec", spec, "--epochs", "12")[1]
    assert once == [often]


def test_weights_go_out_and_come_in(capsys: pytest.CaptureFixture[str], spec: str, tmp_path: Path) -> None:
    out = str(tmp_path / "w.safetensors")
    trained = run(capsys, "train", "--spec", spec, "--steps", "30", "--out", out)[1][-1]
    tensors = load_file(out)
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        "layers.0.w": (2, 3),
        "layers.0.b": (3,),
        "layers.1.w": (3, 1),
        "layers.1.b": (1,),
    }
    again = run(capsys, "train", "--spec", spec, "--weights", out, "--steps", "0")[1][-1]
    assert again["train_loss"] == trained["train_loss"]
    assert again["step"] == 0


def test_batch_normalisations_statistics_are_part_of_the_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer = Trainer(Experiment.of(samples=100, hidden=[3], normalization="batch"))
    state = trainer.advance(trainer.init(), 20)
    path = tmp_path / "w.safetensors"
    save(state, path)
    assert {"layers.0.mean", "layers.0.variance", "layers.0.scale", "layers.0.offset"} <= to_tensors(state).keys()
    described = tmp_path / "s.json"
    described.write_text(
        json.dumps({"problem": {"samples": 100}, "structure": {"hidden": [3], "normalization": "batch"}})
    )
    line = run(capsys, "train", "--spec", str(described), "--weights", str(path), "--steps", "0")[1][-1]
    assert line["train_loss"] == trainer.scores(state).train_loss


def test_own_data_in_file_order_is_what_numpy_computes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3)).astype(np.float32)
    y = (x @ np.array([1.0, -2.0, 0.5])).round(4) + 0.25
    rows = "\n".join(",".join(repr(float(v)) for v in (*row, t)) for row, t in zip(x, y, strict=True))
    data = tmp_path / "d.csv"
    data.write_text(f"a,b,c,y\n{rows}\n")
    w, b = rng.normal(size=(3, 1)).astype(np.float32), np.zeros(1, np.float32)
    save_file({"layers.0.w": w, "layers.0.b": b}, tmp_path / "w0.safetensors")
    described = {
        "problem": {"train_fraction": 1},
        "structure": {"hidden": [], "shuffle": False, "batch_size": 10, "output_activation": "identity"},
        "knobs": {"learning_rate": 0.05, "l2": 0.1},
    }
    (tmp_path / "s.json").write_text(json.dumps(described))
    out = tmp_path / "w1.safetensors"
    code, lines, _ = run(
        capsys,
        "train",
        "--spec",
        str(tmp_path / "s.json"),
        "--data",
        str(data),
        "--weights",
        str(tmp_path / "w0.safetensors"),
        "--epochs",
        "3",
        "--out",
        str(out),
    )
    assert code == 0
    weights, bias = w.astype(float), b.astype(float)
    for step in range(12):
        rows_now = slice(step % 4 * 10, step % 4 * 10 + 10)
        error = x[rows_now] @ weights + bias - y[rows_now, None]
        weights, bias = weights - 0.05 * (x[rows_now].T @ error / 10 + 0.1 * weights), bias - 0.05 * error.mean(0)
    tensors = load_file(out)
    np.testing.assert_allclose(tensors["layers.0.w"], weights, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(tensors["layers.0.b"], bias, rtol=1e-4, atol=1e-5)
    expected = 0.5 * np.square(x @ weights + bias - y[:, None]).mean()
    assert lines[-1]["train_loss"] == pytest.approx(expected, rel=1e-4)
    assert lines[-1]["test_loss"] is None
    assert lines[-1]["penalty"] == pytest.approx(0.05 * np.square(weights).sum(), rel=1e-4)
    assert "test_r2" in lines[-1]["metrics"]  # pyright: ignore[reportOperatorIssue]


def test_text_targets_are_classes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(f"{i % 7},{i % 5},{'yes' if i % 7 > 3 else 'no'}" for i in range(80))
    (tmp_path / "d.csv").write_text("a,b,answer\n" + rows)
    code, lines, _ = run(capsys, "train", "--data", str(tmp_path / "d.csv"), "--steps", "3000")
    assert code == 0
    assert lines[-1]["metrics"]["train_accuracy"] > 0.9  # pyright: ignore[reportIndexIssue, reportCallIssue, reportArgumentType]


def test_spec_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(SPEC).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    code, lines, _ = run(capsys, "train", "--spec", "-", "--steps", "5")
    assert (code, lines[-1]["step"]) == (0, 5)


def test_early_stopping_stops(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(SPEC | {"knobs": {"learning_rate": 0, "patience": 3}}))
    _, lines, _ = run(capsys, "train", "--spec", str(tmp_path / "s.json"), "--steps", "1000")
    assert lines[-1]["epoch"] == 3


def test_divergence_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = {
        "problem": {"dataset": "plane"},
        "structure": {"activation": "relu", "hidden": [8]},
        "knobs": {"learning_rate": 10},
    }
    (tmp_path / "s.json").write_text(json.dumps(bad))
    code, lines, _ = run(capsys, "train", "--spec", str(tmp_path / "s.json"), "--steps", "1000")
    assert code == 0
    assert "learning rate" in str(lines[-1]["diverged"])
    assert lines[-1]["final"] is True


BAD_FILES = {
    "missing values": "a,b,y\n1,2,0\n1,,1\n3,4,0\n",
    "dates": "a,y\n2020-01-01,0\n2020-01-02,1\n",
    "too many cells": "a,b,y\n1,2,0\n1,2,1,7\n3,4,0\n",
    "one class": "a,b,y\nx,2,same\n",
    "one class only": "a,b,y\n1,2,same\n3,4,same\n",
    "one row": "a,b,y\n1,2,0\n",
    "no rows": "a,b,y\n",
    "empty": "",
    "ragged": "a,b,y\n1,2,0\n1,2\n",
    "not a number": "a,b,y\n1,nan,0\n1,2,1\n",
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_gets_a_sentence(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text(content)
    code, lines, error = run(capsys, "train", "--data", str(tmp_path / "d.csv"), "--steps", "1")
    assert (code, lines) == (2, [])
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1


def test_what_was_understood_of_a_file_is_noted_with_the_options_that_read_it_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "d.csv"
    path.write_text("preis;quote;art;k\n" + "1.234;0,5;viele;a\n12.500;0,2;3;b\n2.000;0,1;2;a\n" * 4)
    code, _, error = run(capsys, "train", "--data", str(path), "--steps", "1")
    assert code == 0
    assert "'1.234' in column 'preis' is read as 1234, as other columns have it" in error
    assert "(--decimal point: 1.234, with a decimal point everywhere)" in error
    assert "'viele' in row 2: they are categories. (--kind 'art=number'" in error
    assert all(line.startswith("note: ") for line in error.splitlines())
    options = ("--decimal", "point", "--kind", "art=number", "--columns", "preis,art", "--target", "quote")
    code, lines, error = run(
        capsys, "train", "--data", str(path), "--steps", "1", *options, "--task", "regression", "--missing", "mean"
    )
    assert (code, lines[-1]["target"]) == (0, "quote")
    assert "filled in" in error
    assert run(capsys, "train", "--data", str(path), "--delimiter", "x")[0] == 2
    assert run(capsys, "train", "--data", str(path), "--kind", "art")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["train", "--spec", "nowhere.json"], "nowhere.json"),
        (["train", "--data", "nowhere.csv"], "nowhere.csv"),
        (["train", "--weights", "nowhere.safetensors"], "nowhere"),
        (["train", "--steps", "-1"], "0 or more"),
        (["train", "--every", "0"], "1 or more"),
        (["train", "--out", "no/such/folder/w"], "folder"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(capsys, *arguments)
    assert code == 2
    assert word in error
    assert len(error.splitlines()) == 1


def weights(*arrays: np.ndarray) -> dict[str, np.ndarray]:
    """Weights and biases of each layer in turn, by the names of a file."""
    names = [f"layers.{layer}.{part}" for layer in range(len(arrays) // 2) for part in "wb"]
    return {name: array.astype(np.float32) for name, array in zip(names, arrays, strict=True)}


@pytest.mark.parametrize(
    ("tensors", "word"),
    [
        ({"layers.0.w": np.zeros((9, 9), np.float32), "layers.0.b": np.zeros(9, np.float32)}, "layers"),
        (weights(np.zeros((2, 4)), np.zeros(4), np.zeros((4, 1)), np.zeros(1)), "(2, 3)"),
        (weights(np.full((2, 3), np.nan), np.zeros(3), np.zeros((3, 1)), np.zeros(1)), "finite"),
        ({"layers.1.w": np.zeros((2, 3), np.float32)}, "0 without a gap"),
        ({"weight": np.zeros(3, np.float32)}, "layers.0.w"),
        ({"layers.0.w": np.zeros((2, 3), np.int32)}, "floating"),
    ],
)
def test_weights_that_do_not_fit_get_a_sentence(
    tensors: dict[str, np.ndarray], word: str, spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_file(tensors, tmp_path / "w.safetensors")
    code, _, error = run(capsys, "train", "--spec", spec, "--weights", str(tmp_path / "w.safetensors"))
    assert code == 2
    assert word in error


def test_a_file_that_is_no_weights_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "w").write_bytes(b"\x80\x04K\x05.")
    code, _, error = run(capsys, "train", "--weights", str(tmp_path / "w"))
    assert code == 2
    assert "safetensors" in error


def test_spec_and_schema_and_devices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spec"]) == 0
    assert Experiment.from_json(capsys.readouterr().out) == Experiment()
    assert main(["spec", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Experiment"
    _, devices, _ = run(capsys, "devices")
    assert devices[0]["platform"] == "cpu"
    assert (devices[0]["name"], devices[0]["runs"]) == ("cpu:0", ["play", "many", "landscape"])


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["export"], ["train", "--steps", "many"], ["link"]], ids=str)
def test_what_is_no_command_gets_a_sentence_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert len(said.splitlines()) == 1


def test_the_module_runs_as_a_command_and_says_no_traceback() -> None:
    command = [sys.executable, "-m", "playground", "train", "--spec", "-"]
    done = subprocess.run(command, input='{"structure": {"loss": "mes"}}', capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "did you mean 'mse'?" in done.stderr
    assert "Traceback" not in done.stderr

"""The exported JAX script makes the same run as the engine: over every choice, in this process, and as a program of its
own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.datasets import Table, read_csv
from playground.export import EXPORTS, export
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from tests.environment import COMPILED_ONCE
from tests.sampling import mark_long_except

STEPS = 23
BASE: dict[str, Any] = {"samples": 60, "hidden": [3], "noise": 0.1}
LOSS_DATA = {"binary": "circle", "multiclass": "blobs", "regression": "plane"}
LOSS_SAMPLE = (("hinge", "binary"), ("softmax_cross_entropy", "multiclass"), ("huber", "regression"))


def ours(experiment: Experiment, steps: int, table: Table | None = None) -> tuple[Any, float]:
    trainer = Trainer(experiment, table)
    state = trainer.advance(trainer.init(), steps)
    return state, trainer.scores(state).train_loss


def run(text: str, steps: int) -> tuple[Any, float]:
    """Parameters and train loss of a script, run in this process."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(text, "script.py", "exec"), names)
    params, stats, _ = names["train"](steps)
    return params, float(names["mean_loss"](params, stats, names["TRAIN_X"], names["TRAIN_Y"]))


def check(given: dict[str, Any], table: Table | None = None, tolerance: float = 2e-5, steps: int = STEPS) -> str:
    experiment = Experiment.from_dict(_nested(BASE | given), table)
    text = export("jax", experiment, table)
    with jax.numpy_rank_promotion("allow"):
        params, loss = run(text, steps)
    state, expected = ours(experiment, steps, table)
    assert loss == pytest.approx(expected, rel=tolerance, abs=1e-7)
    for one, other in zip(jax.tree.leaves(params), jax.tree.leaves(state.params), strict=True):
        np.testing.assert_allclose(one, other, rtol=50 * tolerance, atol=50 * tolerance)
    return text


def _nested(fields: dict[str, Any]) -> Any:
    from playground.experiment import nest

    return nest(fields)


@pytest.mark.parametrize("optimizer", mark_long_except(OPTIMIZERS, "sgd", "adam", "lbfgs"))
def test_every_optimizer(optimizer: str) -> None:
    check({"optimizer": optimizer}, tolerance=1e-3 if optimizer == "lbfgs" else 2e-5)


@pytest.mark.parametrize("activation", mark_long_except(ACTIVATIONS, "relu", "gelu", "sine"))
def test_every_activation(activation: str) -> None:
    check({"activation": activation})


@pytest.mark.parametrize(
    ("loss", "task"),
    mark_long_except([(loss.name, task) for loss in LOSSES.values() for task in loss.output_activations], *LOSS_SAMPLE),
)
def test_every_loss(loss: str, task: str) -> None:
    check({"loss": loss, "dataset": LOSS_DATA[task], "label_smoothing": 0.1 if task != "regression" else 0.0})


@pytest.mark.parametrize("initializer", mark_long_except(INITIALIZERS, "he_normal", "zeros"))
def test_every_initializer(initializer: str) -> None:
    check({"initializer": initializer})


@pytest.mark.parametrize("schedule", mark_long_except(SCHEDULES, "step", "warmup_cosine"))
def test_every_schedule(schedule: str) -> None:
    check({"schedule": schedule, "schedule_steps": 40.0, "warmup_steps": 5.0})


PARTS: list[dict[str, Any]] = [
    {"dropout": 0.3, "normalization": "batch", "residual": True, "hidden": [4, 4]},
    {"clip_norm": 0.05},
    {"l1": 0.01, "l2": 0.02},
    {"hidden": []},
    {"dataset": "wine", "loss": "softmax_cross_entropy"},
    {"painted": [[1.0, 1.0, 0], [2.0, 2.0, 1]]},
    {"activation": ["tanh", "relu"], "hidden": [3, 3]},
]
MORE_PARTS: list[dict[str, Any]] = [
    {"normalization": "batch", "hidden": [3, 3]},
    {"normalization": "layer", "hidden": [3, 3]},
    {"residual": True, "hidden": [3, 3, 2]},
    {"dropout": 0.3, "hidden": [4, 4]},
    {"weight_decay": 0.1},
    {"l2": 0.02, "optimizer": "lbfgs"},
    {"shuffle": False},
    {"batch_size": 7},
    {"hidden": [64, 64], "batch_size": 30},
    {"dataset": "diabetes"},
    {"features": ["x1", "x2", "sin_x1", "x1_x2"], "standardize": True},
]


@pytest.mark.parametrize("given", mark_long_except(PARTS + MORE_PARTS, *PARTS), ids=str)
def test_every_part(given: dict[str, Any]) -> None:
    check(given, tolerance=1e-3 if given.get("optimizer") == "lbfgs" else 2e-5)


def test_own_data() -> None:
    rng = np.random.default_rng(0)
    rows = "\n".join(f"{a:.3f},{b:.3f},{'yes' if a * b > 0 else 'no'}" for a, b in rng.normal(size=(40, 2)))
    table = read_csv("a,b,label\n" + rows)
    given = {"hidden": [3]}
    experiment = Experiment.from_dict({"structure": given}, table)
    with jax.numpy_rank_promotion("allow"):
        _, loss = run(export("jax", experiment, table), STEPS)
    assert loss == pytest.approx(ours(experiment, STEPS, table)[1], rel=2e-5)


def test_only_what_the_experiment_uses_is_in_the_script() -> None:
    plain = export("jax", Experiment.of(**BASE))
    for word in ("dropout", "CLIP", "penalty", "variance", "WEIGHT_DECAY", "progress", "smoothed", "import playground"):
        assert word not in plain
    assert "dropout_mask" in export("jax", Experiment.of(**BASE, dropout=0.5))


@pytest.mark.long
def test_early_stopping_ends_at_the_same_step(tmp_path: Path) -> None:
    experiment = Experiment.of(**BASE, patience=3, learning_rate=0.5)
    spec = tmp_path / "spec.json"
    spec.write_text(experiment.to_json())
    theirs = _printed([*_script(tmp_path, spec), "--steps", "3000"])
    command = _printed([sys.executable, "-m", "playground", "train", "--spec", str(spec), "--steps", "3000"])
    assert theirs["step"] == command["step"] < 3000
    assert theirs["train_loss"] == pytest.approx(command["train_loss"], rel=1e-4)


@pytest.mark.parametrize(
    "given",
    [
        {"initializer": "zeros", "optimizer": "adam", "epsilon": 0},
        {"dataset": "plane", "activation": "relu", "hidden": [8], "learning_rate": 10.0},
    ],
    ids=["epsilon", "rate"],
)
def test_a_step_that_is_not_finite_is_not_taken(given: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    experiment = Experiment.of(**BASE | given)
    with jax.numpy_rank_promotion("allow"):
        params, _ = run(export("jax", experiment), 200)
    state, _ = ours(experiment, 200)
    assert int(state.step) == int(state.bad_step) < 200
    assert f"Stopped at step {int(state.step)}" in capsys.readouterr().err
    for one, other in zip(jax.tree.leaves(params), jax.tree.leaves(state.params), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3)


def test_the_command_writes_a_program_that_prints_what_train_prints(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(Experiment.of(dataset="spiral", hidden=[6, 4], optimizer="adam").to_json())
    theirs = _printed([*_script(tmp_path, spec), "--steps", "300"])
    command = _printed([sys.executable, "-m", "playground", "train", "--spec", str(spec), "--steps", "300"])
    assert theirs["step"] == command["step"] == 300
    assert theirs["train_loss"] == pytest.approx(command["train_loss"], rel=1e-5)


def _script(folder: Path, spec: Path) -> list[str]:
    out = folder / "script.py"
    command = [sys.executable, "-m", "playground", "export", "--spec", str(spec), "--to", "jax", "--out", str(out)]
    subprocess.run(command, check=True)
    return [sys.executable, str(out)]


def _printed(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | COMPILED_ONCE)
    return json.loads(done.stdout.splitlines()[-1])


def test_every_target_is_said_in_words() -> None:
    assert list(EXPORTS) == ["jax", "keras", "torch", "onnx", "html", "tex"]

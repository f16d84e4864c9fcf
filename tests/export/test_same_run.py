"""Exported scripts train what the engine trains: each one is run by the library that it is written for, in order and
without dropout, and its train loss is compared with the engine's after 1, 2, 3 and 50 steps."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.datasets import Table, read_csv
from playground.experiment import nest
from playground.export import export
from playground.nn.activations import ACTIVATIONS
from playground.nn.network import Params, Stats, forward
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.training import TrainState
from playground.training.data import samples_of
from playground.training.weights import save
from tests.environment import COMPILED_ONCE
from tests.sampling import mark_long_except

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-exports" / "bin" / "python"
ON_CPU = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
STEPS = (1, 2, 3, 50)
TOLERANCE = 1e-4
"""How far two losses may be apart: absolutely below 1, as a share above it, where float32 has no finer numbers."""
TARGETS = ("torch", "keras", "jax")
BASE: dict[str, Any] = {"samples": 60, "hidden": [4, 3], "noise": 0.1, "batch_size": 7, "shuffle": False}
LOSS_DATA = {"binary": "circle", "multiclass": "blobs", "regression": "plane"}
AWAY: dict[str, float] = {
    "momentum": 0.8,
    "beta1": 0.8,
    "beta2": 0.95,
    "decay": 0.8,
    "epsilon": 0.01,
    "weight_decay": 0.05,
    "schedule_steps": 30.0,
    "warmup_steps": 5.0,
    "decay_rate": 0.3,
}
"""Numbers of the optimizers and schedules, all of them away from their defaults."""
RATES = {"sgd": 0.1, "nesterov": 0.05, "adadelta": 1.0, "adagrad": 0.1, "lion": 0.003, "adafactor": 0.03}
TRAINED = [name for name in OPTIMIZERS if not OPTIMIZERS[name].line_search]


def optimizer_cases() -> dict[str, dict[str, Any]]:
    """Every optimizer with every schedule."""
    return {
        f"{optimizer}-{schedule}": AWAY
        | {"optimizer": optimizer, "schedule": schedule, "learning_rate": RATES.get(optimizer, 0.02)}
        for optimizer in TRAINED
        for schedule in SCHEDULES
    }


def loss_cases() -> dict[str, dict[str, Any]]:
    """Every loss with every task that it fits, targets smoothed."""
    return {
        f"{loss.name}-{task}": {
            "loss": loss.name,
            "dataset": LOSS_DATA[task],
            "learning_rate": 0.1,
            "label_smoothing": 0.0 if task == "regression" else 0.1,
            "focal_gamma": 1.5,
            "huber_delta": 0.3,
        }
        for loss in LOSSES.values()
        for task in loss.output_activations
    }


def activation_cases() -> dict[str, dict[str, Any]]:
    """Every activation, two a network."""
    names = list(ACTIVATIONS)
    pairs = zip(names, [*names[1:], names[0]], strict=True)
    return {f"{a}-{b}": {"activation": [a, b], "learning_rate": 0.1} for i, (a, b) in enumerate(pairs) if i % 2 == 0}


STRONG: dict[str, Any] = {"l1": 0.02, "learning_rate": 0.1, "features": ["x1", "x2", "x1_squared", "sin_x1"]}
PARTS: dict[str, dict[str, Any]] = {
    "plain defaults": {"optimizer": "adam"},
    "momentum 0": {"optimizer": "nesterov", "momentum": 0.0},
    "batch norm": {"normalization": "batch", "learning_rate": 0.1},
    "batch norm, a last batch of one": {"normalization": "batch", "batch_size": 29, "learning_rate": 0.1},
    "layer norm": {"normalization": "layer", "learning_rate": 0.1},
    "residual": {"residual": True, "hidden": [4, 4, 2], "learning_rate": 0.1},
    "no hidden layer": {"hidden": [], "learning_rate": 0.1},
    "one batch": {"batch_size": 1000, "learning_rate": 0.1},
    "one sample a batch": {"batch_size": 1},
    "clipped": {"clip_norm": 0.05, "learning_rate": 1.0},
    "L2": {"l2": 0.1, "learning_rate": 0.1},
    "L2, clipped": {"l2": 0.1, "clip_norm": 0.1, "learning_rate": 0.3},
    "weight decay": {"weight_decay": 0.3, "learning_rate": 0.1},
    "weight decay of RMSprop": {"weight_decay": 0.3, "learning_rate": 0.02, "optimizer": "rmsprop"},
    "weight decay of Adafactor": {"weight_decay": 0.3, "learning_rate": 0.02, "optimizer": "adafactor"},
    "L1": STRONG,
    "L1 and all": STRONG
    | {
        "l2": 0.05,
        "weight_decay": 0.05,
        "clip_norm": 0.3,
        "momentum": 0.8,
        "schedule": "cosine",
        "schedule_steps": 40.0,
    },
    "L1 of Adam": STRONG | {"optimizer": "adam", "epsilon": 0.01, "learning_rate": 0.05},
    "L1 of RMSprop": STRONG | {"optimizer": "rmsprop", "learning_rate": 0.02, "momentum": 0.5, "epsilon": 0.01},
    "L1 of LAMB": STRONG | {"optimizer": "lamb", "learning_rate": 0.05, "weight_decay": 0.01},
    "log-cosh of large errors": {
        "loss": "log_cosh",
        "dataset": "diabetes",
        "standardize": False,
        "learning_rate": 0.01,
    },
    "more classes": {"dataset": "wine", "loss": "softmax_cross_entropy", "optimizer": "adam", "learning_rate": 0.01},
    "a regression in units": {"dataset": "diabetes", "optimizer": "adam", "learning_rate": 0.01, "batch_size": 32},
    "early stopping": {"patience": 2, "learning_rate": 1.0, "noise": 0.5},
    "early stopping at once": {"patience": 1, "learning_rate": 3.0, "noise": 0.5},
    "epsilon 0 and no gradient": {"initializer": "zeros", "optimizer": "adam", "epsilon": 0.0},
    "from a later step": {"batch_size": 7, "learning_rate": 0.1, "momentum": 0.8, "normalization": "batch"},
    "from a later step, with a schedule": {"optimizer": "adam", "schedule": "cosine", "schedule_steps": 40.0},
    "from a later step, with L1": STRONG,
    "from a later step, with early stopping": {"patience": 2, "learning_rate": 1.0, "noise": 0.5},
    "a rate too high": {"dataset": "plane", "activation": "relu", "hidden": [8], "learning_rate": 10.0},
}
LATER = 13
"""The step that scripts of a training's later moment start at: in the middle of an epoch."""
CASES = optimizer_cases() | loss_cases() | activation_cases() | PARTS
SAMPLE = (
    "adam-cosine",
    "softmax_cross_entropy-multiclass",
    "huber-regression",
    next(iter(activation_cases())),
    "batch norm, a last batch of one",
    "L1 and all",
    "early stopping",
    "from a later step",
)


def experiment_of(name: str) -> Experiment:
    return Experiment.of(**(BASE | CASES[name]))


@cache
def expected(name: str) -> tuple[dict[int, float], int]:
    """The engine's train loss by step, and the step it ends at."""
    trainer = Trainer(experiment_of(name))
    params, stats, first = start_of(name)
    state, losses, end = trainer.begin_with(params, stats, first), {}, first
    for step in steps_of(name):
        state = trainer.advance(state, step - int(state.step))
        end = int(state.step)
        if end == step:
            losses[step] = trainer.scores(state).train_loss
    return losses, end


@cache
def start_of(name: str) -> tuple[Params, Stats, int]:
    """The weights that a script starts from, and the step that they are of."""
    trainer = Trainer(experiment_of(name))
    state = trainer.advance(trainer.init(), LATER) if name.startswith("from a later step") else trainer.init()
    return state.params, state.stats, int(state.step)


def steps_of(name: str) -> list[int]:
    """The steps at which losses are compared."""
    return [start_of(name)[2] + step for step in STEPS]


def script_of(target: str, name: str) -> dict[str, Any]:
    params, stats, first = start_of(name)
    text = export(target, experiment_of(name), weights=(params, stats), step=first)
    return {"name": name, "target": target, "text": text, "steps": steps_of(name), "rows": []}


PREDICTED: dict[str, dict[str, Any]] = {
    "points of the plane": {"features": ["x1", "x2**2+1", "sin(2*x1)/3", "r>2", "relu(x2)"], "standardize": True},
    "a registered feature": {"features": ["x1_squared", "x1_x2", "sin_x2", "radius"]},
    "a regression of the plane": {"dataset": "plane"},
    "classes by name": {"dataset": "iris", "loss": "softmax_cross_entropy", "optimizer": "adam"},
    "two classes of two outputs": {"dataset": "breast_cancer", "loss": "softmax_cross_entropy"},
    "two classes of one output": {"dataset": "breast_cancer", "loss": "binary_cross_entropy", "normalization": "batch"},
    "a target in its units": {"dataset": "diabetes", "normalization": "layer"},
    "L-BFGS, which Keras and PyTorch only predict with": {"optimizer": "lbfgs"},
    "one's own rows": {"loss": "focal"},
}


def own_table() -> Table:
    """Rows of people's own, with names that are nobody's friends."""
    rng = np.random.default_rng(0)
    name = 'it\'s "deep" \\ {x}</script><b>'
    rows = [f"{2000 + a:.1f},{b:.3f},{name if a * b > 0 else 'no'}" for a, b in rng.normal(size=(60, 2))]
    return read_csv("year,b,k\n" + "\n".join(row.replace(name, '"' + name.replace('"', '""') + '"') for row in rows))


@cache
def predicted(name: str) -> tuple[Experiment, Table | None, TrainState, list[list[float]], list[Any]]:
    """A trained network: its experiment, state, rows of the test set as they are in the data, and what it says of
    them."""
    table = own_table() if name == "one's own rows" else None
    given = nest({"hidden": [4, 3], "learning_rate": 0.05} | PREDICTED[name])
    experiment = Experiment.from_dict(given, table)
    trainer = Trainer(experiment, table)
    state, prepared = trainer.advance(trainer.init(), 40), trainer.prepared
    split = prepared.data.test
    output = np.asarray(forward(trainer.network, state.params, state.stats, split.x)[-1].h)[: int(split.n)]
    rows = samples_of(experiment, table)[0][prepared.order[1]]
    if experiment.task == "regression":
        answers = list(prepared.target.mean + prepared.target.deviation * output[:, 0].astype(float))
    else:
        answers = [prepared.class_names[k] for k in np.argmax(output, 1) if output.shape[1] > 1] or [
            prepared.class_names[int(value > 0)] for value in output[:, 0]
        ]
    return experiment, table, state, rows.tolist(), answers


def predicting_script(target: str, name: str) -> dict[str, Any]:
    experiment, table, state, rows, _ = predicted(name)
    text = export(target, experiment, table, (state.params, state.stats))
    return {"name": name, "target": target, "text": text, "steps": [], "rows": rows}


def skip_without_libraries() -> None:
    """Skip a test where the libraries are not there, but never in CI."""
    if not PYTHON.exists():
        assert not os.environ.get("CI"), "the exports' libraries are missing: make export-libraries"
        pytest.skip("the libraries that scripts are exported to are not there; make export-libraries installs them")


def selected_cases(session: pytest.Session) -> dict[str, list[str]]:
    """Names of the cases that this run of the tests asks for, by target."""
    params = [
        item.callspec.params
        for item in session.items
        if isinstance(item, pytest.Function) and "result_of" in item.fixturenames
    ]
    return {target: [str(entry["name"]) for entry in params if entry["target"] == target] for target in TARGETS}


@pytest.fixture(scope="module")
def result_of(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], dict[str, Any]]]:
    """What a target's script of a case makes: all scripts of a target run in one process, the targets side by side."""
    skip_without_libraries()
    environment = os.environ | COMPILED_ONCE | ON_CPU | {"OMP_NUM_THREADS": "1"}
    command = [str(PYTHON), str(Path(__file__).with_name("run_scripts.py"))]
    with ExitStack() as stack:
        running = {}
        for target, names in selected_cases(request.session).items():
            given, printed, errors = (stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(3))
            scripts = [(script_of if name in CASES else predicting_script)(target, name) for name in names]
            given.writelines(json.dumps(script) + "\n" for script in scripts)
            given.seek(0)
            process = subprocess.Popen(command, stdin=given, stdout=printed, stderr=errors, env=environment)
            stack.enter_context(process)
            stack.callback(process.kill)
            running[target] = process, printed, errors

        @cache
        def results(target: str) -> dict[str, dict[str, Any]]:
            process, printed, errors = running[target]
            code = process.wait()
            printed.seek(0)
            errors.seek(0)
            assert code == 0, errors.read()
            return {one["name"]: one for one in map(json.loads, printed)}

        def result(target: str, name: str) -> dict[str, Any]:
            found = results(target)[name]
            assert "error" not in found, found["error"]
            return found

        yield result


@pytest.mark.parametrize("name", mark_long_except(CASES, *SAMPLE))
@pytest.mark.parametrize("target", TARGETS)
def test_a_script_trains_what_the_engine_trains(
    result_of: Callable[[str, str], dict[str, Any]], target: str, name: str
) -> None:
    made = result_of(target, name)
    losses, end = expected(name)
    assert made["end"] == end
    for step, loss in losses.items():
        assert made["losses"][str(step)] == pytest.approx(loss, rel=TOLERANCE, abs=TOLERANCE), f"after {step} steps"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "name", mark_long_except(PREDICTED, "points of the plane", "classes by name", "a target in its units")
)
def test_a_script_answers_raw_rows_in_the_datas_units(
    result_of: Callable[[str, str], dict[str, Any]], target: str, name: str
) -> None:
    *_, expected_answers = predicted(name)
    answers = result_of(target, name)["answers"]
    assert len(answers) == len(expected_answers) > 0
    if isinstance(expected_answers[0], str):
        assert answers == expected_answers
    else:
        assert answers == pytest.approx(expected_answers, rel=1e-4, abs=1e-4 * float(np.std(expected_answers)))


@pytest.mark.parametrize("target", ["torch", "keras"])
def test_a_script_is_a_program_that_takes_other_weights(target: str, tmp_path: Path) -> None:
    skip_without_libraries()
    experiment, table, state, rows, answers = predicted("a target in its units")
    script, weights = tmp_path / "script.py", tmp_path / "weights.safetensors"
    script.write_text(export(target, experiment, table))
    save(state, weights)
    command = [str(PYTHON), str(script), "--weights", str(weights), "--predict", json.dumps(rows)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | COMPILED_ONCE | ON_CPU)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == pytest.approx(answers, rel=1e-4, abs=1e-4 * float(np.std(answers)))

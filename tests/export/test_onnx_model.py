"""An ONNX model, run by ONNX Runtime, answers what the engine answers."""

from __future__ import annotations

import base64
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.export import export_file
from playground.nn.activations import ACTIVATIONS
from playground.nn.network import forward
from playground.training.data import samples_of
from tests.export.test_same_run import PREDICTED, PYTHON, predicted, skip_without_libraries

ANGLES = "theta and all functions"
FORMULAS = ["theta", "tan(x1/9)", "exp(-r**2)", "log(r+1)", "abs(x1)", "sign(x2)", "floor(x1)", "round(x2)", "x1>=x2"]


@cache
def cases() -> dict[str, tuple[bytes, list[list[float]], list[Any], list[list[float]] | None]]:
    """Models by name, rows, answers and outputs (where they are compared)."""
    made: dict[str, Any] = {}
    for name in PREDICTED:
        experiment, table, state, rows, answers = predicted(name)
        made[name] = export_file("onnx", experiment, table, (state.params, state.stats)), rows, answers, None
    wholes = {name: {"activation": name, "residual": True, "hidden": [3, 3]} for name in ACTIVATIONS}
    for name, given in (wholes | {ANGLES: {"features": FORMULAS, "hidden": [4]}}).items():
        trainer = Trainer(Experiment.of(samples=80, learning_rate=0.05, **given))
        state = trainer.advance(trainer.init(), 20)
        rows = samples_of(trainer.experiment)[0][trainer.prepared.order[0]]
        output = np.asarray(forward(trainer.network, state.params, state.stats, trainer.prepared.data.train.x)[-1].h)
        model = export_file("onnx", trainer.experiment, weights=(state.params, state.stats))
        made[name] = model, rows.tolist(), [], output[: len(rows)].tolist()
    return made


@cache
def results() -> dict[str, Any]:
    """What ONNX Runtime makes of all models, in one process."""
    lines = [json.dumps({"model": base64.b64encode(one[0]).decode(), "rows": one[1]}) for one in cases().values()]
    command = [str(PYTHON), str(Path(__file__).with_name("run_onnx.py"))]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(cases(), map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", [*PREDICTED, *ACTIVATIONS, ANGLES])
def test_a_model_answers_as_the_engine(name: str) -> None:
    skip_without_libraries()
    _, rows, answers, outputs = cases()[name]
    made = results()[name]
    assert len(made["answer"]) == len(rows) > 0
    if outputs is not None:
        np.testing.assert_allclose(made["output"], outputs, rtol=1e-3, atol=1e-4)
    elif isinstance(answers[0], str):
        assert made["answer"] == answers
    else:
        assert made["answer"] == pytest.approx(answers, rel=1e-4, abs=1e-4 * float(np.std(answers)))
    if "probability" in made:
        np.testing.assert_allclose(np.sum(made["probability"], 1), 1.0, rtol=1e-5)

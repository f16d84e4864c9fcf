"""The names of classes stand wherever a class is shown: on the stage, in files, in code, at the command line."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment
from playground.analysis.step import StepExplainer
from playground.analysis.step.payload import step_payload
from playground.cli.main import main
from playground.datasets import read_csv
from playground.experiment import OWN_DATA, replace_field
from playground.export import export
from playground.live import Run
from playground.stage.figures.confusion import confusion_figure
from playground.stage.scene import class_labels, scene
from playground.web.session import Session
from playground.workspace.files import data_csv


def rows_of(*labels: str) -> str:
    """A table of one's own with these classes."""
    return "a,b,verdict\n" + "".join(f"{i % 7},{i * i % 5},{labels[i % len(labels)]}\n" for i in range(60))


OWN = {
    "two words": rows_of("no", "yes"),
    "signs": rows_of("-1", "1"),
    "three words": rows_of("red", "green", "dark blue"),
    "words that a script would read": rows_of("'''", "\\n{x}"),
}
"""By name, as files."""
SHOWN = {
    "two words": ["no", "yes"],
    "signs": ["class -1", "class 1"],
    "three words": ["dark blue", "green", "red"],
    "words that a script would read": ["'''", "\\n{x}"],
    "circle": ["class 0", "class 1"],
    "blobs": ["class 0", "class 1", "class 2"],
    "iris": ["setosa", "versicolor", "virginica"],
    "wine": ["cultivar 1", "cultivar 2", "cultivar 3"],
    "breast_cancer": ["malignant", "benign"],
}
"""What is read on the stage."""
FILED = {name: [label.removeprefix("class ") for label in labels] for name, labels in SHOWN.items()}
"""What stands in files: a bare number needs no word there."""
LOSSES = {"two": ("mse", "binary_cross_entropy", "softmax_cross_entropy"), "more": ("mse", "softmax_cross_entropy")}
PROBLEMS = [(name, loss) for name, labels in SHOWN.items() for loss in LOSSES["two" if len(labels) == 2 else "more"]]


@cache
def run_of(name: str, loss: str) -> Run:
    """A run at its first frame, the same one for all tests: nobody trains it."""
    table = read_csv(OWN[name]) if name in OWN else None
    base = Experiment.of(hidden=[2], samples=60) if name in OWN or name in ("circle",) else None
    if table is not None and base is not None:
        return Run("r", replace_field(replace_field(base, "dataset", OWN_DATA, table), "loss", loss, table), table)
    more: dict[str, Any] = {"classes": 3} if name == "blobs" else {}
    return Run("r", Experiment.of(dataset=name, hidden=[2], samples=100, loss=loss, **more))


def on_the_colour_bar(run: Run) -> list[str]:
    described = scene(run)
    ends = [described["legend"]["low"], described["legend"]["high"]]
    return ends if ends[0] else described["classes"]


def on_points_and_brushes(run: Run) -> list[str]:
    return scene(run)["classes"]


def on_output_units(run: Run) -> list[str]:
    outputs = scene(run)["network"]["outputs"]
    return outputs if len(outputs) > 1 else outputs[0].split(" or ")


def in_a_step_spelled_out(run: Run) -> list[str]:
    trainer = run.trainer
    told = step_payload(StepExplainer(trainer)(trainer.init(), trainer.knobs()), trainer, trainer.knobs())
    assert all(label in told["target"] for label in told["classes"])
    return told["classes"]


def in_the_confusion_matrix(run: Run) -> list[str]:
    labels = class_labels(run.trainer.prepared)
    figure = confusion_figure(np.eye(len(labels), dtype=int), labels).to_dict()["data"][0]
    return [name.replace("&#36;", "$").replace("&#123;", "{") for name in figure["x"]]


ON_THE_STAGE: dict[str, Callable[[Run], list[str]]] = {
    "colour bar": on_the_colour_bar,
    "points and brushes": on_points_and_brushes,
    "output units": on_output_units,
    "step by step": in_a_step_spelled_out,
    "confusion matrix": in_the_confusion_matrix,
}


def in_the_data_file(run: Run) -> set[str]:
    session = Session(run.experiment, run, run.trainer.table)
    session.show_run(run)
    rows = list(csv.DictReader(io.StringIO(data_csv(session))))
    return {row[run.trainer.prepared.target.name].removeprefix("'") for row in rows}


def in_a_script(run: Run) -> set[str]:
    state = run.trainer.init()
    text = export("jax", run.experiment, run.trainer.table, (state.params, state.stats))
    line = next(line for line in text.splitlines() if line.startswith("CLASSES = "))
    return set(ast.literal_eval(line.removeprefix("CLASSES = ")))


@pytest.mark.parametrize("place", ON_THE_STAGE)
@pytest.mark.parametrize(("name", "loss"), PROBLEMS)
def test_the_classes_have_their_names_on_the_stage(name: str, loss: str, place: str) -> None:
    assert ON_THE_STAGE[place](run_of(name, loss)) == SHOWN[name]


@pytest.mark.parametrize("name", SHOWN)
def test_the_classes_have_their_names_in_files(name: str) -> None:
    run = run_of(name, "mse")
    assert in_the_data_file(run) == {label.removeprefix("'") for label in FILED[name]}
    assert in_a_script(run) == set(FILED[name])


@pytest.mark.parametrize(
    ("name", "loss"),
    [pair for pair in PROBLEMS if pair[0] not in ("words that a script would read", "breast_cancer")],
)
def test_the_classes_have_their_names_in_an_equation(name: str, loss: str) -> None:
    """TeX leaves its own signs out of names; thirty inputs are too many to read."""
    run = run_of(name, loss)
    text = export("tex", run.experiment, run.trainer.table)
    assert all(label in text for label in (SHOWN[name][1:] if loss == "binary_cross_entropy" else SHOWN[name]))


def test_the_classes_have_their_names_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.csv"
    file.write_text(OWN["two words"])
    assert main(["train", "--data", str(file), "--steps", "2"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["target"], last["classes"]) == ("verdict", ["no", "yes"])


def test_a_regressions_error_is_in_the_targets_units_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rent.csv"
    file.write_text("area,rent\n" + "".join(f"{area},{500 + 12.5 * area}\n" for area in range(20, 80)))
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps({"problem": {"standardize": True, "train_fraction": 1}, "structure": {"hidden": [2]}}))
    assert main(["train", "--data", str(file), "--spec", str(spec), "--steps", "300"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["target"] == "rent"
    deviation = read_csv(file).y.std()
    assert last["metrics"]["test_rmse"] is None
    assert last["metrics"]["train_rmse"] == pytest.approx(np.sqrt(2 * last["train_loss"]) * deviation, rel=1e-3)

"""What is said of one sample on the stage: prediction, target and loss fit one another, whatever the loss and the
problem."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment
from playground.datasets import read_csv
from playground.experiment import OWN_DATA, replace_field
from playground.live import Run
from playground.live.protocol.encoding import round_floats
from playground.objectives.losses import LOSSES
from playground.stage.scene import scene
from tests.stage.scripts import run_module

STATIC = Path(__file__).resolve().parents[2] / "static"
READOUT, WORDS = STATIC / "stage/output/readout.js", STATIC / "lib/i18n.js"
PROBLEMS: dict[str, dict[str, Any]] = {
    "binary": {"dataset": "moons", "noise": 0.3},
    "multiclass": {"dataset": "iris"},
    "regression": {"dataset": "diabetes"},
}
CASES = [
    (loss.name, task, output)
    for loss in LOSSES.values()
    for task, outputs in loss.output_activations.items()
    for output in dict.fromkeys((outputs[0], outputs[-1], *({"identity"} & set(outputs))))
]
SHOWN = 40
"""Samples that are read."""


def told(run: Run, points: int = SHOWN) -> list[str]:
    """What the stage writes of the first ``points`` samples, in Node."""
    run.compile()
    run.mount()
    found = next(found for _ in range(600) if (found := run.inspect("samples", run.last)) is not None)
    sent = {name: round_floats(values[:points]) for name, values in found.items() if name in ("value", "loss", "error")}
    described = scene(run)
    script = f"""
    import {{ answer, truth }} from "{READOUT.as_uri()}";
    import {{ Words }} from "{WORDS.as_uri()}";
    const {{ t }} = new Words();
    const scene = {json.dumps({name: described[name] for name in ("classes", "target", "readout", "points")})};
    const sent = {json.dumps(sent)};
    console.log(JSON.stringify(sent.value.map((value, i) => {{
      const target = scene.points.value[i];
      const said = answer(scene, target, {{ value, loss: sent.loss[i], error: sent.error?.[i] }}, t);
      return `${{truth(scene, target, t)}}; ${{said}}`;
    }})));
    """
    return run_module(script)


def numbers(text: str) -> list[float]:
    """The numbers in a piece of text."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))]


def near(shown: float) -> np.ndarray:
    """Numbers that may have been rounded to the ``shown`` one, its ends among them."""
    half = 0.51 * 10.0 ** (math.floor(math.log10(abs(shown))) - 2) if shown else 0.0
    return shown + half * np.linspace(-1, 1, 21)


PER_OUTPUT: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "mse": lambda o, t: (o - t) ** 2 / 2,
    "hinge": lambda o, t: np.maximum(0, 1 - o * t),
    "squared_hinge": lambda o, t: np.maximum(0, 1 - o * t) ** 2,
    "huber": lambda o, t: np.where(abs(o - t) <= 1, (o - t) ** 2 / 2, abs(o - t) - 0.5),
    "log_cosh": lambda o, t: np.log(np.cosh(o - t)),
    "binary_cross_entropy": lambda p, _: -np.log(p),
    "softmax_cross_entropy": lambda p, _: -np.log(p),
    "focal": lambda p, _: -((1 - np.minimum(p, 1)) ** 2) * np.log(p),
}
"""The losses by their textbook formulas: of an output and its target, or of the probability that the true class
gets."""


def shown_pairs(text: str) -> list[tuple[float, float]]:
    """The outputs with their targets in a text; a regression's error in deviations with 0; a probability with
    nothing."""
    if "deviations" in text:
        return [(numbers(text.partition(" (")[2])[0], 0.0)]
    if "probability of" in text:
        return [(numbers(text.partition("probability of")[2].partition(", loss")[0])[-1], math.nan)]
    outputs, targets = (re.search(rf"{name}s? ([^a-z]+),", text) for name in ("output", "target"))
    assert outputs, text
    assert targets, text
    return list(zip(numbers(outputs[1]), numbers(targets[1]), strict=True))


@pytest.mark.parametrize(("name", "task", "output"), CASES)
def test_the_loss_follows_from_the_prediction_and_the_target_that_stand_beside_it(
    name: str, task: str, output: str
) -> None:
    experiment = Experiment.of(
        **PROBLEMS[task], hidden=[3], loss=name, output_activation=output, focal_gamma=2, huber_delta=1
    )
    lines = told(Run("r", experiment))
    for line in lines:
        said = numbers(line.rpartition("loss")[2])[0]
        bounds = [PER_OUTPUT[name](near(shown), target) for shown, target in shown_pairs(line)]
        low, high = (sum(float(edge(values)) for values in bounds) for edge in (np.nanmin, np.nanmax))
        assert low - 1e-3 * abs(low) - 1e-6 <= near(said)[-1], line
        assert near(said)[0] <= high + 1e-3 * abs(high) + 1e-6, line
    assert len(set(lines)) > SHOWN // 2, "they are different samples"


def test_a_regressions_numbers_are_in_the_targets_units() -> None:
    rows = "area,rent\n" + "".join(f"{area},{500 + 12 * area}\n" for area in range(20, 80))
    table = read_csv(rows, task="regression")
    own = replace_field(Experiment.of(hidden=[2]), "dataset", OWN_DATA, table)
    run = Run("r", own, table)
    deviation = table.y[run.trainer.prepared.picture.train].std()
    for rent, line in zip(table.y, told(run), strict=False):
        assert line.startswith("rent ")
        target, predicted, error, deviations, loss = numbers(line)
        assert target == pytest.approx(rent, rel=5e-3), "rents of 740 and more, as the file has them"
        assert predicted - target == pytest.approx(error, abs=8)
        assert error / deviation == pytest.approx(deviations, rel=0.02)
        assert deviations**2 / 2 == pytest.approx(loss, rel=0.02, abs=1e-5)


def test_an_output_beyond_its_target_is_shown_as_it_is() -> None:
    """Once clipped to -1 and 1, beside the loss of what it really is."""
    lines = told(Run("r", Experiment.of(dataset="gauss", hidden=[], output_activation="identity")))
    assert any(abs(output) > 1 for line in lines for output, _ in shown_pairs(line)), lines[:3]

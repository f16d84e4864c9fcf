"""The picture of a network with one input: the curve that it fits, in the units of its input and of its target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment
from playground.datasets import DATASETS, Table, read_csv
from playground.experiment import OWN_DATA, replace_field
from playground.live import Run
from playground.live.frames.observer import GRID
from playground.nn.network import forward
from playground.stage.scene import scene
from tests.stage.scripts import run_module

CURVE = Path(__file__).resolve().parents[2] / "static/stage/output/fitted-curve.js"
RENTS = "area,rent\n" + "".join(f"{20 + i},{500 + 12 * i + 40 * (-1) ** i}\n" for i in range(60))
ONE_INPUT: dict[str, dict[str, Any]] = {
    "one column of diabetes": {"dataset": "diabetes", "features": ["body_mass_index"]},
    "one feature of a surface": {"dataset": "ripples", "features": ["radius"]},
    "normalised, which fits no bucket": {"dataset": "ripples", "features": ["radius"], "normalization": "batch"},
}
TWO_CLASSES = {"mse": -1.0, "binary_cross_entropy": 0.0, "softmax_cross_entropy": 0.0}
"""What stands for the first class, by the textbook's loss."""


def answers(run: Run, x: np.ndarray) -> np.ndarray:
    """The outputs ``(n, k)`` at inputs in their own units, by the network alone."""
    trainer = run.trainer
    plane = trainer.prepared.plane
    inputs = ((x[:, None] - plane.mean) / plane.deviation).astype(np.float32)
    state = trainer.init()
    return np.asarray(forward(trainer.network, state.params, state.stats, inputs)[-1].h)  # pyright: ignore[reportArgumentType]


def drawn(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and heights of the curve, as the stage makes them from the first frame's map and the scene."""
    run.compile()
    run.mount()
    described = scene(run)
    assert described["curve"]
    levels = run.frame(0).part(run.observer.blocks, "map").ravel().astype(float)
    low, high = described["axes"]["xlim"]
    x = low + (np.arange(GRID * GRID) + 0.5) / GRID**2 * (high - low)
    return x, described["target"]["zero"] + described["target"]["one"] * (levels - 128) / 127


@pytest.mark.parametrize("name", ONE_INPUT)
def test_the_curve_is_the_networks_answer_in_the_targets_units(name: str) -> None:
    run = Run("r", Experiment.of(**ONE_INPUT[name], hidden=[4], standardize=True))
    x, height = drawn(run)
    target = run.trainer.prepared.target
    expected = target.mean + target.deviation * answers(run, x)[:, 0]
    level = run.trainer.prepared.scale * target.deviation / 127
    np.testing.assert_allclose(height, expected, atol=0.51 * level + 1e-3 * target.deviation)


def test_the_samples_stand_at_their_input_and_target_as_the_file_has_them() -> None:
    table: Table = read_csv(RENTS, task="regression")
    run = Run("r", replace_field(Experiment.of(hidden=[3]), "dataset", OWN_DATA, table), table)
    described = scene(run)
    np.testing.assert_allclose(described["points"]["x"], table.x[:, 0], rtol=1e-3)
    np.testing.assert_allclose(described["points"]["y"], table.y, rtol=1e-3)
    assert (described["axes"]["x"], described["axes"]["y"]) == ("area", "rent")
    low, high = described["axes"]["ylim"]
    assert low < table.y.min() < table.y.max() < high
    assert not described["points"]["paintable"]


@pytest.mark.parametrize("loss", TWO_CLASSES)
def test_two_classes_stand_at_what_the_output_should_be(loss: str) -> None:
    run = Run("r", Experiment.of(dataset="breast_cancer", features=["mean_area"], hidden=[3], loss=loss))
    x, height = drawn(run)
    points = scene(run)["points"]
    value, y = np.array(points["value"]), np.array(points["y"])
    assert set(y[value == 0]) == {TWO_CLASSES[loss]}
    assert set(y[value == 1]) == {1.0}
    output = answers(run, x).astype(float)
    if loss != "mse":
        logit = output[:, 0] if output.shape[1] == 1 else output[:, 1] - output[:, 0]
        output = 1 / (1 + np.exp(-logit[:, None]))
    np.testing.assert_allclose(height, output[:, 0], atol=0.01)


def test_a_feature_of_the_plane_keeps_its_picture_there() -> None:
    """Beside the curve, the features to choose from are still drawn over the plane."""
    one, two = (
        scene(Run("r", Experiment.of(dataset="ripples", features=features)))["network"]["features"]
        for features in (["radius"], ["radius", "x1"])
    )
    assert {f["name"]: f["map"] for f in one} == {f["name"]: f["map"] for f in two}


@pytest.mark.parametrize("dataset", [name for name in DATASETS if DATASETS[name].task == "classification"][:2])
def test_classes_in_the_plane_keep_the_plane_with_one_feature(dataset: str) -> None:
    described = scene(Run("r", Experiment.of(dataset=dataset, features=["x1"])))
    assert not described["curve"]
    assert described["points"]["paintable"]


FUNCTIONS = {
    "gentle": lambda x: 0.03 * x + 0.01,
    "waves": lambda x: 0.8 * np.sin(9 * x),
    "steep": lambda x: np.tanh(200 * (x - 0.4)),
    "flat": lambda x: 0.25 + 0 * x,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_line_is_finer_than_the_levels_of_its_map(name: str) -> None:
    at = (np.arange(GRID * GRID) + 0.5) / GRID**2
    values = FUNCTIONS[name](at)
    levels = np.round(np.clip(values, -1, 1) * 127 + 128).astype(int)
    script = f"""
    import {{ placesOf }} from "{CURVE.as_uri()}";
    console.log(JSON.stringify(placesOf(Uint8Array.from({levels.tolist()}))));
    """
    places = np.array(run_module(script))
    assert (np.diff(places[:, 0]) >= 0).all()
    error = np.abs(np.interp(at, places[:, 0], places[:, 1]) - values)
    assert error.max() < 0.6 / 127
    if name == "waves":
        stairs = np.abs((levels - 128) / 127 - values).mean()
        assert error.mean() < 0.5 * stairs

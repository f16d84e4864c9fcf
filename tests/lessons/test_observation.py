"""What is observed of a run is what its trainer, its network and its picture say."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from playground.experiment import Experiment, replace_field
from playground.lessons import Observation, parse_condition, parse_lesson, parse_number
from playground.live import Run
from playground.live.history.segment import Edit
from playground.nn.masks import full_masks
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.training.readout import shown_outputs
from tests.lessons.robot import Robot
from tests.lessons.test_lesson import DATA

STEP = {"title": "Do", "words": "Do it.", "until": "step > 1000000"}


def trained(steps: int = 40, **fields: Any) -> Robot:
    """A run after so many steps."""
    robot = Robot(parse_lesson(DATA | {"lock": [], "steps": [STEP]}))
    robot.configure(Experiment.of(**({"samples": 100, "hidden": [3, 2], "noise": 0.2} | fields)))
    robot.train(steps)
    return robot


def number(robot: Robot, text: str) -> float:
    value = parse_number(text).value(robot.observation)
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    "fields", [{}, {"normalization": "batch"}, {"dataset": "plane"}, {"loss": "binary_cross_entropy"}]
)
def test_numbers_are_those_of_the_training(fields: dict[str, Any]) -> None:
    robot = trained(**fields)
    trainer, state = robot.run.trainer, robot.run.state(robot.run.last)
    scores = trainer.scores(state)
    assert number(robot, "step") == 40
    assert number(robot, "train_loss") == pytest.approx(float(scores.train_loss), rel=1e-5)
    assert number(robot, "test_loss") == pytest.approx(float(scores.test_loss), rel=1e-5)
    metric = "test_r2" if "dataset" in fields else "test_accuracy"
    assert number(robot, metric) == pytest.approx(float(scores.test_metric), rel=1e-5)
    assert number(robot, "parameters") == sum(part.size for part in jax.tree.leaves(state.params))
    for layer, params in enumerate(state.params, 1):
        for (source, unit), weight in np.ndenumerate(np.asarray(params["w"])):
            assert number(robot, f"weight({layer}, {source + 1}, {unit + 1})") == pytest.approx(float(weight), rel=1e-6)
        assert number(robot, f"bias({layer}, 1)") == pytest.approx(float(params["b"][0]), rel=1e-6)
    if "normalization" in fields:  # the stage shows units as training sees them, by the moments of its batch
        return
    rows = trainer.prepared.data.train
    x = jnp.asarray(rows.x[: rows.n])
    *_, last_hidden, _ = forward(trainer.network, state.params, state.stats, x)
    assert number(robot, "unit_mean(2, 2)") == pytest.approx(float(last_hidden.h[:, 1].mean()), abs=1e-5)
    assert number(robot, "unit_deviation(2, 2)") == pytest.approx(float(last_hidden.h[:, 1].std()), abs=1e-4)


def test_gradients_of_weights_make_up_a_layers_norm() -> None:
    robot = trained()
    for layer, (sources, units) in enumerate([(2, 3), (3, 2), (2, 1)], 1):
        weights = [f"weight_gradient({layer}, {i}, {j})" for i in range(1, sources + 1) for j in range(1, units + 1)]
        biases = [f"bias_gradient({layer}, {j})" for j in range(1, units + 1)]
        norm = np.linalg.norm([number(robot, text) for text in (*weights, *biases)])
        assert number(robot, f"gradient_norm({layer})") == pytest.approx(norm, rel=1e-4)


@pytest.mark.parametrize("fields", [{}, {"loss": "binary_cross_entropy"}, {"dataset": "plane", "standardize": True}])
def test_the_output_at_a_place_is_the_networks(fields: dict[str, Any]) -> None:
    robot = trained(200, **fields)
    trainer, state, experiment = robot.run.trainer, robot.run.state(robot.run.last), robot.experiment
    picture, prepared = trainer.prepared.picture, trainer.prepared
    cell = (picture.xlim[1] - picture.xlim[0]) / 64
    places = [(picture.xlim[0] + (i + 0.5) * cell, picture.ylim[0] + (j + 0.5) * cell) for i, j in [(3, 50), (40, 10)]]
    outputs = forward(trainer.network, state.params, state.stats, jnp.asarray(picture.inputs(np.array(places))))[-1].h
    shown = shown_outputs(np.asarray(outputs), LOSSES[experiment.structure.loss], experiment.task, prepared.target)
    for (x1, x2), expected in zip(places, shown[:, -1], strict=True):
        reach = prepared.scale * prepared.target.deviation if experiment.task == "regression" else 1.0
        assert number(robot, f"output({x1:.4f}, {x2:.4f})") == pytest.approx(
            np.clip(expected, *(-50, 50)), abs=reach / 100
        )
    assert parse_number("output(99, 0)").value(robot.observation) is None


def test_a_divergence_is_seen_at_its_frame_and_not_before() -> None:
    robot = trained(400, dataset="plane", hidden=[8], activation="relu", learning_rate=10.0)
    diverged = parse_condition("diverged")
    assert robot.run.stop_reason() is not None
    assert diverged.value(robot.observation) is True
    assert diverged.value(Observation.of(robot.run, 0)) is (robot.run.last == 0)
    robot.run.update_knobs(replace_field(robot.experiment, "learning_rate", 0.01))
    assert diverged.value(Observation.of(robot.run, robot.head)) is True, "the frame is as it was"
    assert diverged.value(Observation.now(robot.run, robot.head)) is None, "what the new rate does is not known yet"


def test_early_stopping_is_no_divergence() -> None:
    robot = trained(4000, patience=1.0, noise=0.5, learning_rate=0.3)
    assert parse_condition("stopped and not diverged").value(robot.observation) is True


def test_a_frame_has_the_knobs_with_which_it_was_made() -> None:
    robot = trained(20)
    before = robot.head
    robot.change(learning_rate=0.3)
    robot.train(20)
    assert parse_condition("learning_rate == 0.03").value(Observation.of(robot.run, before)) is True
    assert parse_condition("learning_rate == 0.3").value(robot.observation) is True


def test_hands_are_seen() -> None:
    robot = trained(10)
    robot.edit(Edit(0, 0, 1, 0.0), Edit(0, None, 1, 2.5))
    assert number(robot, "edits") == 2
    assert number(robot, "zero_weights") == 1
    assert number(robot, "bias(1, 2)") == 2.5
    masks = full_masks(robot.run.trainer.network)
    masks.units[1][0] = 0
    robot.run.intervene(robot.head, masks=masks)
    assert number(robot, "units_off") == 1
    assert number(robot, "edits") == 2


def test_units_that_are_alike_count_once() -> None:
    robot = trained(100, initializer="zeros", activation="sigmoid")
    assert number(robot, "different_units(1)") == 1
    robot.edit(Edit(0, 1, 2, 0.5))
    assert number(robot, "different_units(1)") == 2
    robot.edit(Edit(0, None, 0, 0.5))
    assert number(robot, "different_units(1)") == 3
    assert number(robot, "different_units(2)") == 1
    assert number(trained(0), "different_units(1)") == 3


def test_without_a_frame_there_is_the_experiment() -> None:
    run = Run("r", Experiment.of(hidden=[5]), wait=False)
    run._begun = False
    observation = Observation.of(run, 0)
    assert not observation.has_frame
    assert parse_condition("units(1) == 5").value(observation) is True

"""What the words of the lessons claim holds from many starts, and not from that of the lesson alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from playground.experiment import Experiment, replace_field
from playground.lessons import bundled_lesson, parse_number, prepare_experiment
from tests.lessons.robot import Robot
from tests.lessons.walkthroughs import WALKTHROUGHS, robot_at

SEEDS = range(5)
MANY_SEEDS = range(20)


def experiment_of(name: str, step: int = 0, **fields: Any) -> Experiment:
    """The experiment with which a step of a lesson begins, with other ``fields``."""
    experiment = prepare_experiment(bundled_lesson(name).steps[step], None)
    for field, value in fields.items():
        experiment = replace_field(experiment, field, value)
    return experiment


def measure(experiment: Experiment, steps: int, *quantities: str) -> list[float]:
    """Quantities after so many steps of training, by nobody's lesson."""
    robot = Robot(bundled_lesson("learning_rate"))
    robot.tracker.skip(robot.run, robot.head)
    robot.configure(experiment)
    robot.train(steps, pace=max(1, steps // 100))
    return [float(value) for text in quantities if (value := parse_number(text).value(robot.observation)) is not None]


def measure_seeds(
    name: str, steps: int, *quantities: str, seeds: Any = SEEDS, step: int = 0, seed: str = "init_seed", **fields: Any
) -> np.ndarray:
    """As ``measure``, from several starts: ``(seeds, quantities)``; ``seed``: the field that is another one each
    time."""
    starts: list[Mapping[str, Any]] = [fields | {seed: number} for number in seeds]
    return np.array([measure(experiment_of(name, step, **start), steps, *quantities) for start in starts])


def test_layers_without_an_activation_draw_a_straight_line() -> None:
    accuracy = measure_seeds("activation", 400, "train_accuracy", hidden=[4, 4, 4])
    assert accuracy.max() < 0.7
    assert measure_seeds("features_of_features", 400, "train_accuracy").max() < 0.7


def test_three_units_are_enough_for_a_circle_and_two_are_not() -> None:
    assert measure_seeds("activation", 600, "train_accuracy", step=1, activation="tanh").min() >= 0.95
    assert measure_seeds("activation", 600, "train_accuracy", activation="tanh", hidden=[2]).max() < 0.92


def test_four_units_fence_a_circle_in_and_a_second_layer_does_too() -> None:
    assert measure_seeds("features_of_features", 600, "train_accuracy", hidden=[4]).min() >= 0.95
    assert measure_seeds("features_of_features", 600, "train_accuracy", hidden=[4, 4]).min() >= 0.95


def test_six_relus_draw_a_region_from_nearly_every_start() -> None:
    accuracy = measure_seeds("activation", 800, "train_accuracy", activation="relu", hidden=[6])
    assert (accuracy >= 0.95).sum() >= len(SEEDS) - 1


def test_maps_of_the_first_layer_are_straight_edges_and_those_of_the_second_are_bent() -> None:
    robot = Robot(bundled_lesson("learning_rate"))
    robot.tracker.skip(robot.run, robot.head)
    robot.configure(experiment_of("features_of_features", hidden=[4, 4]))
    robot.train(400, pace=10)
    first, second, _ = robot.run.state(robot.head).params
    grid = np.stack(np.meshgrid(np.linspace(-6, 6, 31), np.linspace(-6, 6, 31)), axis=-1).reshape(-1, 2)
    edges = np.tanh(grid @ np.asarray(first["w"]) + np.asarray(first["b"]))
    shapes = np.tanh(edges @ np.asarray(second["w"]) + np.asarray(second["b"]))
    assert straightness(grid, edges).min() > 0.999
    assert straightness(grid, shapes).min() < 0.9


def straightness(grid: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Of each unit, the share of its variance over ``grid`` that one direction alone explains: 1 for a straight
    edge."""
    scores = []
    for output in outputs.T:
        best = 0.0
        for angle in np.linspace(0, np.pi, 180, endpoint=False):
            bins = np.digitize(grid @ [np.cos(angle), np.sin(angle)], np.linspace(-8.5, 8.5, 120))
            means = np.bincount(bins, output, 121) / np.maximum(np.bincount(bins, minlength=121), 1)
            best = max(best, 1 - np.var(output - means[bins]) / np.var(output))
        scores.append(best)
    return np.array(scores)


def test_eight_sigmoid_layers_pass_on_less_than_a_thousandth() -> None:
    ratio = measure_seeds("backpropagation", 0, "gradient_norm(output) / gradient_norm(1)", step=1, hidden=[8] * 8)
    assert ratio.min() > 1000


def test_relus_let_the_gradient_through_and_learn() -> None:
    ratio, accuracy = measure_seeds(
        "backpropagation", 600, "gradient_norm(output) / gradient_norm(1)", "train_accuracy", step=1,
        hidden=[8] * 6, activation="relu",
    ).T  # fmt: skip
    assert ratio.max() < 100
    assert accuracy.min() >= 0.95
    assert measure_seeds("backpropagation", 600, "train_accuracy", step=1, hidden=[8] * 6).max() < 0.65


def test_the_squared_error_fits_the_line_of_least_squares_and_hubers_does_not() -> None:
    painted = np.array(experiment_of("loss").problem.painted)
    slope, _ = np.polyfit(painted[:, 0], painted[:, 2], 1)
    assert measure_seeds("loss", 100, "weight(1, 1, 1)") == pytest.approx(slope, abs=0.01)
    assert measure_seeds("loss", 100, "weight(1, 1, 1)", loss="huber") == pytest.approx(0.5, abs=0.15)
    assert np.polyfit(painted[:18, 0], painted[:18, 2], 1)[0] == pytest.approx(0.5)


def test_a_sure_unit_is_stuck_near_the_highest_squared_error() -> None:
    robot = robot_at(WALKTHROUGHS["loss"], Robot(bundled_lesson("loss")), 2)
    robot.set_weight(1, 1, 1, -3)
    robot.set_weight(1, 2, 1, -3)
    robot.train(100, pace=10)
    assert robot.observation.scalars["train_loss"] > 0.9 * 2, "2 is half the square of the largest error, 2"
    assert np.abs(robot.observation.diagram_layers[0].weight_gradients).max() < 0.05


def test_the_last_of_four_sigmoid_layers_says_the_same_everywhere() -> None:
    first, last = measure_seeds("batch_normalization", 300, "unit_deviation(1, 1)", "unit_deviation(4, 1)").T
    assert last.max() < 0.01
    assert (first > 10 * last).all()


def test_momentum_arrives_where_plain_sgd_has_hardly_begun_and_adam_sooner() -> None:
    sgd = measure_seeds("optimizer", 500, "train_loss")
    momentum = measure_seeds("optimizer", 500, "train_loss", momentum=0.9)
    adam = measure_seeds("optimizer", 500, "train_loss", optimizer="adam", learning_rate=0.01)
    assert sgd.min() > 0.64
    assert (momentum < sgd - 0.05).all()
    assert (adam < momentum - 0.1).all()
    assert adam.max() < 0.2
    assert measure_seeds("optimizer", 1000, "train_loss", momentum=0.9).max() < 0.3
    assert measure_seeds("optimizer", 1000, "train_loss").min() > 0.6


def test_l2_helps_on_new_points_whichever_samples_are_drawn() -> None:
    without = measure_seeds("regularization", 1000, "test_loss", "train_loss", seed="seed")
    with_l2 = measure_seeds("regularization", 1000, "test_loss", "train_loss", seed="seed", l2=0.03)
    assert (with_l2[:, 0] < without[:, 0]).mean() >= 0.8
    assert (with_l2[:, 1] > without[:, 1]).all()


def test_l1_removes_half_of_the_links() -> None:
    assert measure_seeds("regularization", 500, "zero_weights", l1=0.01).min() >= 44
    assert measure_seeds("regularization", 500, "zero_weights", l2=0.03).max() == 0


def test_more_data_keep_the_two_losses_together() -> None:
    train, test = measure_seeds("overfitting", 500, "train_loss", "test_loss", samples=500).T
    assert (test < 2 * train).all()
    few_train, few_test = measure_seeds("overfitting", 500, "train_loss", "test_loss").T
    assert (few_test > 5 * few_train).all()


def test_the_test_loss_turns_upwards_on_most_twenty_points() -> None:
    last, best = measure_seeds("overfitting", 500, "test_loss", "best_test_loss", seed="seed").T
    assert (last > 1.5 * best).mean() >= 0.6


@pytest.mark.parametrize("steps", [200, pytest.param(3000, marks=pytest.mark.long)])
def test_about_every_second_start_of_three_units_fails_for_good(steps: int) -> None:
    accuracy = measure_seeds("luck", steps, "train_accuracy", seeds=MANY_SEEDS)
    assert 6 <= (accuracy < 0.9).sum() <= 14
    assert ((accuracy < 0.9) | (accuracy > 0.95)).all(), "nothing is in between"


def test_eight_units_hardly_ever_fail() -> None:
    accuracy = measure_seeds("luck", 200, "train_accuracy", seeds=MANY_SEEDS, hidden=[8])
    assert (accuracy >= 0.98).sum() >= len(MANY_SEEDS) - 1


def test_units_that_begin_at_0_stay_alike() -> None:
    assert measure_seeds("initialization", 1000, "different_units(1)").max() == 1
    assert measure_seeds("initialization", 300, "different_units(1)", initializer="glorot_uniform").min() == 4

"""How a learner plays each bundled lesson: what each step asks for, and what looks like it and is not.

A deed is named by its lesson; the browser's tests do the same by the controls of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.lessons.robot import Robot

Deed = Callable[[Robot], object]


class Walkthrough(NamedTuple):
    """``deeds``: what each step asks for, its question answered. ``undone``: pairs of a step (from 0) and something
    that does not do it. ``seeds``: initial weights, beside the lesson's own, from which the deeds do it as well."""

    deeds: tuple[Deed, ...]
    undone: tuple[tuple[int, Deed], ...]
    seeds: tuple[int, ...] = ()


def do_nothing(robot: Robot) -> None:
    """Only look."""


def play(steps: int) -> Deed:
    """Press Play, for so many steps."""
    return lambda robot: robot.train(steps, pace=10)


def play_until_met(most: int) -> Deed:
    """Press Play until the step is ticked off, for at most so many steps."""
    return lambda robot: robot.play_until_met(most)


def change(**values: object) -> Deed:
    """Set fields of the experiment."""
    return lambda robot: robot.change(**values)


def restart(robot: Robot) -> None:
    """Press Reset."""
    robot.restart()


def new_start(robot: Robot) -> None:
    """Press New start."""
    robot.new_start()


def set_weight(layer: int, source: int, unit: int, value: float) -> Deed:
    """Set a weight in the diagram."""
    return lambda robot: robot.set_weight(layer, source, unit, value)


def set_bias(layer: int, unit: int, value: float) -> Deed:
    """Set a bias in the diagram."""
    return lambda robot: robot.set_bias(layer, unit, value)


def answer(text: str | int | float) -> Deed:
    """Answer the question, rightly."""

    def give(robot: Robot) -> None:
        assert robot.answer(text).is_right

    return give


def in_order(*deeds: Deed) -> Deed:
    """One deed after another."""

    def perform(robot: Robot) -> None:
        for deed in deeds:
            deed(robot)

    return perform


def read_slope(robot: Robot) -> None:
    """Read the only weight from the diagram, to two decimals."""
    weight = robot.observation.diagram_layers[0].weights[0, 0]
    assert robot.answer(f"{weight:.2f}").is_right


def read_step(robot: Robot) -> None:
    """Read the step from the numbers."""
    assert robot.answer(robot.step).is_right


def switch_off_a_needed_unit(robot: Robot) -> None:
    """Switch units of the first layer off, one at a time, until accuracy falls far enough."""
    for unit in range(1, robot.experiment.structure.hidden[0] + 1):
        robot.switch(1, unit, on=False)
        if robot.progress.is_met:
            return
        robot.switch(1, unit, on=True)


def switch_off_two_units(robot: Robot) -> None:
    """Two units of the first layer at once."""
    robot.switch(2, 1, on=False)
    robot.switch(2, 2, on=False)


def go_back_to_the_lowest_test_loss(robot: Robot) -> None:
    """Drag the time line to the mark of the best test loss, and press Step."""
    losses = robot.observation.curves["test_loss"]
    robot.go_back(int(losses.argmin()))
    robot.train(10, pace=10)


def try_starts(robot: Robot) -> None:
    """Press New start and Play until the step is ticked off."""
    for _ in range(8):
        if robot.progress.is_met:
            return
        robot.new_start()
        robot.train(200, pace=10)


NO_HIDDEN_LAYER = in_order(play(205), answer(0))

WALKTHROUGHS: dict[str, Walkthrough] = {
    "features_of_features": Walkthrough(
        deeds=(
            NO_HIDDEN_LAYER,
            in_order(change(hidden=[4]), play_until_met(600), answer(0)),
            in_order(change(hidden=[4, 4]), play_until_met(600), answer(0)),
            switch_off_a_needed_unit,
        ),
        undone=(
            (0, do_nothing),
            (0, play(150)),
            (0, in_order(change(hidden=[4]), play(300))),
            (1, play(300)),
            (1, change(hidden=[4])),
            (1, in_order(change(hidden=[1]), play(600))),
            (1, in_order(change(hidden=[4, 4]), play(600))),
            (2, play(300)),
            (2, change(hidden=[4, 4])),
            (3, do_nothing),
            (3, play(100)),
            (3, switch_off_two_units),
        ),
        seeds=(1, 2, 3),
    ),
    "forward_pass": Walkthrough(
        deeds=(
            in_order(set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 0), answer(0)),
            in_order(set_weight(1, 1, 1, 0.5), set_weight(1, 2, 1, -0.25), set_bias(1, 1, 0.1), answer(0.1)),
            in_order(set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 1)),
            in_order(set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 0), set_weight(2, 1, 1, 1), answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, set_weight(1, 1, 1, 1)),
            (0, in_order(set_weight(1, 1, 1, 0), set_weight(1, 2, 1, 1))),
            (0, in_order(set_bias(1, 1, 1), set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 0))),
            (1, do_nothing),
            (1, in_order(set_weight(1, 1, 1, 0.5), set_weight(1, 2, 1, -0.25))),
            (1, in_order(set_weight(1, 1, 1, 0.5), set_weight(1, 2, 1, 0.25), set_bias(1, 1, 0.1))),
            (2, do_nothing),
            (2, set_weight(1, 1, 1, -1)),
            (2, in_order(set_weight(1, 1, 1, -2), set_weight(1, 2, 1, 1))),
            (3, do_nothing),
            (3, in_order(set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 0))),
            (3, in_order(set_weight(1, 1, 1, -1), set_weight(1, 2, 1, 0), set_weight(2, 1, 1, 1))),
            (3, in_order(set_bias(2, 1, 1), set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 0), set_weight(2, 1, 1, 1))),
        ),
    ),
    "backpropagation": Walkthrough(
        deeds=(
            in_order(set_weight(1, 1, 1, 0.4), answer(0)),
            change(hidden=[8] * 6),
            in_order(play(300), answer(0)),
            in_order(change(activation="relu"), play_until_met(1000)),
        ),
        undone=(
            (0, do_nothing),
            (0, set_weight(1, 1, 1, 1)),
            (0, set_weight(1, 1, 1, -0.4)),
            (1, do_nothing),
            (1, change(hidden=[8, 8])),
            (1, in_order(change(activation="relu"), change(hidden=[8] * 6))),
            (2, do_nothing),
            (2, play(200)),
            (2, in_order(change(activation="relu"), play(600))),
            (2, in_order(change(hidden=[8]), play(1000))),
            (3, play(400)),
            (3, change(activation="relu")),
            (3, in_order(change(hidden=[8]), change(activation="relu"), play(600))),
        ),
        seeds=(1, 2),
    ),
    "loss": Walkthrough(
        deeds=(
            in_order(play(100), read_slope),
            in_order(change(loss="huber"), play(100), answer(0)),
            in_order(set_weight(1, 1, 1, -3), set_weight(1, 2, 1, -3), play(100), answer(0)),
            in_order(
                change(loss="binary_cross_entropy"), set_weight(1, 1, 1, -3), set_weight(1, 2, 1, -3),
                play_until_met(1500),
            ),
        ),
        undone=(
            (0, do_nothing),
            (0, play(80)),
            (0, in_order(change(loss="huber"), play(100))),
            (1, play(300)),
            (1, change(loss="huber")),
            (2, play(100)),
            (2, in_order(set_weight(1, 1, 1, -3), set_weight(1, 2, 1, -3))),
            (2, in_order(change(loss="binary_cross_entropy"), play(200))),
            (3, play(300)),
            (3, in_order(change(loss="binary_cross_entropy"), play(300))),
            (3, in_order(change(loss="binary_cross_entropy"), set_weight(1, 1, 1, -3), set_weight(1, 2, 1, -3))),
            (3, in_order(set_weight(1, 1, 1, 1), set_weight(1, 2, 1, 1))),
        ),
    ),
    "optimizer": Walkthrough(
        deeds=(
            in_order(play(500), answer(0)),
            in_order(change(momentum=0.9), restart, play_until_met(1000)),
            in_order(change(optimizer="adam"), play_until_met(500), answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(400)),
            (0, in_order(change(momentum=0.9), play(600))),
            (1, play(600)),
            (1, in_order(change(momentum=0.9), restart, play(200))),
            (1, in_order(change(optimizer="adam"), play(600))),
            (2, in_order(restart, play(500))),
            (2, change(optimizer="adam")),
        ),
        seeds=(1, 2, 5),
    ),
    "activation": Walkthrough(
        deeds=(
            in_order(change(hidden=[4, 4, 4]), play(200), answer(0)),
            in_order(change(activation="tanh"), play_until_met(600)),
            in_order(change(hidden=[2]), play(400), answer(0)),
            in_order(change(hidden=[6]), change(activation="relu"), play_until_met(800), answer(0)),
        ),
        undone=(
            (0, play(300)),
            (0, change(hidden=[4, 4, 4])),
            (0, in_order(change(hidden=[4, 4, 4]), change(activation="tanh"), play(300))),
            (1, play(600)),
            (1, change(activation="tanh")),
            (1, in_order(change(hidden=[8]), change(activation="tanh"), play(600))),
            (2, play(600)),
            (2, in_order(change(hidden=[2]), play(200))),
            (3, play(400)),
            (3, in_order(change(hidden=[6]), play(600))),
            (3, in_order(change(activation="relu"), play(600))),
        ),
        seeds=(1, 2, 3),
    ),
    "regularization": Walkthrough(
        deeds=(
            in_order(play(500), answer(0)),
            in_order(change(l2=0.03), restart, play(500), answer(0)),
            in_order(change(l2=0.0, l1=0.01), restart, play_until_met(600)),
            in_order(change(l1=0.0, l2=1.0), restart, play_until_met(400), answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(300)),
            (0, in_order(change(l2=0.1), play(600))),
            (1, play(300)),
            (1, in_order(restart, play(500))),
            (1, in_order(change(l2=0.0001), restart, play(500))),
            (2, play(300)),
            (2, in_order(change(l2=0.0, l1=0.01), restart, play(50))),
            (2, in_order(change(l2=0.1), restart, play(500))),
            (3, play(300)),
            (3, in_order(change(l1=0.0, l2=0.1), restart, play(400))),
        ),
    ),
    "batch_normalization": Walkthrough(
        deeds=(
            in_order(play(300), answer(0)),
            in_order(change(normalization="batch"), play_until_met(800), answer(0)),
            in_order(change(learning_rate=1.0), restart, play_until_met(400)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(200)),
            (1, play(300)),
            (1, change(normalization="batch")),
            (2, in_order(restart, play(400))),
            (2, in_order(change(learning_rate=1.0), restart, play(50))),
            (2, in_order(change(normalization="none"), change(learning_rate=1.0), play(400))),
        ),
        seeds=(1,),
    ),
    "overfitting": Walkthrough(
        deeds=(
            in_order(play(500), answer(0)),
            go_back_to_the_lowest_test_loss,
            in_order(change(patience=20.0), restart, play(600), read_step),
            in_order(change(samples=500), change(patience=0.0), play(500), answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(300)),
            (1, play(300)),
            (1, lambda robot: (robot.go_back_to_step(400), robot.train(10, pace=10))),
            (1, in_order(restart, play(30))),
            (2, in_order(restart, play(600))),
            (2, in_order(change(patience=500.0), restart, play(600))),
            (3, do_nothing),
            (3, in_order(change(patience=0.0), restart, play(600))),
            (3, in_order(change(samples=500), play(300))),
        ),
    ),
    "learning_rate": Walkthrough(
        deeds=(
            in_order(play(210), answer(0)),
            in_order(change(learning_rate=0.01), play(400)),
            in_order(change(learning_rate=10.0), play(400), answer(0)),
            in_order(change(learning_rate=0.01), restart, play(400)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(150)),
            (0, in_order(change(learning_rate=0.03), play(300))),
            (1, play(400)),
            (1, change(learning_rate=0.01)),
            (1, in_order(change(learning_rate=10.0), play(200))),
            (2, play(400)),
            (2, change(learning_rate=10.0)),
            (3, play(100)),
            (3, change(learning_rate=0.01)),
            (3, in_order(change(learning_rate=0.01), restart)),
            (3, in_order(change(learning_rate=1e-5), restart, play(300))),
        ),
    ),
    "initialization": Walkthrough(
        deeds=(
            in_order(play(200), answer(0)),
            in_order(set_weight(1, 1, 1, 2), play_until_met(400), answer(0)),
            in_order(change(initializer="glorot_uniform"), play_until_met(1000)),
            in_order(new_start, play_until_met(1000), answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(100)),
            (0, in_order(set_weight(1, 1, 1, 2), play(300))),
            (0, in_order(change(initializer="glorot_uniform"), play(300))),
            (1, play(300)),
            (1, set_weight(1, 1, 1, 2)),
            (1, in_order(change(initializer="glorot_uniform"), play(300))),
            (2, play(600)),
            (2, change(initializer="glorot_uniform")),
            (3, play(300)),
            (3, new_start),
        ),
        seeds=(3, 4),
    ),
    "luck": Walkthrough(
        deeds=(
            in_order(play(300), answer(0)),
            try_starts,
            in_order(try_starts, answer(0)),
            in_order(change(hidden=[8]), play(200), try_starts, answer(0)),
        ),
        undone=(
            (0, do_nothing),
            (0, play(200)),
            (0, in_order(change(hidden=[8]), play(400))),
            (1, play(300)),
            (1, in_order(new_start, play(200))),
            (1, in_order(change(hidden=[8]), new_start, play(200))),
            (2, in_order(new_start, play(200), new_start, play(200))),
            (2, in_order(new_start, new_start, new_start, new_start, new_start)),
            (3, in_order(change(hidden=[8]), play(200))),
            (3, in_order(change(hidden=[8]), play(200), new_start, play(200))),
            (3, in_order(new_start, play(200), new_start, play(200), new_start, play(200))),
        ),
    ),
}  # fmt: skip


def robot_at(walkthrough: Walkthrough, robot: Robot, step: int) -> Robot:
    """``robot`` once it has done all before ``step``."""
    for deed in walkthrough.deeds[:step]:
        deed(robot)
        assert robot.progress.is_done, f"step {robot.progress.step + 1} is not done at step {robot.step} of its run"
        robot.advance()
    assert robot.progress.step == step
    return robot

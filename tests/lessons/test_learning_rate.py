"""The lesson on the learning rate, played to its end by doing it; and not done, no step is ticked off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.errors import PlaygroundError
from playground.lessons import bundled_lesson, check_code, completion_code
from tests.lessons.robot import Robot

LESSON = bundled_lesson("learning_rate")
KEY = b"a key for tests, 32 bytes long.."


def crawl(robot: Robot) -> None:
    """What the first step asks for."""
    robot.train(205)
    assert robot.answer(0).is_right


def learn(robot: Robot) -> None:
    """What the second step asks for."""
    robot.change(learning_rate=0.01)
    robot.train(400)


def diverge(robot: Robot) -> None:
    """What the third step asks for."""
    robot.change(learning_rate=10.0)
    robot.train(400)
    assert robot.answer(0).is_right


def come_back(robot: Robot) -> None:
    """What the fourth step asks for."""
    robot.change(learning_rate=0.01)
    robot.restart()
    robot.train(400)


DEEDS: tuple[Callable[[Robot], None], ...] = (crawl, learn, diverge, come_back)


def robot_at(step: int) -> Robot:
    """A learner who has done all before ``step``."""
    robot = Robot(LESSON)
    for deed in DEEDS[:step]:
        deed(robot)
        robot.advance()
    assert robot.progress.step == step
    return robot


def test_it_is_played_to_its_end() -> None:
    robot = robot_at(len(DEEDS))
    assert robot.progress.is_complete
    code = completion_code(robot.progress, "Ada Lovelace", key=KEY)
    assert check_code(code, "Ada Lovelace", [LESSON], key=KEY).lesson is LESSON


@pytest.mark.parametrize(
    ("step", "undone"),
    [
        (0, lambda robot: None),
        (0, lambda robot: robot.train(150)),
        (0, lambda robot: (robot.change(learning_rate=0.03), robot.train(300))),
        (1, lambda robot: robot.train(400)),
        (1, lambda robot: robot.change(learning_rate=0.01)),
        (1, lambda robot: (robot.change(learning_rate=10.0), robot.train(200))),
        (2, lambda robot: robot.train(400)),
        (2, lambda robot: robot.change(learning_rate=10.0)),
        (3, lambda robot: robot.train(100)),
        (3, lambda robot: (robot.change(learning_rate=0.01),)),
        (3, lambda robot: (robot.change(learning_rate=0.01), robot.restart())),
        (3, lambda robot: (robot.change(learning_rate=1e-5), robot.restart(), robot.train(300))),
    ],
)
def test_a_step_that_is_not_done_is_not_ticked_off(step: int, undone: Callable[[Robot], object]) -> None:
    robot = robot_at(step)
    undone(robot)
    assert not robot.progress.is_met
    assert robot.tracker.tick is None
    with pytest.raises(PlaygroundError, match="not done yet"):
        robot.advance()


def test_only_its_knob_can_be_turned() -> None:
    handout = LESSON.handout_of(LESSON.steps[0])
    free = {"learning_rate", "play", "step", "reset", "time_line", "speed"}
    assert not {name for name in free if handout.is_locked(name)}
    assert all(handout.is_locked(name) for name in ("optimizer", "hidden", "dataset", "batch_size", "l2"))

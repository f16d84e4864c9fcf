"""Each bundled lesson is played to its end by doing it; and not done, no step is ticked off."""

from __future__ import annotations

from typing import Any

import pytest

from playground.errors import PlaygroundError
from playground.lessons import Lesson, bundled_lesson, bundled_lessons, check_code, completion_code, parse_lesson
from playground.lessons.lesson import lesson_data
from playground.lessons.library import ORDER
from tests.lessons.robot import Robot
from tests.lessons.walkthroughs import WALKTHROUGHS, Deed, robot_at
from tests.sampling import mark_long_except

KEY = b"a key for tests, 32 bytes long.."
UNDONE = [
    pytest.param(name, step, deed, id=f"{name}-{step + 1}-{number}")
    for name, walkthrough in WALKTHROUGHS.items()
    for number, (step, deed) in enumerate(walkthrough.undone, 1)
]
STARTS = [(name, seed) for name, walkthrough in WALKTHROUGHS.items() for seed in walkthrough.seeds]


def with_start(lesson: Lesson, seed: int) -> Lesson:
    """``lesson`` with other initial weights in every experiment that it starts."""
    data: dict[str, Any] = lesson_data(lesson)
    for step in data["steps"]:
        if "experiment" in step:
            step["experiment"] = step["experiment"] | {
                "problem": dict(step["experiment"].get("problem", {})) | {"init_seed": seed}
            }
    return parse_lesson(data)


def test_every_lesson_is_there_and_has_a_walkthrough() -> None:
    assert list(bundled_lessons()) == list(ORDER)
    assert set(WALKTHROUGHS) == set(ORDER)
    for name, walkthrough in WALKTHROUGHS.items():
        steps = bundled_lesson(name).steps
        assert len(walkthrough.deeds) == len(steps)
        assert {step for step, _ in walkthrough.undone} == set(range(len(steps))), name


@pytest.mark.parametrize("name", ORDER)
def test_it_is_played_to_its_end(name: str) -> None:
    lesson, walkthrough = bundled_lesson(name), WALKTHROUGHS[name]
    robot = robot_at(walkthrough, Robot(lesson), len(lesson.steps))
    assert robot.progress.is_complete
    code = completion_code(robot.progress, "Ada Lovelace", key=KEY)
    assert check_code(code, "Ada Lovelace", [lesson], key=KEY).lesson is lesson


@pytest.mark.parametrize(
    ("name", "seed"),
    mark_long_except(STARTS, *(start for start in STARTS if start[1] == WALKTHROUGHS[start[0]].seeds[0])),
)
def test_it_is_played_to_its_end_from_other_starts(name: str, seed: int) -> None:
    lesson = with_start(bundled_lesson(name), seed)
    robot = robot_at(WALKTHROUGHS[name], Robot(lesson), len(lesson.steps))
    assert robot.progress.is_complete


@pytest.mark.parametrize(("name", "step", "deed"), UNDONE)
def test_a_step_that_is_not_done_is_not_ticked_off(name: str, step: int, deed: Deed) -> None:
    robot = robot_at(WALKTHROUGHS[name], Robot(bundled_lesson(name)), step)
    deed(robot)
    assert not robot.progress.is_met
    assert robot.tracker.tick is None
    with pytest.raises(PlaygroundError, match="not done yet"):
        robot.advance()


@pytest.mark.parametrize("name", ORDER)
def test_what_a_step_points_at_is_there(name: str) -> None:
    lesson = bundled_lesson(name)
    for step in lesson.steps:
        assert step.point not in lesson.handout_of(step).hide
        assert step.point in ("curves", "output", "network", "numbers") or not lesson.handout_of(step).is_locked(
            step.point
        )


def test_only_the_knob_of_the_lesson_on_learning_rates_can_be_turned() -> None:
    lesson = bundled_lesson("learning_rate")
    handout = lesson.handout_of(lesson.steps[0])
    free = {"learning_rate", "play", "step", "reset", "time_line", "speed"}
    assert not {name for name in free if handout.is_locked(name)}
    assert all(handout.is_locked(name) for name in ("optimizer", "hidden", "dataset", "batch_size", "l2"))

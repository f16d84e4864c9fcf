"""A lesson in a class: it is sent, its step is seen on the wall, and a frozen stage does not go on in it."""

from __future__ import annotations

import pytest

from playground.classroom.classroom import Assignment
from playground.classroom.membership_view import Membership
from playground.classroom.registry import ClassroomRegistry
from playground.classroom.snapshot import LessonPlace, lesson_place
from playground.classroom.student_view import open_assignment
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.lessons import Progress, bundled_lesson
from playground.live import Run
from playground.stage.connection import connection_of
from playground.web.lesson_link import content_query
from playground.web.lesson_steps import open_lesson, resume_lesson
from playground.web.opened_run import new_name
from playground.web.session import Session

LESSON = bundled_lesson("learning_rate")


@pytest.fixture
def session() -> Session:
    """A student's session, at an experiment of its own."""
    experiment = Experiment.of(dataset="xor")
    return Session(experiment, Run(new_name(), experiment))


def student() -> Membership:
    classroom = ClassroomRegistry().open()
    return Membership(classroom, classroom.join("Ada"))


def test_the_wall_sees_the_lesson_and_the_step(session: Session) -> None:
    assert lesson_place(session) is None
    open_lesson(session, LESSON)
    assert lesson_place(session) == LessonPlace(LESSON.title, 0, len(LESSON.steps))
    skip(session)
    assert lesson_place(session) == LessonPlace(LESSON.title, 1, len(LESSON.steps))


def test_a_lesson_that_is_sent_opens_at_its_first_step(session: Session) -> None:
    open_lesson(session, LESSON)
    skip(session)
    assignment = Assignment(1, LESSON.title, content_query(LESSON), replaces=True)
    open_assignment(student(), session, assignment)
    assert session.lessons.present is not None
    assert session.lessons.present.progress.step == 0
    session.leave_lesson()
    assert session.experiment.problem.dataset == "xor", "what was there before comes back"


def test_a_frozen_stage_goes_to_no_other_step_and_says_why(session: Session) -> None:
    open_lesson(session, LESSON)
    session.freeze()
    skip(session)
    assert session.lessons.present is not None
    assert session.lessons.present.progress.step == 0
    assert "teacher" in session.notes[0]
    session.release()
    skip(session)
    assert session.lessons.present.progress.step == 1


def test_a_reload_of_a_lesson_does_not_let_a_frozen_stage_go(session: Session) -> None:
    session.freeze()
    resume_lesson(session, LESSON, Progress.start(LESSON))
    assert session.handout.is_locked("play")
    session.release()
    assert session.handout == LESSON.handout_of(LESSON.steps[0])


def test_a_frozen_stage_opens_no_lesson_and_stays_as_it_is(session: Session) -> None:
    open_lesson(session, LESSON)
    session.freeze()
    with pytest.raises(PlaygroundError, match="teacher"):
        open_lesson(session, bundled_lesson("luck"))
    assert session.lessons.present is not None
    assert session.lessons.present.lesson is LESSON
    assert session.handout.is_locked("play")


def test_what_is_undone_after_a_freeze_is_not_locked(session: Session) -> None:
    session.freeze()
    version = session.version
    session.release()
    session.restore(version)
    assert not session.handout.is_locked("play")


def skip(session: Session) -> None:
    """Press *Skip* on the step that is shown."""
    opened = session.lessons.present
    assert opened is not None
    connection_of(session)._do({"name": "lesson_skip", "step": opened.progress.step, "head": 0})

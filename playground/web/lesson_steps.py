"""Open a lesson in a session, go from step to step, and leave it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from playground.errors import PlaygroundError
from playground.experiment import Experiment, Handout, differing_fields
from playground.language import t
from playground.lessons import Lesson, Progress, Tracker, certificate_line, completion_code, prepare_experiment
from playground.web.lesson_state import Certificate, OpenLesson, lesson_text
from playground.web.session import STARTS_ANEW, Session
from playground.web.undo_history import STROKE, UndoHistory, Version


class LessonPlace(NamedTuple):
    """Where somebody is in a lesson: its ``title``, the present ``step`` in a few words, and the share from 0 to 1 of
    its steps that are done."""

    title: str
    step: str
    share: float


def lesson_place(session: Session) -> LessonPlace | None:
    """Where ``session`` is in the lesson that is open, in the visitor's language; None without one."""
    opened = session.lessons.present
    if opened is None:
        return None
    progress, lesson = opened.progress, opened.lesson
    count, present = len(lesson.steps), progress.present
    title = lesson_text(lesson, lesson.title)
    if present is None:
        return LessonPlace(title, t("finished") if progress.is_complete else t("finished, with steps skipped"), 1.0)
    step = t(
        "step {number} of {count}: {title}",
        number=progress.step + 1,
        count=count,
        title=lesson_text(lesson, present.title),
    )
    return LessonPlace(title, step, (progress.step + progress.is_done) / count)


def open_lesson(session: Session, lesson: Lesson, progress: Progress | None = None, *, anew: bool = False) -> None:
    """Open ``lesson`` in ``session`` where ``progress`` stands, else where it was left, or from its beginning
    (``anew``, and where it was finished). Raises ``PlaygroundError``, changing nothing.

    A lesson that is open is left first: what was there before it comes back when this one is left.
    """
    session.refuse_frozen()
    session.leave_lesson()
    kept = session.lessons.kept.get(lesson.digest)
    if progress is None and kept is not None and not kept.is_finished and not anew:
        progress = kept
    progress = progress or Progress.start(lesson)
    before = session.history
    before.record(session.version, session.experiment)
    session.lessons.keep_lesson(lesson)
    session.lessons.present = OpenLesson(
        Tracker(progress), before, is_new=not anew and progress == Progress.start(lesson)
    )
    session.history = UndoHistory()
    try:
        prepare_step(session, from_start=True)
    except PlaygroundError:
        session.leave_lesson()
        raise


def resume_lesson(session: Session, lesson: Lesson, progress: Progress) -> None:
    """Go on with ``lesson`` at ``progress`` in the experiment that there is, as after the page was loaded again; the
    default experiment is what comes back when it is left."""
    before = UndoHistory()
    before.record(Version(experiment=Experiment()), session.experiment)
    session.lessons.keep_lesson(lesson)
    session.lessons.present = OpenLesson(Tracker(progress), before)
    session.history = UndoHistory()
    step = progress.present
    session.set_handout(lesson.handout_of(step) if step else Handout(), session.experiment)
    session.touched = True


def begin_anew(session: Session) -> None:
    """The lesson that is open from its first step on; raises ``PlaygroundError``."""
    opened = session.lessons.present
    if opened is None:
        return
    lesson, before = opened.lesson, opened.history
    session.lessons.keep(opened.progress)
    session.lessons.present = OpenLesson(Tracker(Progress.start(lesson)), before, is_new=False)
    prepare_step(session, from_start=True)


def take_progress(session: Session, progress: Progress) -> None:
    """Go on at ``progress`` in the open lesson, which the browser has kept, where that is further than here."""
    opened = session.lessons.present
    if opened is None or progress.lesson.digest != opened.lesson.digest:
        return
    session.lessons.keep(progress)
    here = opened.progress
    opened.is_new = False
    if progress.is_finished and here.step == 0:
        return
    if progress.step > here.step:
        opened.tracker = Tracker(progress)
        prepare_step(session, from_start=True)
    elif progress.step == here.step and (progress.is_met, progress.is_answered) >= (here.is_met, here.is_answered):
        opened.tracker = Tracker(progress)
        opened.tracker.observe(session.run)
        session.touched = True


def prepare_step(session: Session, *, from_start: bool = False) -> None:
    """Have the present step's experiment and handout; ``from_start``: whatever there was before, as somebody has it
    who comes to this step. Raises ``PlaygroundError``."""
    opened = session.lessons.present
    if opened is None:
        return
    opened.begin_step()
    step, lesson = opened.progress.present, opened.lesson
    if step is None:
        session.lessons.keep(opened.progress)
        session.set_handout(Handout(), session.experiment)
        refresh_stage(session)
        return
    handout = lesson.handout_of(step)
    experiment = session.experiment
    if from_start:
        experiment = Experiment()
        for earlier in lesson.steps[: opened.progress.step + 1]:
            experiment = prepare_experiment(earlier, experiment)
    else:
        experiment = prepare_experiment(step, experiment)
    fields = set(differing_fields(session.experiment, experiment))
    session.halt()
    if from_start or step.experiment or fields & {*STARTS_ANEW, *STROKE}:
        session.start(experiment, handout=handout)
    else:
        session.set_handout(handout, experiment)
        session.configure(experiment)
        refresh_stage(session)
    session.history = UndoHistory()
    session.touched = True


def refresh_stage(session: Session) -> None:
    """Tell the stage what it may move from now on; its frames stay."""
    session.touched = True
    if opened := session.lessons.present:
        opened.read_present(session.run)
    session.send(replace(session.run.mount(), frames=(), scene=False, history=None))


def answer_question(session: Session, head: int, text: str) -> None:
    """Answer the open question at frame ``head``; what is no answer is said in the panel."""
    opened = session.lessons.present
    if opened is None:
        return
    opened.choice, opened.verdict, opened.error = text, None, ""
    try:
        opened.verdict = opened.tracker.answer(session.run, head, text)
    except PlaygroundError as error:
        opened.error = error.sentence


def advance_step(session: Session, head: int, *, skip: bool = False) -> None:
    """On to the next step at frame ``head``; ``skip``: though the present one is not done. What is refused is said in
    the panel."""
    opened = session.lessons.present
    if opened is None:
        return
    opened.error = ""
    try:
        (opened.tracker.skip if skip else opened.tracker.advance)(session.run, head)
        prepare_step(session)
    except PlaygroundError as error:
        opened.error = error.sentence
        session.send(session.run.empty_reply())


def certify(session: Session, name: str) -> None:
    """Make the certificate of the lesson that is finished for ``name``; what is refused is said in the panel."""
    opened = session.lessons.present
    if opened is None:
        return
    opened.certificate, opened.error = None, ""
    try:
        code, line = completion_code(opened.progress, name), certificate_line(opened.progress, name)
    except PlaygroundError as error:
        opened.error = error.sentence
        return
    opened.certificate = Certificate(name, line, code)

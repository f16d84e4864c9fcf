"""Commands of the lesson's panel; their data come from a socket."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from playground.errors import PlaygroundError
from playground.lessons import bundled_lesson, decode_progress
from playground.lessons.completion import MAX_NAME_CHARS
from playground.lessons.progress import MAX_ANSWER_CHARS
from playground.lessons.transfer import MAX_PROGRESS_CHARS
from playground.live.protocol.request import clamp_int
from playground.stage.commands import command
from playground.web.lesson_steps import (
    advance_step,
    answer_question,
    begin_anew,
    certify,
    open_lesson,
    take_progress,
)

if TYPE_CHECKING:
    from playground.web.session import Session


LESSON_MOVES = ("lesson_recall", "lesson_next", "lesson_skip", "lesson_restart", "lesson_leave", "lesson_open")
"""Commands that would start another step or experiment: none is obeyed while a teacher has the stage stand still."""


def refuse_move(session: Session) -> None:
    """Say in a note why nothing moves: the stage is frozen."""
    try:
        session.refuse_frozen()
    except PlaygroundError as error:
        session.notes[:] = [error.sentence]
        session.touched = True


def is_of_present_step(session: Session, data: Mapping[str, Any]) -> bool:
    """Whether a command is about the step that is shown: a second press on the same button is about none."""
    opened = session.lessons.present
    return opened is not None and clamp_int(data, "step", -1, -1, 1000) == opened.progress.step


@command("lesson_shown")
def note_shown(session: Session, data: Mapping[str, Any]) -> None:
    """The stage shows the frame at which the condition became true."""
    opened = session.lessons.present
    if opened is not None and data.get("run") == session.run.name:
        opened.mark_shown(session.run, session.head_of(data))
        session.send(session.run.empty_reply())


@command("lesson_recall")
def recall(session: Session, data: Mapping[str, Any]) -> None:
    """Go on where the browser remembers that the lesson was left, "" for nowhere; what this server did not sign is
    passed over."""
    opened = session.lessons.present
    if opened is None or data.get("lesson") != opened.lesson.digest:
        return
    opened.is_new = False
    text = str(data.get("progress") or "")[: MAX_PROGRESS_CHARS + 1]
    with suppress(PlaygroundError):
        if text:
            take_progress(session, decode_progress(text, opened.lesson))
    session.send(session.run.empty_reply())


@command("lesson_answer")
def answer(session: Session, data: Mapping[str, Any]) -> None:
    """Answer the open question."""
    if is_of_present_step(session, data):
        answer_question(session, session.head_of(data), str(data.get("text"))[: MAX_ANSWER_CHARS + 1])
        session.send(session.run.empty_reply())


@command("lesson_next")
def advance(session: Session, data: Mapping[str, Any]) -> None:
    """On to the next step, the present one done."""
    if is_of_present_step(session, data):
        advance_step(session, session.head_of(data))


@command("lesson_skip")
def skip(session: Session, data: Mapping[str, Any]) -> None:
    """On to the next step, the present one undone."""
    if is_of_present_step(session, data):
        advance_step(session, session.head_of(data), skip=True)


@command("lesson_restart")
def restart(session: Session, data: Mapping[str, Any]) -> None:
    """The lesson from its first step on."""
    with suppress(PlaygroundError):
        begin_anew(session)


@command("lesson_leave")
def leave(session: Session, data: Mapping[str, Any]) -> None:
    """Close the lesson."""
    session.leave_lesson()


@command("lesson_certify")
def make_certificate(session: Session, data: Mapping[str, Any]) -> None:
    """Make the certificate for a name."""
    certify(session, str(data.get("text"))[: 4 * MAX_NAME_CHARS])
    session.send(session.run.empty_reply())


@command("lesson_open")
def open_bundled(session: Session, data: Mapping[str, Any]) -> None:
    """Open another lesson of those that come with the app."""
    with suppress(PlaygroundError):
        open_lesson(session, bundled_lesson(str(data.get("lesson"))[:64]))

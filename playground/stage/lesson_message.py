"""What the stage is told of the lesson that is open: its words once, where one is in it with every message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground.language import current_language
from playground.lessons import Reading, Step, bundled_lessons, encode_progress, next_lesson
from playground.lessons.completion import MAX_NAME_CHARS
from playground.lessons.progress import MAX_ANSWER_CHARS
from playground.web.lesson_state import OpenLesson, lesson_text

if TYPE_CHECKING:
    from playground.web.session import Session

MAX_KEY_CHARS = 64
MAX_READINGS = 8
"""Frames of which one message says how far the condition is."""


def lesson_message(session: Session, shown_key: str) -> dict[str, Any] | None:
    """Of the open lesson what changes from frame to frame, and its words where the stage does not show them, which
    shows those of ``shown_key``; None where there is no lesson and the stage shows none."""
    opened = session.lessons.present
    if opened is None:
        return {"key": ""} if shown_key else None
    progress, tracker = opened.progress, opened.tracker
    key = f"{opened.lesson.digest} {progress.step} {current_language()}"
    message: dict[str, Any] = {
        "key": key,
        "run": session.run.name,
        "tick": tracker.tick,
        "is_met": progress.is_met,
        "is_done": progress.is_done,
        "is_new": opened.is_new,
        "readings": [
            {"frame": frame, "parts": [reading_json(reading) for reading in parts]}
            for frame, parts in list(opened.readings.items())[-MAX_READINGS:]
        ],
        "progress": encode_progress(progress),
        "choice": opened.choice,
        "verdict": verdict_json(opened),
        "error": opened.error,
        "certificate": certificate_json(opened),
    }
    if key != shown_key:
        message["words"] = words_json(opened)
    return message


def reading_json(reading: Reading) -> dict[str, Any]:
    """How far a part of the condition is."""
    return {
        "label": reading.label,
        "value": reading.value,
        "sign": reading.sign,
        "target": reading.target,
        "is_met": reading.is_met,
    }


def verdict_json(opened: OpenLesson) -> dict[str, Any] | None:
    """Whether the last answer is right, and what is said of it."""
    if opened.verdict is None:
        return None
    reply = lesson_text(opened.lesson, opened.verdict.reply)
    return {"is_right": opened.verdict.is_right, "reply": reply}


def certificate_json(opened: OpenLesson) -> dict[str, str] | None:
    """The line to copy, and the code in it."""
    certificate = opened.certificate
    return certificate and {"line": certificate.line, "code": certificate.code}


def words_json(opened: OpenLesson) -> dict[str, Any]:
    """The lesson's words, and those of the present step; at the end what was found, and the next lesson."""
    lesson, progress = opened.lesson, opened.progress
    following = next_lesson(lesson.name)
    if bundled_lessons().get(lesson.name) != lesson:
        following = None
    return {
        "name": lesson.name,
        "digest": lesson.digest,
        "title": lesson_text(lesson, lesson.title),
        "concept": lesson_text(lesson, lesson.concept),
        "steps": [lesson_text(lesson, step.title) for step in lesson.steps],
        "at": progress.step,
        "skipped": list(progress.skipped),
        "step": step_json(opened, progress.present) if progress.present else None,
        "conclusion": lesson_text(lesson, lesson.conclusion) if progress.is_finished else "",
        "source": lesson.source if progress.is_finished else "",
        "next": following and {"name": following.name, "title": lesson_text(following, following.title)},
        "name_chars": MAX_NAME_CHARS,
        "answer_chars": MAX_ANSWER_CHARS,
    }


def step_json(opened: OpenLesson, step: Step) -> dict[str, Any]:
    """The words of a step; which answer is right is not among them."""
    lesson, question = opened.lesson, step.question
    return {
        "words": lesson_text(lesson, step.words),
        "hint": lesson_text(lesson, step.hint),
        "hint_after": step.hint_after,
        "point": step.point,
        "question": question
        and {
            "ask": lesson_text(lesson, question.ask),
            "options": [lesson_text(lesson, option.text) for option in question.options],
        },
    }

"""Lessons in the address: which one is open, how far it was done, and a lesson's whole content."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from playground.errors import PlaygroundError
from playground.lessons import (
    Lesson,
    Progress,
    bundled_lesson,
    bundled_lessons,
    decode_lesson,
    decode_progress,
    encode_lesson,
    encode_progress,
)
from playground.web.address import address
from playground.web.lesson_steps import open_lesson, resume_lesson
from playground.web.session import Session

NAME, CONTENT, PROGRESS = "lesson", "lesson_data", "lesson_progress"
MAX_PROGRESS_IN_LINK = 2000
"""Characters of progress in the address; of more the browser alone remembers it."""


def lesson_query(session: Session) -> dict[str, str]:
    """The open lesson, and how far it is done, as a part of the address; nothing where a link cannot hold it."""
    opened = session.lessons.present
    if opened is None:
        return {}
    progress = encode_progress(opened.progress)
    query = content_query(opened.lesson)
    return query | ({PROGRESS: progress} if query and len(progress) <= MAX_PROGRESS_IN_LINK else {})


def content_query(lesson: Lesson) -> dict[str, str]:
    """A bundled lesson by its name, another by its content; nothing where that is too long for a link."""
    if bundled_lessons().get(lesson.name) == lesson:
        return {NAME: lesson.name}
    try:
        return {CONTENT: encode_lesson(lesson)}
    except PlaygroundError:
        return {}


def lesson_address(lesson: Lesson) -> str:
    """The link that opens ``lesson`` at its beginning; "" for one that no link can hold."""
    query = content_query(lesson)
    return address(query) if query else ""


def open_addressed_lesson(session: Session) -> None:
    """Open the lesson in the address with which ``session`` began, once; what is wrong with it becomes a note."""
    if session.lessons.is_address_read:
        return
    session.lessons.is_address_read = True
    query = st.query_params.to_dict()
    try:
        lesson = read_lesson(query)
        if lesson is None:
            return
        if progress := read_progress(query, lesson):
            resume_lesson(session, lesson, progress)
        else:
            open_lesson(session, lesson)
    except PlaygroundError as error:
        session.notes.append(error.sentence)


def read_lesson(query: Mapping[str, str]) -> Lesson | None:
    """The lesson that ``query`` names or holds, if any; raises ``PlaygroundError``."""
    if content := query.get(CONTENT, ""):
        return decode_lesson(content)
    return bundled_lesson(query[NAME]) if query.get(NAME) else None


def read_progress(query: Mapping[str, str], lesson: Lesson) -> Progress | None:
    """The progress in ``query``; None where there is none, or none of this lesson on this server: it begins anew."""
    try:
        return decode_progress(query[PROGRESS], lesson) if PROGRESS in query else None
    except PlaygroundError:
        return None

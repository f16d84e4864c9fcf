"""The lessons as cards, a lesson of one's own, and the check of a completion code."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from playground.errors import PlaygroundError
from playground.glossary import Term
from playground.language import t, t_plural
from playground.lessons import (
    Lesson,
    Progress,
    bundled_lesson,
    bundled_lessons,
    check_code,
    decode_progress,
    lesson_from_json,
)
from playground.lessons.completion import MAX_CODE_CHARS, MAX_NAME_CHARS
from playground.lessons.lesson import MAX_LESSON_BYTES
from playground.live.protocol.request import within_limits
from playground.web.components import lesson_memory
from playground.web.lesson_link import lesson_address
from playground.web.lesson_state import MAX_KEPT, lesson_text
from playground.web.lesson_steps import open_lesson
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session, session

MEMORY = "lesson_memory"


def lesson_list(current: Session) -> None:
    """The bundled lessons, each with how far it was done; and those that came in a link or a file."""
    lesson_memory({"is_known": current.lessons.is_browser_read}, key=MEMORY, on_stored=take_stored)
    lessons = [*bundled_lessons().values(), *current.lessons.own.values()]
    with st.container(key="lesson_cards"):
        for place, lesson in enumerate(lessons):
            with st.container(key=f"lesson_card_{place}"):
                lesson_card(current, lesson)


def take_stored() -> None:
    """Take how far lessons were done in this browser, of what this server has signed."""
    current, stored = session(), getattr(st.session_state.get(MEMORY), "stored", None)
    current.lessons.is_browser_read = True
    lessons = {lesson.digest: lesson for lesson in (*bundled_lessons().values(), *current.lessons.own.values())}
    for digest, entry in list(stored.items())[:MAX_KEPT] if isinstance(stored, Mapping) else ():
        if digest not in lessons or not isinstance(entry, Mapping) or not within_limits(dict(entry)):
            continue
        lesson = lessons[digest]
        progress, finished = (read_stored(lesson, entry.get(name)) for name in ("progress", "finished"))
        known = current.lessons.progress_in(lesson)
        if progress and (known is None or progress.step > known.step):
            current.lessons.keep(progress)
        if finished and finished.is_complete:
            current.lessons.finished[digest] = finished


def read_stored(lesson: Lesson, text: Any) -> Progress | None:
    """The progress in ``text``; None for what this server has not signed."""
    with suppress(PlaygroundError):
        return decode_progress(text, lesson) if isinstance(text, str) and text else None


def lesson_card(current: Session, lesson: Lesson) -> None:
    """One lesson: concept, title, what is found out, how far one is, and the press that opens it."""
    progress = current.lessons.progress_in(lesson)
    text = lesson_text(lesson, lesson.concept)
    st.caption(escape_markdown(text[:1].upper() + text[1:]))
    st.markdown(f"**{escape_markdown(lesson_text(lesson, lesson.title))}**")
    st.markdown(escape_markdown(lesson_text(lesson, lesson.summary)))
    is_begun = progress is not None and not progress.is_finished and progress != Progress.start(lesson)
    with st.container(horizontal=True, vertical_alignment="center", key=f"lesson_row_{lesson.digest}"):
        if st.button(
            t("Go on") if is_begun else t("Begin"),
            key=f"lesson_open_{lesson.digest}",
            type="primary" if is_begun else "secondary",
        ):
            show_lesson(current, lesson, progress if is_begun else None)
        st.caption(" · ".join(card_facts(current, lesson, progress if is_begun else None)))


def card_facts(current: Session, lesson: Lesson, progress: Progress | None) -> list[str]:
    """How long it takes, or where one is in it, and whether it was done."""
    facts = [t_plural("{count} minute", "{count} minutes", lesson.minutes)]
    if progress is not None:
        facts = [t("step {number} of {count}", number=progress.step + 1, count=len(lesson.steps))]
    if lesson.digest in current.lessons.finished:
        facts.append(":material/check_circle: " + t("done"))
    return facts


def show_lesson(current: Session, lesson: Lesson, progress: Progress | None = None) -> None:
    """Open ``lesson`` and go to the Playground; what is wrong is said here."""
    try:
        if current.lessons.present is None or current.lessons.present.lesson != lesson or progress is None:
            open_lesson(current, lesson, progress, anew=progress is None)
    except PlaygroundError as error:
        st.error(escape_markdown(t(error.sentence)))
        return
    st.switch_page(PLAYGROUND)


def term_lesson(term: Term) -> None:
    """A press that opens the lesson which teaches ``term``."""
    lesson = bundled_lesson(term.lesson)
    label = t("Lesson: {title}", title=lesson_text(lesson, lesson.title))
    if st.button(label, key=f"term_lesson_{term.name}", icon=":material/school:", type="tertiary"):
        show_lesson(session(), lesson)


def own_lesson(current: Session) -> None:
    """A lesson from a file."""
    st.subheader(t("A lesson from a file"))
    st.caption(t("One that somebody has written, as JSON; the next page is where one is written."))
    file = st.file_uploader(
        t("Lesson (JSON)"),
        type=["json"],
        key="lesson_file",
        label_visibility="collapsed",
        help=t("A file that the page Write a lesson has made."),
    )
    if file is None:
        return
    try:
        lesson = lesson_from_json(file.getvalue()[: MAX_LESSON_BYTES + 1])
    except PlaygroundError as error:
        sentence = t(error.sentence)
        st.error(escape_markdown(sentence[:1].upper() + sentence[1:]))
        return
    st.markdown(t("**{name}.** {words}", name=escape_markdown(lesson.title), words=escape_markdown(lesson.summary)))
    if st.button(t("Open the lesson"), key="lesson_file_open", type="primary"):
        show_lesson(current, lesson)


def links_for_class() -> None:
    """The link of each lesson, to hand out."""
    with st.expander(t("Links to hand out")):
        for lesson in bundled_lessons().values():
            st.caption(escape_markdown(lesson_text(lesson, lesson.title)))
            st.code(lesson_address(lesson), language=None, wrap_lines=True)


def code_check(current: Session) -> None:
    """Whether a completion code is right, for teachers."""
    st.subheader(t("Check a completion code"))
    st.caption(
        t(
            "It tells whether a lesson was played to its end on this server, under this name, and on which day. It is "
            "no proof of who played."
        )
    )
    with st.form("lesson_code_form", border=False):
        left, right = st.columns(2)
        code = left.text_input(
            t("Code"),
            key="lesson_code",
            max_chars=MAX_CODE_CHARS,
            placeholder="ABCD-EFGH-JKMN",
            help=t("As it stands at the end of the lesson."),
        )
        name = right.text_input(
            t("Name"),
            key="lesson_code_name",
            max_chars=MAX_NAME_CHARS,
            help=t("As the learner has typed it for the certificate."),
        )
        if not st.form_submit_button(t("Check")):
            return
    try:
        current.lessons.code_tries.take()
        completion = check_code(code, name, [*bundled_lessons().values(), *current.lessons.own.values()])
    except PlaygroundError as error:
        sentence = t(error.sentence)
        st.error(escape_markdown(sentence[:1].upper() + sentence[1:]))
        return
    st.success(
        escape_markdown(
            t(
                "Right: {name} has played “{lesson}” to its end on {day}.",
                name=completion.name,
                lesson=lesson_text(completion.lesson, completion.lesson.title),
                day=completion.day.isoformat(),
            )
        )
    )

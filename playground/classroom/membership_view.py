"""To which class a visitor belongs, and as whom: kept in the session, and in cookies for a reload."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from playground.classroom.attempts import MAX_VISITOR_FAILURES, Attempts
from playground.classroom.audience import StudentAudience, TeacherAudience
from playground.classroom.classroom import Assignment, Classroom
from playground.classroom.registry import CLASSROOMS
from playground.classroom.seat import Seat
from playground.language import mark, t
from playground.web.components import class_news
from playground.web.markdown import escape_markdown
from playground.web.session import session
from playground.web.undo_history import Version

KEY, NOTICE, ATTEMPTS = "class_membership", "class_notice", "class_attempts"
COOKIES_READ, FORGET = "class_cookies_read", "class_forget_cookies"
COOKIES = {"teacher": "playground_teacher", "student": "playground_seat"}
"""Of the browser: a class's code and the token of its teacher, or of a student."""
ENDED = mark("The class has ended, and nothing of it was kept. What you made is still yours.")
REMOVED = mark("You are not in the class any more. What you made is still yours.")
GONE = mark(
    "The class that you were in is not here any more: it has ended, or the server was started again. "
    "What you made is still yours; ask your teacher for a new code."
)
GONE_TEACHER = mark(
    "Your class is not here any more: it has ended, or the server was started again. Your students keep their work: "
    "open another class, and show them its code."
)


@dataclass
class Membership:
    """A visitor in ``classroom``: a student in ``seat``, or its teacher where that is None.

    ``taken``: the number of the last assignment that was dealt with; ``offer``: one that waits behind a button;
    ``before``: what an opened assignment has taken the place of; ``follows`` tells that the teacher's stage is shown,
    ``was_followed`` whether the class followed when that was asked last."""

    classroom: Classroom
    seat: Seat | None = None
    taken: int = 0
    offer: Assignment | None = None
    before: Version | None = field(default=None, repr=False)
    follows: bool = False
    was_followed: bool = False

    @property
    def token(self) -> str:
        """What tells this member from all others."""
        return self.seat.token if self.seat else self.classroom.teacher_token

    @property
    def role(self) -> Literal["teacher", "student"]:
        """As what."""
        return "student" if self.seat else "teacher"

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser is to remember."""
        return {COOKIES[self.role]: f"{self.classroom.code}.{self.token}"}


def membership() -> Membership | None:
    """The visitor's; None for who is in no class, or whose class is gone, of which ``notice`` tells."""
    current = st.session_state.get(KEY)
    if current is None and not st.session_state.get(COOKIES_READ):
        st.session_state[COOKIES_READ] = True
        current = _member_by_cookies()
        if current is not None:
            enter(current)
    if current is None:
        return None
    classroom, seat = current.classroom, current.seat
    if classroom.has_ended:
        leave(ENDED)
    elif seat is not None and classroom.seat(seat.number) is not seat:
        leave(REMOVED)
    return st.session_state.get(KEY)


def _member_by_cookies() -> Membership | None:
    """The membership that the browser's cookies tell of."""
    for role in ("teacher", "student"):
        cookie = st.context.cookies.get(COOKIES[role], "")
        code, _, token = cookie.partition(".") if isinstance(cookie, str) else ("", "", "")  # AppTest has stand-ins
        if not (code and token):
            continue
        classroom = CLASSROOMS.find(code)
        if classroom is not None and role == "teacher" and classroom.is_teacher(token):
            return Membership(classroom)
        if classroom is not None and role == "student" and (seat := classroom.seat_of(token)):
            return Membership(classroom, seat)
        st.session_state[NOTICE] = GONE if role == "student" else GONE_TEACHER
    return None


def enter(current: Membership) -> None:
    """The visitor belongs to a class from now on."""
    st.session_state[KEY] = current
    st.session_state.pop(NOTICE, None)
    current.taken = current.classroom.assignment.number if current.seat is None and current.classroom.assignment else 0
    audience = TeacherAudience(current.classroom)
    session().audience = StudentAudience(current.classroom, current.seat) if current.seat else audience


def leave(notice: str = "") -> None:
    """The visitor belongs to no class from now on; ``notice``: why, where it was not by will."""
    current: Membership | None = st.session_state.pop(KEY, None)
    if current is None:
        return
    st.session_state[FORGET] = True
    if current.seat is not None:
        current.classroom.leave(current.seat.number)
    now = session()
    now.audience = None
    now.release()
    now.touched = True
    if notice:
        st.session_state[NOTICE] = notice


def forget_cookies() -> None:
    """Have the browser forget a class that the visitor does not belong to any more."""
    was_member = st.session_state.get(FORGET, False)
    if stale := {name: "" for name in COOKIES.values() if was_member or name in st.context.cookies}:
        class_news(
            {"class": "", "token": "", "news": "", "cookies": stale}, key="class_forgotten", on_news=lambda: None
        )


def remember_teacher(current: Membership) -> None:
    """Have a teacher's browser know the class when the page is loaded again."""
    data = {"class": "", "token": "", "news": "", "cookies": current.cookies}
    class_news(data, key="class_cookies", on_news=lambda: None)


def show_notice() -> None:
    """Say once what became of the visitor's class."""
    if notice := st.session_state.get(NOTICE):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.info(escape_markdown(t(notice)), icon=":material/info:")
        right.button(
            t("Understood"),
            key="class_notice_seen",
            on_click=lambda: st.session_state.pop(NOTICE, None),
            width="stretch",
        )


def attempts() -> Attempts:
    """The wrong codes of this visitor."""
    return st.session_state.setdefault(ATTEMPTS, Attempts(MAX_VISITOR_FAILURES))

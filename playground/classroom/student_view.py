"""A student's side: the bar above every page, what the teacher sends, the teacher's stage."""

from __future__ import annotations

import streamlit as st

from playground.classroom.classroom import Assignment
from playground.classroom.membership_view import ENDED, Membership, leave, membership
from playground.errors import PlaygroundError
from playground.experiment.links.parse import open_address
from playground.language import mark, t
from playground.web.compat.script_run import runs_fragment
from playground.web.components import class_news, class_spectator
from playground.web.i18n import visitor_language
from playground.web.layout import hide_sidebar
from playground.web.lesson_link import read_lesson
from playground.web.lesson_steps import open_lesson
from playground.web.markdown import escape_markdown
from playground.web.session import Session, session

VISIBLE = mark(
    "Your teacher sees your nickname, the picture, numbers and settings of your stage, your step in a lesson, how long "
    "ago you made progress, and your whole stage while looking over your shoulder, which you are told. Nothing is "
    "stored: all of it is forgotten when the class ends."
)
"""What every student is told."""


def student_bar(current: Membership) -> None:
    """The class, the nickname, what the teacher sees, and what the teacher wants, above the page."""
    take_news(current, session())
    _student_bar()


@st.fragment
def _student_bar() -> None:
    current = membership()
    if current is None or current.seat is None:
        st.rerun()
        return
    now, classroom, seat = session(), current.classroom, current.seat
    with st.container(key="class_bar"):
        with st.container(horizontal=True, key="class_bar_row", vertical_alignment="center"):
            st.markdown(
                t("**{nickname}** in class **{code}**", nickname=escape_markdown(seat.nickname), code=classroom.code)
            )
            st.button(
                t("Shared with my teacher") if seat.shared_at else t("Share with my teacher"),
                key="class_share",
                icon=":material/check:" if seat.shared_at else ":material/back_hand:",
                disabled=seat.shared_at > 0,
                on_click=lambda: classroom.share(seat),
            )
            if current.before is not None:
                st.button(
                    t("Back to what I had"),
                    key="class_back",
                    icon=":material/undo:",
                    on_click=_restore,
                    args=(current,),
                )
            st.button(t("Leave the class"), key="class_leave", type="tertiary", on_click=leave)
        st.caption(t(VISIBLE))
        if classroom.is_frozen:
            st.info(t("Your teacher has stopped all stages for a moment."), icon=":material/pause_circle:")
        if current.follows:
            st.info(t("You see your teacher's stage. Yours waits as you left it."), icon=":material/cast:")
        if seat.is_watched(classroom.now):
            st.info(t("Your teacher is looking at your stage."), icon=":material/visibility:")
        if current.offer is not None:
            _offer(current, current.offer)
        news = classroom.hear_student(seat)
        class_news(
            {"class": classroom.code, "token": seat.token, "news": news, "cookies": current.cookies},
            key="class_news",
            on_news=_take_trigger,
        )
    if now.touched and runs_fragment():  # else the page is being drawn already
        st.rerun()


def _offer(current: Membership, assignment: Assignment) -> None:
    with st.container(horizontal=True, key="class_offer", border=True, vertical_alignment="center"):
        st.markdown(t("Your teacher sends: **{title}**", title=escape_markdown(t(assignment.title))))
        st.button(
            t("Open"),
            key="class_open",
            type="primary",
            disabled=current.classroom.is_frozen,
            on_click=_accept_offer,
            args=(current,),
        )
        st.button(t("Not now"), key="class_not_now", on_click=_decline_offer, args=(current,))


def _accept_offer(current: Membership) -> None:
    if current.offer is not None:
        open_assignment(current, session(), current.offer)
        current.offer = None


def _decline_offer(current: Membership) -> None:
    current.offer = None


def _restore(current: Membership) -> None:
    version, current.before = current.before, None
    now = session()
    if version is not None and not now.is_frozen:
        now.halt()
        now.leave_lesson()
        now.restore(version)


def _take_trigger() -> None:
    current = membership()
    if current is not None:
        lost = str(getattr(st.session_state.get("class_news"), "news", "")) == "lost"
        if lost and current.seat is not None and current.classroom.seat(current.seat.number) is not current.seat:
            leave(ENDED)
        else:
            take_news(current, session())


def take_news(current: Membership, now: Session) -> None:
    """Do on a student's stage what the teacher wants of all; what was done already is not done again."""
    classroom, seat = current.classroom, current.seat
    if seat is None:
        return
    if classroom.is_followed != current.was_followed:
        current.follows = current.was_followed = classroom.is_followed
        now.halt()
        now.touched = True
    assignment = classroom.assignment
    if assignment is not None and assignment.number > current.taken:
        current.taken = assignment.number
        current.offer = None if assignment.replaces else assignment
        if assignment.replaces:
            open_assignment(current, now, assignment)
    if classroom.is_frozen:
        now.freeze()
    else:
        now.release()
    if seat.is_watched(classroom.now) and now.stage is not None and now.audience is not None:
        now.audience.show(now, now.run.empty_reply(), now.stage.snapshot)


def open_assignment(current: Membership, now: Session, assignment: Assignment) -> None:
    """Have the stage show what the teacher has sent; what was there before can be had back."""
    now.release()
    now.leave_lesson()
    before = now.version
    now.halt()
    try:
        if lesson := read_lesson(assignment.query):
            open_lesson(now, lesson, anew=True)
        else:
            now.open(open_address(list(assignment.query.items())))
        current.before = before
    except PlaygroundError as error:
        now.notes[:] = [error.sentence]
        now.touched = True
    if current.classroom.is_frozen:
        now.freeze()


def lecture_stage(current: Membership) -> None:
    """The teacher's stage instead of one's own, live, with a button to go on from there."""
    classroom = current.classroom
    hide_sidebar()
    with st.container(horizontal=True, key="class_lecture", vertical_alignment="center"):
        st.markdown(t("**Your teacher's stage**"))
        st.button(
            t("Take over from here"),
            key="class_take_over",
            type="primary",
            icon=":material/play_arrow:",
            disabled=classroom.is_frozen,
            on_click=take_over,
            args=(current,),
        )
    class_spectator(
        {"class": classroom.code, "token": current.token, "lang": visitor_language()}, key="class_lecture_stage"
    )


def take_over(current: Membership) -> None:
    """Go on from the step that the teacher's stage shows, in a run of one's own."""
    lecture, now = current.classroom.lecture, session()
    if lecture is None or current.classroom.is_frozen:
        return
    current.follows = False
    if lecture.query is None:
        now.notes[:] = [mark("Your teacher's stage learns rows that no link can hold: you go on with what you had.")]
        now.touched = True
        return
    open_assignment(current, now, Assignment(0, "", lecture.query, replaces=True))


def follows_lecture() -> Membership | None:
    """The membership of a visitor who is to see the teacher's stage now; None for all others."""
    current = membership()
    return current if current is not None and current.seat is not None and current.follows else None

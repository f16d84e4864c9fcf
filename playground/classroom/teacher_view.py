"""A teacher's side: the class's code, the wall, and the hands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from playground.classroom.classroom import MAX_STUDENTS, Classroom
from playground.classroom.membership_view import KEY, Membership, enter, leave, membership
from playground.classroom.registry import CLASSROOMS
from playground.classroom.statistics import class_table
from playground.errors import PlaygroundError
from playground.experiment.title import experiment_title
from playground.language import join_sentences, mark, t
from playground.web.address import page_address
from playground.web.components import class_wall
from playground.web.csv_text import to_csv
from playground.web.i18n import visitor_language
from playground.web.lesson_link import content_query
from playground.web.lesson_state import lesson_text
from playground.web.markdown import escape_markdown
from playground.web.page_paths import CLASS
from playground.web.qr_code import qr_svg
from playground.web.run_link import link_query
from playground.web.session import Session, session

CLASS_PATH, JOIN_PATH = "class", "join"
"""The addresses of the teacher's and of the students' page."""
WALL, ERROR = "class_wall", "class_error"
RESTARTS = mark(
    "A class lives in the memory of this server alone: nothing of it is stored, and it ends when you end it, or when "
    "nobody was there for an hour. If the server is started again, the class is gone: your students keep their own "
    "work, and come into the next class that you open by its new code."
)
"""What is said before a class is opened."""


def class_page() -> None:
    """A class of one's own: opened here, or the one that is open."""
    _take_link()
    current = membership()
    st.title(t("My class"))
    if error := st.session_state.pop(ERROR, ""):
        st.error(escape_markdown(t(error)))
    if current is None or current.seat is not None:
        _opening()
        return
    classroom = current.classroom
    _code(classroom)
    hands(current)
    class_wall(
        {"class": classroom.code, "token": classroom.teacher_token, "lang": visitor_language()},
        key=WALL,
        on_act=_act,
        on_lost=_lose,
    )
    _closing(current)


def _opening() -> None:
    st.markdown(
        t(
            "See every student's stage on one wall, send an experiment to all, and have them follow yours. Students "
            "come in by a code of six letters or a QR code, without accounts."
        )
    )
    st.caption(t(RESTARTS))
    st.button(t("Open a class"), key="class_begin", type="primary", icon=":material/co_present:", on_click=_open)


def _open() -> None:
    try:
        classroom = CLASSROOMS.open()
    except PlaygroundError as error:
        st.session_state[ERROR] = error.sentence
        return
    leave()
    enter(Membership(classroom))


def _take_link() -> None:
    """Let in who has followed the teacher's own link."""
    code, _, token = str(st.query_params.get("teacher", ""))[:80].partition(".")
    if not code:
        return
    del st.query_params["teacher"]
    classroom = CLASSROOMS.find(code)
    if classroom is None or not classroom.is_teacher(token):
        st.session_state[ERROR] = mark("this link opens no class; ask the teacher who sent it for another one.")
        return
    if KEY not in st.session_state or st.session_state[KEY].classroom is not classroom:
        leave()
        enter(Membership(classroom))


def _code(classroom: Classroom) -> None:
    link = page_address(JOIN_PATH, {"class": f"{classroom.code}.{classroom.key}"})
    with st.container(horizontal=True, key="class_code", vertical_alignment="center"):
        if picture := qr_svg(link):
            st.image(picture, width=132, alt=t("The link of the class as a QR code"))
        with st.container(key="class_code_words"):
            place = page_address(JOIN_PATH, {}).partition("://")[2].rstrip("?")
            st.caption(t("Students open {place}, or Join a class in the menu, and type", place=escape_markdown(place)))
            with st.container(key="class_letters"):
                st.markdown(f"**{classroom.code[:3]} {classroom.code[3:]}**")
            with st.popover(t("Links"), icon=":material/link:"):
                st.caption(t("For students: this link needs no code."))
                st.code(link, language=None, wrap_lines=True)
                st.caption(
                    t("For a second teacher: whoever has this link can do what you can. Show it to nobody else.")
                )
                teacher = page_address(CLASS_PATH, {"teacher": f"{classroom.code}.{classroom.teacher_token}"})
                st.code(teacher, language=None, wrap_lines=True)


def hands(current: Membership, place: str = "page") -> None:
    """What a teacher does to all stages at once; ``place`` tells two rows of them apart."""
    classroom = current.classroom
    with st.container(horizontal=True, key=f"class_hands_{place}", vertical_alignment="center"):
        _hand("follow", place, classroom.is_followed, classroom.follow, FOLLOW)
        _hand("freeze", place, classroom.is_frozen, classroom.freeze, FREEZE)
        _hand("door", place, not classroom.is_open, lambda is_closed: classroom.open_door(not is_closed), DOOR)
        with st.popover(t("Send to all"), icon=":material/send:"):
            _sending(classroom, place)


@dataclass(frozen=True)
class Hand:
    """What a teacher's button says while what it does is off and on, its icons, and what it does."""

    begin: str
    end: str
    icons: tuple[str, str]
    explanation: str


FOLLOW = Hand(
    mark("Have all follow me"),
    mark("Let all go back"),
    ("cast", "cast_connected"),
    mark("All students see the stage of your playground live, instead of their own, and can take over from there."),
)
FREEZE = Hand(
    mark("Freeze all stages"),
    mark("Release all stages"),
    ("pause_circle", "play_circle"),
    mark("All stages stand still, and their controls are locked, until you release them."),
)
DOOR = Hand(
    mark("Close the door"),
    mark("Open the door"),
    ("lock_open", "lock"),
    mark("While the door is closed nobody else can join, whatever code they have."),
)


def _hand(name: str, place: str, is_on: bool, change: Callable[[bool], None], hand: Hand) -> None:
    st.button(
        t(hand.end if is_on else hand.begin),
        key=f"class_{name}_{place}",
        icon=f":material/{hand.icons[is_on]}:",
        type="primary" if is_on else "secondary",
        help=t(hand.explanation),
        on_click=change,
        args=(not is_on,),
    )


def _sending(classroom: Classroom, place: str) -> None:
    now = session()
    st.markdown(t("What your playground holds now: **{title}**", title=escape_markdown(t(_title(now)))))
    if now.lessons.present is not None:
        st.caption(t("The lesson, from its first step on."))
    elif now.table_used is not None:
        st.caption(t("Rows of your own cannot be sent: students get your network and its training on other data."))
    else:
        st.caption(t("With the handout around it, at its first step."))
    st.button(
        t("Offer it"),
        key=f"class_offer_{place}",
        help=t("It waits behind a button above each student's stage."),
        on_click=_send,
        args=(classroom, False),
    )
    st.button(
        t("Replace what they have"),
        key=f"class_replace_{place}",
        help=t("It opens at once; each student can go back."),
        on_click=_send,
        args=(classroom, True),
    )
    if classroom.assignment is not None:
        st.caption(t("Sent last: {title}", title=escape_markdown(t(classroom.assignment.title))))


def _send(classroom: Classroom, replaces: bool) -> None:
    now = session()
    opened = now.lessons.present
    query = content_query(opened.lesson) if opened else link_query(now)
    if query or opened is None:
        classroom.send(_title(now), query, replaces=replaces)
    else:
        st.toast(t("This lesson is too long to be sent; hand out its file instead."), icon=":material/info:")


def _title(now: Session) -> str:
    """What the teacher's playground holds: a lesson, a handout, or an experiment."""
    opened = now.lessons.present
    if opened is not None:
        return lesson_text(opened.lesson, opened.lesson.title)
    return now.handout.title or experiment_title(now.experiment)


def _act() -> None:
    """Do what the teacher has pressed on the wall; what makes no sense is passed over."""
    current = membership()
    data = getattr(st.session_state.get(WALL), "act", None)
    if current is None or current.seat is not None or not isinstance(data, Mapping):
        return
    number = data.get("number")
    if not isinstance(number, int) or isinstance(number, bool):
        return
    classroom = current.classroom
    try:
        match data.get("name"):
            case "pick":
                classroom.pick(number)
            case "remove":
                classroom.leave(number)
            case "move" if data.get("places") in (-1, 0, 1):
                classroom.move_work(number, int(data["places"]))
    except PlaygroundError as error:
        st.session_state[ERROR] = error.sentence


def _lose() -> None:
    membership()


def _closing(current: Membership) -> None:
    classroom = current.classroom
    with st.container(horizontal=True, key="class_closing", vertical_alignment="center"):
        st.download_button(
            t("Numbers of the class (CSV)"),
            lambda: to_csv(*class_table(classroom.seats, classroom.now)),
            "class.csv",
            "text/csv",
            on_click="ignore",
            key="class_csv",
            icon=":material/download:",
        )
        with st.popover(t("End the class"), icon=":material/logout:"):
            st.markdown(
                t("Everything of this class is forgotten at once, also the gallery. Students keep their own work.")
            )
            st.button(t("End it now"), key="class_end", type="primary", on_click=_end, args=(current,))
    st.caption(t(join_sentences([mark("At most {count} students.", count=MAX_STUDENTS), RESTARTS])))


def _end(current: Membership) -> None:
    leave()
    CLASSROOMS.end(current.classroom)


@st.fragment
def teacher_bar() -> None:
    """The hands of a teacher above every other page."""
    current = membership()
    if current is None or current.seat is not None:
        st.rerun()
        return
    with st.container(horizontal=True, key="class_bar", vertical_alignment="center"):
        st.markdown(t("Your class **{code}**", code=current.classroom.code))
        st.page_link(CLASS, label=t("The wall"), icon=":material/grid_view:")
        hands(current, "bar")

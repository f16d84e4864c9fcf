"""The page on which a student joins a class."""

from __future__ import annotations

import streamlit as st

from playground.classroom.codes import parse_code
from playground.classroom.membership_view import Membership, attempts, enter, leave, membership
from playground.classroom.nicknames import ANIMALS, MAX_NICKNAME_CHARS, choose_animal, clean_nickname
from playground.classroom.registry import CLASSROOMS
from playground.classroom.student_view import VISIBLE
from playground.errors import PlaygroundError
from playground.language import t
from playground.web.address import page_address
from playground.web.components import class_news
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.run_link import link_query, step_query
from playground.web.session import session

JOINED = "class_joined"


def join_page() -> None:
    """A code, a nickname, and what the teacher will see."""
    if st.session_state.pop(JOINED, False):
        st.switch_page(PLAYGROUND)
    st.title(t("Join a class"))
    current = membership()
    if current is not None and current.seat is not None:
        st.success(
            t(
                "You are in class {code} as {nickname}.",
                code=current.classroom.code,
                nickname=escape_markdown(current.seat.nickname),
            )
        )
        st.page_link(PLAYGROUND, label=t("Go to the playground"), icon=":material/arrow_forward:")
        return
    if current is not None:
        st.info(t("In this browser you are the teacher of class {code}.", code=current.classroom.code))
    linked = str(st.query_params.get("class", ""))[:80]
    with st.form("class_join", border=False, width=420):
        code = st.text_input(
            t("Code of the class"),
            value=linked.partition(".")[0],
            key="class_code_typed",
            max_chars=16,
            placeholder="BCD FGH",
            help=t("Six letters, on your teacher's screen; spaces and small letters do not matter."),
            autocomplete="off",
        )
        nickname = st.text_input(
            t("Nickname"),
            key="class_nickname",
            max_chars=MAX_NICKNAME_CHARS,
            placeholder=t("or leave it empty for an animal's name, such as {animal}", animal=ANIMALS[0]),
            autocomplete="off",
            help=t("What your teacher sees; it need not be your name."),
        )
        st.caption(t(VISIBLE))
        if st.form_submit_button(t("Join"), key="class_join_go", type="primary", icon=":material/login:"):
            _join(code, linked, nickname)


def _join(typed: str, linked: str, nickname: str) -> None:
    same = linked.partition(".")[0] == typed.strip()
    try:
        code, _ = parse_code(typed)
        if CLASSROOMS.is_elsewhere(code) and not same:
            now = session()
            there = page_address("join", link_query(now) | step_query(now) | {"class": code})
            data = {"class": "", "token": "", "news": "", "cookies": {}, "move": there}
            class_news(data, key="class_move", on_news=lambda: None)
            st.info(t("One moment: this class is looked for on another server."), icon=":material/sync:")
            return
        classroom = CLASSROOMS.find_typed(linked if same else typed, attempts())
        names = [seat.nickname for seat in classroom.seats]
        seat = classroom.join(clean_nickname(nickname) or t(choose_animal(names)))
    except PlaygroundError as error:
        st.error(escape_markdown(t(error.sentence)), icon=":material/error:")
        return
    leave()
    enter(Membership(classroom, seat))
    st.session_state[JOINED] = True
    st.rerun()

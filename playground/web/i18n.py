"""The visitor's language: what the link asks for, else what was chosen before, else the browser's own."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

import streamlit as st

from playground.language import LANGUAGES, SOURCE_LANGUAGE, follow_visitor, match_language
from playground.web.compat.script_run import runs_script

PARAMETER = "lang"
"""Of a link."""
COOKIE = "playground_language"
"""What the browser remembers of the switch."""
KEY, IN_ADDRESS = "language", "language_in_address"


def visitor_language() -> str:
    """The language of whoever this page is drawn for, one of ``LANGUAGES``; English outside of a page's script."""
    if not runs_script():
        return SOURCE_LANGUAGE
    linked = st.query_params.get(PARAMETER, "")
    if linked and st.session_state.get(IN_ADDRESS) != linked:
        st.session_state[IN_ADDRESS], st.session_state[KEY] = linked, match_language([linked])
    if KEY not in st.session_state:
        st.session_state[KEY] = match_language([st.context.cookies.get(COOKIE, ""), st.context.locale or ""])
    return st.session_state[KEY]


def choose_language(language: str) -> None:
    """Show all pages in ``language`` from now on; one that is not there changes nothing."""
    if language in LANGUAGES:
        st.session_state[KEY] = language
        if IN_ADDRESS in st.session_state:
            st.session_state[IN_ADDRESS] = language_tag(language)


def with_language(query: Mapping[str, str]) -> dict[str, str]:
    """``query`` with the language, where a link has asked for one: a reload shows the same."""
    linked = st.session_state.get(IN_ADDRESS)
    return {**query, PARAMETER: linked} if linked else dict(query)


def language_tag(language: str) -> str:
    """``language`` as HTML and links write it: ``zh-CN`` (BCP 47)."""
    return language.replace("_", "-")


def header_language(query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The language for a page that is asked for over HTTP, before there is a session: the same order."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    remembered = cookie.value if cookie else ""
    accepted = [part.partition(";")[0] for part in headers.get("accept-language", "").split(",")]
    return match_language([query.get(PARAMETER, ""), remembered, *accepted[:1]])


follow_visitor(visitor_language)

"""The glossary as a page, and as a card that opens at a word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

import streamlit as st

from playground.glossary import ANCHOR, GLOSSARY, Term
from playground.language import LANGUAGES, Translatable, current_language, mark, t, translate
from playground.web.components import term_cards
from playground.web.components.loader import ADDRESS, VERSION_DIGITS

FILE = re.compile(r"glossary-(\w+)\.json")


@lru_cache(maxsize=len(LANGUAGES))
def glossary_file(language: str) -> tuple[str, bytes]:
    """Every term by name as JSON in ``language``, one of ``LANGUAGES``, for the card, and before it a digest of it."""
    terms = {
        term.name: {
            "label": translate(term.label, language),
            "words": translate(term.explanation, language),
            "where": translate(mark("See it: {page}, {place}", page=page_name(term), place=term.place), language),
            "source": translate(term.source, language),
        }
        for term in GLOSSARY.values()
    }
    body = json.dumps(terms, ensure_ascii=False, separators=(",", ":")).encode()
    return sha256(body).hexdigest()[:VERSION_DIGITS], body


def glossary_address(language: str) -> str:
    """Where the browser finds the terms in ``language``, from the app's root."""
    return f"{ADDRESS}/{glossary_file(language)[0]}/glossary-{language}.json"


def glossary_card() -> None:
    """On a page: whatever links to a term opens its card."""
    term_cards(glossary_address(current_language()), key="glossary_card")


def page_name(term: Term) -> Translatable:
    """What the page is called that shows the term."""
    return PAGE_NAMES[term.page]


PAGE_NAMES = {
    "play/playground": mark("Playground"),
    "play/your_data": mark("Your data"),
    "understand/step": mark("Step by step"),
    "understand/flow": mark("Gradient flow"),
    "understand/race": mark("Race"),
    "understand/landscape": mark("Landscape"),
    "understand/luck": mark("Luck"),
}


def glossary(lesson_button: Callable[[Term], None]) -> None:
    """All terms in the order of the alphabet; a word in the box leaves those that mention it. ``lesson_button`` draws
    what opens a term's lesson."""
    wanted = st.text_input(
        t("Find a word"), key="glossary_find", max_chars=40, help=t("Only terms that mention it are shown.")
    )
    terms = [
        term for term in sorted(GLOSSARY.values(), key=lambda term: t(term.label).lower()) if mentions(term, wanted)
    ]
    if not terms:
        st.info(t("No term mentions it."), icon=":material/info:")
    with st.container(key="glossary_terms"):
        for term in terms:
            with st.container(key=f"term_{term.name}"):
                st.subheader(t(term.label), anchor=f"{ANCHOR}{term.name}".replace("_", "-"))
                formula = f" ${term.formula}$" if term.formula else ""
                st.markdown(t(term.explanation) + formula)
                st.caption(
                    t("Source: {source}", source=term.source)
                    if term.source != "this project"
                    else t("A word of this app.")
                )
                st.page_link(
                    f"pages/{term.page}.py", label=t("{page}: {place}", page=page_name(term), place=term.place)
                )
                if term.lesson:
                    lesson_button(term)


def mentions(term: Term, wanted: str) -> bool:
    """Whether ``wanted`` stands anywhere in the term's words, English ones or those of the page's language."""
    texts = (term.label, term.explanation)
    words = " ".join((*texts, *term.forms, *map(t, texts))).lower()
    return wanted.strip().lower() in words

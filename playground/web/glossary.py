"""The glossary as a page, and as a card that opens at a word."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256

import streamlit as st

from playground.glossary import ANCHOR, GLOSSARY, Term
from playground.language import t
from playground.web.components import term_cards
from playground.web.components.loader import ADDRESS, VERSION_DIGITS

FILE = "glossary.json"


@lru_cache(maxsize=1)
def glossary_file() -> tuple[str, bytes]:
    """Every term by name as JSON, for the card, and before it a digest of it."""
    terms = {
        term.name: {
            "label": t(term.label),
            "words": t(term.explanation),
            "where": t("See it: ") + t(page_name(term)) + ", " + t(term.place),
            "source": t(term.source),
        }
        for term in GLOSSARY.values()
    }
    body = json.dumps(terms, ensure_ascii=False, separators=(",", ":")).encode()
    return sha256(body).hexdigest()[:VERSION_DIGITS], body


def glossary_card() -> None:
    """On a page: whatever links to a term opens its card."""
    term_cards(f"{ADDRESS}/{glossary_file()[0]}/{FILE}", key="glossary_card")


def page_name(term: Term) -> str:
    """What the page is called that shows the term."""
    return PAGE_NAMES[term.page]


PAGE_NAMES = {
    "play/playground": "Playground",
    "play/your_data": "Your data",
    "understand/step": "Step by step",
    "understand/flow": "Gradient flow",
    "understand/race": "Race",
    "understand/landscape": "Landscape",
    "understand/luck": "Luck",
}


def glossary() -> None:
    """All terms in the order of the alphabet; a word in the box leaves those that mention it."""
    wanted = st.text_input(
        t("Find a word"), key="glossary_find", max_chars=40, help=t("Only terms that mention it are shown.")
    )
    terms = [term for term in sorted(GLOSSARY.values(), key=lambda term: term.label.lower()) if mentions(term, wanted)]
    if not terms:
        st.info(t("No term mentions it."), icon=":material/info:")
    with st.container(key="glossary_terms"):
        for term in terms:
            with st.container(key=f"term_{term.name}"):
                st.subheader(t(term.label), anchor=f"{ANCHOR}{term.name}".replace("_", "-"))
                formula = f" ${term.formula}$" if term.formula else ""
                st.markdown(t(term.explanation) + formula)
                st.caption(
                    t("Source: ") + t(term.source) if term.source != "this project" else t("A word of this app.")
                )
                st.page_link(f"pages/{term.page}.py", label=f"{t(page_name(term))}: {t(term.place)}")


def mentions(term: Term, wanted: str) -> bool:
    """Whether ``wanted`` stands anywhere in the term's words."""
    words = " ".join((term.label, term.explanation, *term.forms)).lower()
    return wanted.strip().lower() in words

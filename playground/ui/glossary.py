"""The glossary as a page, and as a card that opens at a word."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256

import streamlit as st
from streamlit.components.v2 import component

from playground.glossary import ANCHOR, GLOSSARY, Term
from playground.stage.loading import ADDRESS, VERSION_DIGITS
from playground.ui.language import t

FILE = "glossary.json"
CARD = """
// A word that links to a term opens a small card beside it: by pointer, by focus and by press. Words are text, never HTML.
let terms;
let card;
let shown = "";
let beside;
const isTerm = (one) => one?.tagName === "A" && /^#term-\\w+$/.test(one.getAttribute("href") || "");
const link = (event) => event.composedPath().find(isTerm);
const element = (tag, name, words) => Object.assign(document.createElement(tag), { className: name, textContent: words });

function hide() {
  card?.remove();
  card = beside = undefined;
  shown = "";
}

async function show(anchor, address) {
  const name = anchor.getAttribute("href").slice("#term-".length);
  if (shown === name && beside === anchor) return;
  hide();
  [shown, beside] = [name, anchor];
  terms ??= fetch(new URL(address, document.baseURI)).then((answer) => answer.json());
  const term = (await terms.catch(() => (terms = undefined)))?.[name];
  if (shown !== name || beside !== anchor) return;
  if (!term || !anchor.isConnected) return hide();
  const style = getComputedStyle(document.querySelector(".stApp"));
  card = element("div", "term-card", "");
  card.setAttribute("role", "tooltip");
  card.style.cssText = `color: ${style.color}; background: ${style.backgroundColor}; font-family: ${style.fontFamily};`;
  card.append(element("strong", "", term.label), element("p", "", term.words), element("small", "", term.where), element("small", "", term.source));
  document.body.append(card);
  place();
}

function place() {
  if (!card || !beside) return;
  const at = beside.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  card.style.top = `${at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

export default function ({ data }) {
  const address = new TextDecoder().decode(data);
  const enter = (event) => {
    const anchor = link(event);
    if (anchor) show(anchor, address);
    else if (card && !event.composedPath().includes(card)) hide();
  };
  const press = (event) => {
    const anchor = link(event);
    if (!anchor) return hide();
    event.preventDefault();
    event.stopPropagation();
    show(anchor, address);
  };
  // Between two places of one component neither pointerover nor focusin leaves it: moves and keys do.
  const key = (event) => {
    if (event.key === "Escape") hide();
    if (event.key !== "Tab" || event.type !== "keyup") return;
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (isTerm(active)) show(active, address);
    else hide();
  };
  document.addEventListener("pointermove", enter);
  document.addEventListener("keyup", key);
  document.addEventListener("click", press, true);
  document.addEventListener("keydown", key);
  document.addEventListener("scroll", place, true);
  return () => {
    hide();
    document.removeEventListener("pointermove", enter);
    document.removeEventListener("keyup", key);
    document.removeEventListener("click", press, true);
    document.removeEventListener("keydown", key);
    document.removeEventListener("scroll", place, true);
  };
}
"""
_card = component("glossary_card", html="<span></span>", js=CARD)


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
    _card(data=f"{ADDRESS}/{glossary_file()[0]}/{FILE}".encode(), key="glossary_card")


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

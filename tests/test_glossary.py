"""The glossary: every term says what it is in plain words, where it comes from and where it is seen; words link to
it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.experiment.links.query import RULES
from playground.glossary import GLOSSARY, Term
from playground.lessons import bundled_lessons
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.presets import PRESETS
from playground.term_links import terms_in, with_links
from playground.web.field_help import rule_help
from playground.web.glossary import PAGE_NAMES, glossary_file, page_name
from tests.test_pages import page

ROOT = Path(__file__).resolve().parents[1]
TESTED = {entry.formula for registry in (ACTIVATIONS, LOSSES, OPTIMIZERS, REGULARIZERS) for entry in registry.values()}
"""Formulas that other tests compute."""


@pytest.mark.parametrize("term", GLOSSARY.values(), ids=lambda term: term.name)
def test_a_term_is_explained_with_its_source_and_its_place(term: Term) -> None:
    assert term.explanation.endswith(".")
    assert 1 <= len(re.findall(r"\.(?= |$)", term.explanation)) <= 2
    assert re.search(r"\b(1[89]|20)\d\d\b", term.source) or term.source == "this project"
    assert (ROOT / "pages" / f"{term.page}.py").is_file()
    assert page_name(term) in (ROOT / "playground" / "web" / "layout.py").read_text(encoding="utf-8")
    assert term.place
    assert not term.formula or term.formula in TESTED


def test_every_lesson_is_named_by_a_term_and_opens_from_it() -> None:
    lessons = {term.lesson for term in GLOSSARY.values() if term.lesson}
    assert lessons == bundled_lessons().keys()
    app = page("understand/glossary")
    app.button(key="term_lesson_loss").click().run()
    opened = app.session_state["session"].lessons.present
    assert opened is not None
    assert opened.lesson.name == "loss"


def test_no_word_means_two_terms() -> None:
    forms = [form.lower() for term in GLOSSARY.values() for form in (term.label, *term.forms)]
    assert len(forms) == len(set(forms))
    assert {term.page for term in GLOSSARY.values()} <= PAGE_NAMES.keys()


def test_the_first_mention_links_and_nothing_else_changes() -> None:
    text = "A batch, and Batch normalisation; $batch loss$ and `loss` and **loss** [loss](x), a loss, a LOSS, glossy."
    linked = with_links(text)
    assert linked == (
        "A [batch](#term-batch), and [Batch normalisation](#term-batch_normalisation); $batch loss$ and `loss` and "
        "**loss** [loss](x), a [loss](#term-loss), a LOSS, glossy."
    )
    assert with_links(linked) == linked.replace("a LOSS", "a [LOSS](#term-loss)"), "links stay as they are"
    assert re.sub(r"\[([^\]]*)\]\(#term-\w+\)", r"\1", linked) == text
    assert "loss" not in with_links("a loss", but=("loss",)).replace("a loss", "")


def test_the_words_of_a_notice_are_found_as_they_are_written() -> None:
    found = terms_in("Half of layer 3's units are dead: no gradient reaches them, and Gradients vanish.")
    assert found == {"units": "unit", "dead": "dead_unit", "gradient": "gradient", "vanish": "vanishing_gradients"}


def test_helps_and_presets_link_their_words() -> None:
    linked = [name for name, rule in RULES.items() if "](#term-" in rule_help(rule)]
    assert {"batch_size", "clip_norm", "dropout", "l1", "shuffle"} <= set(linked)
    assert all("](#term-" in with_links(preset.explanation) for preset in PRESETS.values())


def test_the_card_has_every_term() -> None:
    terms = json.loads(glossary_file("en")[1])
    assert terms.keys() == set(GLOSSARY)
    assert terms["epoch"]["words"] == GLOSSARY["epoch"].explanation


def test_the_page_lists_all_terms_and_finds_one() -> None:
    app: AppTest = page("understand/glossary")
    assert [heading.value for heading in app.subheader] == sorted(
        (term.label for term in GLOSSARY.values()), key=str.lower
    )
    app.text_input(key="glossary_find").set_value("logarithm").run()
    assert [heading.value for heading in app.subheader] == ["Cross-entropy"]
    app.text_input(key="glossary_find").set_value("<b>").run()
    assert not app.subheader
    assert not app.exception

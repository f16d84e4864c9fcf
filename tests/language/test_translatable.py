"""Text that remembers its template is said in another language when it is shown, and is English to all others."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.language import (
    NumberText,
    Translatable,
    current_language,
    follow_visitor,
    join_items,
    join_sentences,
    language_name,
    mark,
    mark_in_context,
    mark_plural,
    match_language,
    t,
    t_plural,
    translate,
    translate_tree,
    use_language,
)
from tests.language.conftest import polish


def test_it_is_the_english_text_to_whoever_does_not_translate() -> None:
    text = mark("{name} must be at most {limit}.", name=mark("learning rate"), limit=10)
    assert text == "learning rate must be at most 10."
    assert hash(text) == hash("learning rate must be at most 10.")
    assert json.loads(json.dumps({"text": text})) == {"text": "learning rate must be at most 10."}
    assert str(PlaygroundError(text)) == text
    assert type(t(text)) is str


def test_template_and_marked_values_are_translated_and_users_text_is_not() -> None:
    assert polish(mark("{name} must be at most {limit}.", name=mark("learning rate"), limit=10)) == (
        "Höchstens 10 darf Lernrate sein."
    )
    assert polish(mark("{name} must be at most {limit}.", name="learning rate", limit=10)) == (
        "Höchstens 10 darf learning rate sein."
    )


@pytest.mark.parametrize(
    ("value", "english", "other"),
    [(1234567, "1,234,567 steps", "1.234.567 Schritte"), (1234.25, "1,234.25 steps", "1.234,25 Schritte")],
)
def test_numbers_are_written_as_the_language_writes_them(value: float, english: str, other: str) -> None:
    text = mark("{step:,} steps", step=value)
    assert (str(text), polish(text)) == (english, other)


def test_a_number_that_is_written_already_changes_its_signs_alone() -> None:
    assert polish(mark("{step:} steps", step=NumberText("1,234.5e−3"))) == "1.234,5e−3 steps"


@pytest.mark.parametrize(
    ("count", "english", "other"),
    [(1, "1 unit", "1 jednostka"), (3, "3 units", "3 jednostki"), (5, "5 units", "5 jednostek"), (0, "0 units", None)],
)
def test_each_language_has_its_own_plural_forms(count: int, english: str, other: str | None) -> None:
    text = mark_plural("{count} unit", "{count} units", count)
    assert str(text) == english
    assert polish(text) == (other or "0 jednostek")


def test_both_sides_of_a_sum_stay_translatable() -> None:
    assert polish("x: " + mark("learning rate") + "!") == "x: Lernrate!"
    assert str("x: " + mark("learning rate") + "!") == "x: learning rate!"


@pytest.mark.parametrize(
    ("items", "english", "other"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a or b", "a oder b"),
        (["a", "b", "c", mark("learning rate")], "a, b, c or learning rate", "a; b; c oder Lernrate"),
    ],
)
def test_lists_are_joined_as_the_language_does(items: list[str], english: str, other: str) -> None:
    text = join_items(items, "or")
    assert (str(text), polish(text)) == (english, other)


@pytest.mark.parametrize(
    ("sentences", "english", "other"),
    [
        ([], "", ""),
        (["A."], "A.", "A."),
        (["A.", mark("learning rate"), "C."], "A. learning rate C.", "A. – Lernrate – C."),
    ],
)
def test_sentences_are_set_apart_as_the_language_does(sentences: list[str], english: str, other: str) -> None:
    text = join_sentences(sentences)
    assert (str(text), polish(text)) == (english, other)


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("Adam", 3, "Adam 现在是 3。"),
        (mark("momentum"), 3, "动量现在是 3。"),
        (mark("momentum"), mark("even"), "动量现在是偶数。"),
        ("Adam", "“偶数”", "Adam 现在是“偶数”。"),
        ("两 个", " 三", "两 个现在是  三。"),
    ],
)
def test_no_space_stands_between_han_characters_of_a_text_and_of_its_value(
    name: str, value: object, other: str
) -> None:
    """A template has spaces for values in Latin letters; what stands within a value is its own."""
    text = mark("{name} is {value} now.", name=name, value=value)
    assert str(text) == f"{name} is {value} now."
    assert polish(text) == other


def test_a_text_that_is_marked_again_keeps_its_context() -> None:
    text = mark_in_context("section", "Play")
    assert mark(text) is text


@given(st.lists(st.text(), max_size=6))
def test_no_item_is_taken_for_a_template(items: list[str]) -> None:
    assert str(join_items(items)) == polish(join_items(items)).replace("; ", ", ") or any(
        "; " in item for item in items
    )


def test_a_copy_can_be_translated_as_well() -> None:
    for text in (
        mark("{step:,} steps", step=1),
        "x" + mark("learning rate"),
        NumberText("1.5"),
        mark("learning rate").capitalized,
        mark_plural("{count} unit", "{count} units", 3),
    ):
        again = copy.deepcopy(text)
        assert (str(again), polish(again)) == (str(text), polish(text))
        assert isinstance(again, Translatable)


def test_the_first_letter_is_a_capital_in_every_language() -> None:
    text = mark("learning rate").capitalized
    assert (str(text), polish(text)) == ("Learning rate", "Lernrate")


def test_a_text_without_a_translation_stays_english() -> None:
    assert polish(mark("nobody {did} this", did="translated")) == "nobody translated this"
    assert translate("", "pl") == ""


def test_a_tree_of_json_has_its_marked_texts_translated() -> None:
    tree = {"learning rate": ["learning rate", (mark("learning rate"), 1, None, True)]}
    assert translate_tree(tree, "pl") == {"learning rate": ["learning rate", ["Lernrate", 1, None, True]]}
    assert translate_tree(tree, "en") is tree


def test_the_language_is_that_of_the_work_at_hand_else_the_visitors() -> None:
    assert t("learning rate") == "learning rate"
    with use_language("pl"):
        assert t("learning rate") == "Lernrate"
        assert t_plural("{count} unit", "{count} units", 2) == "2 jednostki"
        with use_language("en"):
            assert t("{step:,} steps", step=1000) == "1,000 steps"
        assert current_language() == "pl"
    assert current_language() == "en"


def test_where_none_is_set_the_visitor_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.language.current._visitor_language", lambda: "en")
    follow_visitor(lambda: "pl")
    assert t("learning rate") == "Lernrate"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["pl"], "pl"),
        (["pl-PL"], "pl"),
        (["pl_PL.UTF-8"], "pl"),
        (["C.UTF-8", "pl"], "pl"),
        (["", "en-GB", "pl"], "en"),
        (["xx", ""], "en"),
        ([], "en"),
    ],
)
def test_a_wish_is_matched_by_its_whole_code_or_its_first_part(
    monkeypatch: pytest.MonkeyPatch, wanted: list[str], language: str
) -> None:
    monkeypatch.setattr("playground.language.catalogue.LANGUAGES", ("en", "pl"))
    assert match_language(wanted) == language


def test_a_language_says_its_own_name() -> None:
    assert language_name("pl") == "Polski"
    assert language_name("en") == "English"

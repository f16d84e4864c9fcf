"""Pages say everything in the visitor's language, from what was marked where it is written."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from playground.analysis.landscape.page import off_words
from playground.analysis.race.page import comparison_words
from playground.analysis.seeds.figures import final_figure
from playground.datasets.tabular.choices import DECIMALS, DELIMITERS, RARE_DELIMITERS, THOUSANDS
from playground.datasets.tabular.column_kinds import Kind
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.fields import CountedSentence
from playground.experiment.links.query import RULES
from playground.glossary import GLOSSARY
from playground.language import NumberText, Translatable, catalogue, mark, translate, use_language
from playground.stage.settings import choices, knob_words
from playground.web.field_names import name_field
from playground.web.fields import percent_format
from playground.web.glossary import glossary_address, glossary_file, mentions
from playground.web.opened_run import link_notes
from playground.web.session import with_label
from playground.web.stage_files import _computed_file
from playground.web.summaries import data_summary, network_summary
from playground.web.theme_choice import menu_items
from playground.workspace.gallery import first_sentence
from playground.workspace.upload import KINDS, OPTION_LABELS

WORDS: dict[str | tuple[str, str], str | tuple[str, ...]] = {
    "1,234.5": "1.234,5",
    "{number} %": "{number}\u00a0%",
    "{name} must be from {low} to {high}, not {value}.": "{name}: {low} bis {high}, nicht {value}.",
    "{name} is taken as {value}: {why}": "{name} wird zu {value}: {why}",
    "Learning rate": "Lernrate",
    "Not all of the link could be taken as it stands.": "Der Link gilt nicht ganz.",
    "no hidden layer": "keine Zwischenschicht",
    "{share} to train": "{share} zum Lernen",
    "Overfitting": "Überanpassung",
    "solved": "gelöst",
    "{loss} at the end": "{loss} am Ende",
}
LANGUAGE = "de"


@pytest.fixture
def german(tmp_path: typing.Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of a few words, and texts in it."""
    words = Catalog(locale=LANGUAGE, fuzzy=False)
    for text, translation in WORDS.items():
        words.add(text, translation)
    path = tmp_path / LANGUAGE / "LC_MESSAGES" / "playground.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, words)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    caches = (catalogue.load_catalogue, catalogue.number_signs, glossary_file)
    for cached in caches:
        cached.cache_clear()
    with use_language(LANGUAGE):
        yield
    for cached in caches:
        cached.cache_clear()


def error_of(**values: object) -> PlaygroundError:
    with pytest.raises(PlaygroundError) as raised:
        Experiment.of(**values)
    return raised.value


def test_a_field_in_an_error_is_called_by_its_label_in_every_language(german: None) -> None:
    sentence = with_label(error_of(learning_rate=50.5))
    assert sentence == "Learning rate must be from 0 to 10, not 50.5."
    assert translate(sentence) == "Lernrate: 0 bis 10, nicht 50,5."


def test_a_sentence_within_a_sentence_names_the_field_without_a_capital_in_english_alone(german: None) -> None:
    why = mark("{name} must be from {low} to {high}, not {value}.", name="learning_rate", low=0, high=10, value=50)
    note = mark("{name} is taken as {value}: {why}", name="learning_rate", value=NumberText("10"), why=why)
    (whole,) = link_notes([note])
    assert whole == (
        "Not all of the link could be taken as it stands. "
        "Learning rate is taken as 10: learning rate must be from 0 to 10, not 50."
    )
    assert translate(whole) == ("Der Link gilt nicht ganz. Lernrate wird zu 10: Lernrate: 0 bis 10, nicht 50.")


def test_a_sentence_that_counts_others_keeps_its_label() -> None:
    sentence = CountedSentence(mark("{name} must be a list.", name="features"), 3)
    named = name_field(sentence, "features", RULES["features"].label)
    assert isinstance(named, CountedSentence)
    assert named == f"{RULES['features'].label} must be a list (and 3 more)."


def test_a_summary_is_in_the_language_and_its_numbers_are(german: None) -> None:
    experiment = Experiment.of(hidden=[])
    assert network_summary(experiment).startswith("keine Zwischenschicht")
    assert "50\u00a0% zum Lernen" in data_summary(experiment)


def test_a_slider_in_per_cent_has_the_language_s_per_cent_and_a_format_that_the_browser_reads(german: None) -> None:
    assert percent_format(1) == "%.1f\u00a0%%"
    assert percent_format(1) % 12.5 == "12.5\u00a0%"
    with use_language("en"):
        assert percent_format(0) == "%.0f %%"


def test_what_stands_on_saved_pictures_stays_translatable() -> None:
    experiment = Experiment()
    for words in (choices(experiment), knob_words(experiment, experiment.knobs)):
        assert isinstance(words, Translatable)
        assert "{" not in words
    assert knob_words(experiment, experiment.knobs).in_language("de").startswith(f"{RULES['learning_rate'].label} ")


def test_a_figure_is_drawn_in_the_language_with_its_signs(german: None) -> None:
    figure = final_figure(np.array([0.1, 0.2]), np.array([True, True]), "Verlust")
    assert figure.to_dict()["data"][0]["name"] == "gelöst"
    assert figure.to_dict()["layout"]["xaxis"]["title"]["text"] == "Verlust am Ende"
    assert figure.to_dict()["layout"]["separators"] == ",."


def test_every_option_and_every_kind_of_column_has_a_marked_name() -> None:
    signs = (DELIMITERS, RARE_DELIMITERS, DECIMALS, THOUSANDS)
    assert set(OPTION_LABELS) == {name for names in signs for name in names}
    assert set(KINDS) == set(typing.get_args(Kind))
    assert all(isinstance(words, Translatable) for words in (*OPTION_LABELS.values(), *KINDS.values()))


@pytest.mark.parametrize("view", ["one", "many"])
@pytest.mark.parametrize("kind", ["optimizers", "rates", "schedules"])
@pytest.mark.parametrize("searched", [True, False])
def test_what_is_compared_is_whole_sentences(view: str, kind: str, *, searched: bool) -> None:
    words = comparison_words(view, kind, searched)
    assert isinstance(words, Translatable)
    assert words.startswith("Here ")
    assert words.endswith(".")


@pytest.mark.parametrize("off", [0.0, 1e-4, 0.05, 0.5, 0.999])
def test_how_far_the_way_lies_off_is_a_marked_sentence(off: float) -> None:
    assert isinstance(off_words(off), Translatable)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Only one.", "Only one."),
        ("一个。两个。", "一个。"),
        ("at 0.5 it holds. So", "at 0.5 it holds."),
    ],
)
def test_a_card_of_the_gallery_says_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_a_term_is_found_by_its_english_word_and_by_the_page_s(german: None) -> None:
    term = GLOSSARY["overfitting"]
    assert mentions(term, "overfit")
    assert mentions(term, "überanpass")
    assert not mentions(term, "no such word")
    with use_language("en"):
        assert not mentions(term, "überanpass")


def test_each_language_has_its_own_file_of_terms(german: None, monkeypatch: pytest.MonkeyPatch) -> None:
    english, other = (json.loads(glossary_file(language)[1]) for language in ("en", LANGUAGE))
    assert english.keys() == other.keys() == set(GLOSSARY)
    assert (english["overfitting"]["label"], other["overfitting"]["label"]) == ("Overfitting", "Überanpassung")
    assert glossary_address("en") != glossary_address(LANGUAGE)
    monkeypatch.setattr("playground.web.stage_files.LANGUAGES", ("en", LANGUAGE))
    assert _computed_file(f"glossary-{LANGUAGE}.json") == glossary_file(LANGUAGE)
    assert _computed_file("glossary-xx.json")[1] is None


def test_the_menu_is_made_for_each_visitor(german: None) -> None:
    assert "Neural Playground" in str(menu_items()["About"])

"""A made-up catalogue: German numbers and words, Polish plurals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from playground.language import catalogue
from playground.language.translatable import Translatable

WORDS: dict[str | tuple[str, str], str | tuple[str, ...]] = {
    "1,234.5": "1.234,5",
    "English": "Polski",
    "learning rate": "Lernrate",
    "{name} must be at most {limit}.": "Höchstens {limit} darf {name} sein.",
    "{step:,} steps": "{step:,} Schritte",
    "{first}, {rest}": "{first}; {rest}",
    "{first} or {last}": "{first} oder {last}",
    " (and {others} more)": " (und {others} weitere)",
    "batches, mini-batch": "批样，小批量",
    "Step": "步",
    "{sentence} {next_sentence}": "{sentence} – {next_sentence}",
    "{name} is {value} now.": "{name} 现在是 {value}。",
    "momentum": "动量",
    "even": "偶数",
    ("{count} unit", "{count} units"): ("{count} jednostka", "{count} jednostki", "{count} jednostek"),
}


@pytest.fixture(autouse=True)
def made_up_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The code of the catalogue's language."""
    words = Catalog(locale="pl", fuzzy=False)
    for text, translation in WORDS.items():
        words.add(text, translation)
    path = tmp_path / "pl" / "LC_MESSAGES" / "playground.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, words)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    monkeypatch.setattr(catalogue, "LANGUAGES", ("en", "pl"))
    for cached in (catalogue.load_catalogue, catalogue.number_signs):
        cached.cache_clear()
    yield "pl"
    for cached in (catalogue.load_catalogue, catalogue.number_signs):
        cached.cache_clear()


def polish(text: str) -> str:
    """``text`` in the made-up language."""
    return text.in_language("pl") if isinstance(text, Translatable) else text

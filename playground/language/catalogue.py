"""The catalogues: a folder a language under ``playground/locales``, made from its one ``playground.po``.

A catalogue also says how its language writes numbers, by translating a sample of one, and what it calls itself.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE_LANGUAGE = "en"
"""The language that the texts are written in: it has no catalogue."""
LOCALES = Path(__file__).resolve().parents[1] / "locales"
DOMAIN = "playground"

LANGUAGE_NAME = "English"
"""Each catalogue translates this into the name of its own language."""
SAMPLE_NUMBER = "1,234.5"
"""Each catalogue translates this into the same number as its language writes it."""


def _find_languages() -> tuple[str, ...]:
    compiled = sorted(path.parents[1].name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE_LANGUAGE, *compiled)


LANGUAGES = _find_languages()
"""Codes of the languages that are there, as folders are called: ``en``, ``zh_CN``."""


@cache
def load_catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of ``language``; one that leaves everything as it is where there is none."""
    return gettext.translation(DOMAIN, localedir=LOCALES, languages=[language], fallback=True)


def language_name(language: str) -> str:
    """What ``language`` calls itself."""
    return load_catalogue(language).gettext(LANGUAGE_NAME)


@cache
def number_signs(language: str) -> dict[int, str]:
    """For ``str.translate``: the comma and the point of an English number to those of ``language``."""
    sample = load_catalogue(language).gettext(SAMPLE_NUMBER)
    return {ord(","): sample[1:-5], ord("."): sample[-2]}


def match_language(wanted: Iterable[str]) -> str:
    """The first of the languages ``wanted`` (``zh-CN``, ``zh_Hans``, ``zh``) that is there, by its whole code or by its
    first part; the source language where none is."""
    for name in wanted:
        code = name.strip().replace("-", "_").partition(".")[0].partition("@")[0].lower()
        whole = [language for language in LANGUAGES if language.lower() == code]
        base = code.partition("_")[0]
        if matches := whole or [language for language in LANGUAGES if language.lower().partition("_")[0] == base]:
            return matches[0]
    return SOURCE_LANGUAGE

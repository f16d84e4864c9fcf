"""All words that a user sees pass through here: one translation object a run, English first."""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[1] / "locales"
LANGUAGES = ("en",)

STAGE_WORDS = ("Play",)


@lru_cache(maxsize=len(LANGUAGES))
def translation(language: str = "en") -> gettext.NullTranslations:
    """The catalogue of a language; the English words themselves where there is none."""
    return gettext.translation("playground", localedir=LOCALES, languages=[language], fallback=True)


def t(text: str, language: str = "en") -> str:
    """``text`` in the visitor's language."""
    return translation(language).gettext(text)


def stage_words(language: str = "en") -> dict[str, str]:
    """The stage's words: English to the visitor's language, only where they differ."""
    return {word: t(word, language) for word in STAGE_WORDS if t(word, language) != word}

"""Texts in the language of whoever reads them: the last thing that is done with a text."""

from __future__ import annotations

from typing import Any

from playground.language.catalogue import SOURCE_LANGUAGE, load_catalogue
from playground.language.current import current_language
from playground.language.translatable import Translatable, mark, mark_plural


def t(text: str, /, **values: Any) -> str:
    """``text``, a literal or what ``mark`` has made, in the current language, with ``values`` in its ``{name}``
    places."""
    return translate(mark(text, **values) if values else text)


def t_plural(singular: str, plural: str, /, count: int, **values: Any) -> str:
    """``singular`` for one, ``plural`` for another ``count``, in the current language."""
    return translate(mark_plural(singular, plural, count, **values))


def translate(text: str, language: str = "") -> str:
    """``text`` in ``language``, the current one where none is named; a plain ``str`` is looked up as it is."""
    language = language or current_language()
    if language == SOURCE_LANGUAGE or not text:
        return str(text)
    if isinstance(text, Translatable):
        return text.in_language(language)
    return load_catalogue(language).gettext(text)


def translate_tree(value: Any, language: str = "") -> Any:
    """Plain JSON values with each translatable text in them in ``language``; all other texts stay as they are."""
    language = language or current_language()
    if language == SOURCE_LANGUAGE:
        return value
    if isinstance(value, Translatable):
        return value.in_language(language)
    if isinstance(value, dict):
        return {name: translate_tree(item, language) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [translate_tree(item, language) for item in value]
    return value

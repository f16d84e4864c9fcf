"""Text that remembers how it was made, so that it can be said in another language when it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import reduce
from string import Formatter
from typing import Any, Literal, SupportsIndex

from playground.language.catalogue import SOURCE_LANGUAGE, load_catalogue, number_signs


class Translatable(str):
    """English text with the ``template`` and ``values`` that it was made of.

    It is a ``str``: to whoever knows nothing of languages it is the English sentence. ``plural``: the template for
    another ``quantity`` than one; "" where there is none. ``+`` keeps both sides translatable; an f-string or
    ``str.join`` makes an English text of it, so write ``mark("... {part} ...", part=part)`` and ``join_items``.
    """

    template: str
    plural: str
    quantity: int
    values: Mapping[str, Any]

    def __new__(
        cls, template: str, values: Mapping[str, Any] | None = None, *, plural: str = "", count: int = 1
    ) -> Translatable:
        english = template if not plural or count == 1 else plural
        self = super().__new__(cls, format_template(english, values, SOURCE_LANGUAGE) if values else english)
        self.template, self.plural, self.quantity, self.values = template, plural, count, values or {}
        return self

    def in_language(self, language: str) -> str:
        """The text in ``language``; in English where its catalogue lacks it."""
        catalogue = load_catalogue(language)
        text = catalogue.ngettext(self.template, self.plural, self.quantity) if self.plural else ""
        text = text or (catalogue.gettext(self.template) if self.template else "")
        return format_template(text, self.values, language) if self.values else text

    def __add__(self, other: str) -> Translatable:
        return _Joined((self, other))

    def __radd__(self, other: str) -> Translatable:
        return _Joined((other, self))

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return _restore, (self.template, dict(self.values), self.plural, self.quantity)

    @property
    def capitalized(self) -> Translatable:
        """The same text as the beginning of a sentence."""
        return _Capitalized(self)


def _restore(template: str, values: Mapping[str, Any], plural: str, count: int) -> Translatable:
    return Translatable(template, values, plural=plural, count=count)


class _Joined(Translatable):
    """Texts one after another."""

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> _Joined:
        parts = tuple(parts)
        self = str.__new__(cls, "".join(str(part) for part in parts))
        self.template, self.plural, self.quantity, self.values, self.parts = str(self), "", 1, {}, parts
        return self

    def in_language(self, language: str) -> str:
        return "".join(in_language(part, language) for part in self.parts)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return _Joined, (self.parts,)


class _Capitalized(Translatable):
    """A text whose first letter is a capital."""

    text: Translatable

    def __new__(cls, text: Translatable) -> _Capitalized:
        self = str.__new__(cls, capitalize(text))
        self.template, self.plural, self.quantity, self.values, self.text = str(self), "", 1, {}, text
        return self

    def in_language(self, language: str) -> str:
        return capitalize(self.text.in_language(language))

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return _Capitalized, (self.text,)


class NumberText(Translatable):
    """A number that is written already, with a decimal point and commas between thousands: only its signs change."""

    def __new__(cls, text: str) -> NumberText:
        self = str.__new__(cls, text)
        self.template, self.plural, self.quantity, self.values = text, "", 1, {}
        return self

    def in_language(self, language: str) -> str:
        return str(self).translate(number_signs(language))

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return NumberText, (str(self),)


class _InContext(Translatable):
    """A text that is another one elsewhere, though its English is the same."""

    context: str

    def __new__(cls, context: str, text: str) -> _InContext:
        self = str.__new__(cls, text)
        self.template, self.plural, self.quantity, self.values, self.context = text, "", 1, {}, context
        return self

    def in_language(self, language: str) -> str:
        return load_catalogue(language).pgettext(self.context, self.template)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return _InContext, (self.context, self.template)


def mark_in_context(context: str, text: str, /) -> Translatable:
    """``text``, a literal whose English means something else in another place; ``context``: one word for this place."""
    return _InContext(context, text)


def mark(text: str, /, **values: Any) -> Translatable:
    """``text``, a literal, to be translated when it is shown; ``values`` fill its ``{name}`` places.

    A value may be translatable itself; a number is written as the language writes numbers, under the place's format
    (``{step:,}``); any other text stays as it is, since it is the user's.
    """
    if not values and isinstance(text, Translatable):
        return text  # with its context, if it has one
    return Translatable(text, values)


def mark_plural(singular: str, plural: str, /, count: int, **values: Any) -> Translatable:
    """``singular`` for one, ``plural`` for any other ``count``, itself a value that the templates may name."""
    return Translatable(singular, {"count": count, **values}, plural=plural, count=count)


def join_items(items: Iterable[str], last: Literal["and", "or", ""] = "") -> Translatable:
    """``a, b or c`` as a language writes such a list; ``last``: what stands before the last of several items."""
    parts = [item if isinstance(item, Translatable) else _Joined((item,)) for item in items]
    if not parts:
        return _Joined(())
    *before, text = parts
    if before and last:
        first = before.pop()
        text = (
            mark("{first} and {last}", first=first, last=text)
            if last == "and"
            else mark("{first} or {last}", first=first, last=text)
        )
    for item in reversed(before):
        text = mark("{first}, {rest}", first=item, rest=text)
    return text


def join_sentences(sentences: Iterable[str]) -> Translatable:
    """Sentences one after another, set apart as a language does."""
    parts = [sentence if isinstance(sentence, Translatable) else _Joined((sentence,)) for sentence in sentences]
    if not parts:
        return _Joined(())
    return reduce(lambda first, second: mark("{sentence} {next_sentence}", sentence=first, next_sentence=second), parts)


def in_language(text: str, language: str) -> str:
    """``text`` in ``language``, as it is where it is not translatable."""
    return text.in_language(language) if isinstance(text, Translatable) else text


def capitalize(text: str) -> str:
    """``text`` with a capital as its first letter, all else as it is."""
    return text[:1].upper() + text[1:]


HAN = re.compile("[“”\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
"""Chinese characters and their punctuation, which stand without spaces between them."""


def join_without_gap(text: str, continuation: str) -> str:
    """``text`` and its ``continuation``, without the space between them where Han characters meet: a template has it
    for values in Latin letters."""
    if HAN.match(continuation[:1]) and text[-1:] == " " and HAN.match(text[-2:-1]):
        return text[:-1] + continuation
    if HAN.match(text[-1:]) and continuation[:1] == " " and HAN.match(continuation[1:2]):
        return text + continuation[1:]
    return text + continuation


class _LanguageFormatter(Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """``template`` with its places filled, without gaps between Han characters."""
        if self.language == SOURCE_LANGUAGE:
            return self.vformat(template, (), values)
        text = ""
        for literal, name, format_spec, conversion in self.parse(template):
            text = join_without_gap(text, literal)
            if name is not None:
                value = self.convert_field(self.get_field(name, (), values)[0], conversion)
                text = join_without_gap(text, self.format_field(value, format_spec or ""))
        return text

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Translatable):
            value = str(value) if self.language == SOURCE_LANGUAGE else value.in_language(self.language)
        text = format(value, format_spec)
        is_number = not isinstance(value, str | bool) and hasattr(value, "__round__")
        return text.translate(number_signs(self.language)) if is_number else text


def format_template(template: str, values: Mapping[str, Any] | None, language: str) -> str:
    """``template`` with its places filled, numbers and translatable values as ``language`` has them."""
    return _LanguageFormatter(language).fill(template, values or {})

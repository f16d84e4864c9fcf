"""The value of a field as a link writes it: read as it stands, or put right where only one thing can be meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote_plus

from playground.datasets.features import FEATURES
from playground.datasets.formula import parse_formula
from playground.errors import PlaygroundError
from playground.experiment.fields import (
    Choice,
    Flag,
    Integer,
    Name,
    Number,
    OneOrEach,
    Places,
    Rule,
    Several,
    Text,
    format_value,
    group_digits,
)
from playground.experiment.links.hidden_text import parse_hidden
from playground.experiment.structure import LayerSizes
from playground.language import Translatable, join_items, mark

T = TypeVar("T")
MAX_VALUE = 2000
MAX_PLACES = 10_000
MAX_REPAIRS = 8
"""Of one field that are said one by one; a field that needs more is left out."""
MAX_SHOWN = 60
"""Characters of a value that a sentence shows."""
WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
MINUSES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x3001: ","}
"""Signs of East Asian keyboards, and what they stand for."""
QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
STRAY = ".,;:!?)"
"""What a sentence may leave behind a number."""
LOST_PLUS = re.compile(r"(?<=[eE])\s+(?=\d+\s*$)")
THOUSANDS = re.compile(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))")
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)
COMMAS_OF_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
READ_AS = mark("{name}: {text} is read as {value}.")
READ_WITH_PLUS = mark("{name}: {text} is read as {value}, since a plus sign in an address stands for a space.")
READ_DECODED = mark("{name}: {text} is read as {value}, since it was encoded twice.")
"""What is said of a text that was put right."""


@dataclass(frozen=True, kw_only=True)
class Hundredths(Number):
    """A number that stands in a link as a count of hundredths."""


def read_value(name: str, rule: Rule[Any], text: str) -> tuple[Any, list[str]]:
    """The value of the field ``name`` in a link, checked by ``rule``, and a sentence for each thing that was put right.

    Raises ``PlaygroundError`` about the field for what makes no sense.
    """
    repairs: list[str] = []
    value = _parse(name, rule, within_length(name, rule, text, repairs), repairs)
    return check_value(name, rule, value, repairs), repairs


def check_value(name: str, rule: Rule[T], value: Any, repairs: list[str]) -> T:
    """``value`` as ``rule`` has it, with the nearest that is allowed in the place of what is not; each is said in
    ``repairs``. Raises ``PlaygroundError`` where none is near, or too many are needed."""
    steps: list[str] = []
    for _ in range(MAX_REPAIRS):
        try:
            checked = rule.check(name, value)
        except PlaygroundError as error:
            if error.nearest is None:
                raise
            value = error.nearest
            steps.append(error.sentence)
        else:
            repairs += [replacement_sentence(name, rule, checked, step) for step in steps]
            return checked
    raise PlaygroundError(
        mark("{name} holds more than {limit} things that make no sense.", name=name, limit=MAX_REPAIRS), field=name
    )


def replacement_sentence(name: str, rule: Rule[Any], value: Any, why: str) -> Translatable:
    """What stands for a value that is not allowed."""
    words = in_words(rule, value)
    words = mark("{number} %", number=words) if isinstance(rule, Hundredths) else words
    return mark("{name} is taken as {value}: {why}", name=name, value=words, why=why)


def omission_sentence(name: str, why: str) -> Translatable:
    """A field that no sense could be made of."""
    return mark("{name} is left out: {why}", name=name, why=why)


def in_words(rule: Rule[Any], value: Any) -> str:
    """A value under ``rule`` as a sentence shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = group_digits(value)
        is_share = isinstance(rule, Number) and rule.percent
        return mark("{number} ({percent:g} %)", number=number, percent=100 * value) if is_share else number
    if isinstance(value, list | tuple):
        text = join_items(map(str, value)) or mark("none")
        if isinstance(rule, Places) or len(text) > MAX_SHOWN:
            return mark("the {count:,} that make sense", count=len(value))
        return text
    return value if len(value) <= MAX_SHOWN else mark("its first {count:,} characters", count=len(value))


def within_length(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> str:
    """``text``, or of a list that is too long what is within the length that makes sense; raises for others."""
    most = MAX_PLACES if isinstance(rule, Places) else MAX_VALUE
    if len(text) <= most or isinstance(rule, Text):
        return text
    why = mark(
        "{name} in the link is {chars:,} characters long; at most {limit:,} make sense.",
        name=name,
        chars=len(text),
        limit=most,
    )
    separator = ";" if isinstance(rule, Places) else ","
    end = text.rfind(separator, 0, most + 1)
    if end < 0 or not isinstance(rule, Several | Places):
        raise PlaygroundError(why, field=name)
    repairs.append(mark("{name} is taken up to its limit: {why}", name=name, why=why))
    return text[:end]


def _parse(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> Any:
    """What ``text`` says, in the kind of value that ``rule`` checks."""
    if isinstance(rule, Text):
        return text
    text = _without_damage(name, rule, text, repairs)
    if isinstance(rule, Places):
        return [
            [_number(name, COORDINATE, part, repairs) for part in point.split(",")]
            for point in text.split(";")
            if point.strip()
        ]
    if isinstance(rule, LayerSizes):
        sizes = parse_hidden(text)
        return [_number(name, rule.each, size, repairs) if isinstance(size, str) else size for size in sizes]
    if isinstance(rule, Several):
        return [_parse_element(name, rule.each, part.strip(), repairs) for part in parts_of(text)]
    if isinstance(rule, OneOrEach):
        names = parts_of(text)
        each = [_choice(name, rule.each, part.strip(), repairs) for part in names]
        return each if len(names) != 1 or "," in text else each[0]
    return _single(name, rule, text.strip(), repairs)


def _without_damage(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> str:
    """``text`` decoded, with plain signs, and without quotation marks around it: no setting holds such signs."""
    if ESCAPED.search(text):
        text = _record_repair(name, rule, text, unquote_plus(text), repairs, READ_DECODED)
    plain = text.translate(WIDE).strip().strip(QUOTES)
    return text if plain == text.strip() else _record_repair(name, rule, text, plain, repairs)


def parts_of(text: str) -> list[str]:
    """The parts of a list."""
    return [part for part in re.split(r"[,;]", text) if part.strip()]


def _single(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> Any:
    if isinstance(rule, Integer | Number):
        return _number(name, rule, text, repairs)
    if isinstance(rule, Flag):
        return WORDS.get(text.lower(), text)
    if isinstance(rule, Choice):
        return _choice(name, rule, text, repairs)
    return text


def _parse_element(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> Any:
    if isinstance(rule, Name):
        return restore_plus(name, rule, text, repairs)
    return _single(name, rule, text, repairs)


def restore_plus(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> str:
    """A feature of which blanks were plus signs, where it is a formula with them and none without."""
    if text in FEATURES or len(text.split()) < 2 or _is_parsed(text):
        return text
    formula = "+".join(text.split())
    return _record_repair(name, rule, text, formula, repairs, READ_WITH_PLUS) if _is_parsed(formula) else text


def _is_parsed(text: str) -> bool:
    try:
        parse_formula(text)
    except PlaygroundError:
        return False
    return True


def _choice(name: str, rule: Choice, text: str, repairs: list[str]) -> str:
    """The choice of this name, however its letters and blanks are written."""
    choices = tuple(rule.choices)
    if text in choices:
        return text
    near = [choice for choice in choices if _letters(choice) == _letters(text)]
    return _record_repair(name, rule, text, near[0], repairs) if len(near) == 1 else text


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _number(name: str, rule: Rule[Any], text: str, repairs: list[str]) -> Any:
    """The number that a text is, however its decimals, thousands and per cent are written, where that is certain; else
    the text."""
    plain = LOST_PLUS.sub("+", THOUSANDS.sub("", text.strip().translate(MINUSES)))
    is_share = isinstance(rule, Number) and rule.percent and plain.endswith("%")
    plain = plain.removesuffix("%").rstrip() if is_share else plain
    if COMMAS_OF_THOUSANDS.fullmatch(plain) and (isinstance(rule, Integer) or plain.count(",") > 1):
        plain = plain.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(plain) and not COMMAS_OF_THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", ".")
    number = _parse_number(plain)
    if number is None:
        plain = plain.rstrip(STRAY)
        number = _parse_number(plain)
    if number is None:
        return text
    number = number / 100 if is_share else number
    return number if plain == text.strip() else _record_repair(name, rule, text, number, repairs)


def _parse_number(text: str) -> float | None:
    try:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    except ValueError:
        return None


def _record_repair(
    name: str, rule: Rule[Any], text: str, value: Any, repairs: list[str], sentence: str = READ_AS
) -> Any:
    repairs.append(mark(sentence, name=name, text=format_value(text), value=in_words(rule, value)))
    return value


COORDINATE = Number(low=-100, high=100, label="Coordinate", help="A number.")

"""What a field of an experiment may hold: each rule checks a value, names it in a schema, and explains it in a
control."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import Field, dataclass, field
from typing import Any, Generic, SupportsIndex, TypeVar, cast

from playground.errors import PlaygroundError, unknown_choice
from playground.language import SOURCE_LANGUAGE, NumberText, Translatable, mark, translate
from playground.registry import Entry, Registry

T = TypeVar("T")
RULE = "rule"


class CountedSentence(Translatable):
    """``first``, a sentence, which before its last sign says how many ``others`` are wrong in the same way."""

    first: str
    others: int

    def __new__(cls, first: str, others: int) -> CountedSentence:
        self = str.__new__(cls, _count_others(first, others, SOURCE_LANGUAGE))
        self.template, self.plural, self.quantity, self.values = str(self), "", 1, {}
        self.first, self.others = first, others
        return self

    def in_language(self, language: str) -> str:
        return _count_others(self.first, self.others, language)

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return CountedSentence, (self.first, self.others)


def _count_others(first: str, others: int, language: str) -> str:
    sentence = translate(first, language)
    return sentence[:-1] + translate(mark(" (and {others} more)", others=others), language) + sentence[-1:]


def format_value(value: object) -> str:
    """``value`` as an error sentence shows it: at most 40 characters of its repr, a number in groups of thousands."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return group_digits(value)
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def is_nan(value: object) -> bool:
    """Whether ``value`` is the float that is no number."""
    return isinstance(value, float) and math.isnan(value)


def group_digits(number: float) -> Translatable:
    """``number`` as a sentence shows it: whole ones in groups of thousands, others with six digits that count."""
    if isinstance(number, int) and abs(number) >= 10**20:
        return mark("a very large number")
    if isinstance(number, float) and not (number.is_integer() and abs(number) < 10**15):
        return NumberText(f"{number:g}")
    return NumberText(f"{int(number):,}")


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[T]):
    """A label, an explanation and what is allowed."""

    label: str
    help: str

    def __post_init__(self) -> None:
        for name in ("label", "help"):
            object.__setattr__(self, name, mark(getattr(self, name)))

    def check(self, name: str, value: Any) -> T:
        """``value`` in its own type; raises ``PlaygroundError`` saying what would be right."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the values that are allowed."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Rule[float]):
    """A finite number from ``low`` to ``high``, TeX in ``formula``; ``log``: its slider is logarithmic; ``percent``: it
    is shown in per cent."""

    low: float
    high: float
    log: bool = False
    percent: bool = False
    formula: str = ""

    def check(self, name: str, value: Any) -> float:
        words = {"name": name, "low": group_digits(self.low), "high": group_digits(self.high)}
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlaygroundError(
                mark("{name} must be a number from {low} to {high}, not {value}.", value=format_value(value), **words),
                field=name,
            )
        try:
            number = float(value)
        except OverflowError:
            number = math.inf if value > 0 else -math.inf
        if not self.low <= number <= self.high:
            nearest = None if is_nan(number) else min(max(number, self.low), self.high)
            raise PlaygroundError(
                mark("{name} must be from {low} to {high}, not {value}.", value=format_value(value), **words),
                field=name,
                nearest=nearest,
            )
        return number

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Integer(Rule[int]):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    def check(self, name: str, value: Any) -> int:
        words = {
            "name": name,
            "low": group_digits(self.low),
            "high": group_digits(self.high),
            "value": format_value(value),
        }
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not self.low <= value <= self.high and not is_nan(value):
            nearest = self.low if value < self.low else self.high
            raise PlaygroundError(
                mark("{name} must be from {low} to {high}, not {value}.", **words), field=name, nearest=nearest
            )
        if not is_number or value != value // 1:
            raise PlaygroundError(
                mark("{name} must be a whole number from {low} to {high}, not {value}.", **words), field=name
            )
        return int(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Choice(Rule[str]):
    """The name of one of ``choices``."""

    choices: Iterable[str] | Registry[Any]

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in tuple(self.choices):
            raise unknown_choice(name, value, self.choices, field=name)
        return value

    def entry(self, value: str) -> Entry | None:
        """The registry's entry of ``value``, where the choices are a registry."""
        return self.choices[value] if isinstance(self.choices, Registry) else None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.choices)}


@dataclass(frozen=True, kw_only=True)
class Flag(Rule[bool]):
    """True or false."""

    def check(self, name: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise PlaygroundError(
                mark("{name} must be true or false, not {value}.", name=name, value=format_value(value)), field=name
            )
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Several(Rule[tuple[Any, ...]]):
    """From ``min_count`` to ``most`` values, each under the rule ``each``; ``distinct``: they are a set, written in
    order."""

    each: Rule[Any]
    min_count: int
    max_count: int
    distinct: bool = False

    def check(self, name: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise PlaygroundError(
                mark("{name} must be a list, not {value}.", name=name, value=format_value(value)), field=name
            )
        values = list(value)
        if not self.min_count <= len(values) <= self.max_count:
            raise PlaygroundError(
                mark(
                    "{name} must list {low} to {high} values, not {count:,}.",
                    name=name,
                    low=self.min_count,
                    high=self.max_count,
                    count=len(values),
                ),
                field=name,
                nearest=values[: self.max_count] if len(values) > self.max_count else None,
            )
        checked = check_elements(self.each, name, values, droppable=self.distinct)
        if self.distinct and len(set(checked)) < len(checked):
            raise PlaygroundError(
                mark("{name} names one value twice; name each once.", name=name),
                field=name,
                nearest=list(dict.fromkeys(checked)),
            )
        return tuple(checked)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.each.schema(), "minItems": self.min_count, "maxItems": self.max_count}


@dataclass(frozen=True, kw_only=True)
class OneOrEach(Rule[str | tuple[str, ...]]):
    """One name for all layers, or a list of up to ``most`` with one a layer."""

    each: Choice
    max_count: int

    def check(self, name: str, value: Any) -> str | tuple[str, ...]:
        if isinstance(value, list | tuple):
            if len(value) > self.max_count:
                raise PlaygroundError(
                    mark(
                        "{name} must list at most {high} values, not {count:,}.",
                        name=name,
                        high=self.max_count,
                        count=len(value),
                    ),
                    field=name,
                    nearest=list(value[: self.max_count]),
                )
            return tuple(check_elements(self.each, name, value))
        return self.each.check(name, value)

    def schema(self) -> dict[str, Any]:
        return {
            "oneOf": [self.each.schema(), {"type": "array", "items": self.each.schema(), "maxItems": self.max_count}]
        }


@dataclass(frozen=True, kw_only=True)
class Name(Rule[str]):
    """A text of 1 to 80 characters, such as a column's name."""

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= 80:
            raise PlaygroundError(
                mark("{name} must be names of 1 to 80 characters, not {value}.", name=name, value=format_value(value)),
                field=name,
            )
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 80}


def no_points_sentence(name: str, value: object) -> Translatable:
    """What is wrong with a ``value`` that is no list of points."""
    return mark("{name} must be a list of points [x1, x2, target], not {value}.", name=name, value=format_value(value))


@dataclass(frozen=True, kw_only=True)
class Point(Rule[tuple[float, float, float]]):
    """``(x1, x2, target)``, each within ``-reach`` to ``reach``, kept to three decimals."""

    reach: float

    def check(self, name: str, value: Any) -> tuple[float, float, float]:
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise PlaygroundError(no_points_sentence(name, value), field=name)
        coordinate = Number(low=-self.reach, high=self.reach, label="", help="")
        try:
            x1, x2, target = (round(number, 3) + 0.0 for number in check_elements(coordinate, name, value))
        except PlaygroundError as error:
            sentence = error.sentence.first if isinstance(error.sentence, CountedSentence) else error.sentence
            raise PlaygroundError(sentence, field=name, nearest=error.nearest) from None
        return x1, x2, target

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": -self.reach, "maximum": self.reach}
        return {"type": "array", "items": number, "minItems": 3, "maxItems": 3}


@dataclass(frozen=True, kw_only=True)
class Places(Rule[tuple[tuple[float, float, float], ...]]):
    """Up to ``most`` points ``(x1, x2, target)``, coordinates within ``-reach`` to ``reach``; kept to three
    decimals."""

    max_count: int
    reach: float

    def check(self, name: str, value: Any) -> tuple[tuple[float, float, float], ...]:
        if not isinstance(value, list | tuple):
            raise PlaygroundError(no_points_sentence(name, value), field=name)
        if len(value) > self.max_count:
            raise PlaygroundError(
                mark(
                    "{name} must be at most {high} points, not {count:,}; erase some.",
                    name=name,
                    high=self.max_count,
                    count=len(value),
                ),
                field=name,
                nearest=list(value[: self.max_count]),
            )
        return tuple(check_elements(self._point, name, value, droppable=True))

    @property
    def _point(self) -> Point:
        """The rule of one point."""
        return Point(label="", help="", reach=self.reach)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "maxItems": self.max_count, "items": self._point.schema()}


@dataclass(frozen=True, kw_only=True)
class Text(Rule[str]):
    """Words of at most ``most`` characters; they are shown as they are, never as HTML."""

    max_chars: int

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.max_chars:
            raise PlaygroundError(
                mark("{name} must be a text of at most {high:,} characters.", name=name, high=self.max_chars),
                field=name,
                nearest=value[: self.max_chars] if isinstance(value, str) else None,
            )
        return "".join(character for character in value if character.isprintable() or character == "\n")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_chars}


def check_elements(rule: Rule[T], name: str, values: Sequence[Any], *, droppable: bool = False) -> list[T]:
    """All ``values`` under ``rule``. The error of some that are not allowed has as ``nearest`` the values with the
    nearest in their places, or without them where they are ``droppable`` and others are there."""
    checked: list[T] = []
    repaired: list[Any] = []
    errors: list[PlaygroundError] = []
    for value in values:
        try:
            checked.append(rule.check(name, value))
            repaired.append(value)
        except PlaygroundError as error:
            errors.append(error)
            repaired += [] if error.nearest is None else [error.nearest]
    if errors:
        is_certain = len(repaired) == len(values) or (droppable and repaired)
        raise PlaygroundError(first_sentence(errors), field=name, nearest=repaired if is_certain else None)
    return checked


def first_sentence(errors: Sequence[PlaygroundError]) -> str:
    """The sentence of the first of ``errors``, and how many more there are."""
    sentence = errors[0].sentence
    return CountedSentence(sentence, len(errors) - 1) if len(errors) > 1 else sentence


def checked_field(default: T, rule: Rule[Any]) -> T:
    """A dataclass field with this default, under ``rule``."""
    return cast(T, field(default=default, metadata={RULE: rule}))


def get_rule(field: Field[Any]) -> Rule[Any]:
    """The rule of a field made by ``checked_field``."""
    return field.metadata[RULE]


def check_fields(instance: Any) -> None:
    """Check every field of a frozen dataclass against its rule, in place, and keep the checked value."""
    for name, definition in instance.__dataclass_fields__.items():
        object.__setattr__(instance, name, get_rule(definition).check(name, getattr(instance, name)))

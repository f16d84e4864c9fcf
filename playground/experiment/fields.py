"""What a field of an experiment may hold: each rule checks a value, names it in a schema, and explains it in a
control."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import Field, dataclass, field
from typing import Any, Generic, TypeVar, cast

from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark
from playground.registry import Entry, Registry

T = TypeVar("T")
RULE = "rule"
COUNTED = re.compile(r" \(and \d+ more\)")
"""How a sentence says that others are wrong in the same way."""


def format_value(value: object) -> str:
    """``value`` as an error sentence shows it: at most 40 characters of its repr, a number in groups of thousands."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return group_digits(value)
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def is_nan(value: object) -> bool:
    """Whether ``value`` is the float that is no number."""
    return isinstance(value, float) and math.isnan(value)


def group_digits(number: float) -> str:
    """``number`` as a sentence shows it: whole ones in groups of thousands, others with six digits that count."""
    if isinstance(number, int) and abs(number) >= 10**20:
        return "a very large number"
    if isinstance(number, float) and not (number.is_integer() and abs(number) < 10**15):
        return f"{number:g}"
    return f"{int(number):,}"


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
        limits = f"from {group_digits(self.low)} to {group_digits(self.high)}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlaygroundError(f"{name} must be a number {limits}, not {format_value(value)}.", field=name)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf if value > 0 else -math.inf
        if not self.low <= number <= self.high:
            nearest = None if is_nan(number) else min(max(number, self.low), self.high)
            raise PlaygroundError(f"{name} must be {limits}, not {format_value(value)}.", field=name, nearest=nearest)
        return number

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Integer(Rule[int]):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    def check(self, name: str, value: Any) -> int:
        limits = f"from {group_digits(self.low)} to {group_digits(self.high)}"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not self.low <= value <= self.high and not is_nan(value):
            nearest = self.low if value < self.low else self.high
            raise PlaygroundError(f"{name} must be {limits}, not {format_value(value)}.", field=name, nearest=nearest)
        if not is_number or value != value // 1:
            raise PlaygroundError(f"{name} must be a whole number {limits}, not {format_value(value)}.", field=name)
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
            raise PlaygroundError(f"{name} must be true or false, not {format_value(value)}.", field=name)
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
            raise PlaygroundError(f"{name} must be a list, not {format_value(value)}.", field=name)
        values = list(value)
        if not self.min_count <= len(values) <= self.max_count:
            raise PlaygroundError(
                f"{name} must list {self.min_count} to {self.max_count} values, not {len(values):,}.",
                field=name,
                nearest=values[: self.max_count] if len(values) > self.max_count else None,
            )
        checked = check_elements(self.each, name, values, droppable=self.distinct)
        if self.distinct and len(set(checked)) < len(checked):
            raise PlaygroundError(
                f"{name} names one value twice; name each once.", field=name, nearest=list(dict.fromkeys(checked))
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
                    f"{name} must list at most {self.max_count} values, not {len(value):,}.",
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
            raise PlaygroundError(f"{name} must be names of 1 to 80 characters, not {format_value(value)}.", field=name)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 80}


@dataclass(frozen=True, kw_only=True)
class Point(Rule[tuple[float, float, float]]):
    """``(x1, x2, target)``, each within ``-reach`` to ``reach``, kept to three decimals."""

    reach: float

    def check(self, name: str, value: Any) -> tuple[float, float, float]:
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise PlaygroundError(
                f"{name} must be a list of points [x1, x2, target], not {format_value(value)}.", field=name
            )
        coordinate = Number(low=-self.reach, high=self.reach, label="", help="")
        try:
            x1, x2, target = (round(number, 3) + 0.0 for number in check_elements(coordinate, name, value))
        except PlaygroundError as error:
            raise PlaygroundError(COUNTED.sub("", str(error)), field=name, nearest=error.nearest) from None
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
            raise PlaygroundError(
                f"{name} must be a list of points [x1, x2, target], not {format_value(value)}.", field=name
            )
        if len(value) > self.max_count:
            raise PlaygroundError(
                f"{name} must be at most {self.max_count} points, not {len(value):,}; erase some.",
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
                f"{name} must be a text of at most {self.max_chars:,} characters.",
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
    sentence = str(errors[0])
    others = "" if len(errors) == 1 else f" (and {len(errors) - 1} more)"
    return sentence[:-1] + others + sentence[-1]


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

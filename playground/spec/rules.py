"""What a field of an experiment may hold: each rule checks a value, names it in a schema, and explains it in a control."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import Field, dataclass, field
from typing import Any, Generic, TypeVar, cast

from playground.errors import PlaygroundError, unknown_choice
from playground.registry import Entry, Registry

T = TypeVar("T")
RULE = "rule"


def shown(value: object) -> str:
    """``value`` as an error sentence shows it: at most 40 characters of its repr."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**20 else "a very large number"
    return text if len(text) <= 40 else text[:37] + "..."


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[T]):
    """A label, an explanation and what is allowed."""

    label: str
    help: str

    def check(self, name: str, value: Any) -> T:
        """``value`` in its own type; raises ``PlaygroundError`` saying what would be right."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the values that are allowed."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Rule[float]):
    """A finite number from ``low`` to ``high``, TeX in ``formula``; ``log``: its slider is logarithmic; ``percent``: it is
    shown in per cent."""

    low: float
    high: float
    log: bool = False
    percent: bool = False
    formula: str = ""

    def check(self, name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlaygroundError(f"{name} must be a number from {self.low:g} to {self.high:g}, not {shown(value)}.")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not (math.isfinite(number) and self.low <= number <= self.high):
            raise PlaygroundError(f"{name} must be from {self.low:g} to {self.high:g}, not {shown(value)}.")
        return number

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Integer(Rule[int]):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int

    def check(self, name: str, value: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise PlaygroundError(f"{name} must be a whole number from {self.low} to {self.high}, not {shown(value)}.")
        if not self.low <= value <= self.high:
            raise PlaygroundError(f"{name} must be from {self.low} to {self.high}, not {shown(value)}.")
        return int(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Choice(Rule[str]):
    """The name of one of ``choices``."""

    choices: Iterable[str] | Registry[Any]

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in tuple(self.choices):
            raise unknown_choice(name, value, self.choices)
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
            raise PlaygroundError(f"{name} must be true or false, not {shown(value)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Several(Rule[tuple[Any, ...]]):
    """From ``least`` to ``most`` values, each under the rule ``each``; ``distinct`` forbids repetition."""

    each: Rule[Any]
    least: int
    most: int
    distinct: bool = False

    def check(self, name: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise PlaygroundError(f"{name} must be a list, not {shown(value)}.")
        if not self.least <= len(value) <= self.most:
            raise PlaygroundError(f"{name} must list {self.least} to {self.most} values, not {len(value)}.")
        checked = tuple(self.each.check(name, one) for one in value)
        if self.distinct and len(set(checked)) < len(checked):
            raise PlaygroundError(f"{name} names one value twice; name each once.")
        return checked

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.each.schema(), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True, kw_only=True)
class OneOrEach(Rule[str | tuple[str, ...]]):
    """One name for all layers, or a list of up to ``most`` with one a layer."""

    each: Choice
    most: int

    def check(self, name: str, value: Any) -> str | tuple[str, ...]:
        if isinstance(value, list | tuple):
            if len(value) > self.most:
                raise PlaygroundError(f"{name} must list at most {self.most} values, not {len(value)}.")
            return tuple(self.each.check(name, one) for one in value)
        return self.each.check(name, value)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [self.each.schema(), {"type": "array", "items": self.each.schema(), "maxItems": self.most}]}


@dataclass(frozen=True, kw_only=True)
class Name(Rule[str]):
    """A text of 1 to 80 characters, such as a column's name."""

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= 80:
            raise PlaygroundError(f"{name} must be names of 1 to 80 characters, not {shown(value)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": 80}


@dataclass(frozen=True, kw_only=True)
class Places(Rule[tuple[tuple[float, float, float], ...]]):
    """Up to ``most`` points ``(x1, x2, target)``, coordinates within ``-reach`` to ``reach``; kept to three decimals."""

    most: int
    reach: float

    def check(self, name: str, value: Any) -> tuple[tuple[float, float, float], ...]:
        if not isinstance(value, list | tuple):
            raise PlaygroundError(f"{name} must be a list of points [x1, x2, target], not {shown(value)}.")
        if len(value) > self.most:
            raise PlaygroundError(f"{name} must be at most {self.most} points, not {len(value)}; erase some.")
        coordinate = Number(low=-self.reach, high=self.reach, label="", help="")
        points = []
        for point in value:
            if not isinstance(point, list | tuple) or len(point) != 3:
                raise PlaygroundError(f"{name} must be a list of points [x1, x2, target], not {shown(point)}.")
            x1, x2, target = (round(coordinate.check(name, one), 3) + 0.0 for one in point)
            points.append((x1, x2, target))
        return tuple(points)

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": -self.reach, "maximum": self.reach}
        return {
            "type": "array",
            "maxItems": self.most,
            "items": {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
        }


@dataclass(frozen=True, kw_only=True)
class Text(Rule[str]):
    """Words of at most ``most`` characters; they are shown as they are, never as HTML."""

    most: int

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.most:
            raise PlaygroundError(f"{name} must be a text of at most {self.most} characters.")
        return "".join(one for one in value if one.isprintable() or one == "\n")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most}


def ruled(default: T, rule: Rule[Any]) -> T:
    """A dataclass field with this default, under ``rule``."""
    return cast(T, field(default=default, metadata={RULE: rule}))


def rule_of(one: Field[Any]) -> Rule[Any]:
    """The rule of a field made by ``ruled``."""
    return one.metadata[RULE]


def check_fields(instance: Any) -> None:
    """Check every field of a frozen dataclass against its rule, in place, and keep the checked value."""
    for name, one in instance.__dataclass_fields__.items():
        object.__setattr__(instance, name, rule_of(one).check(name, getattr(instance, name)))

"""Rules of a lesson's fields, beside those of an experiment: texts that must say something, conditions, lists of
records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Generic, TypeVar

from playground.errors import PlaygroundError, unknown_choice
from playground.experiment import Experiment, get_rule, nest
from playground.experiment.fields import Rule, Text, format_value
from playground.experiment.handout_areas import areas_named, controls_named
from playground.experiment.handout_controls import CONTROLS
from playground.experiment.links.query import RULES
from playground.language import mark
from playground.lessons.condition import MAX_CONDITION_CHARS, parse_condition, parse_number

R = TypeVar("R")
MAX_FIELDS = 60
"""Fields of an experiment that a step changes."""


@dataclass(frozen=True, kw_only=True)
class Words(Text):
    """A text that is not empty."""

    def check(self, name: str, value: Any) -> str:
        text = super().check(name, value)
        if not text.strip():
            raise PlaygroundError(
                mark("{name} is missing; write a text of 1 to {limit:,} characters.", name=name, limit=self.max_chars)
            )
        return text

    def schema(self) -> dict[str, Any]:
        return super().schema() | {"minLength": 1}


@dataclass(frozen=True, kw_only=True)
class ConditionText(Rule[str]):
    """A condition, or a number to be read where ``is_number``; "" for none."""

    is_number: bool = False

    def check(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise PlaygroundError(mark("{name} must be a text, not {value}.", name=name, value=format_value(value)))
        try:
            if value:
                (parse_number if self.is_number else parse_condition)(value)
        except PlaygroundError as error:
            raise PlaygroundError(mark("{name}: {reason}", name=name, reason=error.sentence)) from None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": MAX_CONDITION_CHARS}


@dataclass(frozen=True, kw_only=True)
class Controls(Rule[tuple[str, ...] | None]):
    """Names of controls, whole areas of the page by ``~`` and their name; None: as the lesson has them."""

    def check(self, name: str, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) > len(CONTROLS):
            raise PlaygroundError(
                mark(
                    "{name} must be a list of controls such as ['optimizer'], not {value}.",
                    name=name,
                    value=format_value(value),
                )
            )
        chosen = controls_named([str(control) for control in value])
        for control in chosen:
            if control not in CONTROLS:
                raise unknown_choice(mark("control in {field}", field=name), control, CONTROLS)
        return areas_named([control for control in CONTROLS if control in chosen])

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "maxItems": len(CONTROLS)}


@dataclass(frozen=True, kw_only=True)
class ExperimentJson(Rule[Mapping[str, Any] | None]):
    """An experiment's JSON, whole or in part; None for none."""

    def check(self, name: str, value: Any) -> Mapping[str, Any] | None:
        if value is None:
            return None
        try:
            Experiment.from_dict(value)
        except PlaygroundError as error:
            raise PlaygroundError(mark("{name}: {reason}", name=name, reason=error.sentence)) from None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


@dataclass(frozen=True, kw_only=True)
class Changes(Rule[Mapping[str, Any] | None]):
    """Fields of the experiment by name, with the values that they get; None for none."""

    def check(self, name: str, value: Any) -> Mapping[str, Any] | None:
        if value is None:
            return None
        if not isinstance(value, Mapping) or len(value) > MAX_FIELDS:
            raise PlaygroundError(
                mark(
                    "{name} must be an object such as {{'learning_rate': 0.1}}, not {value}.",
                    name=name,
                    value=format_value(value),
                )
            )
        try:
            nest(value)
            for field, setting in value.items():
                RULES[field].check(field, setting)
        except PlaygroundError as error:
            raise PlaygroundError(mark("{name}: {reason}", name=name, reason=error.sentence)) from None
        return dict(value)

    def schema(self) -> dict[str, Any]:
        properties = {name: rule.schema() | {"title": rule.label} for name, rule in RULES.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


@dataclass(frozen=True, kw_only=True)
class Record(Rule[Any], Generic[R]):
    """An object of named values as a dataclass ``record`` whose fields have rules; None where it may be left out."""

    record: type[R]
    required: bool = False

    def check(self, name: str, value: Any) -> R | None:
        return None if value is None and not self.required else read_record(self.record, name, value)

    def schema(self) -> dict[str, Any]:
        return record_schema(self.record)


@dataclass(frozen=True, kw_only=True)
class Records(Rule[tuple[Any, ...]], Generic[R]):
    """A list of such objects, from ``min_count`` to ``max_count``; ``noun``: what a sentence calls one of them."""

    record: type[R]
    noun: str
    min_count: int
    max_count: int

    def place(self, number: int, whole: str) -> str:
        """What a sentence calls the object of this ``number`` in a list of ``whole``, "" for that of a lesson."""
        item = mark("{noun} {number}", noun=self.noun, number=number)
        return mark("{field} of {place}", field=item, place=whole) if whole else item

    def check(self, name: str, value: Any) -> tuple[R, ...]:
        if not isinstance(value, list | tuple):
            raise PlaygroundError(mark("{name} must be a list, not {value}.", name=name, value=format_value(value)))
        if not self.min_count <= len(value) <= self.max_count:
            raise PlaygroundError(
                mark(
                    "{name} must list {low} to {high}, not {count:,}.",
                    name=name,
                    low=self.min_count,
                    high=self.max_count,
                    count=len(value),
                )
            )
        _, _, whole = name.partition(" of ")
        places = [self.place(number, whole) for number in range(1, len(value) + 1)]
        return tuple(read_record(self.record, place, item) for place, item in zip(places, value, strict=True))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "items": record_schema(self.record),
            "minItems": self.min_count,
            "maxItems": self.max_count,
        }


def read_record(record: type[R], place: str, data: Any) -> R:
    """The ``record`` that ``data`` describes; ``place``: what it is, "" for the whole. Raises ``PlaygroundError`` that
    names the place of what is wrong."""
    noun = place or mark("a lesson")
    definitions = {definition.name: definition for definition in fields(record)}  # pyright: ignore[reportArgumentType]
    if not isinstance(data, Mapping):
        raise PlaygroundError(
            mark("{noun} must be an object of named values, not {value}.", noun=noun, value=format_value(data))
        )
    for name in data:
        if name not in definitions:
            raise unknown_choice(mark("field of {record}", record=noun), name, definitions)
    values: dict[str, Any] = {}
    for name, definition in definitions.items():
        value = data.get(name, None if definition.default is MISSING else definition.default)
        values[name] = get_rule(definition).check(
            mark("{field} of {place}", field=name, place=place) if place else name, value
        )
    return record(**values)


def record_data(record: Any) -> dict[str, Any]:
    """``record`` as plain JSON values, without what is as it is by default."""
    data: dict[str, Any] = {}
    for definition in fields(record):
        value = getattr(record, definition.name)
        if value != definition.default:
            data[definition.name] = plain_value(get_rule(definition), value)
    return data


def plain_value(rule: Rule[Any], value: Any) -> Any:
    """The value of a field under ``rule`` as plain JSON values."""
    if isinstance(rule, Records):
        return [record_data(item) for item in value]
    if isinstance(rule, Record):
        return record_data(value)
    return list(value) if isinstance(value, tuple) else value


def record_schema(record: type[Any]) -> dict[str, Any]:
    """The JSON schema of ``record``."""
    properties: dict[str, Any] = {}
    required = []
    for definition in fields(record):
        rule = get_rule(definition)
        properties[definition.name] = rule.schema() | {"title": rule.label, "description": rule.help}
        is_list = isinstance(rule, Records) and rule.min_count > 0
        if isinstance(rule, Words) or is_list or (isinstance(rule, Record) and rule.required):
            required.append(definition.name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

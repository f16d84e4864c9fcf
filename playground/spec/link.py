"""An experiment as the query part of a link: only what differs from the defaults, under the fields' own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from itertools import islice
from typing import Any

from playground.errors import PlaygroundError, unknown_choice
from playground.spec.experiment import PARTS, Experiment, nest
from playground.spec.problem import OWN_DATA
from playground.spec.rules import Flag, Integer, Number, OneOrEach, Places, Rule, Several, rule_of, shown

MAX_VALUE = 2000
MAX_PLACES = 10_000
MAX_NAMES = 100
COORDINATE = Number(low=-100, high=100, label="Coordinate", help="A number.")
DECIDES = ("dataset", "task", "classes", "loss", "optimizer")
"""Fields that decide what is filled in for the others, each before what it decides."""
FITTED = ("loss", "output_activation")
"""Fields of the network that belong to what its data ask for."""

RULES: dict[str, Rule[Any]] = {one.name: rule_of(one) for kind in PARTS.values() for one in fields(kind)}


def to_query(experiment: Experiment) -> dict[str, str]:
    """The fields of ``experiment`` that differ from what a link without them would give, as texts.

    Own data stays behind, with the loss and the output that were chosen for them: they are no part of a link.
    """
    own = {name: value for part in PARTS for name, value in vars(getattr(experiment, part)).items()}
    if own["dataset"] == OWN_DATA:
        left_behind = {*vars(experiment.problem), *FITTED}
        own = {name: value for name, value in own.items() if name not in left_behind}
    filled, given = Experiment(), {}
    for name in DECIDES:
        if name in own and own[name] != _field(filled, name):
            given[name] = own[name]
            filled = Experiment.from_dict(nest(given))
    given |= {name: value for name, value in own.items() if value != _field(filled, name)}
    return {name: to_text(value) for name, value in given.items()}


def from_query(query: Mapping[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment of a link, and a sentence for each thing in it that was left out because it makes no sense."""
    given: dict[str, Any] = {}
    complaints: list[str] = []
    for name, text in islice(query.items(), MAX_NAMES):
        try:
            if name not in RULES:
                raise unknown_choice("name in the link", name, RULES)
            given[name] = RULES[name].check(name, from_text(name, text))
        except PlaygroundError as error:
            complaints.append(str(error))
    if len(query) > MAX_NAMES:
        complaints.append(f"the link names {len(query):,} settings; at most {MAX_NAMES} make sense.")
    while True:
        try:
            return Experiment.from_dict(nest(given)), complaints
        except PlaygroundError as error:
            complaints.append(str(error))
            culprit = next((name for name in reversed(given) if name in str(error)), next(reversed(given)))
            del given[culprit]


def to_text(value: Any) -> str:
    """A field's value as a link shows it: lists with commas, numbers as short as they can be."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ";".join(",".join(f"{one:.6g}" for one in point) for point in value)
    if isinstance(value, tuple):
        return ",".join(to_text(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def from_text(name: str, text: str) -> Any:
    """The value of a field in a link, before its rule checks it; raises ``PlaygroundError`` when it cannot be read."""
    rule = RULES[name]
    most = MAX_PLACES if isinstance(rule, Places) else MAX_VALUE
    if len(text) > most:
        raise PlaygroundError(f"{name} in the link is {len(text):,} characters long; at most {most:,} make sense.")
    if isinstance(rule, Places):
        return [[_one(name, COORDINATE, part) for part in point.split(",")] for point in text.split(";") if point]
    if isinstance(rule, Several):
        return [_one(name, rule.each, part) for part in text.split(",") if part]
    if isinstance(rule, OneOrEach):
        return text.split(",") if "," in text else text
    return _one(name, rule, text)


def _one(name: str, rule: Rule[Any], text: str) -> Any:
    try:
        if isinstance(rule, Integer):
            return int(text)
        if isinstance(rule, Number):
            return float(text)
    except ValueError:
        raise PlaygroundError(f"{name} in the link must be a number, not {shown(text)}.") from None
    if isinstance(rule, Flag) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _field(experiment: Experiment, name: str) -> Any:
    return next(
        getattr(getattr(experiment, part), name) for part, kind in PARTS.items() if name in kind.__dataclass_fields__
    )

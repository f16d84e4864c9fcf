"""An experiment as the query part of a link: only what differs from the defaults, under the fields' own names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment.experiment import PARTS, Experiment, nest
from playground.experiment.fields import Rule, format_value, get_rule
from playground.experiment.links.values import omission_sentence, read_value, replacement_sentence
from playground.experiment.problem import OWN_DATA
from playground.language import Translatable, join_items, mark

MAX_NAMES = 100
MAX_UNKNOWN = 3
"""Unknown names that are said one by one."""
MAX_CONTRADICTIONS = 100
"""Of settings that are right each by itself."""
DECIDES = ("dataset", "task", "classes", "loss", "optimizer")
"""Fields that decide what is filled in for the others, each before what it decides."""
FITTED_FIELDS = ("loss", "output_activation")
"""Fields of the network that belong to what its data ask for."""

RULES: dict[str, Rule[Any]] = {field.name: get_rule(field) for kind in PARTS.values() for field in fields(kind)}
NAMES_BY_LETTERS = {name.replace("_", ""): name for name in RULES}


def to_query(experiment: Experiment) -> dict[str, str]:
    """The fields of ``experiment`` that differ from what a link without them would give, as texts.

    Own data stays behind, with the loss and the output that were chosen for them: they are no part of a link.
    """
    own = {name: value for part in PARTS for name, value in vars(getattr(experiment, part)).items()}
    if own["dataset"] == OWN_DATA:
        left_behind = {*vars(experiment.problem), *FITTED_FIELDS}
        own = {name: value for name, value in own.items() if name not in left_behind}
    filled, settings = Experiment(), {}
    for name in DECIDES:
        if name in own and own[name] != _field(filled, name):
            settings[name] = own[name]
            filled = Experiment.from_dict(nest(settings))
    settings |= {name: value for name, value in own.items() if value != _field(filled, name)}
    return {name: to_text(value) for name, value in settings.items()}


@dataclass(frozen=True)
class QueryReading:
    """What a link's settings say: the experiment, and sentences on what was put right and on what was left out;
    ``understood``: how many settings were read."""

    experiment: Experiment
    repairs: tuple[str, ...]
    left_out: tuple[str, ...]
    understood: int

    @property
    def notes(self) -> list[str]:
        """All sentences, each once."""
        return list(dict.fromkeys((*self.repairs, *self.left_out)))


def from_query(query: Mapping[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment of a link, and a sentence for each thing in it that was put right or left out."""
    reading = read_query(query)
    return reading.experiment, reading.notes


def read_query(query: Mapping[str, str]) -> QueryReading:
    """A link's settings, each by itself: a damaged one costs no other."""
    settings: dict[str, Any] = {}
    notes = FieldNotes()
    unknown: list[str] = []
    for text_name, text in islice(query.items(), MAX_NAMES):
        name = resolve_name(text_name, query)
        if name not in RULES:
            unknown.append(text_name)
            continue
        try:
            settings[name], repairs = read_value(name, RULES[name], text)
        except PlaygroundError as error:
            notes.leave_out(name, error.sentence)
        else:
            if name != text_name:
                repairs.insert(0, mark("{written} in the link is read as {name}.", written=text_name[:80], name=name))
            notes.repairs[name] = repairs
    experiment = fit_together(settings, notes)
    others = unknown_sentences(unknown)
    if len(query) > MAX_NAMES:
        others.append(too_many_names_sentence(len(query)))
    repairs = tuple(sentence for sentences in notes.repairs.values() for sentence in sentences)
    return QueryReading(experiment, repairs, (*notes.left_out.values(), *others), len(settings))


def too_many_names_sentence(count: int) -> Translatable:
    """What is said of a link that has ``count`` names."""
    return mark("the link names {count:,} settings; at most {limit} make sense.", count=count, limit=MAX_NAMES)


@dataclass
class FieldNotes:
    """Sentences on fields: what was put right of one, or that it is left out."""

    repairs: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def leave_out(self, name: str, why: str) -> None:
        """Say that the field ``name`` is left out, and nothing else of it."""
        self.repairs.pop(name, None)
        self.left_out[name] = omission_sentence(name, why)


def fit_together(settings: dict[str, Any], notes: FieldNotes) -> Experiment:
    """The experiment of ``settings`` that are right each by itself: what contradicts another leaves them, or is put
    right, and is said."""
    for _ in range(MAX_CONTRADICTIONS):
        try:
            return Experiment.from_dict(nest(settings))
        except PlaygroundError as error:
            name = error.field
            if name in settings and error.nearest is not None and settings[name] != error.nearest:
                settings[name] = error.nearest
                sentence = replacement_sentence(name, RULES[name], error.nearest, error.sentence)
                notes.repairs.setdefault(name, []).append(sentence)
            else:
                name = name if name in settings else next(reversed(settings))
                del settings[name]
                notes.leave_out(name, error.sentence)
    for name in settings:
        notes.leave_out(name, mark("the settings of the link contradict each other in too many ways."))
    settings.clear()
    return Experiment()


def resolve_name(name: str, query: Mapping[str, str]) -> str:
    """The setting that ``name`` means, however its letters and blanks are written; ``name`` itself if it is none, or
    if that one stands in the link as well."""
    if name in RULES:
        return name
    letters = re.sub(r"[\W_]", "", name.lower()[:80])
    meant = NAMES_BY_LETTERS.get(letters, name)
    return name if meant in query else meant


def unknown_sentences(names: list[str]) -> list[str]:
    """What is said of names that are no settings: one by one while they are few, then together."""
    if len(names) <= MAX_UNKNOWN:
        return [unknown_sentence(name) for name in names]
    first = join_items([format_value(name) for name in names[:MAX_UNKNOWN]])
    return [
        mark(
            "{count:,} names in the link are no settings of a playground: {names} and others.",
            count=len(names),
            names=first,
        )
    ]


def unknown_sentence(name: str) -> Translatable:
    """What is said of a name that is no setting."""
    near = difflib.get_close_matches(name[:80].lower(), list(RULES), n=1, cutoff=0.7)
    if near:
        return mark(
            "{name} in the link is no setting of a playground; did you mean {nearest!r}?",
            name=format_value(name),
            nearest=near[0],
        )
    return mark("{name} in the link is no setting of a playground, and is left out.", name=format_value(name))


def to_text(value: Any) -> str:
    """A field's value as a link shows it: lists with commas, numbers as short as they can be."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ";".join(",".join(f"{coordinate:.6g}" for coordinate in point) for point in value)
    if isinstance(value, tuple):
        return ",".join(to_text(element) for element in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _field(experiment: Experiment, name: str) -> Any:
    return next(
        getattr(getattr(experiment, part), name) for part, kind in PARTS.items() if name in kind.__dataclass_fields__
    )

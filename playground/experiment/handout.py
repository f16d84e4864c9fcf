"""A handout: an experiment as a teacher hands it out, with controls hidden or locked, a title, and a task in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment.fields import Choice, Flag, Rule, Several, Text, check_fields, checked_field, get_rule
from playground.experiment.handout_areas import areas_named, controls_named
from playground.experiment.handout_controls import CONTROLS
from playground.experiment.links.values import check_value, omission_sentence, read_value, within_length
from playground.language import mark

MAX_GALLERY = 60
"""Experiments that a class's gallery names at most."""
SHOWN = {"test": mark("Test points"), "discretize": mark("Discretised output")}

LISTS = ("hide", "lock", "show", "gallery")
"""Fields of a handout that are lists; the gallery's names are checked where the gallery is known."""


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What surrounds an experiment in a classroom. Raises ``PlaygroundError`` for a control that does not exist."""

    title: str = checked_field("", Text(max_chars=120, label="Title", help="What stands above the stage."))
    words: str = checked_field(
        "", Text(max_chars=1000, label="Task in words", help="What the students are to try, or to explain; Markdown.")
    )
    hide: tuple[str, ...] = checked_field(
        (),
        Several(
            each=Choice(choices=CONTROLS, label=mark("Control"), help=mark("A control.")),
            min_count=0,
            max_count=len(CONTROLS),
            distinct=True,
            label="Hidden controls",
            help="Controls that are not there at all.",
        ),
    )
    lock: tuple[str, ...] = checked_field(
        (),
        Several(
            each=Choice(choices=CONTROLS, label=mark("Control"), help=mark("A control.")),
            min_count=0,
            max_count=len(CONTROLS),
            distinct=True,
            label="Locked controls",
            help="Controls that can be seen but not moved.",
        ),
    )
    show: tuple[str, ...] = checked_field(
        (),
        Several(
            each=Choice(choices=SHOWN, label=mark("Shown"), help=mark("A part of the picture.")),
            min_count=0,
            max_count=len(SHOWN),
            distinct=True,
            label="Shown from the start",
            help="What the picture shows beside the train points.",
        ),
    )
    gallery: tuple[str, ...] = checked_field(
        (),
        Several(
            each=Text(max_chars=40, label=mark("Experiment"), help=mark("Its name.")),
            min_count=0,
            max_count=MAX_GALLERY,
            label="Experiments of the gallery",
            help="Those that the class sees there; none: all.",
        ),
    )
    playing: bool = checked_field(
        False, Flag(label="Start playing", help="Begin to train as soon as the page is open.")
    )

    def __post_init__(self) -> None:
        check_fields(self)
        for name in ("hide", "lock"):
            object.__setattr__(self, name, tuple(control for control in CONTROLS if control in getattr(self, name)))

    def is_locked(self, name: str) -> bool:
        """Whether control ``name`` must not be moved."""
        return name in self.hide or name in self.lock


HANDOUT_RULES: dict[str, Rule] = {name: get_rule(field) for name, field in Handout.__dataclass_fields__.items()}


def handout_query(handout: Handout) -> dict[str, str]:
    """The handout as a part of a link: what differs from no handout at all."""
    query = {name: getattr(handout, name) for name in ("title", "words") if getattr(handout, name)}
    lists = {name: getattr(handout, name) for name in LISTS}
    lists |= {name: areas_named(lists[name]) for name in ("hide", "lock")}
    query |= {name: ",".join(names) for name, names in lists.items() if names}
    return query | ({"playing": "true"} if handout.playing else {})


@dataclass(frozen=True)
class HandoutReading:
    """The handout in a link, sentences on what was put right and on what was left out, and how many of its fields were
    read."""

    handout: Handout
    repairs: tuple[str, ...]
    left_out: tuple[str, ...]
    understood: int


def read_handout(query: Mapping[str, str]) -> HandoutReading:
    """The handout in a link, each field by itself; other names are passed over."""
    fields: dict[str, Any] = {}
    repairs: list[str] = []
    left_out: list[str] = []
    for name, rule in HANDOUT_RULES.items():
        if name not in query:
            continue
        try:
            fields[name], sentences = (
                read_listed(name, rule, query[name]) if name in LISTS else read_value(name, rule, query[name])
            )
        except PlaygroundError as error:
            left_out.append(omission_sentence(name, error.sentence))
        else:
            repairs += sentences
    return HandoutReading(Handout(**fields), tuple(repairs), tuple(left_out), len(fields))


def read_listed(name: str, rule: Rule[Any], text: str) -> tuple[tuple[str, ...], list[str]]:
    """The names of a list in a link, areas of the page among them, each once, and sentences on what was put right."""
    repairs: list[str] = []
    names = [part.strip() for part in within_length(name, rule, text, repairs).split(",") if part.strip()]
    if name in ("hide", "lock"):
        names = controls_named(names)
    return check_value(name, rule, list(dict.fromkeys(names)), repairs), repairs


def handout_of(query: Mapping[str, str]) -> tuple[Handout, list[str]]:
    """The handout in a link, and a sentence for each thing in it that was put right or left out."""
    reading = read_handout(query)
    return reading.handout, list(dict.fromkeys((*reading.repairs, *reading.left_out)))

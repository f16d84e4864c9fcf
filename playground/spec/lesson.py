"""A lesson: an experiment as a teacher hands it out, with controls hidden or locked, a title, and a task in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.errors import PlaygroundError, unknown_choice
from playground.spec.lesson_areas import areas_named, controls_named
from playground.spec.lesson_controls import CONTROLS
from playground.spec.link import MAX_VALUE
from playground.spec.rules import Choice, Flag, Rule, Several, Text, check_fields, rule_of, ruled

MAX_GALLERY = 60
"""Experiments that a class's gallery names at most."""
SHOWN = {"test": "Test points", "discretize": "Discretised output"}

LISTS = ("hide", "lock", "show", "gallery")
"""Fields of a lesson that are lists; the gallery's names are checked where the gallery is known."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What surrounds an experiment in a classroom. Raises ``PlaygroundError`` for a control that does not exist."""

    title: str = ruled("", Text(most=120, label="Title", help="What stands above the stage."))
    words: str = ruled(
        "", Text(most=1000, label="Task in words", help="What the students are to try, or to explain; Markdown.")
    )
    hide: tuple[str, ...] = ruled(
        (),
        Several(
            each=Choice(choices=CONTROLS, label="Control", help="A control."),
            least=0,
            most=len(CONTROLS),
            label="Hidden controls",
            help="Controls that are not there at all.",
        ),
    )
    lock: tuple[str, ...] = ruled(
        (),
        Several(
            each=Choice(choices=CONTROLS, label="Control", help="A control."),
            least=0,
            most=len(CONTROLS),
            label="Locked controls",
            help="Controls that can be seen but not moved.",
        ),
    )
    show: tuple[str, ...] = ruled(
        (),
        Several(
            each=Choice(choices=SHOWN, label="Shown", help="A part of the picture."),
            least=0,
            most=len(SHOWN),
            label="Shown from the start",
            help="What the picture shows beside the train points.",
        ),
    )
    gallery: tuple[str, ...] = ruled(
        (),
        Several(
            each=Text(most=40, label="Experiment", help="Its name."),
            least=0,
            most=MAX_GALLERY,
            label="Experiments of the gallery",
            help="Those that the class sees there; none: all.",
        ),
    )
    playing: bool = ruled(False, Flag(label="Start playing", help="Begin to train as soon as the page is open."))

    def __post_init__(self) -> None:
        check_fields(self)
        for name in ("hide", "lock"):
            object.__setattr__(self, name, tuple(one for one in CONTROLS if one in getattr(self, name)))

    def refuses(self, name: str) -> bool:
        """Whether control ``name`` must not be moved."""
        return name in self.hide or name in self.lock


LESSON_RULES: dict[str, Rule] = {name: rule_of(one) for name, one in Lesson.__dataclass_fields__.items()}


def lesson_query(lesson: Lesson) -> dict[str, str]:
    """The lesson as a part of a link: what differs from no lesson at all."""
    query = {name: getattr(lesson, name) for name in ("title", "words") if getattr(lesson, name)}
    lists = {name: getattr(lesson, name) for name in LISTS}
    lists |= {name: areas_named(lists[name]) for name in ("hide", "lock")}
    query |= {name: ",".join(names) for name, names in lists.items() if names}
    return query | ({"playing": "true"} if lesson.playing else {})


def lesson_of(query: Mapping[str, str]) -> tuple[Lesson, list[str]]:
    """The lesson in a link, and a sentence for each thing in it that makes no sense; other names are passed over."""
    given: dict[str, object] = {}
    complaints: list[str] = []
    for name, rule in LESSON_RULES.items():
        if name not in query:
            continue
        text = query[name]
        try:
            if name in LISTS:
                if len(text) > MAX_VALUE:
                    raise PlaygroundError(
                        f"{name} in the link is {len(text):,} characters long; at most {MAX_VALUE:,} make sense."
                    )
                given[name] = (
                    rule.check(name, list(dict.fromkeys(one for one in text.split(",") if one)))
                    if name == "gallery"
                    else known(text.split(","), SHOWN, complaints)
                    if name == "show"
                    else known(controls_named(text.split(",")), CONTROLS, complaints)
                )
            elif name == "playing":
                given[name] = rule.check(name, {"true": True, "false": False}.get(text.lower(), text))
            else:
                given[name] = rule.check(name, text)
        except PlaygroundError as error:
            complaints.append(str(error))
    return Lesson(**given), complaints  # pyright: ignore[reportArgumentType]


def known(names: list[str], choices: Mapping[str, str], complaints: list[str]) -> tuple[str, ...]:
    """Those of ``names`` that are among ``choices``; a sentence for each other one goes into ``complaints``."""
    for name in names:
        if name and name not in choices:
            complaints.append(str(unknown_choice("control", name[:80], choices)))
    return tuple(dict.fromkeys(name for name in names if name in choices))

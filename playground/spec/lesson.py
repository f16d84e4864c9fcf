"""A lesson: an experiment as a teacher hands it out, with controls hidden or locked, a title, and a task in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.errors import PlaygroundError, unknown_choice
from playground.spec.link import MAX_VALUE, RULES
from playground.spec.rules import Choice, Flag, Rule, Several, Text, check_fields, rule_of, ruled

STAGE_CONTROLS = {
    "play": "Play and pause",
    "step": "Step one frame",
    "step_one": "Step one optimizer step",
    "reset": "Reset",
    "undo": "Undo, redo and back to defaults",
    "new_start": "New start",
    "new_samples": "New samples",
    "speed": "Speed",
    "time_line": "Time line",
    "branches": "Branches and bookmarks",
    "pictures": "Pictures and films",
    "diagram": "Editing in the network's diagram",
    "paint": "Painting points",
    "curves": "Curves",
    "gradients": "Gradients by layer",
    "notices": "What to notice",
    "test_points": "Test points",
    "history": "History of the run",
    "which_way": "Which way to turn a knob",
    "pulls": "What a point would change",
}
SHOWN = {"test": "Test points", "discretize": "Discretised output"}
CONTROLS: dict[str, str] = {name: rule.label for name, rule in RULES.items()} | STAGE_CONTROLS
"""Everything that a lesson can hide or lock, with its label: the experiment's fields, and the stage's controls."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What surrounds an experiment in a classroom. Raises ``PlaygroundError`` for a control that does not exist."""

    title: str = ruled("", Text(most=120, label="Title", help="What stands above the stage."))
    words: str = ruled("", Text(most=1000, label="Task in words", help="What the students are to try, or to explain."))
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
    playing: bool = ruled(False, Flag(label="Start playing", help="Begin to train as soon as the page is open."))

    def __post_init__(self) -> None:
        check_fields(self)

    def refuses(self, name: str) -> bool:
        """Whether control ``name`` must not be moved."""
        return name in self.hide or name in self.lock


LESSON_RULES: dict[str, Rule] = {name: rule_of(one) for name, one in Lesson.__dataclass_fields__.items()}


def lesson_query(lesson: Lesson) -> dict[str, str]:
    """The lesson as a part of a link: what differs from no lesson at all."""
    query = {name: getattr(lesson, name) for name in ("title", "words") if getattr(lesson, name)}
    query |= {name: ",".join(getattr(lesson, name)) for name in ("hide", "lock", "show") if getattr(lesson, name)}
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
            if name in ("hide", "lock", "show"):
                if len(text) > MAX_VALUE:
                    raise PlaygroundError(
                        f"{name} in the link is {len(text):,} characters long; at most {MAX_VALUE:,} make sense."
                    )
                given[name] = known(text.split(","), SHOWN if name == "show" else CONTROLS, complaints)
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

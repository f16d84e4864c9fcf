"""The lessons that come with the app: ``bundled/NAME.json``, a file a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from playground.errors import unknown_choice
from playground.language import mark
from playground.lessons.lesson import Lesson, lesson_from_json

FOLDER = Path(__file__).parent / "bundled"
ORDER = (
    *("features_of_features", "forward_pass", "backpropagation", "loss", "optimizer", "activation"),
    *("regularization", "batch_normalization", "overfitting", "learning_rate", "initialization", "luck"),
)
"""In which they are shown; others follow by name."""


@cache
def bundled_lessons() -> Mapping[str, Lesson]:
    """The bundled lessons by name, in ``ORDER``."""
    names = sorted((path.stem for path in FOLDER.glob("*.json")), key=lambda name: (place_of(name), name))
    return {name: lesson_from_json((FOLDER / f"{name}.json").read_bytes()) for name in names}


def bundled_lesson(name: str) -> Lesson:
    """The bundled lesson ``name``; raises ``PlaygroundError`` with the nearest name where there is none."""
    lessons = bundled_lessons()
    if name not in lessons:
        raise unknown_choice(mark("lesson"), name, lessons)
    return lessons[name]


def next_lesson(name: str) -> Lesson | None:
    """The bundled lesson after ``name``; None after the last one, and of one that is not bundled."""
    names = list(bundled_lessons())
    place = names.index(name) + 1 if name in names else len(names)
    return bundled_lessons()[names[place]] if place < len(names) else None


def place_of(name: str) -> int:
    """The place of a lesson in ``ORDER``, behind all of them where it is not there."""
    return ORDER.index(name) if name in ORDER else len(ORDER)

"""``python -m playground lessons``: lessons that one does in the app."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from playground.cli.json_lines import json_text
from playground.errors import PlaygroundError
from playground.language import mark, t
from playground.lessons.lesson import MAX_LESSON_BYTES, Lesson, lesson_from_json, lesson_schema, lesson_to_json
from playground.lessons.library import bundled_lesson, bundled_lessons


def lessons(arguments: argparse.Namespace) -> None:
    """List the bundled lessons, one JSON object a line; or print one, check a file, or print the schema. Raises
    ``PlaygroundError``."""
    if arguments.schema:
        print(json_text(lesson_schema(), indent=2))
    elif arguments.check is not None:
        print(summary_line(lesson_from_json(read_lesson_file(arguments.check))))
    elif arguments.lesson is not None:
        print(lesson_to_json(bundled_lesson(arguments.lesson)), end="")
    else:
        for lesson in bundled_lessons().values():
            print(summary_line(replace(lesson, title=t(lesson.title), concept=t(lesson.concept))))


def summary_line(lesson: Lesson) -> str:
    """A lesson as one line of JSON; ``steps``: how many."""
    summary = {"name": lesson.name, "title": lesson.title, "concept": lesson.concept, "steps": len(lesson.steps)}
    return json.dumps(summary, ensure_ascii=False)


def read_lesson_file(path: str) -> bytes:
    """The content of a lesson's file, or of standard input (``-``), up to what is too long; raises
    ``PlaygroundError``."""
    if path == "-":
        return sys.stdin.buffer.read(MAX_LESSON_BYTES + 1)
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_LESSON_BYTES + 1)
    except OSError as error:
        raise PlaygroundError(mark("cannot read {file}: {reason}.", file=path, reason=error.strerror)) from None

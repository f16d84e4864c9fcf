"""docs/lessons.md says what the language and its limits are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.experiment.handout_areas import AREAS
from playground.lessons import QUANTITIES, Lesson, Option, Question, Step, parse_condition
from playground.lessons.condition import FUNCTIONS, MAX_CONDITION_CHARS, MAX_DEPTH, MAX_TEMPORAL, MAX_THEN
from playground.lessons.lesson import MAX_LESSON_BYTES, MAX_OPTIONS, MAX_STEPS, PANELS
from playground.lessons.records import MAX_FIELDS
from playground.lessons.transfer import MAX_LINK_CHARS

TEXT = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")


def test_every_quantity_and_function_is_told_as_it_is() -> None:
    told = dict(re.findall(r"^\| `([a-z0-9_]+(?:\([a-z0-9_, ]+\))?)` \| (.+) \|$", TEXT, re.MULTILINE))
    for entry in QUANTITIES.values():
        assert told[entry.signature].startswith(entry.explanation)
    assert all(f"`{signature}`" in TEXT for signature in FUNCTIONS.values())


@pytest.mark.parametrize("record", [Lesson, Step, Question, Option], ids=lambda record: record.__name__)
def test_every_field_is_told(record: type) -> None:
    assert not [name for name in record.__dataclass_fields__ if f"`{name}`" not in TEXT]


def test_the_examples_are_conditions() -> None:
    block = TEXT.partition("## Conditions")[2].strip().partition("\n\n")[0]
    examples = [line.strip() for line in block.splitlines()]
    assert len(examples) == 5
    for example in examples:
        parse_condition(example)


def test_areas_panels_and_limits_are_as_told() -> None:
    assert not [name for name in AREAS if f"`~{name}`" not in TEXT]
    assert not [name for name in PANELS if f"`{name}`" not in TEXT]
    for sentence in (
        f"at most {MAX_LESSON_BYTES // 1024} kB",
        f"{MAX_LINK_CHARS:,} characters, compressed",
        f"| 1 to {MAX_STEPS} |",
        f"ticks the step off | {MAX_CONDITION_CHARS} |",
        f"| {MAX_FIELDS} fields |",
        f"at most {MAX_DEPTH} deep and looks back at most {MAX_TEMPORAL} times",
        f"up to {MAX_THEN}",
    ):
        assert sentence in TEXT
    assert MAX_OPTIONS == 6

"""What a lesson's file may hold, and the sentence for what it may not."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.lessons import (
    Lesson,
    bundled_lessons,
    lesson_data,
    lesson_from_json,
    lesson_schema,
    lesson_texts,
    lesson_to_json,
    next_lesson,
    parse_lesson,
    prepare_experiment,
)
from playground.lessons.lesson import MAX_LESSON_BYTES, MAX_STEPS
from playground.lessons.library import FOLDER, ORDER

DATA: dict[str, Any] = {
    "name": "two_layers",
    "title": "Two layers",
    "concept": "depth",
    "summary": "What a second layer adds.",
    "lock": ["~data", "optimizer"],
    "steps": [
        {
            "title": "Begin",
            "words": "Train.",
            "experiment": {"structure": {"hidden": [3]}},
            "until": "step >= 10",
            "show": ["test"],
        },
        {
            "title": "Ask",
            "words": "Look.",
            "change": {"learning_rate": 0.1},
            "lock": [],
            "point": "learning_rate",
            "question": {"ask": "Which?", "options": [{"text": "A", "is_right": True}, {"text": "B", "reply": "No."}]},
        },
        {
            "title": "Read",
            "words": "Read it.",
            "until": "hidden_layers == 2",
            "question": {"ask": "How many?", "answer": "parameters", "tolerance": 0},
        },
    ],
    "conclusion": "Two are enough.",
}


def edited(*path: Any, value: Any) -> dict[str, Any]:
    """``DATA`` with something else at ``path``; None: nothing there."""
    data: Any = copy.deepcopy(DATA)
    place = data
    for name in path[:-1]:
        place = place[name]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


def test_a_lesson_is_what_its_file_says() -> None:
    lesson = parse_lesson(DATA)
    first, second, third = lesson.steps
    assert lesson.handout_of(first).is_locked("optimizer")
    assert lesson.handout_of(first).is_locked("dataset")
    assert lesson.handout_of(first).show == ("test",)
    assert not lesson.handout_of(second).is_locked("optimizer")
    assert prepare_experiment(first, Experiment.of(learning_rate=1.0)) == Experiment.of(hidden=[3])
    assert prepare_experiment(second, Experiment.of(hidden=[3])) == Experiment.of(hidden=[3], learning_rate=0.1)
    assert third.question is not None
    assert third.question.number is not None


def test_it_is_equal_to_its_json() -> None:
    lesson = parse_lesson(DATA)
    assert lesson_from_json(lesson_to_json(lesson)) == lesson
    assert lesson_from_json(json.dumps(DATA)).digest == lesson.digest
    assert parse_lesson(edited("steps", 0, "words", value="Train!")).digest != lesson.digest


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("title",), None, "title is missing"),
        (("title",), "  ", "title is missing"),
        (("name",), "Two layers", "name must be small letters"),
        (("tittle",), "x", "did you mean 'title'?"),
        (("steps",), [], "steps must list 1 to 20, not 0"),
        (("steps",), [DATA["steps"][0]] * (MAX_STEPS + 1), "steps must list 1 to 20, not 21"),
        (("steps", 0), "x", "step 1 must be an object"),
        (("steps", 1, "words"), 3, "words of step 2 must be a text of at most 800 characters"),
        (("steps", 1, "word"), "x", "unknown field of step 2 'word'; did you mean 'words'?"),
        (("steps", 0, "until"), "stepp > 1", "until of step 1: unknown quantity 'stepp'; did you mean 'step'?"),
        (("steps", 0, "until"), "step", "until of step 1: 'step' is a number"),
        (("steps", 0, "until"), None, "step 1 has nothing to do"),
        (("steps", 2, "until"), "hidden_layers == 1", "until of step 3 is true before anything is done"),
        (("steps", 0, "experiment"), {"structure": {"hiden": []}}, "experiment of step 1: unknown field of structure"),
        (("steps", 0, "experiment"), {"problem": {"dataset": "table"}}, "of step 1: the dataset 'table' needs"),
        (("steps", 1, "change"), {"learning_rat": 1}, "change of step 2: unknown field 'learning_rat'"),
        (("steps", 1, "change"), {"learning_rate": 99}, "change of step 2: learning_rate must be from 0 to 10"),
        (("steps", 1, "change"), {"activation": ["relu", "relu"]}, "change of step 2: activation lists 2 names"),
        (("steps", 1, "lock"), ["optimiser"], "did you mean 'optimizer'?"),
        (("steps", 1, "hide"), ["~rate"], "point of step 2 is 'learning_rate', which the step hides"),
        (("steps", 1, "point"), "nowhere", "unknown point of step 2 'nowhere'"),
        (("steps", 1, "show"), ["tests"], "show of step 2 must be a list of 'test' and 'discretize'"),
        (("steps", 1, "question", "options"), [], "question of step 2 needs options to choose from"),
        (("steps", 1, "question", "answer"), "step", "question of step 2 needs options to choose from"),
        (("steps", 1, "question", "options", 0, "is_right"), False, "needs an option with is_right true"),
        (("steps", 1, "question", "options", 1, "is_right"), True, "and another that is wrong"),
        (("steps", 1, "question", "options", 1, "text"), "", "text of option 2 of question of step 2 is missing"),
        (("steps", 2, "question", "answer"), "step >", "of question of step 3: a quantity or a number is missing"),
        (("steps", 2, "question", "tolerance"), 2, "tolerance of question of step 3 must be from 0 to 0.5"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_cure(path: tuple[Any, ...], value: Any, sentence: str) -> None:
    with pytest.raises(PlaygroundError) as error:
        parse_lesson(edited(*path, value=value))
    assert sentence in str(error.value)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "x" * (MAX_LESSON_BYTES + 1), "[]", "null", "\udc80"])
def test_a_file_that_is_none_gets_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError, match="lesson"):
        lesson_from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
STEP_FIELDS = ["title", "words", "until", "experiment", "change", "hide", "lock", "show", "hint", "hint_after", "point"]
PATHS = [
    *((name,) for name in [*DATA, "hide", "show", "minutes", "source"]),
    *(("steps", 2, name) for name in [*STEP_FIELDS, "question"]),
    ("steps", 2, "question", "answer"),
    ("steps", 1, "question", "options", 0),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), JSON)
def test_any_value_in_any_place_is_a_lesson_or_a_sentence(path: tuple[Any, ...], value: Any) -> None:
    try:
        lesson = parse_lesson(edited(*path[:-1], path[-1], value=0 if value is None else value))
    except PlaygroundError:
        return
    assert parse_lesson(json.loads(lesson_to_json(lesson))) == lesson


def test_the_schema_names_every_field() -> None:
    schema = lesson_schema()
    assert set(schema["properties"]) == set(Lesson.__dataclass_fields__)
    assert set(schema["required"]) == {"name", "title", "concept", "summary", "steps", "conclusion"}
    assert schema["properties"]["steps"]["items"]["required"] == ["title", "words"]
    json.dumps(schema)


@pytest.mark.parametrize("lesson", bundled_lessons().values(), ids=lambda lesson: lesson.name)
def test_a_bundled_lesson_is_named_like_its_file_and_written_as_the_editor_writes_it(lesson: Lesson) -> None:
    content = (FOLDER / f"{lesson.name}.json").read_text(encoding="utf-8")
    assert lesson_data(lesson) == json.loads(content)
    assert lesson.name in ORDER
    assert lesson.minutes <= 5
    assert all(step.hint for step in lesson.steps)
    assert {lesson.title, lesson.conclusion, lesson.steps[0].words} <= set(lesson_texts(lesson))


def test_lessons_follow_each_other() -> None:
    names = list(bundled_lessons())
    following = [lesson.name if (lesson := next_lesson(name)) else None for name in names]
    assert following == [*names[1:], None]
    assert next_lesson("none") is None

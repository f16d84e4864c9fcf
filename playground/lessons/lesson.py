"""A lesson: a short course of steps, each with a condition on the state of an experiment and its run.

It is one file of plain data; ``docs/lessons.md`` tells how to write one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment import CONTROLS, Experiment, Handout, replace_field
from playground.experiment.fields import Choice, Flag, Integer, Number, Text, checked_field
from playground.experiment.handout import SHOWN
from playground.experiment.handout_areas import controls_named
from playground.language import mark, mark_in_context
from playground.lessons.condition import Expression, parse_condition, parse_number
from playground.lessons.observation import Observation
from playground.lessons.records import (
    Changes,
    ConditionText,
    Controls,
    ExperimentJson,
    Record,
    Records,
    Words,
    read_record,
    record_data,
    record_schema,
)
from playground.registry import SNAKE_CASE

MAX_LESSON_BYTES = 64 * 1024
MAX_STEPS = 20
MAX_OPTIONS = 6

PANELS = {"output": "The picture of the output", "numbers": "Losses and accuracy", "network": "The network's diagram"}
"""Parts of the stage that are no controls, and that a step can point at."""
POINTS = {"": "Nothing"} | CONTROLS | PANELS
"""What a step can point at, with its label."""


@dataclass(frozen=True, kw_only=True)
class Name(Words):
    """A name in snake_case, as in ``?lesson=NAME``."""

    def check(self, name: str, value: Any) -> str:
        text = super().check(name, value)
        if not SNAKE_CASE.fullmatch(text):
            raise PlaygroundError(
                mark(
                    "{name} must be small letters, digits and _, such as learning_rate; it is a part of the link.",
                    name=name,
                )
            )
        return text


@dataclass(frozen=True, kw_only=True)
class Shown(Controls):
    """Parts of the picture that are shown from the start."""

    def check(self, name: str, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list | tuple) or any(str(part) not in SHOWN for part in value):
            raise PlaygroundError(
                mark("{name} must be a list of {names}.", name=name, names=" and ".join(map(repr, SHOWN)))
            )
        return tuple(part for part in SHOWN if part in value)


@dataclass(frozen=True, kw_only=True)
class Option:
    """An answer to choose: ``reply`` is said when it is chosen."""

    text: str = checked_field("", Words(max_chars=160, label="Answer", help="The answer."))
    is_right: bool = checked_field(False, Flag(label="Right", help="Whether it is a right answer."))
    reply: str = checked_field("", Text(max_chars=300, label="Reply", help="What is said to whoever chooses it."))


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with checked answers: a choice among ``options``, or a number that the screen shows: ``answer`` is
    that quantity, read at the frame that is shown, and an answer may be off by ``tolerance`` of it or by ``within``."""

    ask: str = checked_field("", Words(max_chars=300, label="Question", help="What is asked."))
    options: tuple[Option, ...] = checked_field(
        (),
        Records(
            record=Option, noun=mark("option"), min_count=0, max_count=MAX_OPTIONS,
            label="Answers", help="Answers to choose from; at least one is right.",
        ),
    )  # fmt: skip
    answer: str = checked_field(
        "",
        ConditionText(is_number=True, label="Number", help="The quantity that is to be read from the screen."),
    )
    tolerance: float = checked_field(
        0.05, Number(low=0, high=0.5, label="Tolerance", help="How far an answer may be off, as a share of the number.")
    )
    within: float = checked_field(
        0.0, Number(low=0, high=1e6, label="Within", help="How far an answer may be off in any case.")
    )
    reply: str = checked_field(
        "", Text(max_chars=300, label="Reply", help="What is said of a number that is not right.")
    )

    @cached_property
    def number(self) -> Expression | None:
        """The number that is asked for, if one is."""
        return parse_number(self.answer) if self.answer else None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step: words, what must be true (``until``), and perhaps a question after that.

    It may start an ``experiment`` (JSON, whole or in part) or ``change`` fields of the present one. ``hide``, ``lock``
    and ``show`` take the place of the lesson's own where they are given. ``hint`` is offered after ``hint_after``
    seconds; ``point``: what *Show me* points at, of ``POINTS``.
    """

    title: str = checked_field("", Words(max_chars=80, label="Title", help="What stands above the step's words."))
    words: str = checked_field("", Words(max_chars=800, label="Words", help="What to do, and to look at; Markdown."))
    until: str = checked_field("", ConditionText(label="Until", help="The condition that ticks the step off."))
    experiment: Mapping[str, Any] | None = checked_field(
        None, ExperimentJson(label="Experiment", help="The experiment that the step starts, whole or in part.")
    )
    change: Mapping[str, Any] | None = checked_field(
        None, Changes(label="Changes", help="Fields of the experiment that the step sets, by name.")
    )
    hide: tuple[str, ...] | None = checked_field(None, Controls(label="Hidden", help="Controls that are not there."))
    lock: tuple[str, ...] | None = checked_field(
        None, Controls(label="Locked", help="Controls that can be seen but not moved.")
    )
    show: tuple[str, ...] | None = checked_field(
        None, Shown(label="Shown", help="Parts of the picture that are shown from the start.")
    )
    hint: str = checked_field("", Text(max_chars=400, label="Hint", help="What helps whoever does not get on."))
    hint_after: int = checked_field(
        45, Integer(low=5, high=600, label="Hint after", help="Seconds until the hint is offered.")
    )
    point: str = checked_field("", Choice(choices=POINTS, label="Point at", help="What Show me points at."))
    question: Question | None = checked_field(
        None, Record(record=Question, label="Question", help="What is asked once the condition was met.")
    )

    @cached_property
    def condition(self) -> Expression | None:
        """What must be true, if anything but an answer."""
        return parse_condition(self.until) if self.until else None


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A short course of steps; ``parse_lesson`` makes one of plain data, checked."""

    name: str = checked_field("", Name(max_chars=40, label="Name", help="Its name in links, in snake_case."))
    title: str = checked_field("", Words(max_chars=80, label="Title", help="What the lesson is called."))
    concept: str = checked_field("", Words(max_chars=60, label="Concept", help="What it teaches, in the field's term."))
    summary: str = checked_field("", Words(max_chars=300, label="Summary", help="What is found out in it."))
    minutes: int = checked_field(5, Integer(low=1, high=60, label="Minutes", help="How long it takes."))
    hide: tuple[str, ...] | None = checked_field(
        (), Controls(label="Hidden", help="Controls that are not there in any step.")
    )
    lock: tuple[str, ...] | None = checked_field(
        (), Controls(label="Locked", help="Controls that can be seen but not moved in any step.")
    )
    show: tuple[str, ...] | None = checked_field(
        (), Shown(label="Shown", help="Parts of the picture that are shown from the start.")
    )
    steps: tuple[Step, ...] = checked_field(
        (),
        Records(
            record=Step,
            noun=mark_in_context("lesson", "step"),
            min_count=1,
            max_count=MAX_STEPS,
            label="Steps",
            help="What there is to do.",
        ),
    )
    conclusion: str = checked_field("", Words(max_chars=400, label="Conclusion", help="What was found, in a sentence."))
    source: str = checked_field("", Text(max_chars=200, label="Source", help="Paper and year, where there is one."))

    @cached_property
    def digest(self) -> str:
        """Sixteen letters that tell this lesson's content from any other's."""
        return sha256(json.dumps(lesson_data(self), sort_keys=True).encode()).hexdigest()[:16]

    def handout_of(self, step: Step) -> Handout:
        """What ``step`` hides, locks and shows; its title and words stand in the lesson's own panel."""
        return Handout(
            hide=tuple(controls_named((self.hide if step.hide is None else step.hide) or ())),
            lock=tuple(controls_named((self.lock if step.lock is None else step.lock) or ())),
            show=(self.show if step.show is None else step.show) or (),
        )


def parse_lesson(data: Any) -> Lesson:
    """The lesson that plain ``data`` describes; raises ``PlaygroundError`` that names the place and the cure."""
    lesson = read_record(Lesson, "", data)
    experiment: Experiment | None = None
    for number, step in enumerate(lesson.steps, 1):
        place = mark("step {number}", number=number)
        check_question(step, place)
        try:
            experiment = prepare_experiment(step, experiment) if step.experiment or experiment else None
        except PlaygroundError as error:
            raise PlaygroundError(mark("change of {place}: {reason}", place=place, reason=error.sentence)) from None
        handout = lesson.handout_of(step)
        if step.point in handout.hide:
            raise PlaygroundError(
                mark(
                    "point of {place} is {control}, which the step hides; show it, or point elsewhere.",
                    place=place,
                    control=repr(step.point),
                )
            )
        if step.condition and experiment and step.condition.value(Observation(experiment=experiment)) is True:
            raise PlaygroundError(
                mark("until of {place} is true before anything is done; ask for what is not so yet.", place=place)
            )
    return lesson


def check_question(step: Step, place: str) -> None:
    """Raise ``PlaygroundError`` unless ``step`` has something to do, and its question one kind of answer."""
    question = step.question
    if question is None:
        if not step.until:
            raise PlaygroundError(mark("{place} has nothing to do; give it until, a question, or both.", place=place))
        return
    if bool(question.options) == bool(question.answer):
        raise PlaygroundError(
            mark("question of {place} needs options to choose from, or a number as answer, not both.", place=place)
        )
    right = sum(option.is_right for option in question.options)
    if question.options and not 1 <= right < len(question.options):
        raise PlaygroundError(
            mark("question of {place} needs an option with is_right true, and another that is wrong.", place=place)
        )


def prepare_experiment(step: Step, present: Experiment | None) -> Experiment:
    """The experiment with which ``step`` begins, after the ``present`` one; raises ``PlaygroundError`` where its
    changes do not fit that."""
    experiment = Experiment.from_dict(step.experiment) if step.experiment else present or Experiment()
    for name, value in (step.change or {}).items():
        experiment = replace_field(experiment, name, value)
    return experiment


def lesson_data(lesson: Lesson) -> dict[str, Any]:
    """``lesson`` as plain JSON values, which ``parse_lesson`` reads again."""
    return record_data(lesson)


def lesson_to_json(lesson: Lesson) -> str:
    """``lesson`` as the text of a file."""
    return json.dumps(lesson_data(lesson), indent=2, ensure_ascii=False) + "\n"


def lesson_from_json(text: str | bytes) -> Lesson:
    """The lesson in a file's text; raises ``PlaygroundError``."""
    if len(text) > MAX_LESSON_BYTES:
        raise PlaygroundError(
            mark("the lesson is longer than {limit} kB; a lesson needs a few.", limit=MAX_LESSON_BYTES // 1024)
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = mark(" at line {line}", line=error.lineno) if isinstance(error, json.JSONDecodeError) else ""
        raise PlaygroundError(
            mark("the lesson is not valid JSON{where}; docs/lessons.md shows what one looks like.", where=where)
        ) from None
    return parse_lesson(data)


def lesson_schema() -> dict[str, Any]:
    """The JSON schema of a lesson."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lesson",
        **record_schema(Lesson),
    }


def lesson_texts(lesson: Lesson) -> tuple[str, ...]:
    """All texts of ``lesson`` that a reader sees, in their order: what is to be translated."""
    texts = [lesson.title, lesson.concept, lesson.summary]
    for step in lesson.steps:
        texts += [step.title, step.words, step.hint]
        if question := step.question:
            texts += [question.ask, question.reply]
            texts += [text for option in question.options for text in (option.text, option.reply)]
    return tuple(dict.fromkeys(text for text in (*texts, lesson.conclusion) if text))

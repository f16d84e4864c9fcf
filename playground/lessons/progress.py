"""Where somebody is in a lesson, and what the present step has seen; a value that never changes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from playground.errors import PlaygroundError
from playground.language import mark
from playground.lessons.expression import Memory, Reading
from playground.lessons.lesson import Lesson, Question, Step
from playground.lessons.observation import Observation

MAX_ANSWER_CHARS = 40
MAX_WRONG_ANSWERS = 999
NUMBER = re.compile(r"([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?)\s*(%?)")
MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-"})


class Verdict(NamedTuple):
    """Whether an answer is right, and what is said of it."""

    is_right: bool
    reply: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where somebody is in ``lesson``: at step ``step`` (from 0; at the number of steps it is finished).

    ``memory``: what the temporal parts of the present condition have seen since the step began. ``is_met``: the
    condition was true at a moment; ``is_answered``: so was the answer. ``skipped``: steps that were passed over.
    """

    lesson: Lesson
    step: int = 0
    memory: Memory = ()
    is_met: bool = False
    is_answered: bool = False
    skipped: tuple[int, ...] = ()
    wrong_answers: int = 0

    @classmethod
    def start(cls, lesson: Lesson) -> Progress:
        """The beginning of ``lesson``."""
        return at_step(cls(lesson=lesson), 0)

    @property
    def present(self) -> Step | None:
        """The present step; None at the end."""
        return None if self.is_finished else self.lesson.steps[self.step]

    @property
    def is_finished(self) -> bool:
        """Whether there is no further step."""
        return self.step >= len(self.lesson.steps)

    @property
    def is_complete(self) -> bool:
        """Whether all steps were done, none skipped: then there is a completion code."""
        return self.is_finished and not self.skipped

    @property
    def is_done(self) -> bool:
        """Whether the present step is: what must be true was, and the question is answered."""
        return self.is_finished or (self.is_met and self.is_answered)

    @property
    def is_asking(self) -> bool:
        """Whether the question of the present step is open."""
        return not self.is_finished and self.is_met and not self.is_answered

    def observe(self, observation: Observation) -> Progress:
        """After ``observation``; once a condition was true it stays met, and nothing more is looked at."""
        condition = self.present.condition if self.present else None
        if condition is None or self.is_met:
            return self
        value, memory = condition.observe(observation, self.memory)
        return replace(self, memory=memory, is_met=value is True)

    def readings(self, observation: Observation) -> tuple[Reading, ...]:
        """How far each part of the present condition is at ``observation``."""
        condition = self.present.condition if self.present else None
        return () if condition is None or self.is_met else condition.readings(observation, self.memory)

    def answer(self, text: str, observation: Observation) -> tuple[Progress, Verdict]:
        """After an answer to the present question: the number of an option (from 0), or a number as it was typed, read
        at ``observation``, which is what the screen shows. Raises ``PlaygroundError`` for what is no answer."""
        question = self.present.question if self.present else None
        if question is None or not self.is_asking:
            raise PlaygroundError(mark("nothing is asked at this moment; do what the step says first."))
        verdict = judge(question, text, observation)
        if verdict.is_right:
            return replace(self, is_answered=True), verdict
        return replace(self, wrong_answers=min(self.wrong_answers + 1, MAX_WRONG_ANSWERS)), verdict

    def advance(self) -> Progress:
        """At the next step; raises ``PlaygroundError`` where the present one is not done."""
        if self.is_finished:
            return self
        if not self.is_done:
            raise PlaygroundError(mark("this step is not done yet; do what it says, or skip it."))
        return at_step(self, self.step + 1)

    def skip(self) -> Progress:
        """At the next step, the present one undone: there will be no completion code."""
        if self.is_finished:
            return self
        skipped = self.skipped if self.is_done else (*self.skipped, self.step)
        return at_step(replace(self, skipped=skipped), self.step + 1)


def at_step(progress: Progress, step: int) -> Progress:
    """``progress`` at the beginning of ``step``."""
    begun = replace(progress, step=step, memory=(), is_met=False, is_answered=False)
    if begun.present is None:
        return begun
    condition = begun.present.condition
    memory = condition.start() if condition else ()
    return replace(begun, memory=memory, is_met=condition is None, is_answered=begun.present.question is None)


def judge(question: Question, text: str, observation: Observation) -> Verdict:
    """Whether ``text`` answers ``question`` at ``observation``; raises ``PlaygroundError`` for what is no answer."""
    if not isinstance(text, str) or len(text) > MAX_ANSWER_CHARS:
        raise PlaygroundError(mark("an answer has at most {limit} characters.", limit=MAX_ANSWER_CHARS))
    if question.number is None:
        if not re.fullmatch(r"\d{1,2}", text) or int(text) >= len(question.options):
            raise PlaygroundError(mark("choose one of the answers."))
        option = question.options[int(text)]
        return Verdict(option.is_right, option.reply)
    expected = question.number.value(observation)
    if not isinstance(expected, float | int):
        raise PlaygroundError(mark("there is nothing to read on the screen yet; train a few steps first."))
    answer = read_number(text, is_share=question.number.tree.unit == "share")
    is_right = abs(answer - expected) <= max(question.tolerance * abs(expected), question.within) + 1e-12
    return Verdict(is_right, "" if is_right else question.reply)


def read_number(text: str, *, is_share: bool = False) -> float:
    """The number that was typed, with a decimal point or comma, or in per cent; of a share a number above 1.5 is meant
    in per cent too. Raises ``PlaygroundError`` for what is none."""
    match = NUMBER.fullmatch(text.strip().lower().translate(MINUSES).replace("×10^", "e"))
    number = float(match[1].replace(",", ".")) if match else math.nan
    if match is None or not math.isfinite(number):
        raise PlaygroundError(mark("type a number as the screen shows it, such as 0.25 or 91 %."))
    is_percent = match[2] == "%" or (is_share and number > 1.5)
    return number / 100 if is_percent else number

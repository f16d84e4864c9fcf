"""Lessons that one does: steps whose conditions are about the experiment and its run, checked on the server."""

from playground.lessons.completion import Completion, certificate_line, check_code, completion_code
from playground.lessons.condition import Expression, parse_condition, parse_number
from playground.lessons.expression import Reading
from playground.lessons.lesson import (
    Lesson,
    Option,
    Question,
    Step,
    lesson_data,
    lesson_from_json,
    lesson_schema,
    lesson_texts,
    lesson_to_json,
    parse_lesson,
    prepare_experiment,
)
from playground.lessons.library import bundled_lesson, bundled_lessons, next_lesson
from playground.lessons.observation import Observation
from playground.lessons.progress import Progress, Verdict
from playground.lessons.quantities import QUANTITIES, Quantity
from playground.lessons.tracker import Tracker
from playground.lessons.transfer import decode_lesson, decode_progress, encode_lesson, encode_progress

__all__ = [
    "QUANTITIES",
    "Completion",
    "Expression",
    "Lesson",
    "Observation",
    "Option",
    "Progress",
    "Quantity",
    "Question",
    "Reading",
    "Step",
    "Tracker",
    "Verdict",
    "bundled_lesson",
    "bundled_lessons",
    "certificate_line",
    "check_code",
    "completion_code",
    "decode_lesson",
    "decode_progress",
    "encode_lesson",
    "encode_progress",
    "lesson_data",
    "lesson_from_json",
    "lesson_schema",
    "lesson_texts",
    "lesson_to_json",
    "next_lesson",
    "parse_condition",
    "parse_lesson",
    "parse_number",
    "prepare_experiment",
]

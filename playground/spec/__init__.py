"""What an experiment is: problem, structure and knobs, validated and equal to their JSON."""

from playground.spec.change import along, changed, changed_fields, field_value
from playground.spec.experiment import PARTS, Experiment, nest, schema
from playground.spec.knobs import Knobs
from playground.spec.lesson import CONTROLS, Lesson, lesson_of, lesson_query
from playground.spec.link import from_query, to_query
from playground.spec.problem import OWN_DATA, Problem
from playground.spec.rules import Choice, Flag, Integer, Number, rule_of
from playground.spec.structure import MAX_LAYERS, MAX_UNITS, Structure

__all__ = [
    "CONTROLS",
    "MAX_LAYERS",
    "MAX_UNITS",
    "OWN_DATA",
    "PARTS",
    "Choice",
    "Experiment",
    "Flag",
    "Integer",
    "Knobs",
    "Lesson",
    "Number",
    "Problem",
    "Structure",
    "along",
    "changed",
    "changed_fields",
    "field_value",
    "from_query",
    "lesson_of",
    "lesson_query",
    "nest",
    "rule_of",
    "schema",
    "to_query",
]

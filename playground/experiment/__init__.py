"""What an experiment is: problem, structure and knobs, validated and equal to their JSON."""

from playground.experiment.experiment import PARTS, Experiment, nest, schema
from playground.experiment.fields import Choice, Flag, Integer, Number, rule_of
from playground.experiment.knobs import Knobs
from playground.experiment.lesson import CONTROLS, Lesson, lesson_of, lesson_query
from playground.experiment.links.query import from_query, to_query
from playground.experiment.problem import OWN_DATA, Problem
from playground.experiment.structure import MAX_LAYERS, MAX_UNITS, Structure
from playground.experiment.update import along, changed, changed_fields, field_value

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

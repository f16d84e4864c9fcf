"""What an experiment is: problem, structure and knobs, validated and equal to their JSON."""

from playground.experiment.experiment import PARTS, Experiment, nest, schema
from playground.experiment.fields import Choice, Flag, Integer, Number, get_rule
from playground.experiment.handout import CONTROLS, Handout, handout_of, handout_query
from playground.experiment.knobs import Knobs
from playground.experiment.links.query import from_query, to_query
from playground.experiment.problem import OWN_DATA, Problem
from playground.experiment.structure import MAX_LAYERS, MAX_UNITS, Structure
from playground.experiment.update import differing_fields, field_value, replace_field, with_axes

__all__ = [
    "CONTROLS",
    "MAX_LAYERS",
    "MAX_UNITS",
    "OWN_DATA",
    "PARTS",
    "Choice",
    "Experiment",
    "Flag",
    "Handout",
    "Integer",
    "Knobs",
    "Number",
    "Problem",
    "Structure",
    "differing_fields",
    "field_value",
    "from_query",
    "get_rule",
    "handout_of",
    "handout_query",
    "nest",
    "replace_field",
    "schema",
    "to_query",
    "with_axes",
]

"""Input features of a point in the plane: functions of its two coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.datasets.formula import is_formula, parse_formula
from playground.language import mark
from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class Feature(Entry):
    """An input feature: ``fn(xp, x1, x2)`` gives an array of the coordinates' shape.

    ``xp`` is the array module, ``numpy`` or ``jax.numpy``.
    """

    fn: Callable[[Any, Any, Any], Any]


FEATURES: Registry[Feature] = Registry("feature")

SMILKOV_2017 = "Smilkov et al. 2017, Direct-Manipulation Visualization of Deep Networks"
ELEMENTARY = "Bishop 2006, Pattern Recognition and Machine Learning, section 3.1, basis functions"


def register(
    name: str, label: str, formula: str, explanation: str, fn: Callable[[Any, Any, Any], Any], source: str
) -> None:
    """Add a feature."""
    FEATURES.register(Feature(name=name, label=label, formula=formula, explanation=explanation, fn=fn, source=source))


register("x1", "x₁", "x_1", "How far right the point is.", lambda xp, x1, x2: x1, SMILKOV_2017)
register("x2", "x₂", "x_2", "How far up the point is.", lambda xp, x1, x2: x2, SMILKOV_2017)
register(
    "x1_squared",
    "x₁²",
    "x_1^2",
    "Distance from the vertical axis, squared; a sum of it and x₂² makes circles.",
    lambda xp, x1, x2: x1 * x1,
    SMILKOV_2017,
)
register(
    "x2_squared",
    "x₂²",
    "x_2^2",
    "Distance from the horizontal axis, squared; a sum of it and x₁² makes circles.",
    lambda xp, x1, x2: x2 * x2,
    SMILKOV_2017,
)
register(
    "x1_x2",
    "x₁x₂",
    "x_1 x_2",
    "Positive in two opposite quadrants, negative in the others: it solves the exclusive or alone.",
    lambda xp, x1, x2: x1 * x2,
    SMILKOV_2017,
)
register("sin_x1", "sin x₁", r"\sin x_1", "Upright stripes.", lambda xp, x1, x2: xp.sin(x1), SMILKOV_2017)
register("sin_x2", "sin x₂", r"\sin x_2", "Level stripes.", lambda xp, x1, x2: xp.sin(x2), SMILKOV_2017)
register(
    "cos_x1",
    "cos x₁",
    r"\cos x_1",
    "Upright stripes that mirror left and right.",
    lambda xp, x1, x2: xp.cos(x1),
    ELEMENTARY,
)
register(
    "cos_x2",
    "cos x₂",
    r"\cos x_2",
    "Level stripes that mirror above and below.",
    lambda xp, x1, x2: xp.cos(x2),
    ELEMENTARY,
)
register(
    "radius",
    "radius",
    r"\sqrt{x_1^2 + x_2^2}",
    "Distance from the centre: it parts circles and rings alone.",
    lambda xp, x1, x2: xp.sqrt(x1 * x1 + x2 * x2),
    ELEMENTARY,
)


def feature_of(name: str) -> Feature:
    """The feature ``name``: a registered one, or a formula of one's own; raises ``PlaygroundError`` when it is
    neither."""
    if name in FEATURES or not is_formula(name):
        return FEATURES[name]
    formula = parse_formula(name)
    return Feature(
        name=formula.text,
        label=formula.text,
        formula=formula.tex(),
        explanation=mark("A feature of your own."),
        source=mark("your formula"),
        fn=formula,
    )

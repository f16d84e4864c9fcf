"""Programs that somebody will want, compiled while nobody wants anything."""

from __future__ import annotations

from collections.abc import Iterator

from playground.analysis.many import FEWEST, Many
from playground.analysis.rollout import rollout_recipe
from playground.spec import Experiment
from playground.training.general import BUCKETS_AHEAD
from playground.training.programs import LATER, Recipe


def likely_recipes() -> list[Recipe]:
    """What most visitors need, likeliest first: the frames of the usual buckets, the training that the other pages
    show, and the reading of many networks."""
    first, *others = [rollout_recipe(bucket) for bucket in BUCKETS_AHEAD]
    training, reading = Many(Experiment(), networks=FEWEST, steps=1).recipes
    return [first, training, *others, reading]


def prewarm() -> Iterator[Recipe]:
    """Have one program after another made, at the end of the line."""
    for recipe in likely_recipes():
        recipe.prepare_program(LATER)
        yield recipe

"""Programs that somebody will want, compiled while nobody wants anything."""

from __future__ import annotations

from collections.abc import Iterator

from playground.analysis.rollout import rollout_recipe
from playground.training.general import BUCKETS_AHEAD
from playground.training.programs import LATER, Recipe
from playground.training.trainer import train_loop_recipe


def likely_recipes() -> list[Recipe]:
    """What most visitors need, likeliest first: the frames of the usual buckets, and the training that the other pages
    show."""
    first, *others = [rollout_recipe(bucket) for bucket in BUCKETS_AHEAD]
    return [first, train_loop_recipe(BUCKETS_AHEAD[0]), *others]


def prewarm() -> Iterator[Recipe]:
    """Have one program after another made, at the end of the line."""
    for recipe in likely_recipes():
        recipe.prepare_program(LATER)
        yield recipe

"""Programs that somebody will want, compiled while nobody wants anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.analysis.film import Film
from playground.analysis.observe import Observer
from playground.presets import PRESETS
from playground.spec import Experiment
from playground.training.programs import LATER, PROGRAMS, Programs
from playground.training.trainer import Trainer

MOST_AHEAD = 2
"""Programs made beforehand: the experiment that the page begins with, and the gallery's first. More would only take the room of those in use."""


def likely() -> list[Experiment]:
    """What the first visitors open: the default, then the presets as the gallery shows them.

    Not those on real data: reading these costs 100 MB that many a server never needs.
    """
    presets = [preset.experiment for preset in PRESETS.values()]
    return [Experiment(), *(one for one in presets if not one.problem.tabular)]


def prewarm(experiments: Sequence[Experiment], programs: Programs = PROGRAMS) -> Iterator[Experiment]:
    """Have the programs of one experiment after another made, at the end of the line; ends after ``MOST_AHEAD`` of them."""
    for experiment in experiments[:MOST_AHEAD]:
        recipe = Film(Observer(Trainer(experiment))).recipe
        programs.prepare(recipe.key, recipe.build, LATER)
        yield experiment

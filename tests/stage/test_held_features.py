"""A column that the picture holds is drawn flat, and the picture says at which value it is held."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Experiment
from playground.experiment import with_axes
from playground.live import Run
from playground.number_format import format_precise
from playground.stage.diagram import features
from playground.stage.scene import scene
from playground.training.data import samples_of
from playground.web.session import new_name

COLUMNS = ("alcohol", "malic_acid", "ash", "hue")


@pytest.mark.parametrize("standardize", [True, False])
def test_held_columns_are_flat_and_say_their_mean(standardize: bool) -> None:
    experiment = Experiment.of(dataset="wine", hidden=[2], features=list(COLUMNS), standardize=standardize)
    run = Run(new_name(), with_axes(experiment, ("hue", "ash")), wait=False)
    raw, names, _ = samples_of(run.experiment)
    train = run.trainer.prepared.picture.train
    note = scene(run)["axes"]["note"]
    for one in features(run)[: len(COLUMNS)]:
        mean = format_precise(float(raw[train, names.index(one["name"])].mean()))
        is_held = one["name"] not in ("hue", "ash")
        assert one["held"] == (mean if is_held else "")
        assert bool(one["map"]) is not is_held
        assert (f"{one['label']} {mean}" in note) is is_held


def test_nothing_is_held_along_principal_components_or_in_the_plane() -> None:
    for experiment in (Experiment.of(dataset="wine", hidden=[2], features=list(COLUMNS)), Experiment.of(hidden=[2])):
        run = Run(new_name(), experiment, wait=False)
        assert not any(one["held"] for one in features(run))


def test_of_many_held_columns_the_first_are_named_and_the_others_counted() -> None:
    run = Run(new_name(), with_axes(Experiment.of(dataset="wine", hidden=[2]), ("hue", "ash")), wait=False)
    note = run.trainer.prepared.picture.note
    assert note.endswith("and 7 more.")
    assert len(note) < 160
    assert np.count_nonzero([one["held"] != "" for one in features(run)]) == 9

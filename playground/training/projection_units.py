"""What a picture's values from -1 to 1 stand for."""

from __future__ import annotations

from typing import NamedTuple

from playground.datasets.labels import class_label
from playground.experiment import Experiment
from playground.language import mark
from playground.number_format import MINUS
from playground.objectives.losses import LOSSES
from playground.training.data import Prepared
from playground.training.readout import readout_kind


class PictureUnits(NamedTuple):
    """``zero + one * value`` is ``name``; ``meaning`` says it in words."""

    name: str
    zero: float
    unit: float
    meaning: str


def picture_units(experiment: Experiment, prepared: Prepared) -> PictureUnits:
    """The units of the picture of ``experiment``: the target's in a regression, a probability where the loss makes
    one."""
    task, names = experiment.task, [class_label(name) for name in prepared.class_names]
    if task == "regression":
        name, (_, mean, deviation) = prepared.target.label, prepared.target
        return PictureUnits(name, mean, deviation * prepared.scale, name)
    if task == "multiclass":
        return PictureUnits(mark("confidence"), 0.0, 1.0, mark("likeliest class; paler is less certain"))
    if readout_kind(LOSSES[experiment.structure.loss], task) == "probability":
        name = mark("probability of {class_name}", class_name=names[1])
        return PictureUnits(name, 0.5, 0.5, name)
    meaning = mark("output: {minus}1 for {low}, 1 for {high}", minus=MINUS, low=names[0], high=names[1])
    return PictureUnits(mark("output"), 0.0, 1.0, meaning)

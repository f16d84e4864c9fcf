"""The description of a run that the stage needs once: points, axes, names, words."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.datasets.labels import class_label, spaced_label
from playground.experiment.title import experiment_title
from playground.language import mark
from playground.live import Run
from playground.live.frames.layer_statistics import HIGH, LAYER_SCALARS, LOW
from playground.live.frames.observer import SCALARS
from playground.live.protocol.encoding import round_floats
from playground.number_format import format_precise
from playground.objectives.losses import LOSSES
from playground.stage.diagram import diagram
from playground.stage.settings import choices
from playground.training.data import Prepared
from playground.training.projection_units import picture_units
from playground.training.readout import readout_kind

NAMES = {"scalars": SCALARS, "layer_scalars": LAYER_SCALARS}


def scene(run: Run) -> dict[str, Any]:
    """The scene of ``run`` as plain JSON values."""
    experiment, picture = run.experiment, run.trainer.prepared.picture
    task = experiment.task
    return {
        "title": experiment_title(experiment, run.table),
        "choices": choices(experiment),
        "task": task,
        "classes": class_labels(run.trainer.prepared),
        "target": target(run),
        "readout": readout_kind(LOSSES[experiment.structure.loss], task),
        "metric": "R²" if task == "regression" else "accuracy",
        "axes": {
            "x": spaced_label(picture.labels[0]),
            "y": spaced_label(picture.labels[1]),
            "xlim": list(picture.xlim),
            "ylim": list(picture.ylim),
            "note": picture.note,
            "unnumbered": experiment.problem.tabular and len(experiment.problem.features) == 1 and not picture.curve,
        },
        "curve": picture.curve,
        "legend": legend(run),
        "points": points(run),
        "network": diagram(run),
        "layers": [*(f"layer {i + 1}" for i in range(run.trainer.network.depth - 1)), "output"],
        "bins": {"low": LOW, "high": HIGH},
    }


def points(run: Run) -> dict[str, Any]:
    """The samples in the picture; the last ``painted`` of them were added by hand."""
    picture, problem = run.trainer.prepared.picture, run.experiment.problem
    return {
        "x": round_floats(picture.x, 4),
        "y": round_floats(picture.y, 4),
        "value": round_floats(picture.value, 4),
        "train": [int(flag) for flag in picture.train],
        "painted": len(problem.painted),
        "paintable": not problem.tabular and not picture.curve,
    }


def class_labels(prepared: Prepared) -> list[str]:
    """The classes' names as they stand on the stage."""
    return [class_label(name) for name in prepared.class_names]


def target(run: Run) -> dict[str, Any]:
    """What is learned: its ``name``; how the picture's values become it (``zero + one * value``), the ``deviation`` by
    which a regression's errors are divided before the loss, and the ``levels`` that can be painted."""
    prepared, units = run.trainer.prepared, picture_units(run.experiment, run.trainer.prepared)
    levels = [units.zero + share * units.unit for share in (1, 0, -1)] if run.experiment.task == "regression" else []
    return {
        "name": prepared.target.label,
        "shown": units.name,
        "zero": round_floats(units.zero, 6),
        "one": round_floats(units.unit, 6),
        "deviation": round_floats(prepared.target.deviation, 6),
        "levels": round_floats(levels, 3),
        "spread": round_floats(prepared.target_deviation, 6) if run.experiment.task == "regression" else [],
    }


def legend(run: Run) -> dict[str, Any]:
    """What the ends of the colour bar mean; ``from`` and ``to``: where they are on the picture's scale from -1 to 1."""
    task, prepared = run.experiment.task, run.trainer.prepared
    units = picture_units(run.experiment, prepared)
    if task == "multiclass":
        return {"low": "", "high": "", "label": units.meaning}
    drawn = mark("line: the network; marks: the samples") if prepared.picture.curve else ""
    if task == "binary":
        low, high = class_labels(prepared)
        return {"low": low, "high": high, "label": drawn or units.meaning}
    values = prepared.picture.value if run.experiment.problem.tabular else np.array([-1.0, 1.0])
    ends = float(values.min()), float(values.max())
    low, high = (format_precise(units.zero + end * units.unit) for end in ends)
    return {"low": low, "high": high, "label": drawn or units.meaning, "from": ends[0], "to": ends[1]}

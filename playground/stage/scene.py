"""The description of a run that the stage needs once: points, axes, names, words."""

from __future__ import annotations

from typing import Any

from playground.analysis.gradients import HIGH, LAYER_SCALARS, LOW
from playground.analysis.observe import SCALARS
from playground.datasets import DATASETS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.spec import OWN_DATA, Experiment
from playground.stage.diagram import diagram
from playground.stage.wire import rounded
from playground.stream import Run

NAMES = {"scalars": SCALARS, "layer_scalars": LAYER_SCALARS}


def title(experiment: Experiment) -> str:
    """The experiment in a line: dataset, widths, activation, optimizer."""
    structure = experiment.structure
    dataset = "own data" if experiment.problem.dataset == OWN_DATA else DATASETS[experiment.problem.dataset].label
    hidden = "-".join(map(str, structure.hidden)) or "no hidden layer"
    activations = sorted(set(structure.activations)) or ["linear"]
    return f"{dataset} · {hidden} {'/'.join(activations)} · {OPTIMIZERS[structure.optimizer].label}"


def scene(run: Run, words: dict[str, str]) -> dict[str, Any]:
    """The scene of ``run`` as plain JSON values; ``words`` translates the stage's English."""
    experiment, picture = run.experiment, run.trainer.prepared.picture
    task = experiment.task
    return {
        "title": title(experiment),
        "task": task,
        "classes": list(run.trainer.prepared.class_names),
        "metric": "R²" if task == "regression" else "accuracy",
        "axes": {
            "x": picture.labels[0],
            "y": picture.labels[1],
            "xlim": list(picture.xlim),
            "ylim": list(picture.ylim),
            "note": picture.note,
        },
        "legend": legend(run),
        "points": points(run),
        "network": diagram(run),
        "layers": [*(f"layer {i + 1}" for i in range(run.trainer.network.depth - 1)), "output"],
        "bins": {"low": LOW, "high": HIGH},
        "text": words,
    }


def points(run: Run) -> dict[str, Any]:
    """The samples in the picture; the last ``painted`` of them were added by hand."""
    picture, problem = run.trainer.prepared.picture, run.experiment.problem
    return {
        "x": rounded(picture.x, 4),
        "y": rounded(picture.y, 4),
        "value": rounded(picture.value, 4),
        "train": [int(one) for one in picture.train],
        "painted": len(problem.painted),
        "paintable": not problem.tabular,
    }


def legend(run: Run) -> dict[str, str]:
    """What the ends of the colour bar mean."""
    task, names = run.experiment.task, run.trainer.prepared.class_names
    if task == "regression":
        return {
            "low": f"{-run.trainer.prepared.scale:.3g}",
            "high": f"{run.trainer.prepared.scale:.3g}",
            "label": "output",
        }
    if (
        task == "binary"
        and LOSSES[run.experiment.structure.loss].logits
        and LOSSES[run.experiment.structure.loss].encoding == "probability"
    ):
        return {"low": "0", "high": "1", "label": f"probability of class {names[1]}"}
    if task == "binary":
        return {"low": "-1", "high": "1", "label": "output"}
    return {"low": "", "high": "", "label": "likeliest class; paler is less certain"}

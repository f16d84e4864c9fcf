"""Setting one field of an experiment, with the fields that depend on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.datasets import DATASETS, Table
from playground.experiment.experiment import DEFAULT_LOSSES, PARTS, Experiment, nest, task_of
from playground.experiment.problem import OWN_DATA, Problem
from playground.nn.activations import ACTIVATIONS
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS

CLASSIFIERS: dict[NetworkTask, str] = {
    "binary": "binary_cross_entropy",
    "multiclass": "softmax_cross_entropy",
    "regression": "mse",
}


def replace_field(experiment: Experiment, name: str, value: Any, table: Table | None = None) -> Experiment:
    """``experiment`` with field ``name`` set to ``value``.

    ``table``: the user's own data, where the experiment is about them. Another dataset brings its own columns and
    classes, another optimizer its own knobs, another loss the output that fits it. Raises ``PlaygroundError`` when the
    value is not allowed; the experiment itself is never touched.
    """
    fields = {field: setting for part in PARTS for field, setting in vars(getattr(experiment, part)).items()}
    fields[name] = value
    if name == "dataset" and isinstance(value, str) and value in DATASETS:
        fields |= _fitting_problem(DATASETS[value], experiment.problem)
    if name == "dataset" and value == OWN_DATA and table is not None:
        fields |= _own_data_problem(table)
    if name == "features" and isinstance(value, list | tuple):
        fields["axes"] = tuple(axis for axis in fields["axes"] if axis in value) if len(fields["axes"]) == 2 else ()
        fields["axes"] = fields["axes"] if len(fields["axes"]) == 2 else ()
    if name == "hidden" and not isinstance(experiment.structure.activation, str) and isinstance(value, list | tuple):
        old = experiment.structure.activations or (next(iter(ACTIVATIONS)),)
        fields["activation"] = tuple(old[min(i, len(old) - 1)] for i in range(len(value)))
    if name == "optimizer" and isinstance(value, str) and value in OPTIMIZERS:
        fields |= OPTIMIZERS[value].defaults
    if name in ("dataset", "loss", "classes"):
        fields |= _fitting(fields, experiment)
    own = fields["dataset"] == OWN_DATA
    return Experiment.from_dict(nest(fields), table if own else None)


def with_axes(experiment: Experiment, axes: tuple[str, ...]) -> Experiment:
    """``experiment`` with its picture along ``axes``: the same training. Raises ``PlaygroundError`` for unknown
    ones."""
    return replace(experiment, problem=replace(experiment.problem, axes=axes))


def field_value(experiment: Experiment, name: str) -> Any:
    """The field ``name`` of whichever part has it."""
    return next(vars(getattr(experiment, part))[name] for part in PARTS if name in vars(getattr(experiment, part)))


def differing_fields(before: Experiment, after: Experiment) -> tuple[str, ...]:
    """Names of the fields in which the two differ, in the order of the parts."""
    return tuple(
        name
        for part in PARTS
        for name, value in vars(getattr(before, part)).items()
        if value != getattr(getattr(after, part), name)
    )


def _fitting_problem(dataset: Any, old: Problem) -> dict[str, Any]:
    tabular = dataset.domain is None
    features = dataset.columns if tabular else (("x1", "x2") if old.tabular else old.features)
    samples = dataset.samples if tabular or old.tabular else old.samples
    return {
        "features": features,
        "axes": (),
        "classes": dataset.classes[0],
        "samples": max(50, min(samples, dataset.max_samples)),
        "standardize": dataset.standardize,
        "task": "automatic",
        "painted": (),
        "only_painted": False,
    }


def _own_data_problem(table: Table) -> dict[str, Any]:
    return {
        "features": table.columns,
        "axes": (),
        "classes": max(1, len(table.class_names)),
        "task": table.task,
        "standardize": True,
        "painted": (),
        "only_painted": False,
    }


def _fitting(fields: dict[str, Any], old: Experiment) -> dict[str, str]:
    """The loss and the output activation that fit the problem in ``fields``: its defaults where those of the ``old``
    problem stood, else what was chosen, as far as it fits."""
    problem = Problem(**{name: fields[name] for name in Problem.__dataclass_fields__})
    task, name, output = task_of(problem), fields["loss"], fields["output_activation"]
    if task != old.task and name == DEFAULT_LOSSES[old.task]:
        name = DEFAULT_LOSSES[task]
    elif task not in LOSSES[name].output_activations:
        name = CLASSIFIERS[task]
    allowed = LOSSES[name].output_activations[task]
    chosen = output != LOSSES[old.structure.loss].output_activations[old.task][0]
    return {"loss": name, "output_activation": output if chosen and output in allowed else allowed[0]}

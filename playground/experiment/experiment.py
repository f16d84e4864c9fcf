"""Problem, structure and knobs together, equal to their JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from playground.datasets import DATASETS, Table
from playground.errors import PlaygroundError, unknown_choice
from playground.experiment.fields import format_value, get_rule
from playground.experiment.knobs import Knobs
from playground.experiment.problem import OWN_DATA, Problem
from playground.experiment.structure import Structure
from playground.language import mark
from playground.objectives.loss import NetworkTask
from playground.objectives.losses import LOSSES, check_loss
from playground.objectives.optimizers import OPTIMIZERS

PARTS: dict[str, Any] = {"problem": Problem, "structure": Structure, "knobs": Knobs}
MAX_JSON = 1_000_000
DEFAULT_LOSSES: dict[NetworkTask, str] = {"binary": "mse", "multiclass": "softmax_cross_entropy", "regression": "mse"}
"""By task. Two classes are learned as TensorFlow Playground learns them."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A whole experiment: frozen, validated, equal to its JSON.

    Raises ``PlaygroundError`` when the parts contradict each other. ``Experiment.of`` and ``from_dict`` fill what is
    left out with what suits the rest (a real dataset's columns, an optimizer's own defaults, the output that fits the
    loss).
    """

    problem: Problem = field(default_factory=Problem)
    structure: Structure = field(default_factory=Structure)
    knobs: Knobs = field(default_factory=Knobs)

    def __post_init__(self) -> None:
        check_loss(self.structure.loss, self.task, self.structure.output_activation)

    @property
    def task(self) -> NetworkTask:
        """``"binary"``, ``"multiclass"`` or ``"regression"``."""
        return task_of(self.problem)

    @property
    def outputs(self) -> int:
        """Width of the output layer."""
        return LOSSES[self.structure.loss].outputs(self.task, self.problem.classes)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Plain lists, numbers and strings in three parts, ready for ``json.dumps``."""
        return json.loads(json.dumps({name: asdict(getattr(self, name)) for name in PARTS}))

    def to_json(self) -> str:
        """The experiment as indented JSON."""
        return json.dumps(self.to_dict(), indent=2)

    @classmethod
    def from_dict(cls, data: Any, table: Table | None = None) -> Experiment:
        """The experiment that ``data`` describes, wholly or in part; ``table`` is the user's own data, if any.

        Raises ``PlaygroundError`` for an unknown name (with the nearest known one) or a value that does not fit.
        """
        parts = check_parts(data)
        problem = Problem(
            **(problem_defaults(parts["problem"], table) | parts["problem"] | own_data(parts["problem"], table))
        )
        task = task_of(problem)
        structure_given: dict[str, Any] = {"loss": DEFAULT_LOSSES[task]} | parts["structure"]
        draft = Structure(**structure_given)
        loss = LOSSES[draft.loss]
        if "output_activation" not in structure_given and task in loss.output_activations:
            draft = Structure(**structure_given, output_activation=loss.output_activations[task][0])
        knobs = Knobs(**(dict(OPTIMIZERS[draft.optimizer].defaults) | parts["knobs"]))
        return cls(problem=problem, structure=draft, knobs=knobs)

    @classmethod
    def from_json(cls, text: str | bytes, table: Table | None = None) -> Experiment:
        """The experiment of a JSON text, wholly or in part; raises ``PlaygroundError`` when it is none."""
        return cls.from_dict(cls.parse(text), table)

    @staticmethod
    def parse(text: str | bytes) -> Any:
        """The values in a JSON text, not yet checked; raises ``PlaygroundError`` when it is not JSON."""
        if len(text) > MAX_JSON:
            raise PlaygroundError(mark("the experiment's JSON is longer than 1 MB; an experiment needs a few lines."))
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            example = '{"knobs": {"l2": 0.01}}'
            sentence = mark("the experiment is not valid JSON; it looks like {example}.", example=example)
            if isinstance(error, json.JSONDecodeError):
                sentence = mark(
                    "the experiment is not valid JSON at line {line}; it looks like {example}.",
                    line=error.lineno,
                    example=example,
                )
            raise PlaygroundError(sentence) from None

    @classmethod
    def of(cls, **values: Any) -> Experiment:
        """The experiment with these fields of any part, for example ``of(dataset="spiral", hidden=[8, 8],
        l2=0.001)``."""
        return cls.from_dict(nest(values))


def task_of(problem: Problem) -> NetworkTask:
    """``"binary"``, ``"multiclass"`` or ``"regression"``: what the problem asks of a network."""
    kind = problem.task if problem.dataset == OWN_DATA else DATASETS[problem.dataset].task
    if kind == "regression":
        return "regression"
    return "binary" if problem.classes == 2 else "multiclass"


def nest(flat: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Fields by name, put into their parts; raises ``PlaygroundError`` for an unknown name."""
    part_of = {field.name: part for part, kind in PARTS.items() for field in fields(kind)}
    nested: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for name, value in flat.items():
        if name not in part_of:
            raise unknown_choice(mark("field"), name, part_of)
        nested[part_of[name]][name] = value
    return nested


def check_parts(data: Any) -> dict[str, dict[str, Any]]:
    """The three parts of ``data``, absent ones empty; raises ``PlaygroundError`` for names that do not exist."""
    if not isinstance(data, Mapping):
        raise PlaygroundError(
            mark("an experiment is an object with problem, structure and knobs, not {value}.", value=format_value(data))
        )
    for part in data:
        if part not in PARTS:
            raise unknown_choice(mark("part of an experiment"), part, PARTS)
    parts = {}
    for part, kind in PARTS.items():
        values = data.get(part, {})
        if not isinstance(values, Mapping):
            raise PlaygroundError(
                mark("{part} must be an object of named values, not {value}.", part=part, value=format_value(values))
            )
        known = [field.name for field in fields(kind)]
        for name in values:
            if name not in known:
                raise unknown_choice(mark("field of {part}", part=part), name, known)
        parts[part] = dict(values)
    return parts


def problem_defaults(values: Mapping[str, Any], table: Table | None) -> dict[str, Any]:
    """What a problem's dataset suggests for the fields that ``values`` does not name."""
    if table is not None:
        return {"features": table.columns, "train_fraction": 0.5}
    name = values.get("dataset", "circle")
    if name not in DATASETS:
        return {}
    dataset = DATASETS[name]
    defaults: dict[str, Any] = {
        "samples": min(dataset.samples, dataset.max_samples),
        "classes": dataset.classes[0],
        "standardize": dataset.standardize,
    }
    if dataset.domain is None:
        defaults["features"] = dataset.columns
    return defaults


def own_data(values: Mapping[str, Any], table: Table | None) -> dict[str, Any]:
    """What the user's own table decides whatever is given: its name, its task and its classes."""
    if table is None:
        if values.get("dataset") == OWN_DATA:
            raise PlaygroundError(
                mark("the dataset 'table' needs a file of your own; give one, or choose another dataset."),
                field="dataset",
            )
        return {}
    features = values.get("features", table.columns)
    for feature in features if isinstance(features, list | tuple) else ():
        if feature not in table.columns:
            raise unknown_choice(mark("column"), feature, table.columns, field="features")
    return {"dataset": OWN_DATA, "task": table.task, "classes": max(1, len(table.class_names))}


def schema() -> dict[str, Any]:
    """The JSON schema of an experiment."""
    parts = {}
    for part, kind in PARTS.items():
        properties = {}
        for definition in fields(kind):
            rule = get_rule(definition)
            properties[definition.name] = rule.schema() | {
                "title": rule.label,
                "description": rule.help,
                "default": definition.default,
            }
        parts[part] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Experiment",
        "type": "object",
        "properties": parts,
        "additionalProperties": False,
    }

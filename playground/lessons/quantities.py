"""What a condition can be about: one entry for each quantity, with how it is read from an observation.

Every number is one that the screen shows. ``None`` stands for what is not known: nothing is measured yet, there is no
test set, or the network has no such layer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from playground.experiment.fields import Choice, Flag, Integer, Number
from playground.experiment.links.query import RULES
from playground.experiment.update import field_value
from playground.language import mark
from playground.lessons.observation import LayerNumbers, Observation
from playground.nn.activations import ACTIVATIONS
from playground.registry import Entry, Registry
from playground.training.trainer import network_of

Kind = Literal["number", "truth", "name"]
"""What an expression is: a number, something true or false, or a name such as that of an optimizer."""
Value = float | bool | str | None
ArgumentKind = Literal["layer", "index", "coordinate", "text"]
OUTPUT = "output"
"""The output layer, where a layer is to be named."""
Layer = int | str
"""A layer from 1 on, or ``OUTPUT``."""


@dataclass(frozen=True, kw_only=True)
class Argument:
    """What a quantity is asked of: a layer (1, 2, ... or output), an index from 1 on, a coordinate, or a text.

    ``label``: a number of it as a learner reads it, with its ``{number}``.
    """

    name: str
    kind: ArgumentKind
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Quantity(Entry):
    """A quantity: ``read(observation, *arguments)`` gives its value.

    ``unit``: "share" for what the screen shows in per cent. ``choices``: of a name, what it can be, and ``labels``
    what the screen calls those. ``of_run``: it is
    measured, so that it is unknown before the first frame; else the experiment alone decides it.
    """

    kind: Kind
    read: Callable[..., Value]
    arguments: tuple[Argument, ...] = ()
    unit: Literal["", "share", "count"] = ""
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    of_run: bool = True

    @property
    def signature(self) -> str:
        """As it is written in a condition: ``gradient_norm(layer)``."""
        names = ", ".join(argument.name for argument in self.arguments)
        return f"{self.name}({names})" if names else self.name

    def choice_label(self, choice: str) -> str:
        """What the screen calls one of ``choices``; ``choice`` itself where it has no other name."""
        return dict(zip(self.choices, self.labels, strict=False)).get(choice, choice)


QUANTITIES: Registry[Quantity] = Registry("quantity")

LAYER = Argument(name="layer", kind="layer")
SOURCE = Argument(name="source", kind="index", label=mark("input {number:g}"))
UNIT = Argument(name="unit", kind="index", label=mark("unit {number:g}"))


def quantity(
    name: str, label: str, explanation: str, read: Callable[..., Value], *arguments: Argument, **fields: Any
) -> Quantity:
    """Add a number that is measured, unless ``fields`` say otherwise."""
    settings: dict[str, Any] = {"kind": "number", "formula": "", "source": "", "arguments": arguments} | fields
    return QUANTITIES.register(Quantity(name=name, label=label, explanation=explanation, read=read, **settings))


def names_of(choices: Iterable[str] | Registry[Any]) -> dict[str, Any]:
    """What a quantity says of ``choices``: their names and, of a registry, their labels."""
    labels = tuple(mark(entry.label) for entry in choices.values()) if isinstance(choices, Registry) else ()
    return {"choices": tuple(choices), "labels": labels}


def finite(value: Any) -> float | None:
    """``value`` as a float; None for what is no number, or none that is finite."""
    return float(value) if value is not None and math.isfinite(value) else None


def place_of(layer: Layer, depth: int) -> int | None:
    """The place of ``layer`` among ``depth`` layers with weights, from 0; None where there is none such."""
    place = depth - 1 if layer == OUTPUT else int(layer) - 1
    return place if 0 <= place < depth else None


def scalar(name: str, *, task: str = "") -> Callable[[Observation], Value]:
    """Reads a frame's number of that name; ``task``: "regression", or "classes" for all others."""

    def read(observation: Observation) -> Value:
        is_regression = observation.experiment.task == "regression"
        if task and (task == "regression") != is_regression:
            return None
        return finite(observation.scalars.get(name))

    return read


def curve_number(name: str, pick: Callable[[np.ndarray], Any], *, task: str = "") -> Callable[[Observation], Value]:
    """Reads a number of the finite values that a curve has had so far in the run."""

    def read(observation: Observation) -> Value:
        if task == "classes" and observation.experiment.task == "regression":
            return None
        values = np.asarray(observation.curves.get(name, ()), float)
        values = values[np.isfinite(values)]
        return float(pick(values)) if len(values) else None

    return read


def layer_scalar(name: str, *, hidden: bool = False) -> Callable[[Observation, Layer], Value]:
    """Reads a layer's number of that name; ``hidden``: the output layer has none."""

    def read(observation: Observation, layer: Layer) -> Value:
        depth = len(observation.layers)
        place = place_of(layer, depth)
        if place is None or (hidden and place == depth - 1):
            return None
        return finite(observation.layers[place].get(name))

    return read


def diagram_number(part: str) -> Callable[..., Value]:
    """Reads a number of what the diagram draws of a layer, at indices from 1 on."""

    def read(observation: Observation, layer: Layer, *indices: int) -> Value:
        place = place_of(layer, len(observation.diagram_layers))
        if place is None:
            return None
        values: np.ndarray = getattr(observation.diagram_layers[place], part)
        at = tuple(index - 1 for index in indices)
        is_there = all(0 <= index < size for index, size in zip(at, values.shape, strict=True))
        return finite(values[at]) if is_there else None

    return read


def count_different_units(observation: Observation, layer: Layer) -> Value:
    """How many of the units of a layer that the diagram draws differ in a weight or the bias, to four decimals."""
    place = place_of(layer, len(observation.diagram_layers))
    if place is None:
        return None
    numbers = observation.diagram_layers[place]
    units = np.vstack([numbers.weights, numbers.biases])
    return float(len(np.unique(np.round(units, 4), axis=1).T)) if np.isfinite(units).all() else None


def weights_number(count: Callable[[np.ndarray], Any]) -> Callable[[Observation], Value]:
    """Reads a number of all weights that the diagram draws."""

    def read(observation: Observation) -> Value:
        layers: Iterable[LayerNumbers] = observation.diagram_layers
        weights = [layer.weights.ravel() for layer in layers]
        return finite(count(np.concatenate(weights))) if weights else None

    return read


def read_stop(kind: str) -> Callable[[Observation], Value]:
    """Reads whether training cannot go on for this reason."""
    return lambda observation: observation.stop == kind if observation.has_frame else None


def hidden_units(observation: Observation, layer: Layer) -> Value:
    """Units of a layer, the output's included."""
    widths = network_of(observation.experiment).widths[1:]
    place = place_of(layer, len(widths))
    return None if place is None else float(widths[place])


def layer_activation(observation: Observation, layer: Layer) -> Value:
    """The activation of a layer."""
    activations = network_of(observation.experiment).activations
    place = place_of(layer, len(activations))
    return None if place is None else activations[place]


def shared_activation(observation: Observation) -> Value:
    """The activation that all hidden layers have."""
    activations = set(observation.experiment.structure.activations)
    return activations.pop() if len(activations) == 1 else None


def parameter_count(observation: Observation) -> Value:
    """Weights and biases, and the scale and offset of each normalised unit."""
    network = network_of(observation.experiment)
    widths = network.widths
    count = sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(widths))
    return float(count + (0 if network.normalization == "none" else 2 * sum(widths[1:-1])))


ACTIVATION_NAMES = names_of(ACTIVATIONS)


def read_field(name: str) -> Callable[[Observation], Value]:
    """Reads a field of the experiment, a whole number as a float."""

    def read(observation: Observation) -> Value:
        value = field_value(observation.experiment, name)
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return read


def whole_number(value: Callable[[Observation], int]) -> Callable[[Observation], Value]:
    """Reads a whole number once there is a frame."""
    return lambda observation: float(value(observation)) if observation.has_frame else None


COUNT, SHARE = {"unit": "count"}, {"unit": "share"}
OF_EXPERIMENT: dict[str, Any] = {"of_run": False}

quantity("step", "step", "Optimizer steps since the run began.", scalar("step"), **COUNT)
quantity("epoch", "epoch", "Passes through the train set since the run began.", scalar("epoch"))
quantity("train_loss", "train loss", "The loss over the train set.", scalar("train_loss"))
quantity("test_loss", "test loss", "The loss over the test set; unknown without one.", scalar("test_loss"))
quantity(
    "train_accuracy", "train accuracy", "Share of the train set that is classified right.",
    scalar("train_metric", task="classes"), **SHARE,
)  # fmt: skip
quantity(
    "test_accuracy", "test accuracy", "Share of the test set that is classified right.",
    scalar("test_metric", task="classes"), **SHARE,
)  # fmt: skip
quantity("train_r2", "train R²", "Of a regression: R² over the train set.", scalar("train_metric", task="regression"))
quantity("test_r2", "test R²", "Of a regression: R² over the test set.", scalar("test_metric", task="regression"))
quantity("penalty", "penalty", "What regularization adds to the loss.", scalar("penalty"))
quantity(
    "scheduled_rate", "scheduled learning rate", "The learning rate of this step, after the schedule.",
    scalar("learning_rate"),
)  # fmt: skip
quantity(
    "first_train_loss", "first train loss", "The train loss before the first step.",
    curve_number("train_loss", lambda values: values[0]),
)  # fmt: skip
quantity(
    "first_test_loss", "first test loss", "The test loss before the first step.",
    curve_number("test_loss", lambda values: values[0]),
)  # fmt: skip
quantity("best_train_loss", "best train loss", "The lowest train loss of this run so far.",
         curve_number("train_loss", np.min))  # fmt: skip
quantity("best_test_loss", "best test loss", "The lowest test loss of this run so far.",
         curve_number("test_loss", np.min))  # fmt: skip
quantity(
    "best_test_accuracy", "best test accuracy", "The highest test accuracy of this run so far.",
    curve_number("test_metric", np.max, task="classes"), **SHARE,
)  # fmt: skip
quantity("diverged", "diverged", "The numbers grew beyond what can be computed, and training ended.",
         read_stop("diverged"), kind="truth")  # fmt: skip
quantity("stopped", "stopped early", "Early stopping has ended training.", read_stop("stopped"), kind="truth")

quantity("gradient_norm", "gradient norm", "Length of the loss gradient by a layer's parameters.",
         layer_scalar("gradient_norm"), LAYER)  # fmt: skip
quantity("update_ratio", "update ratio", "Length of a layer's last update over the length of its parameters.",
         layer_scalar("update_ratio"), LAYER)  # fmt: skip
quantity("activation_mean", "mean activation", "Mean output of a layer's units over the train set.",
         layer_scalar("activation_mean"), LAYER)  # fmt: skip
quantity("dead_share", "dead units", "Share of a hidden layer's units that are silent on every train sample.",
         layer_scalar("dead", hidden=True), LAYER, **SHARE)  # fmt: skip
quantity("saturated_share", "saturated outputs", "Share of a hidden layer's outputs at an end of its activation.",
         layer_scalar("saturated", hidden=True), LAYER, **SHARE)  # fmt: skip

quantity("weight", "weight", "A weight: into which layer, from which unit (or input), to which unit, from 1 on.",
         diagram_number("weights"), LAYER, SOURCE, UNIT)  # fmt: skip
quantity("bias", "bias", "A unit's bias.", diagram_number("biases"), LAYER, UNIT)
quantity("weight_gradient", "gradient by a weight", "The loss gradient by a weight.",
         diagram_number("weight_gradients"), LAYER, SOURCE, UNIT)  # fmt: skip
quantity("bias_gradient", "gradient by a bias", "The loss gradient by a unit's bias.",
         diagram_number("bias_gradients"), LAYER, UNIT)  # fmt: skip
quantity("unit_mean", "mean output of a unit", "Mean output of a unit over the train set.",
         diagram_number("unit_means"), LAYER, UNIT)  # fmt: skip
quantity("unit_deviation", "deviation of a unit", "Standard deviation of a unit's output over the train set.",
         diagram_number("unit_deviations"), LAYER, UNIT)  # fmt: skip
quantity(
    "different_units", "different units",
    "Units of a layer that differ in a weight or the bias, to four decimals; those that are alike count once.",
    count_different_units, LAYER, **COUNT,
)  # fmt: skip
quantity("zero_weights", "weights at zero", "How many of the weights in the diagram are exactly 0.",
         weights_number(lambda weights: np.sum(weights == 0)), **COUNT)  # fmt: skip
quantity("largest_weight", "largest weight", "The largest magnitude of the weights in the diagram.",
         weights_number(lambda weights: np.max(np.abs(weights))))  # fmt: skip
quantity(
    "output", "output at a place", "The picture's value at a place, in the units of its legend, to a 127th of them.",
    lambda observation, x1, x2: finite(observation.read_picture(x1, x2)),
    Argument(name="x1", kind="coordinate", label=mark("x₁ {number:g}")),
    Argument(name="x2", kind="coordinate", label=mark("x₂ {number:g}")),
)  # fmt: skip
quantity("units_off", "units switched off", "Inputs and hidden units that are switched off by hand.",
         whole_number(lambda observation: observation.units_off), **COUNT)  # fmt: skip
quantity("edits", "weights set by hand", "Weights and biases that were set by hand in this run.",
         whole_number(lambda observation: observation.edits), **COUNT)  # fmt: skip

quantity(
    "hidden_layers", "hidden layers", "How many hidden layers the network has.",
    lambda observation: float(len(observation.experiment.structure.hidden)), **COUNT, **OF_EXPERIMENT,
)  # fmt: skip
quantity("units", "units", "Units of a layer.", hidden_units, LAYER, **COUNT, **OF_EXPERIMENT)
quantity("parameters", "parameters", "How many numbers the network learns.", parameter_count,
         **COUNT, **OF_EXPERIMENT)  # fmt: skip
quantity(
    "activation", "activation", "The activation of all hidden layers; unknown where they differ.", shared_activation,
    kind="name", **ACTIVATION_NAMES, **OF_EXPERIMENT,
)  # fmt: skip
quantity("layer_activation", "activation of a layer", "The activation of a layer.", layer_activation, LAYER,
         kind="name", **ACTIVATION_NAMES, **OF_EXPERIMENT)  # fmt: skip
quantity(
    "feature", "feature", "Whether the network sees a feature, such as \"x1\".",
    lambda observation, name: name in observation.experiment.problem.features,
    Argument(name="name", kind="text"), kind="truth", **OF_EXPERIMENT,
)  # fmt: skip
quantity("feature_count", "features", "How many features the network sees.",
         lambda observation: float(len(observation.experiment.problem.features)),
         **COUNT, **OF_EXPERIMENT)  # fmt: skip
quantity("painted_points", "painted points", "Points that were added by hand.",
         lambda observation: float(len(observation.experiment.problem.painted)),
         **COUNT, **OF_EXPERIMENT)  # fmt: skip


def add_fields() -> None:
    """Every field of an experiment that holds one value is a quantity under its own name."""
    for name, rule in RULES.items():
        settings: dict[str, Any] = dict(OF_EXPERIMENT)
        if isinstance(rule, Integer):
            settings |= COUNT
        elif isinstance(rule, Number):
            settings |= SHARE if rule.percent else {}
        elif isinstance(rule, Flag):
            settings |= {"kind": "truth"}
        elif isinstance(rule, Choice):
            settings |= {"kind": "name", **names_of(rule.choices)}
        else:
            continue
        quantity(
            name, rule.label.lower() if len(rule.label) > 2 else rule.label, rule.help, read_field(name), **settings
        )


add_fields()

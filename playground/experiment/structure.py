"""The structure of an experiment: everything that decides which program is compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment.fields import (
    Choice,
    Flag,
    Integer,
    OneOrEach,
    Several,
    check_fields,
    checked_field,
    format_value,
    is_nan,
)
from playground.experiment.links.hidden_text import parse_hidden
from playground.language import mark, mark_in_context
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.nn.normalization import NORMALIZATIONS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES

MAX_LAYERS = 8
MAX_UNITS = 64


@dataclass(frozen=True, kw_only=True)
class LayerSizes(Several):
    """Units of each hidden layer: a list, or as somebody types it; no layer is said by an empty list, by 0 and by
    null."""

    def check(self, name: str, value: Any) -> tuple[int, ...]:
        if isinstance(value, str):
            value = parse_hidden(value)
        if value is None or (value in (0, [0], (0,)) and not isinstance(value, bool)):
            return ()
        if isinstance(value, list | tuple):
            sizes = [units for units in value if type(units) in (int, float) and not is_nan(units)]
            outside = [units for units in sizes if not 1 <= units <= MAX_UNITS]
            if outside:
                within = [min(max(1, units), MAX_UNITS) for units in sizes]
                raise PlaygroundError(
                    mark(
                        "{name} must have 1 to {high} units each, not {value}.",
                        name=name,
                        high=MAX_UNITS,
                        value=format_value(outside[0]),
                    ),
                    field=name,
                    nearest=within if len(within) == len(value) else None,
                )
        return super().check(name, value)


@dataclass(frozen=True, kw_only=True)
class Structure:
    """What is compiled: layers, activations, loss, optimizer, batch. Changing it restarts the run.

    Raises ``PlaygroundError`` when a value is out of its range or two contradict each other.
    """

    hidden: tuple[int, ...] = checked_field(
        (4, 2),
        LayerSizes(
            each=Integer(low=1, high=MAX_UNITS, label=mark("Units"), help=mark("Units of a hidden layer.")),
            min_count=0,
            max_count=MAX_LAYERS,
            label="Hidden layers",
            help=f"Units of each hidden layer, from input to output: up to {MAX_LAYERS} layers of up to {MAX_UNITS} "
            f"units.",
        ),
    )
    activation: str | tuple[str, ...] = checked_field(
        "tanh",
        OneOrEach(
            each=Choice(
                choices=ACTIVATIONS, label=mark("Activation"), help=mark("What a unit does with its weighted sum.")
            ),
            max_count=MAX_LAYERS,
            label="Activation",
            help="What a hidden unit does with its weighted sum; one for all layers, or one a layer.",
        ),
    )
    output_activation: str = checked_field(
        "tanh",
        Choice(choices=ACTIVATIONS, label="Output", help="The activation of the output layer; it must fit the loss."),
    )
    initializer: str = checked_field(
        "glorot_uniform",
        Choice(
            choices=INITIALIZERS,
            label="Initialisation",
            help="How the first weights are drawn. TensorFlow Playground draws all of them evenly from −0.5 to 0.5, "
            "whatever the layer's width.",
        ),
    )
    normalization: str = checked_field(
        "none",
        Choice(choices=NORMALIZATIONS, label="Normalisation", help="What keeps the scale of each layer's signal."),
    )
    residual: bool = checked_field(
        False, Flag(label="Residual connections", help="Add a layer's input to its output where both are equally wide.")
    )
    loss: str = checked_field(
        "mse", Choice(choices=LOSSES, label=mark_in_context("field", "Loss"), help="What training makes small.")
    )
    optimizer: str = checked_field(
        "sgd", Choice(choices=OPTIMIZERS, label="Optimizer", help="How a gradient becomes a step.")
    )
    schedule: str = checked_field(
        "constant", Choice(choices=SCHEDULES, label="Schedule", help="How the learning rate changes over time.")
    )
    batch_size: int = checked_field(
        10, Integer(low=1, high=5000, label="Batch size", help="Samples that each step sees.")
    )
    shuffle: bool = checked_field(
        True,
        Flag(
            label="Shuffle",
            help="Draw a new order of the samples each epoch. TensorFlow Playground keeps the first one.",
        ),
    )

    def __post_init__(self) -> None:
        check_fields(self)
        if not isinstance(self.activation, str) and len(self.activation) != len(self.hidden):
            raise PlaygroundError(
                mark(
                    "activation lists {names} names for {layers} hidden layers; name one, or one a layer.",
                    names=len(self.activation),
                    layers=len(self.hidden),
                ),
                field="activation",
                nearest=self._shared_activation,
            )
        if self.normalization == "batch" and self.batch_size == 1 and not OPTIMIZERS[self.optimizer].full_batch:
            raise PlaygroundError(
                mark("batch normalisation needs a batch_size of 2 or more: one sample has no variance."),
                field="batch_size",
                nearest=2,
            )

    @property
    def _shared_activation(self) -> str | None:
        """The activation that all of the list agree on, if they do."""
        return self.activation[0] if len(set(self.activation)) == 1 else None

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return (self.activation,) * len(self.hidden) if isinstance(self.activation, str) else self.activation

"""What an optimizer is, and the parts that several of them are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import optax
from jax import Array

from playground.registry import Entry

Knob = Mapping[str, Array]
Transform = Callable[[Array, Knob], optax.GradientTransformation]


@dataclass(frozen=True, kw_only=True)
class Optimizer(Entry):
    """An optimizer.

    ``transform(learning_rate (), knobs)`` is an Optax transformation whose update is added to the parameters; the
    structure and dtypes of its state depend on the parameters alone, so that every number may be traced. ``defaults``:
    values of its knobs where the user names none. ``elementwise``: each parameter's update depends on its own gradient
    alone, so that all parameters may run as one flat vector. ``line_search``: ``update`` also takes ``value``, ``grad``
    and ``value_fn``, and leaves the learning rate alone. ``full_batch``: each step sees all samples."""

    transform: Transform
    defaults: Mapping[str, float] = field(hash=False)
    elementwise: bool = True
    line_search: bool = False
    full_batch: bool = False


def optimizer(transform: Transform, defaults: Mapping[str, float], **fields: Any) -> Optimizer:
    """An ``Optimizer`` whose knobs are those that ``defaults`` names."""
    return Optimizer(transform=transform, defaults=defaults, knobs=tuple(defaults), **fields)


def scale_by_learning_rate(rate: Array, *parts: optax.GradientTransformation) -> optax.GradientTransformation:
    """The parts one after another, then a step of ``rate ()`` downhill."""
    return optax.chain(*parts, optax.scale(-rate))  # pyright: ignore[reportArgumentType]  # optax.scale takes arrays too

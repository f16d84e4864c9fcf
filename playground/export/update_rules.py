"""Optimizers written out, for libraries that have none which is the same function: each rule once, for PyTorch and for
Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent

import numpy as np

from playground.export.source import Subject
from playground.objectives.optimizers import OPTIMIZERS


@dataclass(frozen=True)
class UpdateRule:
    """How an optimizer moves one array of parameters.

    ``lines``: Python of the parameters ``p``, their gradient ``g``, the number ``t`` of the step from 1, the learning
    ``rate``, the knobs in capitals, and the arrays that ``state`` names with their first values; they make the ``step``
    that is subtracted, and the new state. ``ops`` is the library's array module.
    """

    lines: str
    state: Mapping[str, float] = field(default_factory=dict)


MOMENTS = {"m": 0.0, "v": 0.0}
MEAN = "m = BETA1 * m + (1 - BETA1) * g\n"
SQUARES = "v = BETA2 * v + (1 - BETA2) * g * g\n"
ADAM_STEP = "m / (1 - BETA1**t) / (ops.sqrt(v / (1 - BETA2**t)) + EPSILON)"

RULES: dict[str, UpdateRule] = {
    "sgd": UpdateRule("v = MOMENTUM * v + g\nstep = rate * v", {"v": 0.0}),
    "nesterov": UpdateRule("v = MOMENTUM * v + g\nstep = rate * (g + MOMENTUM * v)", {"v": 0.0}),
    "adam": UpdateRule(f"{MEAN}{SQUARES}step = rate * {ADAM_STEP}", MOMENTS),
    "adamw": UpdateRule(f"{MEAN}{SQUARES}step = rate * ({ADAM_STEP} + WEIGHT_DECAY * p)", MOMENTS),
    "textbook_adam": UpdateRule(f"{MEAN}{SQUARES}step = rate * m / ops.sqrt(v + EPSILON)", MOMENTS),
    "nadam": UpdateRule(
        MEAN
        + SQUARES
        + "ahead = BETA1 * m / (1 - BETA1 ** (t + 1)) + (1 - BETA1) * g / (1 - BETA1**t)\n"
        + "step = rate * ahead / (ops.sqrt(v / (1 - BETA2**t)) + EPSILON)",
        MOMENTS,
    ),
    "amsgrad": UpdateRule(
        MEAN
        + SQUARES
        + "top = ops.maximum(top, v / (1 - BETA2**t))\n"
        + "step = rate * m / (1 - BETA1**t) / (ops.sqrt(top) + EPSILON)",
        MOMENTS | {"top": 0.0},
    ),
    "adabelief": UpdateRule(
        MEAN + f"v = BETA2 * v + (1 - BETA2) * (g - m) * (g - m) + 1e-16\nstep = rate * {ADAM_STEP}", MOMENTS
    ),
    "radam": UpdateRule(
        MEAN
        + SQUARES
        + "limit = 2 / (1 - BETA2) - 1\n"
        + "length = limit - 2 * t * BETA2**t / (1 - BETA2**t)\n"
        + "trust = ops.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))\n"
        + "mean = m / (1 - BETA1**t)\n"
        + "scaled = trust * mean / (ops.sqrt(v / (1 - BETA2**t)) + EPSILON)\n"
        + "step = rate * ops.where(length >= 5, scaled, mean)",
        MOMENTS,
    ),
    "yogi": UpdateRule(
        MEAN + f"v = v - (1 - BETA2) * ops.sign(v - g * g) * g * g\nstep = rate * {ADAM_STEP}", {"m": 1e-6, "v": 1e-6}
    ),
    "lion": UpdateRule(
        "step = rate * (ops.sign(BETA1 * m + (1 - BETA1) * g) + WEIGHT_DECAY * p)\nm = BETA2 * m + (1 - BETA2) * g",
        {"m": 0.0},
    ),
    "lamb": UpdateRule(
        f"{MEAN}{SQUARES}step = {ADAM_STEP} + WEIGHT_DECAY * p\n"
        + "size, length = ops.sqrt(ops.sum(p * p)), ops.sqrt(ops.sum(step * step))\n"
        + "step = rate * ops.where((size > 0) & (length > 0), size / length, 1.0) * step",
        MOMENTS,
    ),
    "rmsprop": UpdateRule(
        "v = DECAY * v + (1 - DECAY) * g * g\nu = MOMENTUM * u + rate * g / ops.sqrt(v + EPSILON)\nstep = u",
        {"v": 0.0, "u": 0.0},
    ),
    "adagrad": UpdateRule("v = v + g * g\nstep = rate * g / ops.sqrt(v + EPSILON)", {"v": 0.1}),
    "adadelta": UpdateRule(
        "v = DECAY * v + (1 - DECAY) * g * g\n"
        "change = ops.sqrt(u + EPSILON) / ops.sqrt(v + EPSILON) * g\n"
        "u = DECAY * u + (1 - DECAY) * change * change\n"
        "step = rate * change",
        {"v": 0.0, "u": 0.0},
    ),
    "adafactor": UpdateRule(
        "kept = 1 - t**-0.8\n"
        "v = kept * v + (1 - kept) * (g * g + 1e-30)\n"
        "step = g / ops.sqrt(v)\n"
        "long, size = ops.sqrt(ops.mean(step * step)), ops.sqrt(ops.mean(p * p))\n"
        "step = rate * ops.where(size > 1e-3, size, 1e-3) * step / ops.where(long > 1, long, 1.0)",
        {"v": 0.0},
    ),
}
"""Every optimizer but L-BFGS, whose line search is no few lines."""


def update_lines(name: str, spaces: int) -> str:
    """The lines of a rule, indented."""
    return indent(dedent(RULES[name].lines), " " * spaces)


def constants(subject: Subject, names: set[str]) -> str:
    """Knobs by name in capitals, as assignments: the numbers as float32 has them, which the engine computes with."""
    lines = [f"{name.upper()} = {single(getattr(subject.experiment.knobs, name))!r}" for name in sorted(names)]
    return "\n".join(lines)


def single(value: float) -> float:
    """``value`` rounded to float32."""
    return float(np.float32(value))


def rule_knobs(name: str) -> set[str]:
    """The knobs that a rule names, but for the learning rate."""
    return set(OPTIMIZERS[name].knobs) - {"learning_rate"}

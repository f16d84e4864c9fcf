"""Why training diverged: the first cause of a table that applies, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from playground.experiment import Structure
from playground.language import mark
from playground.objectives.optimizers import OPTIMIZERS, Optimizer
from playground.objectives.schedules import SCHEDULES
from playground.training.knobs import KNOB_NAMES
from playground.training.trainer import Trainer

POINTS = 1000
"""Places of a schedule that are looked at."""


class Divergence(NamedTuple):
    """The name of its ``cause`` (of ``CAUSES``), and a sentence for the user."""

    cause: str
    text: str


@dataclass(frozen=True)
class Breakdown:
    """A training whose next step, ``step``, breaks, after it began under these knobs at step ``started``.

    ``breaks_under(knobs)`` tells whether that same step breaks under another vector of knobs.
    """

    structure: Structure
    knobs: np.ndarray
    step: int
    started: int
    breaks_under: Callable[[np.ndarray], bool]

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return OPTIMIZERS[self.structure.optimizer]

    def knob(self, name: str) -> float:
        """The value of a knob."""
        return float(f"{self.knobs[KNOB_NAMES.index(name)]:.6g}")

    def breaks_with(self, **values: float) -> bool:
        """Whether the same step breaks with some knobs set to other values."""
        knobs = self.knobs.copy()
        for name, value in values.items():
            knobs[KNOB_NAMES.index(name)] = value
        return self.breaks_under(knobs)

    @property
    def highest_rate(self) -> float:
        """The highest learning rate since it began."""
        knobs: Mapping[str, Any] = dict(zip(KNOB_NAMES, self.knobs, strict=True))
        steps = np.linspace(self.started, self.step, min(POINTS, self.step - self.started + 1)).astype(np.float32)
        factor = SCHEDULES[self.structure.schedule].factor(steps, knobs)  # pyright: ignore[reportArgumentType]
        return self.knob("learning_rate") * float(np.max(np.asarray(factor)))


def has_no_epsilon(breakdown: Breakdown) -> bool:
    """Whether the same step is fine with the optimizer's usual epsilon."""
    usual = breakdown.optimizer.defaults.get("epsilon", 0.0)
    return breakdown.knob("epsilon") < usual and not breakdown.breaks_with(epsilon=usual)


def most_shrinking(breakdown: Breakdown) -> float:
    """By which product of L2 and learning rate a weight grows from step to step whatever the data say: under momentum m
    beyond 2 (1 + m), with Nesterov's look ahead 2 (1 + m) / (1 + 2 m) (Polyak 1964; Sutskever et al. 2013); infinite
    where the optimizer or the clipping bounds its steps."""
    momentum = breakdown.knob("momentum")
    limits = {"sgd": 2 * (1 + momentum), "nesterov": 2 * (1 + momentum) / (1 + 2 * momentum)}
    return np.inf if breakdown.knob("clip_norm") > 0 else limits.get(breakdown.structure.optimizer, np.inf)


def shrinks_too_far(breakdown: Breakdown) -> bool:
    """Whether L2 alone makes the weights grow."""
    return breakdown.highest_rate * breakdown.knob("l2") > most_shrinking(breakdown)


def decays_too_far(breakdown: Breakdown) -> bool:
    """Whether weight decay alone makes the weights grow: beyond a product of 2 with the learning rate, but for LAMB,
    whose steps are as long as suits the weights."""
    return breakdown.structure.optimizer != "lamb" and breakdown.highest_rate * breakdown.knob("weight_decay") > 2


def broken_from_the_start(breakdown: Breakdown) -> bool:
    """Whether no step was taken, and one of length 0 breaks too."""
    return breakdown.step == breakdown.started and breakdown.breaks_with(learning_rate=0.0, weight_decay=0.0)


def epsilon_text(breakdown: Breakdown) -> str:
    """A division by nothing."""
    usual = breakdown.optimizer.defaults["epsilon"]
    return mark(
        "Epsilon is {epsilon:g}, and where a gradient is 0, or next to it, {optimizer} divides by 0: set epsilon to "
        "{usual:g}, and it goes on from here.",
        epsilon=breakdown.knob("epsilon"),
        optimizer=breakdown.optimizer.label,
        usual=usual,
    )


def product_text(label: str, name: str, limit: Callable[[Breakdown], float]) -> Callable[[Breakdown], str]:
    """A product of a knob and the learning rate that is too large."""

    def text(breakdown: Breakdown) -> str:
        product = breakdown.highest_rate * breakdown.knob(name)
        return mark(
            "{knob} times the learning rate is {product:.3g}: above {limit:.3g} each step throws the weights further "
            "beyond 0 than they were away from it. Turn {knob} or the learning rate down, then go back in time or "
            "start again.",
            knob=label,
            product=product,
            limit=limit(breakdown),
        )

    return text


def start_text(breakdown: Breakdown) -> str:
    """Numbers that are too large before anything is learned."""
    return mark(
        "The loss, or its gradient, is too large to compute with before any step is taken: the weights or the targets "
        "are too large. No learning rate helps; begin with smaller ones."
    )


def search_text(breakdown: Breakdown) -> str:
    """A line search that found nothing."""
    return mark("The line search found no step that helps: try Adam, or another start.")


def rate_text(breakdown: Breakdown) -> str:
    """Steps that are too long."""
    structure, rate = breakdown.structure, breakdown.knob("learning_rate")
    unbounded = {"relu", "identity"} & {*structure.activations, structure.output_activation}
    if unbounded:
        return mark(
            "The learning rate {rate:g} is above what this landscape allows: turn it down or clip the gradient, then "
            "go back in time or start again.",
            rate=rate,
        )
    return mark(
        "The learning rate {rate:g} is too high for this network: turn it down, then go back in time or start again.",
        rate=rate,
    )


def grown_text(step: int) -> str:
    """Numbers beyond all bounds."""
    return mark("Diverged at step {step:,}: the numbers grew beyond what can be computed.", step=step)


def next_step_text(step: int) -> str:
    """A step that cannot be taken."""
    return mark("Diverged at step {step:,}: its next step would be no number.", step=step)


def first_step_text(step: int) -> str:
    """A first step that cannot be taken."""
    return mark("Diverged at step {step:,}: its first step would be no number.", step=step)


class Cause(NamedTuple):
    """A cause: when it ``holds``, ``what`` happened at a step in a sentence, and the sentence on why."""

    holds: Callable[[Breakdown], bool]
    what: Callable[[int], str]
    text: Callable[[Breakdown], str]


CAUSES: dict[str, Cause] = {
    "epsilon": Cause(has_no_epsilon, next_step_text, epsilon_text),
    "start": Cause(broken_from_the_start, first_step_text, start_text),
    "l2": Cause(shrinks_too_far, grown_text, product_text(mark("L2"), "l2", most_shrinking)),
    "weight_decay": Cause(
        decays_too_far, grown_text, product_text(mark("Weight decay"), "weight_decay", lambda _: 2.0)
    ),
    "line_search": Cause(lambda breakdown: breakdown.optimizer.line_search, grown_text, search_text),
    "rate": Cause(lambda _: True, grown_text, rate_text),
}
"""In the order in which they are asked; no row of data can be the cause, since none that is not finite is read."""


def find_divergence(breakdown: Breakdown) -> Divergence:
    """The first cause that holds, in a sentence."""
    name, cause = next((name, cause) for name, cause in CAUSES.items() if cause.holds(breakdown))
    return Divergence(name, mark("{first} {second}", first=cause.what(breakdown.step), second=cause.text(breakdown)))


def trainer_divergence(trainer: Trainer, state: Any, begun: int = 0) -> Divergence:
    """Why ``trainer`` cannot go on from ``state``, a training that began at step ``started``."""
    again = state._replace(bad_step=np.int32(-1))

    def breaks_under(knobs: np.ndarray) -> bool:
        return int(trainer.advance_under(again, 1, knobs).bad_step) >= 0

    step, structure = int(state.bad_step), trainer.experiment.structure
    return find_divergence(Breakdown(structure, trainer.knobs(), step, begun, breaks_under))

"""What races: optimizers, learning rates or schedules, with all else alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from playground.analysis.race.simulation import Contestant
from playground.experiment import Experiment, Knobs
from playground.language import NumberText, mark
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES

PLAIN_OPTIMIZERS = ("sgd", "nesterov")
"""Optimizers whose step is as long as the gradient is steep; those of the others are about as long as the learning
rate."""
MOMENTUM = "momentum"
LABELS = {
    "sgd": mark("SGD"),
    MOMENTUM: mark("Momentum"),
    "nesterov": mark("Nesterov"),
    "textbook_adam": mark("The article's Adam"),
}
"""Short names, where a registry's own would not fit on a lane."""
RACING = ("sgd", MOMENTUM, *(name for name in OPTIMIZERS if name != "sgd" and not OPTIMIZERS[name].full_batch))
"""All that may race, by name: SGD counts twice, without and with momentum. One that sees all samples at once cannot
race on the same batches."""
USUAL_RATES = ("sgd", MOMENTUM, "rmsprop", "adam", "adamw", "textbook_adam")
MAX_RATE = 10.0
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class Entrant:
    """A way of learning: a short ``name``, an optimizer and a schedule by name, and the ``knobs`` that go with them."""

    name: str
    optimizer: str
    schedule: str
    knobs: Knobs

    def contestant(self, experiment: Experiment) -> Contestant:
        """``experiment``, learned this way."""
        structure = replace(experiment.structure, optimizer=self.optimizer, schedule=self.schedule)
        return Contestant(self.name, replace(experiment, structure=structure, knobs=self.knobs))


def label_of(name: str) -> str:
    """The short name of one of ``RACING``."""
    return LABELS.get(name) or OPTIMIZERS[name].label


def usual_rate(name: str) -> float:
    """A learning rate to begin with; what is made for large networks is usually a tenth of what suits a small one."""
    rate = OPTIMIZERS[base_of(name)].defaults.get("learning_rate", 0.01)
    return 10 * rate if rate <= 0.001 else rate


def base_of(name: str) -> str:
    """The optimizer behind one of ``RACING``."""
    return "sgd" if name == MOMENTUM else name


def own_name(experiment: Experiment) -> str:
    """Which of ``RACING`` the experiment learns by; SGD where its own cannot race."""
    name = experiment.structure.optimizer
    if name == "sgd" and experiment.knobs.momentum > 0:
        return MOMENTUM
    return name if name in RACING else "sgd"


def knobs_of(name: str, knobs: Knobs, rate: float) -> Knobs:
    """``knobs`` with those of one of ``RACING`` at their usual values, and this learning rate."""
    changes: dict[str, Any] = dict(OPTIMIZERS[base_of(name)].defaults)
    if name == MOMENTUM:
        changes["momentum"] = 0.9
    return replace(knobs, **changes | {"learning_rate": min(rate, MAX_RATE)})


def optimizers(experiment: Experiment, names: list[str]) -> list[Entrant]:
    """One way an optimizer, each at its usual learning rate until a ``RateSweep`` has found a better one.

    All other knobs are the usual ones, but those of the experiment's own optimizer, which are the experiment's.
    """
    ways, own = [], own_name(experiment)
    racing = experiment.structure.optimizer in RACING
    for name in names:
        knobs = knobs_of(name, experiment.knobs, usual_rate(name))
        if name == own and racing:
            knobs = replace(experiment.knobs, learning_rate=usual_rate(name))
        ways.append(Entrant(label_of(name), base_of(name), experiment.structure.schedule, knobs))
    return ways


def first_rate(experiment: Experiment, name: str) -> float:
    """The learning rate around which those to compare lie: the experiment's, if it learns by this optimizer."""
    return experiment.knobs.learning_rate if own_name(experiment) == name else usual_rate(name)


def rates(experiment: Experiment, name: str, values: list[float]) -> list[Entrant]:
    """One way a learning rate, of one optimizer."""
    (base,) = optimizers(experiment, [name])
    return [
        replace(base, name=NumberText(f"{value:g}"), knobs=replace(base.knobs, learning_rate=value)) for value in values
    ]


def schedules(experiment: Experiment, name: str, names: list[str], length: float) -> list[Entrant]:
    """One way a schedule of ``length`` steps, of one optimizer."""
    (base,) = optimizers(experiment, [name])
    knobs = replace(base.knobs, schedule_steps=length)
    return [Entrant(SCHEDULES[schedule].label, base.optimizer, schedule, knobs) for schedule in names]


def scale_rate(rate: float, factor: float) -> float:
    """``rate`` times ``factor``, no larger than a learning rate may be."""
    return min(float(f"{factor * rate:.3g}"), MAX_RATE)

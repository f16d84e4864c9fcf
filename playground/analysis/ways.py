"""Ways of learning that are compared: optimizers, learning rates or schedules, all else alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from playground.analysis.race import Contestant
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.spec import Experiment, Knobs

PLAIN = ("sgd", "nesterov")
"""Optimizers whose step is as long as the gradient is steep; those of the others are about as long as the learning rate."""
MOMENTUM = "momentum"
LABELS = {"sgd": "SGD", MOMENTUM: "Momentum", "nesterov": "Nesterov", "textbook_adam": "The article's Adam"}
"""Short names, where a registry's own would not fit on a lane."""
RACING = ("sgd", MOMENTUM, *(one for one in OPTIMIZERS if one != "sgd" and not OPTIMIZERS[one].full_batch))
"""All that may race, by name: SGD counts twice, without and with momentum. One that sees all samples at once cannot race on the same batches."""
USUAL = ("sgd", MOMENTUM, "rmsprop", "adam", "adamw", "textbook_adam")
RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class Way:
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
    """A learning rate that suits a small network; what is made for large ones is usually a tenth of that."""
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
    return replace(knobs, **changes | {"learning_rate": min(rate, 10.0)})


def optimizers(experiment: Experiment, names: list[str], factor: float = 1.0) -> list[Way]:
    """One way an optimizer, each at its usual learning rate times ``factor``; the experiment's own keeps its own knobs."""
    ways, own = [], own_name(experiment)
    racing = experiment.structure.optimizer in RACING
    for name in names:
        if name == own and racing:
            mine = experiment.knobs
            knobs = replace(mine, learning_rate=min(factor * mine.learning_rate, 10.0))
        else:
            knobs = knobs_of(name, experiment.knobs, factor * usual_rate(name))
        ways.append(Way(label_of(name), base_of(name), experiment.structure.schedule, knobs))
    return ways


def rates(experiment: Experiment, name: str, values: list[float]) -> list[Way]:
    """One way a learning rate, of one optimizer."""
    base = _base(experiment, name)
    return [
        Way(f"{value:g}", base_of(name), base.schedule, replace(base.knobs, learning_rate=value)) for value in values
    ]


def schedules(experiment: Experiment, name: str, names: list[str], length: float) -> list[Way]:
    """One way a schedule of ``length`` steps, of one optimizer."""
    base = _base(experiment, name)
    knobs = replace(base.knobs, schedule_steps=length)
    return [Way(SCHEDULES[one].label, base_of(name), one, knobs) for one in names]


def _base(experiment: Experiment, name: str) -> Way:
    return optimizers(experiment, [name])[0]

"""Remedies: changes of an experiment, with their labels, and the step from which they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.experiment import Experiment, field_value
from playground.language import mark
from playground.number_format import format_brief
from playground.objectives.optimizers import OPTIMIZERS


@dataclass(frozen=True)
class Remedy:
    """What could help: a ``label`` to press, and the fields of the experiment that it sets.

    ``step``: the step that it goes back to first, 0 for the start; None: it goes on from here.
    """

    label: str
    changes: Mapping[str, Any]
    step: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; the label says where it starts."""
        label = self.label
        if self.step == 0:
            label = mark("{change}, from the start", change=label)
        elif self.step is not None:
            label = mark("{change}, back to step {step:,}", change=label, step=self.step)
        return {"label": label, "changes": dict(self.changes), "step": self.step}


ADAM = Remedy(
    mark("{change}, learning rate {rate}", change=OPTIMIZERS["adam"].label, rate=format_brief(0.01)),
    {"optimizer": "adam", "learning_rate": 0.01},
    0,
)


def differs(changes: Mapping[str, Any], experiment: Experiment) -> bool:
    """Whether ``changes`` would change anything of ``experiment``."""
    return any(
        field_value(experiment, name) != (tuple(value) if isinstance(value, list) else value)
        for name, value in changes.items()
    )


def helpful(experiment: Experiment, *remedies: Remedy) -> tuple[Remedy, ...]:
    """Those of ``remedies`` that change what is not chosen already."""
    return tuple(remedy for remedy in remedies if differs(remedy.changes, experiment))


def typical_rate(experiment: Experiment) -> float:
    """The rate that an optimizer begins with, less what momentum adds to it (Polyak 1964)."""
    knobs, optimizer = experiment.knobs, experiment.structure.optimizer
    rate = OPTIMIZERS[optimizer].defaults.get("learning_rate", 0.01)
    return float(f"{rate * (1 - knobs.momentum):.2g}") if optimizer == "sgd" and knobs.momentum else rate


def lower_rate(experiment: Experiment) -> float:
    """A tenth of the rate, at most the suited one."""
    return min(float(f"{experiment.knobs.learning_rate / 10:.3g}"), typical_rate(experiment))


def lower_rate_remedy(experiment: Experiment, step: int | None) -> Remedy:
    """A lower learning rate from ``step`` on."""
    rate = lower_rate(experiment)
    return Remedy(mark("Learning rate {rate}", rate=format_brief(rate)), {"learning_rate": rate}, step)


def restart_remedy(experiment: Experiment, label: str, changes: Mapping[str, Any]) -> Remedy:
    """``changes`` of the structure; a rate above the suited one comes down with them, and the label says so."""
    rate = typical_rate(experiment)
    if experiment.knobs.learning_rate > rate:
        label = mark("{change}, learning rate {rate}", change=label, rate=format_brief(rate))
        changes = dict(changes) | {"learning_rate": rate}
    return Remedy(label, changes, 0)


def batch_normalization_changes(experiment: Experiment) -> dict[str, Any]:
    """Batch normalisation, and a batch that is large enough for it."""
    return {"normalization": "batch"} | ({"batch_size": 10} if experiment.structure.batch_size < 2 else {})


def batch_normalization_remedy(experiment: Experiment) -> Remedy:
    """Batch normalisation from the start."""
    changes = batch_normalization_changes(experiment)
    label = mark("Batch normalisation, batches of 10") if "batch_size" in changes else mark("Batch normalisation")
    return restart_remedy(experiment, label, changes)

"""Regularization as a choice of its kind and its strength, where an experiment has a strength for each kind."""

from __future__ import annotations

from collections.abc import Sequence

from playground.experiment.experiment import Experiment
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS


def kinds(experiment: Experiment) -> tuple[str, ...]:
    """The regularizers with a strength that ``experiment`` can have: weight decay is some optimizers' own knob."""
    own = OPTIMIZERS[experiment.structure.optimizer].knobs
    return tuple(
        entry.name for entry in REGULARIZERS.values() if entry.usual_strength is not None and entry.name not in own
    )


def active_kinds(experiment: Experiment) -> tuple[str, ...]:
    """Those of ``kinds`` whose strength is above 0."""
    return tuple(name for name in kinds(experiment) if getattr(experiment.knobs, name) > 0)


def strengths(experiment: Experiment, chosen: Sequence[str]) -> dict[str, float]:
    """What changes so that ``chosen`` alone act: a kind that acts keeps its strength, a new one begins at its usual
    one."""
    active = active_kinds(experiment)
    off = {name: 0.0 for name in active if name not in chosen}
    return off | {name: float(REGULARIZERS[name].usual_strength or 0.0) for name in chosen if name not in active}

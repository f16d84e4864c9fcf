"""Regularization as a choice of kind and strength."""

from __future__ import annotations

import pytest

from playground.experiment import Experiment, replace_field
from playground.experiment.regularization import active_kinds, kinds, strengths
from playground.objectives.optimizers import OPTIMIZERS


def chosen(experiment: Experiment, *names: str) -> Experiment:
    """``experiment`` after ``names`` alone were chosen."""
    for name, value in strengths(experiment, names).items():
        experiment = replace_field(experiment, name, value)
    return experiment


def test_each_kind_alone_and_none() -> None:
    for name in kinds(Experiment()):
        alone = chosen(Experiment.of(l1=0.01, l2=0.02, dropout=0.1), name)
        assert active_kinds(alone) == (name,)
        assert active_kinds(chosen(alone)) == ()


def test_a_kind_that_acts_keeps_its_strength() -> None:
    assert chosen(Experiment.of(l1=0.5, l2=0.02), "l1").knobs.l1 == 0.5


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_weight_decay_of_an_optimizer_is_its_own(optimizer: str) -> None:
    names = kinds(Experiment.of(optimizer=optimizer))
    assert ("weight_decay" in names) != ("weight_decay" in OPTIMIZERS[optimizer].knobs)
    assert {"l1", "l2", "dropout"} <= set(names)

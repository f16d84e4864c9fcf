"""Trouble is noticed where there is some, nothing where there is none, and remedies help: all of it by real training."""

from __future__ import annotations

import re
from typing import Any

import pytest

from playground import Experiment
from playground.presets import PRESETS
from playground.spec import changed
from playground.stream import Run, Want
from playground.stream.notices import NOTICES, Notice

HEALTHY: list[dict[str, Any]] = [
    {"dataset": "circle"},
    {"dataset": "xor", "hidden": [8], "loss": "binary_cross_entropy", "learning_rate": 0.1},
    {"dataset": "gauss"},
    {"dataset": "moons", "optimizer": "adam", "learning_rate": 0.01, "hidden": [8, 8]},
    {"dataset": "plane"},
    {"dataset": "circle", "activation": "relu", "hidden": [8, 8], "initializer": "he_normal"},
    {"dataset": "blobs", "loss": "softmax_cross_entropy", "optimizer": "adam", "learning_rate": 0.01},
]
ILL: dict[str, tuple[dict[str, Any], int]] = {
    "divergence": ({"dataset": "plane", "hidden": [8], "activation": "relu", "learning_rate": 1.0}, 50),
    "symmetry": ({"initializer": "zeros"}, 50),
    "dead_units": (PRESETS["dead_relus"].experiment.to_dict(), 1000),
    "vanishing_gradients": (PRESETS["vanishing_gradients"].experiment.to_dict(), 500),
    "exploding_gradients": (
        {"dataset": "plane", "hidden": [64] * 7, "activation": "relu", "initializer": "he_normal", "residual": True},
        0,
    ),
    "saturation": (
        {"dataset": "spiral", "hidden": [8, 8], "optimizer": "adam", "learning_rate": 3.0, "noise": 0.3},
        1000,
    ),
    "overfitting": (PRESETS["overfitting"].experiment.to_dict(), 1500),
    "plateau": ({"dataset": "spiral", "learning_rate": 1e-5}, 1500),
}


def watched(experiment: Experiment, steps: int) -> tuple[Run, list[Notice]]:
    """A run so many steps on, and what is to be noticed there."""
    run = Run("r", experiment)
    run.compile()
    while run.frame(run.last).step < steps:
        chunk = run.answer(Want("r", 0, run.last + 1, 10, run.last, 24))
        if chunk.state != "ready":
            break
    return run, run.notices(run.last)


def experiment_of(given: dict[str, Any]) -> Experiment:
    return Experiment.from_dict(given) if "problem" in given else Experiment.of(**given)


@pytest.mark.parametrize("given", HEALTHY, ids=str)
def test_healthy_training_is_left_in_peace(given: dict[str, Any]) -> None:
    for steps in (20, 300, 2000):
        assert watched(Experiment.of(**given), steps)[1] == []


@pytest.mark.parametrize("name", NOTICES)
def test_each_trouble_is_noticed_first_and_its_remedies_are_allowed(name: str) -> None:
    given, steps = ILL[name]
    experiment = experiment_of(given)
    found = watched(experiment, steps)[1]
    assert found
    assert found[0].name == name
    assert found[0].remedies
    for remedy in found[0].remedies:
        cured = experiment
        for field, value in remedy.changes.items():
            cured = changed(cured, field, value)
        assert cured != experiment


@pytest.mark.parametrize("name", ["divergence", "vanishing_gradients", "plateau", "symmetry"])
def test_the_first_remedy_cures(name: str) -> None:
    given, steps = ILL[name]
    experiment = experiment_of(given)
    for field, value in watched(experiment, steps)[1][0].remedies[0].changes.items():
        experiment = changed(experiment, field, value)
    assert name not in {one.name for one in watched(experiment, steps)[1]}


def test_a_sentence_tells_how_many_units_are_dead() -> None:
    found = watched(*_dead())[1][0]
    assert re.match(r"(75|100) % of layer [123]'s ReLU units are dead", found.sentence)


def _dead() -> tuple[Experiment, int]:
    return PRESETS["dead_relus"].experiment, 1000

"""Trouble is noticed where there is some, nothing where there is none, and remedies help: all of it by real
training."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from playground import Experiment
from playground.experiment import replace_field
from playground.live import FrameRequest, Run
from playground.live.diagnostics.notices import NOTICES, Notice
from playground.live.diagnostics.remedies import Remedy
from playground.presets import PRESETS
from tests.sampling import mark_long_except

HEALTHY: dict[str, dict[str, Any]] = {
    "circle": {"dataset": "circle"},
    "xor": {"dataset": "xor", "hidden": [8], "loss": "binary_cross_entropy", "learning_rate": 0.1},
    "gauss": {"dataset": "gauss"},
    "moons": {"dataset": "moons", "optimizer": "adam", "learning_rate": 0.01, "hidden": [8, 8]},
    "plane": {"dataset": "plane"},
    "ReLU": {"dataset": "circle", "activation": "relu", "hidden": [8, 8], "initializer": "he_normal"},
    "three classes": {"dataset": "blobs", "loss": "softmax_cross_entropy", "optimizer": "adam", "learning_rate": 0.01},
    "few samples, but enough": {
        "samples": 50,
        "noise": 0.35,
        "hidden": [8, 8],
        "optimizer": "adam",
        "learning_rate": 0.01,
        "seed": 2,
    },
    # Fmt: skip
} | {name: PRESETS[name].experiment.to_dict() for name in ("spiral", "vanishing_cured_by_relu", "batch_of_one")}
"""What is left in peace after the first answer and at the end of those that reach 300 and 1,200 steps."""
SMALL_AND_NOISY = {"samples": 50, "noise": 0.35, "hidden": [8, 8], "optimizer": "adam", "learning_rate": 0.01}
ILL: dict[str, tuple[dict[str, Any], int]] = {
    "divergence": ({"dataset": "plane", "hidden": [8], "activation": "relu", "learning_rate": 1.0}, 50),
    "symmetry": ({"initializer": "zeros"}, 50),
    "dead_units": (PRESETS["dead_relus"].experiment.to_dict(), 1000),
    "vanishing_gradients": (PRESETS["vanishing_gradients"].experiment.to_dict(), 500),
    "exploding_gradients": (
        {"dataset": "plane", "hidden": [32] * 7, "activation": "relu", "initializer": "he_normal", "residual": True},
        0,
    ),
    "saturation": (
        {"dataset": "spiral", "hidden": [8, 8], "optimizer": "adam", "learning_rate": 3.0, "noise": 0.3},
        1000,
    ),
    "overfitting": (PRESETS["overfitting"].experiment.to_dict(), 1500),
    "plateau": ({"dataset": "spiral", "learning_rate": 1e-5}, 1500),
    "overshooting": (
        {
            "dataset": "circle",
            "hidden": [8, 8],
            "activation": "relu",
            "initializer": "he_normal",
            "learning_rate": 1.0,
            "momentum": 0.9,
            "init_seed": 3,
        },
        500,
    ),
}
MORE_ILL: dict[str, tuple[dict[str, Any], int]] = {
    "divergence at rate 10": ({"dataset": "plane", "hidden": [8], "activation": "relu", "learning_rate": 10.0}, 50),
    "plateau at rate 10": ({"hidden": [8, 8], "activation": "relu", "learning_rate": 10.0}, 200),
    "overfitting of few samples": (SMALL_AND_NOISY | {"seed": 1}, 500),
    "overfitting, never better than at first": (SMALL_AND_NOISY | {"seed": 0}, 500),
    "overfitting in regression": (SMALL_AND_NOISY | {"dataset": "plane", "seed": 2}, 800),
}
"""Named by the notice that they begin with."""
LUCKY = ("overshooting", "overfitting, never better than at first", "overfitting in regression", "plateau at rate 10")
"""Cases that some of five seeds do not run into."""
FRAMES = 24
"""Of ten steps each: what a machine with nothing else to do makes in one answer."""
NEAR_MISSES: list[tuple[str, dict[str, Any], int]] = [
    ("dead_units", {"activation": name, "hidden": [8, 8], "optimizer": "adam", "learning_rate": 3.0}, 300)
    for name in ("leaky_relu", "elu", "gelu", "silu", "softplus", "tanh")
] + [
    ("saturation", {"activation": "relu", "hidden": [8, 8], "initializer": "he_normal"}, 500),
    ("dead_units", {"activation": "relu", "hidden": [8, 8], "initializer": "he_normal"}, 500),
    ("vanishing_gradients", {"hidden": [8, 8], "activation": "sigmoid"}, 300),
    ("exploding_gradients", {"hidden": [8] * 4, "activation": "relu", "initializer": "he_normal"}, 300),
    ("overfitting", {"dataset": "moons", "samples": 1500, "optimizer": "adam", "hidden": [8]}, 1500),
    ("overshooting", {"batch_size": 1, "learning_rate": 0.1, "noise": 0.3}, 1000),
    ("plateau", {"dataset": "spiral", "hidden": [8, 8], "optimizer": "adam", "learning_rate": 0.01}, 1500),
    ("symmetry", {"initializer": "zeros", "hidden": [1]}, 50),
    ("divergence", {"dataset": "plane", "hidden": [8], "activation": "relu", "learning_rate": 0.1}, 300),
]


def watched(experiment: Experiment, steps: int) -> tuple[Run, list[Notice]]:
    """A run so many steps on, and what is to be noticed there."""
    run = Run("r", experiment)
    run.compile()
    train(run, steps)
    return run, run.notices(run.last)


def experiment_of(given: dict[str, Any]) -> Experiment:
    return Experiment.from_dict(given) if "problem" in given else Experiment.of(**given)


@pytest.mark.parametrize("case", HEALTHY)
def test_healthy_training_is_left_in_peace(case: str) -> None:
    run, found = watched(experiment_of(HEALTHY[case]), 20)
    for steps in (300, 1200):
        assert found == []
        train(run, steps)
        found = run.notices(run.last)
    assert found == []


@cache
def ill(case: str) -> tuple[Run, list[Notice]]:
    """The run of a case as it is given, and what is to be noticed there."""
    given, steps = (ILL | MORE_ILL)[case]
    return watched(experiment_of(given), steps)


def test_every_notice_has_a_true_case_and_a_near_miss() -> None:
    assert set(ILL) == set(NOTICES) == {name for name, *_ in NEAR_MISSES}


@pytest.mark.parametrize("case", [*ILL, *MORE_ILL])
def test_each_trouble_is_noticed_first_and_every_cure_changes_something(case: str) -> None:
    run, found = ill(case)
    experiment = run.experiment
    assert case.startswith(found[0].name)
    assert found[0].remedies
    for remedy in found[0].remedies:
        assert with_changes(experiment, remedy) != experiment


@pytest.mark.parametrize("seed", mark_long_except(range(3), 0))
@pytest.mark.parametrize(
    "given", NEAR_MISSES, ids=lambda given: f"{given[0]}-{given[1].get('activation', 'tanh')}-{given[2]}"
)
def test_what_only_looks_like_trouble_is_left_in_peace(given: tuple[str, dict[str, Any], int], seed: int) -> None:
    name, fields, steps = given
    assert name not in {notice.name for notice in watched(Experiment.of(**fields, init_seed=seed), steps)[1]}


@pytest.mark.parametrize("seed", mark_long_except(range(5), 0))
@pytest.mark.parametrize("case", [*ILL, *MORE_ILL])
def test_every_cure_cures_after_one_click(case: str, seed: int) -> None:
    given, steps = (ILL | MORE_ILL)[case]
    own = experiment_of(given)
    experiment = replace_field(own, "init_seed", seed)
    run, found = ill(case) if experiment == own else watched(experiment, steps)
    assert found or case in LUCKY
    for remedy in found[0].remedies if found else ():
        cured = run.cure("cured", with_changes(run.experiment, remedy), remedy.step)
        if not cured.has_begun:
            cured.compile()
            cured.mount()
        start = cured.frame(cured.last).step
        state = train(cured, start + max(steps, 500))
        after = {notice.name for notice in cured.notices(cured.last)}
        assert found[0].name not in after, remedy.to_dict()["label"]
        assert state == "ready" or "patience" in remedy.changes
        assert cured.frame(cured.last).step > start


def test_a_cure_says_what_it_changes_where_it_starts_and_leaves_the_run_as_it_was() -> None:
    given, steps = ILL["divergence"]
    run, (notice, *_) = watched(experiment_of(given), steps)
    remedy = notice.remedies[0]
    assert remedy.to_dict() == {
        "label": "Learning rate 0.03, from the start",
        "changes": {"learning_rate": 0.03},
        "step": 0,
    }
    before = run.experiment, run.last, run.notices(run.last)
    train(run.cure("cured", with_changes(run.experiment, remedy), remedy.step), 100)
    assert (run.experiment, run.last, run.notices(run.last)) == before


def test_he_is_not_offered_where_he_is_chosen() -> None:
    given = {
        "hidden": [8] * 8,
        "activation": "relu",
        "initializer": "he_normal",
        "learning_rate": 3.0,
        "optimizer": "adam",
    }
    for notice in watched(Experiment.of(**given), 300)[1]:
        for remedy in notice.remedies:
            assert remedy.changes.get("initializer") != "he_normal"


def with_changes(experiment: Experiment, remedy: Remedy) -> Experiment:
    for field, value in remedy.changes.items():
        experiment = replace_field(experiment, field, value)
    return experiment


def train(run: Run, steps: int) -> str:
    """Train on to so many steps or more, in whole answers of ``FRAMES``; the last answer's state.

    A busy machine needs more questions for one: what is looked at is the same frame on every machine.
    """
    state, begun = "ready", run.last
    while state == "ready" and (run.frame(run.last).step < steps or (run.last - begun) % FRAMES):
        frames = FRAMES - (run.last - begun) % FRAMES
        state = run.answer(FrameRequest(run.name, run.epoch, run.last + 1, 10, run.last, frames)).state
    return state


def test_a_sentence_tells_how_many_units_are_dead() -> None:
    preset = PRESETS["dead_relus"].experiment
    assert re.match(r"(75|100) % of layer [123]'s ReLU units are dead", watched(preset, 1000)[1][0].sentence)

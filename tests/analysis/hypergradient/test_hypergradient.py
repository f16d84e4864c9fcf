"""Slopes of the loss with respect to the knobs, against whole trainings with the knob turned a little both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.hypergradient.hypergradient import (
    Hypergradient,
    amount_of,
    knobs_with_slope,
    reason_without_slope,
    verdict,
    window_of,
)
from playground.live.frames.observer import Observer
from playground.nn.masks import Masks, full_masks
from playground.programs.cache import PROGRAMS

WINDOW = 20
PLAIN = {"samples": 60, "hidden": [3], "noise": 0.2, "batch_size": 20, "output_activation": "identity"}
"""One structure for most tests: a structure is compiled once, and its output has no bound, so that it can diverge."""


def of(**fields: Any) -> Experiment:
    return Experiment.of(**PLAIN | fields)


def found(trainer: Trainer, state: Any, masks: Masks | None = None, window: int = WINDOW) -> Hypergradient:
    made = Hypergradient(trainer, masks is not None)
    list(made.work(state, trainer.knobs(), masks, window))
    return made


def measured(trainer: Trainer, state: Any, name: str, eps: float, masks: Masks | None = None) -> float:
    """The slope by trainings turned up and down by ``eps`` and by half of it, extrapolated (Richardson); on one side
    only where a knob is 0."""
    knobs = trainer.experiment.knobs
    value = getattr(knobs, name)

    def loss(by: float) -> float:
        end = trainer.advance(state, WINDOW, replace(knobs, **{name: value + by}), masks)
        return Observer(trainer)(end, trainer.knobs(), masks).scalar("test_loss")

    if value == 0:
        return (4 * loss(eps) - 3 * loss(0) - loss(2 * eps)) / (2 * eps)
    wide, narrow = (loss(eps) - loss(-eps)) / (2 * eps), (loss(eps / 2) - loss(-eps / 2)) / eps
    return (4 * narrow - wide) / 3


def compare(trainer: Trainer, state: Any, masks: Masks | None = None) -> set[str]:
    """Hold every slope against trainings; the knobs that have one."""
    made = found(trainer, state, masks).report
    assert made.window == WINDOW
    compared = {name for name, slope in made.slopes.items() if slope.verdict != "undefined"}
    for name in compared:
        eps = 0.2 * made.slopes[name].amount
        noise = 3e-6 * made.loss / eps  # of float32, in a difference of losses
        known = measured(trainer, state, name, eps, masks)
        assert made.slopes[name].slope == pytest.approx(known, rel=0.04, abs=noise), name
    return compared


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"momentum": 0.5, "l1": 0.001, "l2": 0.002, "weight_decay": 0.003},
        {"dropout": 0.3, "clip_norm": 0.2, "label_smoothing": 0.1, "learning_rate": 0.1},
    ],
    ids=["plain", "all penalties", "dropout's masks held, clipped, smoothed"],
)
def test_the_slopes_are_those_of_whole_trainings(knobs: dict[str, float]) -> None:
    trainer = Trainer(of(**knobs))
    known = compare(trainer, trainer.advance(trainer.init(), 30))
    assert known == {"learning_rate", "momentum", "weight_decay", "l1", "l2", "label_smoothing"}


def test_the_slopes_go_through_batch_normalisation_and_five_classes() -> None:
    fields = {"dataset": "blobs", "classes": 5, "hidden": [4], "normalization": "batch", "label_smoothing": 0.1}
    trainer = Trainer(Experiment.of(samples=60, optimizer="nesterov", batch_size=20, **fields))
    assert {"learning_rate", "momentum"} <= compare(trainer, trainer.advance(trainer.init(), 30))


def test_what_is_switched_off_stays_off_and_spoils_nothing() -> None:
    """Under Adam, whose mean squares of what is off are 0, where a root has no slope."""
    trainer = Trainer(of(hidden=[3, 2], optimizer="adam", learning_rate=0.02))
    masks = full_masks(trainer.network)
    masks.units[1][0] = masks.links[0][1, 2] = masks.learning[2] = 0
    compare(trainer, trainer.init(), masks)


def test_advice_is_what_the_trial_confirms() -> None:
    trainer = Trainer(of(learning_rate=0.02))
    state = trainer.init()
    slow = found(trainer, state, window=100).report.slopes["learning_rate"]
    assert slow.verdict == "up"
    assert slow.derivative < 0
    assert slow.up < 0 < slow.down
    faster = replace(trainer.experiment.knobs, learning_rate=0.022)
    now, then = (trainer.scores(trainer.advance(state, 100, knobs)).test_loss for knobs in (None, faster))
    assert slow.up == pytest.approx((then - now) / now, rel=1e-3)


def test_a_chaotic_window_is_called_chaotic() -> None:
    trainer = Trainer(of(learning_rate=1.2))
    made = found(trainer, trainer.advance(trainer.init(), 200), window=100).report
    assert made.text == ""
    assert made.slopes["learning_rate"].verdict == "chaotic"


def test_a_run_that_diverged_or_will_is_told_so() -> None:
    trainer = Trainer(of(learning_rate=10.0))
    state = trainer.init()
    assert "diverges at step" in found(trainer, state, window=100).report.text
    assert "has diverged" in found(trainer, state._replace(bad_step=np.int32(0))).report.text


def test_verdicts() -> None:
    assert verdict(-0.02, -0.021, -0.02, 0.02, 1.0) == "up"
    assert verdict(0.02, 0.021, 0.02, -0.02, 1.0) == "down"
    assert verdict(0.0004, 0.0004, 0.0004, -0.0004, 1.0) == "flat"
    assert verdict(0.0004, 0.0003, 0.02, 0.02, 1.0) == "best"
    assert verdict(0.02, -0.02, 0.02, 0.02, 1.0) == "chaotic"
    assert verdict(-0.02, -0.02, -0.02, 0.02, 1e9) == "chaotic"
    assert verdict(-0.02, np.inf, np.inf, 0.02, 1.0) == "chaotic"
    assert verdict(np.nan, 0.1, 0.1, 0.1, 1.0) == "chaotic"
    assert verdict(-0.02, -0.02, -0.02, np.nan, 1.0) == "up"


def test_what_has_no_slope_says_why() -> None:
    assert "jumps" in reason_without_slope(of(), "dropout")
    assert reason_without_slope(of(hidden=[]), "dropout") == ""
    assert "sign" in reason_without_slope(of(optimizer="lion"), "l2")
    assert reason_without_slope(of(optimizer="lion"), "learning_rate") == ""
    searching = Trainer(of(optimizer="lbfgs"))
    assert "L-BFGS" in found(searching, searching.init()).report.text


def test_no_knob_recompiles_and_windows_shrink_with_cost() -> None:
    trainer = Trainer(of(l2=0.01))
    found(trainer, trainer.init(), window=10)
    before = PROGRAMS.compilations
    other = Trainer(of(l1=0.1, learning_rate=0.1, dropout=0.1))
    found(other, other.init(), window=10)
    assert PROGRAMS.compilations == before
    assert window_of(trainer) == 100
    assert window_of(Trainer(Experiment.of(hidden=[64] * 8, batch_size=512, samples=2000))) == 10


def test_by_how_much_a_knob_is_turned() -> None:
    assert amount_of("learning_rate", 0.03) == (pytest.approx(0.003), 0.1)
    assert amount_of("l2", 0.0)[0] == 0.001
    assert amount_of("momentum", 0.5)[0] == 0.01
    assert 0.998 < 0.998 + amount_of("momentum", 0.998)[0] < 0.999
    assert knobs_with_slope(of())[-1] == "dropout"
    assert "label_smoothing" not in knobs_with_slope(of(dataset="plane"))

"""Slopes of the loss with respect to the knobs, against whole trainings with the knob turned a little both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.hypergradient import Hypergradient, amount_of, turned, verdict, window_of
from playground.nn.masks import Masks, all_on
from playground.training.programs import PROGRAMS

WINDOW = 20
SMOOTH = {
    "sgd": {"l1": 0.001, "l2": 0.002, "weight_decay": 0.003, "momentum": 0.5},
    "adam": {"l2": 0.002, "learning_rate": 0.01},
    "rmsprop, clipped": {"optimizer": "rmsprop", "learning_rate": 0.003, "clip_norm": 0.2},
    "lamb, layer by layer": {"optimizer": "lamb", "learning_rate": 0.01},
    "a regression": {"dataset": "plane", "optimizer": "nesterov", "learning_rate": 0.01},
    "batch normalisation": {"normalization": "batch", "learning_rate": 0.1},
    "five classes, no hidden layer": {"dataset": "blobs", "classes": 5, "hidden": [], "label_smoothing": 0.1},
    "dropout's masks held": {"dropout": 0.3, "l2": 0.01},
}


def of(**fields: Any) -> Experiment:
    """A small experiment; a name that stands alone in a case's title is its optimizer."""
    return Experiment.of(**{"samples": 100, "hidden": [3], "noise": 0.2, "batch_size": 20} | fields)


def found(trainer: Trainer, state: Any, masks: Masks | None = None, window: int = WINDOW) -> Hypergradient:
    made = Hypergradient(trainer, masks is not None)
    list(made.work(state, trainer.knobs(), masks, window))
    return made


def measured(trainer: Trainer, state: Any, name: str, eps: float, masks: Masks | None = None) -> float:
    """The slope by trainings turned up and down by ``eps`` and by half of it, extrapolated (Richardson); on one side only where a knob is 0."""
    knobs = trainer.experiment.knobs
    value = getattr(knobs, name)

    def loss(by: float) -> float:
        end = trainer.advance(state, WINDOW, replace(knobs, **{name: value + by}), masks)
        return trainer.scores(end).test_loss

    if value == 0:
        return (4 * loss(eps) - 3 * loss(0) - loss(2 * eps)) / (2 * eps)
    wide, narrow = (loss(eps) - loss(-eps)) / (2 * eps), (loss(eps / 2) - loss(-eps / 2)) / eps
    return (4 * narrow - wide) / 3


def compare(trainer: Trainer, state: Any, masks: Masks | None = None) -> None:
    made = found(trainer, state, masks)
    assert made.found.window == WINDOW
    compared = 0
    for name, slope in made.found.slopes.items():
        if slope.verdict == "undefined":
            continue
        eps = 0.2 * slope.amount
        known = measured(trainer, state, name, eps, masks)
        noise = 3e-6 * made.found.loss / eps  # of float32, in a difference of losses
        assert slope.slope == pytest.approx(known, rel=0.04, abs=noise), name
        compared += 1
    assert compared >= 3


@pytest.mark.parametrize("case", SMOOTH)
def test_the_slopes_are_those_of_whole_trainings(case: str) -> None:
    fields = {"optimizer": case} if case in ("sgd", "adam") else {}
    trainer = Trainer(of(**fields | SMOOTH[case]))
    compare(trainer, trainer.advance(trainer.init(), 30))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_what_is_switched_off_stays_off(optimizer: str) -> None:
    trainer = Trainer(of(hidden=[3, 2], optimizer=optimizer, learning_rate=0.02))
    masks = all_on(trainer.network)
    masks.units[1][0] = masks.links[0][1, 2] = masks.learning[2] = 0
    state = trainer.init()  # Adam's mean squares of what is off are 0 from the start
    compare(trainer, state, masks)
    with_all, without = found(trainer, state).found, found(trainer, state, masks).found
    assert with_all.slopes["learning_rate"].slope != pytest.approx(without.slopes["learning_rate"].slope, rel=0.01)


def test_dead_units_under_adam_do_not_spoil_the_others() -> None:
    trainer = Trainer(of(activation="relu", optimizer="adam", learning_rate=0.01))
    state = trainer.init()
    first = dict(state.params[0])
    first["b"] = first["b"].at[0].set(-100.0)  # never fires: its gradients and their mean squares are exactly 0
    state = state._replace(params=(first, *state.params[1:]))
    compare(trainer, state)


def test_advice_is_what_the_trial_confirms() -> None:
    trainer = Trainer(of(learning_rate=0.003))
    state = trainer.init()
    made = found(trainer, state, window=100).found
    slow = made.slopes["learning_rate"]
    assert slow.verdict == "up"
    assert slow.said < 0
    assert slow.up < 0 < slow.down
    faster = replace(trainer.experiment.knobs, learning_rate=0.0033)
    now, then = (trainer.scores(trainer.advance(state, 100, knobs)).test_loss for knobs in (None, faster))
    assert slow.up == pytest.approx((then - now) / now, rel=1e-3)


def test_a_chaotic_window_is_called_chaotic() -> None:
    trainer = Trainer(Experiment.of(hidden=[8, 8], learning_rate=3.0, dataset="spiral"))
    made = found(trainer, trainer.advance(trainer.init(), 200), window=100).found
    assert {one.verdict for one in made.slopes.values()} <= {"chaotic", "undefined"}
    assert made.slopes["learning_rate"].verdict == "chaotic"


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
    trainer = Trainer(of(dropout=0.2))
    made = found(trainer, trainer.init(), window=10).found
    assert made.slopes["dropout"].verdict == "undefined"
    assert "jumps" in made.slopes["dropout"].why
    lion = Trainer(of(optimizer="lion", learning_rate=0.001))
    slopes = found(lion, lion.init(), window=10).found.slopes
    assert slopes["l2"].verdict == "undefined"
    assert slopes["learning_rate"].verdict != "undefined"
    searching = Trainer(of(optimizer="lbfgs", samples=60))
    assert "L-BFGS" in found(searching, searching.init()).found.text


def test_dropout_without_a_hidden_layer_changes_nothing_and_has_that_slope() -> None:
    trainer = Trainer(of(hidden=[], dropout=0.2))
    assert found(trainer, trainer.init()).found.slopes["dropout"].slope == 0


def test_a_run_that_diverged_or_will_is_told_so() -> None:
    trainer = Trainer(of(activation="relu", output_activation="identity", hidden=[8, 8], learning_rate=10.0))
    state = trainer.init()
    ahead = found(trainer, state, window=100).found
    assert "diverges at step" in ahead.text
    gone = trainer.advance(state, 200)
    assert int(gone.bad_step) >= 0
    assert "has diverged" in found(trainer, gone).found.text


def test_without_a_test_set_it_is_the_train_loss() -> None:
    trainer = Trainer(of(dataset="xor", train_fraction=0.9))
    assert found(trainer, trainer.init(), window=10).found.kind == "test"


def test_no_knob_recompiles_and_windows_shrink_with_cost() -> None:
    trainer = Trainer(of(l2=0.01))
    found(trainer, trainer.init())
    before = PROGRAMS.compilations
    other = Trainer(of(l2=0.0, l1=0.1, learning_rate=0.1))
    found(other, other.init())
    assert PROGRAMS.compilations == before
    assert window_of(trainer) == 100
    assert window_of(Trainer(Experiment.of(hidden=[64] * 8, batch_size=512, samples=2000))) == 10


def test_by_how_much_a_knob_is_turned() -> None:
    assert amount_of("learning_rate", 0.03) == (pytest.approx(0.003), 0.1)
    assert amount_of("l2", 0.0)[0] == 0.001
    assert amount_of("momentum", 0.5)[0] == 0.01
    assert 0.9 < 0.998 + amount_of("momentum", 0.998)[0] < 0.999
    assert turned(of())[-1] == "dropout"

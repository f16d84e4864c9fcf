"""Every preset is trained, and what its words claim is held against what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from playground import Trainer
from playground.experiment import Experiment, from_query, to_query
from playground.live.frames.observer import Observer
from playground.presets import PRESETS
from playground.training.trainer import Scores
from tests.sampling import long_param


@dataclass(frozen=True)
class Outcome:
    """A trained preset: scores at the start and the end, the last frame's numbers by layer, weights, losses on the
    way."""

    first: Scores
    scores: Scores
    layers: np.ndarray
    weights: list[np.ndarray]
    losses: np.ndarray
    test_losses: np.ndarray
    bad_step: int
    maps: np.ndarray


def train(experiment: Experiment, steps: int) -> Outcome:
    trainer = Trainer(experiment)
    observer, state = Observer(trainer), trainer.init()
    first = trainer.scores(state)
    on_the_way = []
    for _ in range(20):
        state = trainer.advance(state, max(1, steps // 20))
        on_the_way.append(trainer.scores(state))
    frame = observer(state)
    return Outcome(
        first,
        trainer.scores(state),
        frame.layers(trainer.network.depth),
        [np.asarray(layer["w"]) for layer in state.params],
        np.array([one.train_loss for one in on_the_way]),
        np.array([one.test_loss for one in on_the_way]),
        int(state.bad_step),
        frame.part(observer.blocks, "maps"),
    )


@cache
def trained(name: str) -> Outcome:
    return train(PRESETS[name].experiment, PRESETS[name].steps)


def solved(name: str, accuracy: float = 0.95) -> bool:
    return trained(name).scores.test_metric >= accuracy


def gradient_ratio(name: str) -> float:
    """The first layer's gradient norm over the output layer's."""
    return float(trained(name).layers[0, 0] / trained(name).layers[-1, 0])


def small_share(weights: list[np.ndarray]) -> float:
    return float((np.abs(np.concatenate([w.ravel() for w in weights])) < 0.01).mean())


def jitter(losses: np.ndarray) -> float:
    """How much the loss rises on the way down, as a share of the whole way."""
    late = losses[len(losses) // 2 :]
    return float(np.maximum(np.diff(late), 0).sum())


def gap(name: str) -> float:
    return trained(name).scores.test_loss - trained(name).scores.train_loss


def stopped_early() -> bool:
    from playground.live import FrameRequest, Run

    experiment = PRESETS["overfitting_cured_by_stopping"].experiment
    run = Run("r", experiment)
    run.compile()
    for _ in range(400):
        chunk = run.answer(FrameRequest("r", 0, run.last + 1, 10, run.last, 24))
        if chunk.state == "stopped":
            best = float(np.nanmin(run.curves.until(run.last + 1)["test_loss"]))
            return best < trained("overfitting").scores.test_loss and "best" in chunk.text
    return False


def twin(name: str, **other: Any) -> Outcome:
    experiment = PRESETS[name].experiment
    return train(replace(experiment, knobs=replace(experiment.knobs, **other)), PRESETS[name].steps)


CLAIMS: dict[str, Callable[[], bool]] = {
    "linear": lambda: solved("linear", 0.99),
    "xor_with_a_feature": lambda: solved("xor_with_a_feature", 0.99),
    "xor_with_neurons": lambda: solved("xor_with_neurons"),
    "spiral": lambda: solved("spiral", 0.98),
    "breast_cancer": lambda: solved("breast_cancer", 0.94),
    "wine": lambda: solved("wine"),
    "too_high_a_learning_rate": lambda: trained("too_high_a_learning_rate").bad_step >= 0,
    "vanishing_gradients": lambda: (
        gradient_ratio("vanishing_gradients") < 1e-3 and trained("vanishing_gradients").scores.test_metric < 0.6
    ),
    "vanishing_cured_by_relu": lambda: (
        solved("vanishing_cured_by_relu") and gradient_ratio("vanishing_cured_by_relu") > 0.01
    ),
    "vanishing_cured_by_batch_norm": lambda: (
        solved("vanishing_cured_by_batch_norm") and gradient_ratio("vanishing_cured_by_batch_norm") > 0.01
    ),
    "vanishing_cured_by_residuals": lambda: (
        solved("vanishing_cured_by_residuals") and gradient_ratio("vanishing_cured_by_residuals") > 0.01
    ),
    "dead_relus": lambda: trained("dead_relus").layers[1, 5] == 1.0 and trained("dead_relus").scores.test_metric < 0.6,
    "zero_initialisation": lambda: (
        np.ptp(trained("zero_initialisation").maps.astype(int), axis=0).max() == 0
        and np.ptp(trained("zero_initialisation").weights[0], axis=1).max() < 1e-6
    ),
    "batch_of_one": lambda: jitter(trained("batch_of_one").losses) > 5 * jitter(trained("batch_of_all").losses),
    "batch_of_all": lambda: jitter(trained("batch_of_all").losses) < 1e-3 and solved("batch_of_all", 0.9),
    "l1_makes_it_sparse": lambda: (
        small_share(trained("l1_makes_it_sparse").weights) > 0.5
        and small_share(twin("l1_makes_it_sparse", l1=0.0).weights) < 0.1
        and solved("l1_makes_it_sparse", 0.9)
    ),
    "overfitting": lambda: trained("overfitting").scores.train_loss < 1e-3 and gap("overfitting") > 0.1,
    "overfitting_cured_by_data": lambda: gap("overfitting_cured_by_data") < 0.5 * gap("overfitting"),
    "overfitting_cured_by_l2": lambda: (
        gap("overfitting_cured_by_l2") < 0.5 * gap("overfitting")
        and trained("overfitting_cured_by_l2").scores.train_loss > 0.02
    ),
    "overfitting_cured_by_dropout": lambda: (
        trained("overfitting_cured_by_dropout").scores.train_loss > 100 * trained("overfitting").scores.train_loss
    ),
    "overfitting_cured_by_stopping": stopped_early,
    "the_articles_recipe": lambda: (
        trained("the_articles_recipe").scores.epoch == pytest.approx(9.92, abs=0.2)
        and 0.85 < trained("the_articles_recipe").scores.test_metric < 0.99
    ),
    "the_articles_case": lambda: trained("the_articles_case").scores.train_metric > 0.95,
}


SELDOM = {
    "breast_cancer",
    "wine",
    "too_high_a_learning_rate",
    "batch_of_one",
    "overfitting_cured_by_data",
    "the_articles_recipe",
    "the_articles_case",
}
"""Presets whose programs no other one uses; of each claim's kind there are others."""


@pytest.mark.parametrize("name", [long_param(name) if name in SELDOM else name for name in PRESETS])
def test_what_its_words_claim_holds(name: str) -> None:
    assert CLAIMS[name]()


def test_every_preset_has_its_claim_and_is_told_in_words() -> None:
    assert set(CLAIMS) == set(PRESETS)
    for preset in PRESETS.values():
        assert preset.explanation.count(". ") >= 1, "two sentences"
        assert preset.steps <= 5000, "seen within a minute"
    bad = {name for name in PRESETS if PRESETS[name].why_bad}
    assert bad == {
        "too_high_a_learning_rate",
        "vanishing_gradients",
        "dead_relus",
        "zero_initialisation",
        "overfitting",
    }


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_equal_to_its_json_and_its_link(name: str) -> None:
    experiment = PRESETS[name].experiment
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert from_query(to_query(experiment)) == (experiment, [])

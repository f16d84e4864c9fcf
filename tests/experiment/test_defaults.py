"""Where our defaults differ from TensorFlow Playground's, the control's help and README say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playground.experiment import Experiment, field_value, replace_field
from playground.experiment.links.query import RULES
from playground.experiment.links.tensorflow_playground import from_tensorflow_playground

THEIRS: dict[str, Any] = {
    "dataset": "circle",
    "noise": 0.0,
    "train_fraction": 0.5,
    "samples": 500,
    "features": ("x1", "x2"),
    "hidden": (4, 2),
    "activation": "tanh",
    "output_activation": "tanh",
    "initializer": "tf_playground",
    "loss": "mse",
    "optimizer": "sgd",
    "momentum": 0.0,
    "schedule": "constant",
    "learning_rate": 0.03,
    "l1": 0.0,
    "l2": 0.0,
    "dropout": 0.0,
    "weight_decay": 0.0,
    "clip_norm": 0.0,
    "label_smoothing": 0.0,
    "patience": 0.0,
    "normalization": "none",
    "residual": False,
    "standardize": False,
    "batch_size": 10,
    "shuffle": False,
}
"""The state of its page before anything is chosen, and what its training does (its ``state.ts``, ``playground.ts``,
``nn.ts``)."""
OF_A_REGRESSION = {"dataset": "plane", "samples": 1200, "output_activation": "identity"}
CHOSEN_BY_PURPOSE = {"initializer", "shuffle"}


def differing(experiment: Experiment, theirs: dict[str, Any]) -> set[str]:
    return {name for name, value in theirs.items() if field_value(experiment, name) != value}


def test_defaults_that_differ_are_those_that_are_said() -> None:
    assert differing(Experiment(), THEIRS) == CHOSEN_BY_PURPOSE
    regression = replace_field(Experiment(), "dataset", "plane")
    assert differing(regression, THEIRS | OF_A_REGRESSION) == CHOSEN_BY_PURPOSE | {"samples"}


def test_the_table_is_what_an_empty_link_of_theirs_opens_as() -> None:
    assert differing(from_tensorflow_playground("").experiment, THEIRS) == {"shuffle"}


@pytest.mark.parametrize("name", sorted(CHOSEN_BY_PURPOSE | {"samples"}))
def test_a_default_that_differs_has_its_sentence(name: str) -> None:
    assert "TensorFlow Playground" in RULES[name].help
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    said = next(part for part in readme.split("\n\n") if "three defaults" in part)
    assert {"initializer": "first weights", "shuffle": "shuffled", "samples": "1,200"}[name] in said


@pytest.mark.parametrize("name", RULES)
def test_every_field_has_a_help_in_sentences(name: str) -> None:
    words = RULES[name].help
    assert words.endswith(".")
    assert words[0].isupper()
    assert len(words) > 8

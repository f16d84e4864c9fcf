"""What a saved picture says was chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.datasets import read_csv
from playground.experiment import OWN_DATA, Experiment, replace_field
from playground.experiment.title import experiment_title
from playground.stage.settings import MAX_SETTINGS, choices, knob_words, settings
from playground.training.knobs import knob_vector


class Past:
    def __init__(self, segments: list[tuple[int, np.ndarray]]) -> None:
        self.segments = [type("Segment", (), {"start": start, "knobs": knobs}) for start, knobs in segments]


class Run:
    """A run as far as its settings go."""

    def __init__(self, rates: list[tuple[int, float]]) -> None:
        self.experiment = Experiment.of(learning_rate=rates[-1][1])
        self.knobs, self.last = self.experiment.knobs, rates[-1][0] + 5
        self.past = Past([(at, knob_vector(Experiment.of(learning_rate=rate).knobs)) for at, rate in rates])


@pytest.mark.parametrize(
    ("given", "said", "unsaid"),
    [
        ({"l2": 0.002}, ["Learning rate 0.03", "L2 0.002"], ["L1", "Dropout", "Momentum"]),
        ({"momentum": 0.9}, ["Momentum 0.9"], ["Beta"]),
        ({"optimizer": "adam", "beta1": 0.8, "learning_rate": 0.01}, ["Learning rate 0.01", "Beta 1 0.8"], ["Beta 2"]),
    ],
)
def test_the_knobs_that_matter_are_said_once(given: dict[str, object], said: list[str], unsaid: list[str]) -> None:
    experiment = Experiment.of(**given)
    words = knob_words(experiment, experiment.knobs)
    assert all(words.count(one) == 1 for one in said)
    assert not any(one in words for one in unsaid)


def test_what_a_real_dataset_lacks_is_not_said() -> None:
    assert "500 samples" in choices(Experiment.of())
    assert "noise" not in choices(Experiment.of(dataset="diabetes"))


def test_each_frame_has_the_knobs_that_it_was_learned_under() -> None:
    told = settings(Run([(0, 0.03), (7, 0.1), (9, 0.1), (12, 0.3)]))  # pyright: ignore[reportArgumentType]
    assert told == [(0, "Learning rate 0.03"), (7, "Learning rate 0.1"), (12, "Learning rate 0.3")]


def test_many_turns_are_bounded() -> None:
    told = settings(Run([(i, 0.001 * (i + 1)) for i in range(200)]))  # pyright: ignore[reportArgumentType]
    assert len(told) == MAX_SETTINGS
    assert told[-1] == (199, "Learning rate 0.2")


def test_a_title_names_the_file_whose_rows_are_learned_and_no_more_of_it_than_fits() -> None:
    table = read_csv("a,b,kind\n" + "1,2,x\n2,1,y\n" * 10)
    experiment = replace_field(Experiment.of(hidden=[2]), "dataset", OWN_DATA, table)
    assert experiment_title(experiment, table).startswith("own data · 2 tanh")
    assert experiment_title(experiment, replace(table, name="plants.csv")).startswith("plants.csv · 2 tanh")
    assert len(experiment_title(experiment, replace(table, name="x" * 900))) < 80
    assert experiment_title(Experiment.of(hidden=[2]), replace(table, name="plants.csv")).startswith("Circle · 2 tanh")

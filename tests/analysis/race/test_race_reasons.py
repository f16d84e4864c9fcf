"""Sentences on a race say what the losses did: each number is looked up in hand-made curves, and in races over
seeds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from playground import Experiment
from playground.analysis.race.entrants import optimizers
from playground.analysis.race.rate_sweep import at_rate
from playground.analysis.race.reasons import behaviour_of, race_reasons, repeat_reasons
from playground.analysis.race.repeats import Repeats
from playground.analysis.race.significance import first_reached
from playground.number_format import format_precise

STEPS = np.arange(0, 201, 10)
LATE = STEPS >= 100


def falling() -> np.ndarray:
    return 0.5 * np.exp(-STEPS / 100)


CURVES = {
    "stuck": np.where(LATE, 0.5, 1.0),
    "swinging": np.where(LATE & (STEPS % 20 == 0), 0.4, 0.1),
    "falling": falling(),
    "slow": np.where(LATE, 0.5 + 0.05 * (STEPS % 20 == 0), 1.0),
    "diverged": np.where(STEPS >= 50, np.inf, 1.0),
}


@pytest.mark.parametrize("kind", list(CURVES))
def test_each_curve_is_called_what_it_is(kind: str) -> None:
    behaviour = behaviour_of(STEPS, CURVES[kind])
    assert behaviour is not None
    assert behaviour.kind == kind


def test_nothing_is_said_of_a_few_looks() -> None:
    assert behaviour_of(STEPS[:5], falling()[:5]) is None


def test_a_race_is_told_with_the_numbers_that_were_measured() -> None:
    first = np.where(STEPS >= 30, 0.01, 1.0)
    losses = np.stack([first, *CURVES.values()], axis=1)
    told = race_reasons(STEPS, losses, ["Adam", *CURVES], 0.05)
    assert told == [
        "Adam was at 0.05 first, at step 30.",
        "stuck is stuck: since step 100 its loss has stayed at 0.500.",
        "swinging swings: its loss rose from 0.100 at step 110 to 0.400 at step 120.",
        "falling is still on its way: 0.184 at step 100, 0.0677 now.",
        "slow hardly gets on: since step 100 its loss has been between 0.500 and 0.550.",
        "diverged diverged by step 50.",
    ]
    assert race_reasons(STEPS, np.stack([first, first], axis=1), ["A", "B"], 0.05) == [
        "A and B were at 0.05 first, at step 30."
    ]


def test_who_left_the_goal_again_is_told_and_who_stayed_is_not() -> None:
    left = np.where(STEPS == 150, 0.2, np.where(STEPS >= 30, 0.01, 1.0))
    below = np.where(STEPS == 150, 0.04, np.where(STEPS >= 30, 0.01, 1.0))
    told = race_reasons(STEPS, np.stack([left, below], axis=1), ["A", "B"], 0.05)
    assert told[1:] == ["A swings: its loss rose from 0.0100 at step 100 to 0.200 at step 150, above the goal again."]


def test_many_races_are_counted_by_what_kept_each_from_the_goal() -> None:
    arrived = np.where(STEPS >= 30, 0.01, 1.0)
    losses = np.stack([arrived, CURVES["stuck"], 0.8 * CURVES["stuck"], CURVES["falling"], CURVES["diverged"]], axis=1)
    told = repeat_reasons(STEPS, losses[:, :, None], ["SGD"], 0.05)
    assert told == [
        "SGD did not arrive in 4 of 5 races: 1 diverged, 2 stuck (loss 0.40 to 0.50), 1 still on the way (loss 0.068)."
    ]
    assert repeat_reasons(STEPS, arrived[:, None, None], ["SGD"], 0.05) == []


def test_over_16_starts_all_that_is_said_is_true_of_the_losses() -> None:
    experiment = Experiment.of(dataset="xor", hidden=[3], samples=100)
    contestants = [way.contestant(experiment) for way in optimizers(experiment, ["sgd", "momentum", "adam"])]
    entered = [at_rate(one, rate) for one, rate in zip(contestants, (0.1, 3.0, 0.3), strict=True)]
    races = Repeats(entered, races=16, steps=1000)
    list(races.work())
    names = [one.name for one in entered]
    kinds = set()
    for n in range(16):
        losses = races.losses[:, n]
        at = first_reached(races.steps, losses, 0.01)
        for sentence in race_reasons(races.steps, losses, names, 0.01):
            if "first" in sentence:
                step = int(re.findall(r"step ([\d,]+)", sentence)[0].replace(",", ""))
                assert step == at.min()
                continue
            k = next(k for k, name in enumerate(names) if sentence.startswith(name))
            late = losses[races.steps >= 500, k]
            if "stuck" in sentence:
                kinds.add("stuck")
                assert late.max() <= 1.05 * late.min()
                assert late.min() > 0.01
            if "swings" in sentence:
                kinds.add("swings")
                numbers = re.findall(r"(\S+) at step ([\d,]+)", sentence)
                for value, step in numbers:
                    row = int(np.flatnonzero(races.steps == int(step.replace(",", "")))[0])
                    assert format_precise(losses[row, k]) == value
                assert float(numbers[1][0]) >= 1.9 * float(numbers[0][0])
            if "on its way" in sentence:
                assert late[-1] < late[0]
    assert {"stuck", "swings"} <= kinds
    for sentence in repeat_reasons(races.steps, races.losses, names, 0.01):
        counts = [int(number) for number in re.findall(r"(\d+) (?:stuck|swinging|still|hardly|diverged)", sentence)]
        absent = int(re.findall(r"in (\d+) of 16", sentence)[0])
        assert sum(counts) == absent

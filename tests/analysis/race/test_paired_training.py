"""A race is fair: every contestant is bitwise what it would be alone, from the same start on the same batches."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest

from playground.analysis.race.paired_training import PairedTraining
from playground.errors import PlaygroundError
from playground.experiment import Experiment, replace_field
from playground.training import Trainer

BASE = Experiment.of(dataset="xor", hidden=[3], samples=60)


def equal(one: object, other: object) -> bool:
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


def test_contestants_are_bitwise_what_they_are_alone_and_equal_ones_are_equal() -> None:
    experiments = [BASE, replace_field(BASE, "optimizer", "adam"), BASE, replace_field(BASE, "learning_rate", 0.3)]
    contest = PairedTraining(experiments)
    assert len(contest.recipes) == 1, "one program for all"
    state = contest.advance(contest.advance(contest.first_state(), 7), 13)
    for k, experiment in enumerate(experiments):
        alone = Trainer(experiment)
        assert equal(contest.state(state, k), alone.advance(alone.init(), 20))
    assert equal(state.rows[0], state.rows[2])
    assert not equal(state.rows[0], state.rows[3])


def test_another_start_is_the_same_for_all() -> None:
    contest = PairedTraining([BASE, replace_field(BASE, "optimizer", "adam")])
    state = contest.first_state(init_seed=5)
    alone = Trainer(replace(BASE, problem=replace(BASE.problem, init_seed=5))).init()
    assert all(equal(contest.state(state, k).params, alone.params) for k in (0, 1))


@pytest.mark.parametrize("other", [{"hidden": [4]}, {"batch_size": 5}, {"noise": 0.2}, {"dropout": 0.1}])
def test_what_cannot_be_compared_does_not_race(other: dict[str, object]) -> None:
    with pytest.raises(PlaygroundError, match="same data"):
        PairedTraining([BASE, Experiment.of(dataset="xor", samples=60, **({"hidden": [3]} | other))])

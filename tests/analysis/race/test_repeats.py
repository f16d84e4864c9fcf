"""The same race from many starts: each is the race that could be watched from that start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground import Experiment
from playground.analysis.race.repeats import Repeats
from playground.analysis.race.simulation import SCORES, Contestant, RaceSimulation
from playground.experiment import replace_field
from playground.programs.cache import PROGRAMS


def contestants_of(*optimizers: str, **given: Any) -> list[Contestant]:
    return [Contestant(name, Experiment.of(samples=60, optimizer=name, **given)) for name in optimizers]


@pytest.mark.parametrize("given", [{}, {"normalization": "layer"}], ids=["one by one", "programs of their own"])
@pytest.mark.parametrize("name", ["train_loss", "test_loss"])
def test_each_race_is_the_one_that_is_watched(given: dict[str, Any], name: str) -> None:
    entered = contestants_of("sgd", "adam", hidden=[3], learning_rate=0.01, **given)
    repeats = Repeats(entered, races=2, steps=40, name=name)
    shares = list(repeats.work())
    assert shares == sorted(shares)
    assert (shares[-1], repeats.finished) == (1.0, 2)
    for n, seed in enumerate(repeats.seeds):
        race = RaceSimulation(
            [Contestant(one.name, replace_field(one.experiment, "init_seed", int(seed))) for one in entered]
        )
        state = race.first_state()
        for row, step in enumerate(repeats.steps):
            state = race.advance(state, int(step) - int(state.step))
            watched = race.scores(state)[:, SCORES.index(name)]
            np.testing.assert_allclose(repeats.losses[row, n], watched, rtol=1e-5, atol=1e-6)


def test_who_diverges_has_an_infinite_loss_from_there_on() -> None:
    entered = contestants_of("sgd", dataset="plane", hidden=[4], activation="relu", learning_rate=10.0)
    repeats = Repeats(entered, races=2, steps=60)
    list(repeats.work())
    losses = repeats.losses[:, :, 0]
    assert np.isfinite(losses[0]).all()
    assert np.isinf(losses[-1]).all()
    assert (np.diff(np.isinf(losses).astype(int), axis=0) >= 0).all()


def test_another_network_of_the_bucket_compiles_nothing() -> None:
    list(Repeats(contestants_of("sgd", "adam", hidden=[3]), races=1, steps=10).work())
    before = PROGRAMS.compilations
    list(Repeats(contestants_of("yogi", "lion", hidden=[4, 2], activation="elu"), races=2, steps=10).work())
    assert PROGRAMS.compilations == before

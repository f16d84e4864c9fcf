"""Who races gets a learning rate by the same rule: whatever the experiment's own optimizer, rate and start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground import Experiment
from playground.analysis.race.entrants import RACING, USUAL_RATES, optimizers, own_name
from playground.analysis.race.rate_sweep import SWEEP_RATES, RateSweep, at_rate, mean_arrivals, rank_rates
from playground.analysis.race.repeats import Repeats
from playground.analysis.race.significance import first_reached, verdict
from playground.analysis.race.simulation import Contestant
from playground.programs.cache import PROGRAMS

GOAL = 0.05


def entrants(names: list[str], **given: Any) -> list[Contestant]:
    experiment = Experiment.of(**given)
    return [way.contestant(experiment) for way in optimizers(experiment, names)]


def tuned(names: list[str], goal: float = GOAL, steps: int = 2000, **given: Any) -> list[Contestant]:
    contestants = entrants(names, **given)
    sweep = RateSweep(contestants, steps=steps, goal=goal)
    shares = list(sweep.work())
    assert shares == sorted(shares)
    assert sweep.is_finished
    return [at_rate(one, rate) for one, rate in zip(contestants, sweep.best_rates(), strict=True)]


@pytest.mark.parametrize("own", [name for name in RACING if name != "momentum"])
def test_what_is_swept_does_not_depend_on_ones_own_optimizer_rate_or_start(own: str) -> None:
    names = ["sgd", "adam", "adamw", own]
    mine = RateSweep(entrants(names, optimizer=own, learning_rate=0.0007, init_seed=9))
    others = RateSweep(entrants(names, optimizer="rmsprop"))
    assert own_name(mine.contestants[0].experiment) == "sgd"
    for one, other in zip(mine.contestants, others.contestants, strict=True):
        assert one.experiment.problem == other.experiment.problem
        knobs, usual = one.experiment.knobs.as_dict(), other.experiment.knobs.as_dict()
        assert knobs["learning_rate"] == usual["learning_rate"] == SWEEP_RATES[0]


def test_the_rule_is_the_soonest_on_average_and_the_lowest_on_the_way_among_equals() -> None:
    marks = np.array([0, 10, 20])
    late_once = np.array([[1, 1], [0.01, 1], [0.01, 1]])  # arrives at 10, and never
    steady = np.array([[1, 1], [1, 1], [0.01, 0.04]])  # at 20, twice
    lower = np.array([[1, 1], [0.5, 1], [0.01, 0.04]])
    broken = np.array([[1, 1], [np.inf, np.inf], [np.inf, np.inf]])
    losses = np.stack([late_once, steady, lower, broken], axis=2)
    assert mean_arrivals(marks, losses, GOAL).tolist() == [25, 20, 20, 40]
    assert rank_rates(marks, losses, GOAL) == [2, 1, 0, 3]
    assert rank_rates(marks, losses, 1e-9)[0] == 0
    assert rank_rates(marks, losses[:, :, 1:], 1e-9)[0] == 1


def test_networks_with_programs_of_their_own_are_swept_as_well() -> None:
    contestants = entrants(["sgd", "adam"], samples=60, hidden=[3], normalization="layer")
    sweep = RateSweep(contestants, steps=60)
    list(sweep.work())
    assert sweep.arrivals().shape == (2, len(SWEEP_RATES))
    assert np.isfinite(sweep.arrivals()).all()


def test_another_rate_network_or_contestant_compiles_nothing_and_the_known_are_not_trained_again() -> None:
    first = RateSweep(entrants(["sgd", "adam"], samples=60, hidden=[3]), steps=40)
    list(first.work())
    before = PROGRAMS.compilations
    list(RateSweep(entrants(["lion", "yogi"], samples=60, hidden=[5, 2]), steps=40).work())
    again = RateSweep(entrants(["adam", "sgd"], samples=60, hidden=[3], optimizer="adam"), steps=40, known=first.curves)
    assert PROGRAMS.compilations == before
    assert again.is_finished
    assert list(again.work()) == []
    assert again.best_rates() == first.best_rates()[::-1]


@pytest.mark.long
def test_adam_beside_adamw_is_a_draw_over_16_starts_whosever_experiment_it_is() -> None:
    """AdamW with its usual small decay is nearly Adam: a ranking of the two was a ranking of their rates."""
    for own in ("adam", "adamw"):
        contestants = tuned(["adam", "adamw"], optimizer=own, learning_rate=0.001)
        assert len({one.experiment.knobs.learning_rate for one in contestants}) == 1
        races = Repeats(contestants, races=16, steps=2000)
        list(races.work())
        at = np.stack([first_reached(races.steps, races.losses[:, n], GOAL) for n in range(16)])
        result = verdict(at)
        assert result is not None
        assert len(result.equals) == 1, "more than luck would"


@pytest.mark.long
@pytest.mark.parametrize("dataset", ["circle", "xor", "moons"])
def test_over_32_other_starts_hardly_anybody_is_much_sooner_at_another_rate(dataset: str) -> None:
    """Of twelve neighbours (each of six at a third and at three times its rate) one may be, by luck of few starts."""
    contestants = tuned(list(USUAL_RATES), dataset=dataset, hidden=[8])
    marks = np.arange(0, 2001, 40)

    def mean_steps(factor: float) -> np.ndarray:
        entered = [at_rate(one, min(10.0, factor * one.experiment.knobs.learning_rate)) for one in contestants]
        races = Repeats(entered, races=32, steps=2000, marks=marks)
        list(races.work())
        at = np.stack([first_reached(marks, races.losses[:, n], GOAL) for n in range(32)])
        return np.where(np.isfinite(at), at, 4000.0).mean(axis=0)

    best = mean_steps(1.0)
    sooner = sum(int((1.5 * mean_steps(factor) < best).sum()) for factor in (1 / 3, 3.0))
    assert sooner <= 1

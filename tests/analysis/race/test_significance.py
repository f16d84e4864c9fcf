"""Counting who wins, by hand-made races."""

from __future__ import annotations

import numpy as np
import pytest

from playground.analysis.race.significance import (
    duel,
    first_reached,
    quartiles,
    sign_test,
    ties,
    verdict,
    verdict_words,
    wins,
)

NEVER = np.inf
AT = np.array([[10, 20, NEVER], [30, 20, NEVER], [10, 10, 40], [NEVER, NEVER, NEVER]])


def test_the_goal_is_reached_once_and_for_all() -> None:
    steps = np.array([0, 5, 10, 15])
    values = np.array([[1, 1, 0.1], [0.4, 1, np.nan], [0.6, 1, 1], [0.2, np.inf, 0.1]])
    assert first_reached(steps, values, 0.5).tolist() == [5, NEVER, 0]
    assert first_reached(steps, values, 0.2).tolist() == [15, NEVER, 0]


def test_wins_and_duels_of_four_races() -> None:
    assert wins(AT).tolist() == [1, 1, 0]
    assert ties(AT).tolist() == [1, 1, 0]
    assert duel(AT[:, 0], AT[:, 1]) == (1, 1)
    assert duel(AT[:, 0], AT[:, 2]) == (3, 0)
    assert quartiles(AT).tolist() == [[10, 20, NEVER], [30, 20, NEVER], [30, 20, NEVER]]


@pytest.mark.parametrize(
    ("won", "lost", "chance"), [(0, 0, 1), (5, 5, 1), (6, 0, 2 / 64), (9, 1, 2 * 11 / 1024), (1, 9, 2 * 11 / 1024)]
)
def test_the_sign_test_is_a_sum_of_binomials(won: int, lost: int, chance: float) -> None:
    assert sign_test(won, lost) == pytest.approx(chance)


def test_the_verdict_warns_of_luck_and_is_sure_where_it_may_be() -> None:
    found = verdict(AT)
    assert found is not None
    assert (found.leader, found.first, found.level, found.trials) == (1, 1, 1, 4)
    assert [one[0] for one in found.equals] == [0, 2]
    assert "luck" in verdict_words(found, ["A", "B", "C"])[1]
    clear = np.tile([10.0, 20.0, NEVER], (12, 1))
    sure = verdict(clear)
    assert sure is not None
    assert sure.equals == ()
    first, more = verdict_words(sure, ["A", "B", "C"])
    assert first.startswith("A is first in 100 % of 12")
    assert "more often than luck" in more


def test_races_that_end_level_are_no_wins() -> None:
    level = np.tile([10.0, 10.0], (16, 1))
    level[0] = [10, 20]
    first, more = verdict_words(verdict(level), ["A", "B"])
    assert first.startswith("A is first alone in 6 % of 16")
    assert "level with another in 15 more" in first
    assert "luck" in more
    every = verdict(np.full((9, 2), 10.0))
    assert every is not None
    assert (every.first, every.level) == (0, 9)
    first, more = verdict_words(every, ["A", "B"])
    assert first == "Nobody is first alone in any of 9 races; A is level with another in 9."
    assert more == "No race between A and B was decided."


def test_nobody_at_the_goal_is_no_verdict() -> None:
    assert verdict(np.full((3, 2), NEVER)) is None
    assert "easier" in verdict_words(None, ["A"])[0]

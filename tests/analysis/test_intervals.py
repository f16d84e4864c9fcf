"""Intervals of medians, whose coverage is counted, and the sign test, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from playground.analysis.intervals import median_interval, sign_test


@pytest.mark.parametrize(("n", "places"), [(1, (0, 0)), (4, (0, 3)), (8, (0, 7)), (9, (1, 7)), (16, (3, 12))])
def test_an_interval_of_a_median_is_the_narrowest_that_is_sure_enough(n: int, places: tuple[int, int]) -> None:
    interval = median_interval(np.random.default_rng(0).permutation(n).astype(float))
    assert (interval.low, interval.high) == places
    assert interval.middle == (n - 1) / 2
    # How often the median lies between two order statistics: so many of n coins show heads (Thompson 1936).
    exact = binom.cdf(places[1], n, 0.5) - binom.cdf(places[0], n, 0.5) if n > 1 else 0.0
    assert interval.confidence == pytest.approx(exact)
    if n >= 6:
        assert interval.confidence >= 0.95
        narrower = binom.cdf(places[1] - 1, n, 0.5) - binom.cdf(places[0] + 1, n, 0.5)
        assert narrower < 0.95


def test_intervals_hold_the_median_as_often_as_they_say() -> None:
    drawn = np.random.default_rng(1).exponential(size=(4000, 12))
    intervals = [median_interval(values) for values in drawn]
    share = np.mean([one.low <= np.log(2) <= one.high for one in intervals])
    assert share == pytest.approx(intervals[0].confidence, abs=3 * (0.02 / 4000) ** 0.5)


def test_infinite_values_are_the_largest() -> None:
    interval = median_interval(np.array([1.0, np.inf, np.inf]))
    assert (interval.low, interval.middle, interval.high) == (1, np.inf, np.inf)
    with pytest.raises(ValueError, match="no values"):
        median_interval(np.zeros(0))


@pytest.mark.parametrize(("won", "lost"), [(0, 0), (8, 0), (7, 1), (3, 3), (0, 5), (40, 24)])
def test_the_sign_test_is_scipys(won: int, lost: int) -> None:
    exact = binomtest(won, won + lost).pvalue if won + lost else 1.0
    assert sign_test(won, lost) == pytest.approx(exact)

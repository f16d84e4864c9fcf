"""Confidence intervals of proportions and of medians, and the sign test."""

from __future__ import annotations

from math import comb
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from playground.language import mark


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval for a probability of which ``successes`` of ``trials`` were seen (Wilson 1927): honest at 0 and at
    1, and for few trials.

    Raises ``ValueError`` unless 0 <= successes <= trials, 1 <= trials and 0 < confidence < 1.
    """
    if not (0 <= successes <= trials and trials >= 1 and 0 < confidence < 1):
        raise ValueError(f"no interval for {successes} of {trials} at confidence {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z / (1 + z * z / trials) * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share_words(successes: int, trials: int) -> str:
    """``"71 % of 64 (95 % interval 62 to 79 %)"``."""
    low, high = wilson_interval(successes, trials)
    return mark(
        "{share:.0f} % of {trials} (95 % interval {low:.0f} to {high:.0f} %)",
        share=100 * successes / trials,
        trials=trials,
        low=100 * low,
        high=100 * high,
    )


class MedianInterval(NamedTuple):
    """A median, the ends of an interval for that of all that could have been drawn, and the ``confidence`` with which
    they hold it."""

    middle: float
    low: float
    high: float
    confidence: float


def median_interval(values: np.ndarray, confidence: float = 0.95) -> MedianInterval:
    """The median of ``values (n,)``, and the narrowest interval between two of them, equally far from both ends, that
    holds the median of what they were drawn from with this confidence at least, whatever its distribution (Thompson
    1936); of few values from the least to the largest, with the confidence that this has. Infinite values count as the
    largest.

    Raises ``ValueError`` for no values.
    """
    ordered = np.sort(np.asarray(values, float))
    n = len(ordered)
    if not n:
        raise ValueError("no values have no median")
    tail, cut = 0.0, 0
    for k in range(n // 2):
        tail_beyond = tail + comb(n, k) / 2**n
        if k and 1 - 2 * tail_beyond < confidence:
            break
        tail, cut = tail_beyond, k
    below, above = ordered[(n - 1) // 2], ordered[n // 2]
    middle = below if below == above else (below + above) / 2
    return MedianInterval(
        float(middle), float(ordered[cut]), float(ordered[n - 1 - cut]), 1 - 2 * tail if n > 1 else 0.0
    )


def sign_test(won: int, lost: int) -> float:
    """How often luck alone makes a difference as large as this (two-sided sign test; Arbuthnott 1710): 0 to 1, and 1
    without a decided comparison."""
    decided = won + lost
    tail = sum(comb(decided, k) for k in range(min(won, lost) + 1)) / 2**decided
    return min(1.0, 2 * tail)

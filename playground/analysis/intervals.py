"""Confidence intervals of proportions."""

from __future__ import annotations

from statistics import NormalDist

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

"""Does more depth make training worse, and do skip connections mend it? Answers that are no surer than the starts
allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from playground.analysis.intervals import MedianInterval, median_interval, sign_test, wilson_interval
from playground.language import Translatable, mark
from playground.number_format import format_precise

SURE = 0.05
"""A difference that luck alone makes more often than this is not told."""
LEAST_LOSS = 1e-6
"""Losses below it count as it: of two networks that know everything neither is better."""


class Comparison(NamedTuple):
    """Two networks of each start: how often the first one's loss is ``higher`` or ``lower``, of so many ``starts``; the
    ``ratio`` of the two; how often luck alone makes such a difference, and below which ``limit`` it is told."""

    higher: int
    lower: int
    starts: int
    ratio: MedianInterval
    chance: float
    limit: float

    @property
    def sign(self) -> int:
        """1 where the first one's loss is higher beyond luck, -1 where it is lower, else 0."""
        return 0 if self.chance > self.limit else 1 if self.higher > self.lower else -1


def compare_losses(first: np.ndarray, other: np.ndarray, comparisons: int = 1) -> Comparison:
    """``first (n,)`` with ``other (n,)``, start by start; the more ``comparisons`` a choice was made of, the surer each
    has to be (Bonferroni's bound)."""
    first, other = np.maximum(first, LEAST_LOSS), np.maximum(other, LEAST_LOSS)
    with np.errstate(invalid="ignore"):
        ratio = np.where(np.isfinite(first) | np.isfinite(other), first / other, 1.0)  # both diverged: alike
    higher, lower = int((ratio > 1).sum()), int((ratio < 1).sum())
    return Comparison(
        higher, lower, len(first), median_interval(ratio), sign_test(higher, lower), SURE / max(1, comparisons)
    )


class Degradation(NamedTuple):
    """``deepest``: the largest depth; ``best``: the shallower one of the lowest median loss of plain networks, 0 where
    there is none.

    ``plain``: the deepest plain network against that of ``best``; ``cure``: the deepest residual against the deepest
    plain network; ``residual``: the deepest residual against the plain one of ``best``.
    """

    deepest: int
    best: int
    plain: Comparison | None
    cure: Comparison
    residual: Comparison | None

    @property
    def kind(self) -> str:
        """Which of ``TITLES`` holds."""
        if self.plain is None or self.plain.sign == 0:
            return {-1: "helped", 0: "unclear", 1: "harmed"}[self.cure.sign]
        if self.plain.sign < 0:
            return {-1: "deeper_helped", 0: "deeper", 1: "harmed"}[self.cure.sign]
        if self.cure.sign >= 0:
            return "harmed" if self.cure.sign else "uncured"
        return "cured" if self.residual is not None and self.residual.sign < 0 else "eased"


TITLES: dict[str, str] = {
    "cured": mark("Depth alone makes it worse, and skip connections cure it"),
    "eased": mark("Depth alone makes it worse, and skip connections help"),
    "uncured": mark("Depth alone makes it worse, and skip connections do not help here"),
    "harmed": mark("Here skip connections make it worse"),
    "deeper": mark("Here deeper is better, and needs no skip connections"),
    "deeper_helped": mark("Deeper is better, and skip connections add to it"),
    "helped": mark("At the largest depth skip connections help"),
    "unclear": mark("No difference that these starts can tell"),
}


def find_degradation(depths: Sequence[int], losses: np.ndarray) -> Degradation:
    """What train losses ``(depths, 2, networks)``, of plain networks and those with skip connections, tell."""
    plain, residual = losses[:, 0], losses[:, 1]
    cure = compare_losses(residual[-1], plain[-1])
    if len(depths) < 2:
        return Degradation(depths[-1], 0, None, cure, None)
    shallower = len(depths) - 1
    best = int(np.argmin([median_interval(row).middle for row in plain[:-1]]))
    return Degradation(
        depths[-1],
        depths[best],
        compare_losses(plain[-1], plain[best], shallower),
        cure,
        compare_losses(residual[-1], plain[best], shallower),
    )


def ratio_words(ratio: MedianInterval) -> Translatable:
    """How many times as high a loss is: ``1.69 times as high (96 % interval 1.2 to 8)``."""
    if not np.isfinite(ratio.middle):
        return mark("beyond all numbers")
    return mark(
        "{ratio} times as high ({confidence:.0f} % interval {low} to {high})",
        ratio=format_precise(ratio.middle),
        confidence=100 * ratio.confidence,
        low=format_precise(ratio.low),
        high=format_precise(ratio.high) if np.isfinite(ratio.high) else mark("no bound"),
    )


def count_words(count: int, starts: int) -> Translatable:
    """``8 of 8 starts (95 % interval 68 to 100 %)``."""
    low, high = wilson_interval(count, starts)
    return mark(
        "{count} of {starts} starts (95 % interval {low:.0f} to {high:.0f} %)",
        count=count,
        starts=starts,
        low=100 * low,
        high=100 * high,
    )


def degradation_words(degradation: Degradation) -> list[Translatable]:
    """What was found, in sentences: plain depth by itself, skip connections at the largest depth, and how far these
    bring the deepest network."""
    sentences: list[Translatable] = []
    if degradation.plain is not None:
        sentences.append(plain_words(degradation.plain, degradation.deepest, degradation.best))
    sentences.append(cure_words(degradation.cure, degradation.deepest))
    if degradation.residual is not None and degradation.plain is not None and degradation.plain.sign > 0:
        sentences.append(residual_words(degradation.residual, degradation.deepest, degradation.best))
    return sentences


def plain_words(plain: Comparison, deepest: int, best: int) -> Translatable:
    """The deepest plain network against the best shallower one."""
    values = {"deep": deepest, "best": best, "ratio": ratio_words(plain.ratio)}
    if plain.sign > 0:
        return mark(
            "The plain network of {deep} layers learns its own train set worse than that of {best}, in {count}: its "
            "train loss is {ratio}. That is no overfitting: it is harder to train.",
            count=count_words(plain.higher, plain.starts),
            **values,
        )
    if plain.sign < 0:
        return mark(
            "The plain network of {deep} layers learns its train set better than all shallower ones; against that of "
            "{best} in {count}: its train loss is {ratio}.",
            count=count_words(plain.lower, plain.starts),
            **values,
        )
    return mark(
        "Whether {deep} plain layers are worse than {best} cannot be told: the train loss is {ratio}, higher in "
        "{higher} of {starts} starts. More starts would tell.",
        higher=plain.higher,
        starts=plain.starts,
        **values,
    )


def cure_words(cure: Comparison, deepest: int) -> Translatable:
    """The deepest residual network against the deepest plain one."""
    values = {"deep": deepest, "ratio": ratio_words(cure.ratio)}
    if cure.sign < 0:
        return mark(
            "With skip connections {deep} layers end lower in {count}: the train loss is {ratio} as without them.",
            count=count_words(cure.lower, cure.starts),
            **values,
        )
    if cure.sign > 0:
        return mark(
            "With skip connections {deep} layers end higher in {count}: the train loss is {ratio} as without them.",
            count=count_words(cure.higher, cure.starts),
            **values,
        )
    return mark(
        "At {deep} layers skip connections make no difference that can be told: lower in {lower} of {starts} starts.",
        deep=deepest,
        lower=cure.lower,
        starts=cure.starts,
    )


def residual_words(residual: Comparison, deepest: int, best: int) -> Translatable:
    """The deepest residual network against the best plain one of any depth."""
    values = {"deep": deepest, "best": best, "ratio": ratio_words(residual.ratio)}
    if residual.sign < 0:
        return mark(
            "It even beats the best plain network, that of {best} layers: {ratio}.",
            **values,
        )
    if residual.sign > 0:
        return mark(
            "It does not reach the best plain network, that of {best} layers: {ratio}.",
            **values,
        )
    return mark("It cannot be told from the best plain network, that of {best} layers.", best=best)

"""What losses by depth are said to mean, by hand-made losses: no surer than the starts allow."""

from __future__ import annotations

import numpy as np
import pytest

from playground.analysis.depth.degradation import (
    TITLES,
    compare_losses,
    degradation_words,
    find_degradation,
    ratio_words,
)
from playground.analysis.intervals import MedianInterval

DEPTHS = (2, 8, 32)


def losses(plain: list[float], residual: list[float], starts: int = 8, spread: float = 0.05) -> np.ndarray:
    """Losses (depths, 2, starts) around these medians, each start a little higher or lower at all depths."""
    factor = np.exp(spread * np.linspace(-1, 1, starts))
    return np.array([[plain[i] * factor, residual[i] * factor[::-1]] for i in range(len(plain))])


@pytest.mark.parametrize(
    ("plain", "residual", "kind"),
    [
        ([0.4, 0.1, 0.6], [0.4, 0.1, 0.05], "cured"),
        ([0.4, 0.1, 0.6], [0.4, 0.1, 0.2], "eased"),
        ([0.4, 0.1, 0.6], [0.4, 0.1, 0.1], "eased"),
        ([0.4, 0.1, 0.6], [0.4, 0.1, 0.6], "uncured"),
        ([0.4, 0.1, 0.6], [0.4, 0.1, 2.0], "harmed"),
        ([0.4, 0.1, 0.01], [0.4, 0.1, 0.01], "deeper"),
        ([0.4, 0.1, 0.01], [0.4, 0.1, 0.001], "deeper_helped"),
        ([0.4, 0.1, 0.01], [0.4, 0.1, 0.1], "harmed"),
        ([0.4, 0.1, 0.1], [0.4, 0.1, 0.1], "unclear"),
        ([0.4, 0.1, 0.1], [0.4, 0.1, 0.01], "helped"),
    ],
)
def test_each_answer_has_its_losses(plain: list[float], residual: list[float], kind: str) -> None:
    drawn = losses(plain, residual)
    alike = np.array([1, -1] * 4)
    if plain[1] == plain[2]:
        drawn[2, 0] *= 1 + 0.01 * alike
    if plain[2] == residual[2]:
        drawn[2, 1] = drawn[2, 0] * (1 + 0.01 * alike)
    if residual[2] == plain[1] and kind == "eased":
        drawn[2, 1] = drawn[1, 0] * (1 + 0.01 * alike)
    found = find_degradation(DEPTHS, drawn)
    assert found.kind == kind
    assert (found.deepest, found.best) == (32, 8)
    assert TITLES[kind]
    words = " ".join(degradation_words(found))
    assert "32" in words
    if kind == "cured":
        assert "in 8 of 8 starts (95 % interval 68 to 100 %)" in words
        assert "6.00 times as high (99 % interval 6.00 to 6.00)" in words
        assert "It even beats the best plain network, that of 8 layers" in words


def test_too_few_starts_tell_nothing() -> None:
    found = find_degradation(DEPTHS, losses([0.4, 0.1, 0.6], [0.4, 0.1, 0.05], starts=4))
    assert found.kind == "unclear"
    assert "cannot be told" in degradation_words(found)[0]
    alone = find_degradation((32,), losses([0.4], [0.1]))
    assert alone.kind == "helped"
    assert alone.plain is None
    assert len(degradation_words(alone)) == 1


def test_of_several_depths_the_best_is_chosen_at_the_price_of_a_surer_difference() -> None:
    first, other = np.array([2.0] * 7 + [0.5]), np.ones(8)  # seven of eight: p = 0.07
    assert compare_losses(first, other).sign == 0
    first[7] = 2.0  # eight of eight: p = 0.008
    assert compare_losses(first, other, 6).sign == 1
    assert compare_losses(first, other, 7).sign == 0


def test_networks_that_broke_are_worse_than_all_others_and_like_each_other() -> None:
    broken = compare_losses(np.full(8, np.inf), np.ones(8))
    assert broken.sign == 1
    assert ratio_words(broken.ratio) == "beyond all numbers"
    assert compare_losses(np.full(8, np.inf), np.full(8, np.inf)).sign == 0
    assert compare_losses(np.zeros(8), np.full(8, 1e-9)).sign == 0
    assert "to no bound" in ratio_words(MedianInterval(2.0, 1.0, np.inf, 0.99))


def test_luck_alone_is_seldom_called_a_difference() -> None:
    rng = np.random.default_rng(0)
    kinds = [find_degradation(DEPTHS, np.exp(rng.standard_normal((3, 2, 8)))).kind for _ in range(600)]
    assert np.mean([kind == "unclear" for kind in kinds]) > 0.9

"""Splits: partitions of exact size, in proportion; and standardisation."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from playground.datasets import split, standardization
from playground.errors import PlaygroundError

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=200).map(np.array)
SHARES = st.floats(0.01, 1)


@given(y=LABELS, share=SHARES, stratify=st.booleans(), seed=st.integers(0, 999))
def test_a_split_is_a_partition_of_exact_size(y: np.ndarray, share: float, stratify: bool, seed: int) -> None:
    train, test = split(np.random.default_rng(seed), y, share, stratify)
    assert sorted([*train, *test]) == list(range(len(y)))
    assert len(train) == max(1, round(len(y) * share))
    again, _ = split(np.random.default_rng(seed), y, share, stratify)
    assert np.array_equal(train, again)


@given(y=LABELS, share=SHARES, seed=st.integers(0, 999))
def test_a_stratified_split_gives_classes_to_largest_remainders(y: np.ndarray, share: float, seed: int) -> None:
    train, _ = split(np.random.default_rng(seed), y, share, stratify=True)
    got = np.bincount(y[train], minlength=6)
    exact = [Fraction(int(count) * len(train), len(y)) for count in np.bincount(y, minlength=6)]
    for mine, ideal in zip(got, exact, strict=True):
        assert int(ideal) <= mine <= int(ideal) + (ideal % 1 > 0)
    above = [ideal % 1 for mine, ideal in zip(got, exact, strict=True) if mine > ideal]
    below = [ideal % 1 for mine, ideal in zip(got, exact, strict=True) if mine < ideal]
    if above and below:
        # Equal remainders may be told apart by rounding in the last place only.
        assert min(above) >= max(below) - Fraction(1, 10**9)


def test_hamiltons_quotas_by_hand() -> None:
    # Of 10 rows 6, 3, 1; half is 3, 1.5, 0.5: the one seat that is left goes to the first of the equal remainders.
    y = np.repeat([0, 1, 2], [6, 3, 1])
    train, test = split(np.random.default_rng(0), y, 0.5, stratify=True)
    assert np.bincount(y[train], minlength=3).tolist() == [3, 2, 0]
    assert np.bincount(y[test], minlength=3).tolist() == [3, 1, 1]


@pytest.mark.parametrize("stratify", [False, True])
def test_both_sets_are_shuffled(stratify: bool) -> None:
    y = np.repeat([0, 1], 100)
    train, test = split(np.random.default_rng(1), y, 0.5, stratify)
    for indices in (train, test):
        assert not np.array_equal(indices, np.sort(indices))
        # Neither class comes first: the labels change from row to row about half of the time.
        assert 25 < np.count_nonzero(np.diff(y[indices])) < 75


def test_without_a_generator_the_first_rows_train() -> None:
    train, test = split(None, np.zeros(10), 0.7, stratify=True)
    assert train.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert test.tolist() == [7, 8, 9]


def test_all_rows_may_train_and_one_always_does() -> None:
    train, test = split(np.random.default_rng(0), np.zeros(5), 1.0, stratify=False)
    assert (len(train), len(test)) == (5, 0)
    train, test = split(np.random.default_rng(0), np.zeros(5), 0.01, stratify=False)
    assert (len(train), len(test)) == (1, 4)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(PlaygroundError, match="train_fraction must be above 0"):
        split(np.random.default_rng(0), np.zeros(5), share, stratify=False)


def test_no_rows_are_refused() -> None:
    with pytest.raises(PlaygroundError, match="no rows"):
        split(np.random.default_rng(0), np.zeros(0), 0.5, stratify=False)


def test_standardization_agrees_with_scikit_learn() -> None:
    x = np.random.default_rng(0).normal((3, -100, 0), (0.01, 50, 1), (200, 3))
    mean, scale = standardization(x)
    assert np.allclose((x - mean) / scale, StandardScaler().fit_transform(x))


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e30, -1e-300])
def test_a_constant_column_becomes_zero(constant: float) -> None:
    x = np.full((37, 1), constant)
    mean, scale = standardization(x)
    assert scale.tolist() == [1.0]
    assert np.allclose((x - mean) / max(1.0, abs(constant)), 0)


def test_a_column_too_narrow_to_square_is_not_divided_by_zero() -> None:
    _, scale = standardization(np.array([[0.0], [1e-300]]))
    assert scale.tolist() == [1.0]

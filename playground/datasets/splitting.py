"""Train and test split, and the standardisation by the train set."""

from __future__ import annotations

import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark


def class_quotas(counts: np.ndarray, total: int) -> np.ndarray:
    """Whole shares (classes,) of ``total`` in proportion to ``counts``, by largest remainder (Hamilton's method)."""
    exact = total * counts / counts.sum()
    quotas = np.floor(exact).astype(np.int64)
    by_remainder = np.argsort(quotas - exact, kind="stable")
    quotas[by_remainder[: total - quotas.sum()]] += 1
    return quotas


def split(
    rng: np.random.Generator | None, y: np.ndarray, train_fraction: float, stratify: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Indices (train,) and (test,) of the rows of ``y (n,)``, both shuffled; together they are all rows, once.

    ``train_fraction`` (0, 1]: the train set has round(n * train_fraction) rows, and at least one.
    ``stratify``: each class of ``y`` is split in proportion.  ``rng`` None: the first rows train, in their order.
    Raises ``PlaygroundError`` for a fraction out of its range or no rows.
    """
    n = len(y)
    if not 0 < train_fraction <= 1:
        raise PlaygroundError(
            mark("train_fraction must be above 0 and at most 1, not {value}.", value=train_fraction),
            field="train_fraction",
        )
    if n == 0:
        raise PlaygroundError(mark("there are no rows to split; give at least one."))
    train_rows = max(1, round(n * train_fraction))
    if rng is None:
        return np.arange(train_rows), np.arange(train_rows, n)
    order = rng.permutation(n)
    if not stratify:
        return order[:train_rows], order[train_rows:]
    _, index, counts = np.unique(y[order], return_inverse=True, return_counts=True)
    # Rank of each row among those of its class, in shuffled order: the first of each class go to the train set.
    by_class = np.argsort(index, kind="stable")
    rank = np.empty(n, np.int64)
    rank[by_class] = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)
    train = rank < class_quotas(counts, train_rows)[index]
    return order[train], order[~train]


def standardization(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale (columns,) of rows ``x (n, columns)``: the standard deviation, or 1 for a constant column."""
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    # Rounding leaves a constant column like 0.1 a deviation of 1e-17, by which one must not divide.
    constant = (x.min(axis=0) == x.max(axis=0)) | (deviation == 0)
    return mean, np.where(constant, 1.0, deviation)

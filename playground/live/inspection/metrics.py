"""How good a classifier or a regression is, in the usual measures."""

from __future__ import annotations

import math

import numpy as np


def confusion_matrix(true: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """How many samples of each true class (rows) are predicted as each class (columns): (classes, classes)."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (np.asarray(true, np.intp), np.asarray(predicted, np.intp)), 1)
    return counts


def recall(matrix: np.ndarray) -> np.ndarray:
    """Share of each true class that is found (classes,), NaN for a class without samples."""
    total = matrix.sum(axis=1)
    return np.where(total > 0, np.diag(matrix) / np.maximum(total, 1), np.nan)


def r_squared(true: np.ndarray, predicted: np.ndarray) -> float:
    """Share of the targets' variance that is explained, 1 - SS_res / SS_tot; NaN for fewer than two different
    targets."""
    total = float(np.square(true - np.mean(true)).sum()) if len(true) else 0.0
    return 1 - float(np.square(true - predicted).sum()) / total if total > 0 else float("nan")


def root_mean_square_error(true: np.ndarray, predicted: np.ndarray) -> float:
    """The root of the mean square error, in the target's units; NaN without samples."""
    return float(np.sqrt(np.square(true - predicted).mean())) if len(true) else float("nan")


def rmse_of(r_squared: float, spread: float) -> float:
    """The root mean square error that belongs to an R^2, where the targets' standard deviation is ``spread``."""
    return spread * math.sqrt(max(0.0, 1 - r_squared)) if math.isfinite(r_squared) else float("nan")

"""What a dataset is: a documented way to draw points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from playground.registry import Entry

Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class Points:
    """Samples: ``x (n, columns)`` float64; ``y (n,)`` int64 class indices from 0, or float64 in a regression."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Dataset(Entry):
    """A dataset: ``sample(rng, n, noise, classes)`` draws ``Points``, the same ones from the same state of ``rng``.

    ``noise``: 0 (none) to 0.5. ``classes``: default, least and most number of classes; (1, 1, 1) for a regression.
    ``synthetic``: drawn from a formula rather than measured.
    ``columns``: names of the columns of ``x``; ``column_labels``: what they are called in full, in the same order;
    ``short_labels``: their names in words; empty where the names say all.
    ``class_names``: of the classes of a measured dataset, else empty; ``target``: what it measures, if it has a name.
    ``samples``, ``max_samples``: default and largest n; a measured dataset gives at most the rows that it has.
    ``domain``: the picture is the square from -domain to domain; None where the data set the limits.
    ``standardize``: whether the inputs are standardised unless one says otherwise.
    """

    task: Task
    sample: Callable[[np.random.Generator, int, float, int], Points]
    synthetic: bool = True
    columns: tuple[str, ...] = ("x1", "x2")
    column_labels: tuple[str, ...] = ()
    short_labels: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    target: str = ""
    classes: tuple[int, int, int] = (2, 2, 2)
    samples: int = 500
    max_samples: int = 5000
    domain: float | None = 6.0
    standardize: bool = False


def balanced_classes(n: int, classes: int) -> np.ndarray:
    """Class indices (n,) int64 in ascending order; the sizes of the classes differ by one at most."""
    return np.arange(n, dtype=np.int64) * classes // max(n, 1)

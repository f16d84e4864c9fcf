"""One's own data: rows of numbers, and a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.datasets.dataset import Task
from playground.language import mark

LARGEST = float(np.finfo(np.float32).max)
"""Training is in float32: a larger number would be infinite there."""


@dataclass(frozen=True)
class Table:
    """Rows of a file: ``x (n, columns)`` float64; ``y (n,)`` int64 class indices with ``class_names``, or float64.

    ``target``: the target's column; ``notes``: sentences on what is odd but no error; ``name``: the file's, "" for
    pasted rows.
    """

    columns: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    task: Task
    target: str
    notes: tuple[str, ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """What it is called among datasets: the file's name and how many rows it has."""
        return mark("{name} ({count:,} rows)", name=self.name or mark("Own data"), count=len(self.y))

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.x.nbytes + self.y.nbytes + 1000

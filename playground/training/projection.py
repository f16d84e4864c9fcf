"""The two-dimensional picture of a problem: positions of its points, and the network inputs of a grid over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from playground.datasets import standardization
from playground.language import join_items, mark
from playground.number_format import format_percent, format_precise

MOST_NAMED = 4
"""Columns that are held, by name and value; of more it is said how many."""


@dataclass(frozen=True)
class Picture:
    """``x, y, value (n,)``: the points and what they are (class index, or target from -1 to 1); ``train (n,)`` tells
    the sets apart.

    ``inputs`` maps places (m, 2) in the picture to the network's inputs (m, features); ``note`` says what is not seen.
    ``curve``: there is one input, along x, and the vertical axis is what the network answers.
    """

    x: np.ndarray
    y: np.ndarray
    value: np.ndarray
    train: np.ndarray
    labels: tuple[str, str]
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    inputs: Callable[[np.ndarray], np.ndarray]
    note: str = ""
    curve: bool = False

    def cells(self, size: int) -> np.ndarray:
        """The network's inputs (size * size, features) float32 where the output is shown: over the picture as ``grid``
        has them; where that is a curve, all of them along x."""
        if not self.curve:
            return self.grid(size)
        at = (np.arange(size * size) + 0.5) / size**2
        x = self.xlim[0] + at * (self.xlim[1] - self.xlim[0])
        return np.asarray(self.inputs(np.stack([x, np.zeros_like(x)], axis=1)), np.float32)

    def grid(self, size: int) -> np.ndarray:
        """The network's inputs (size * size, features) float32 at the cells' centres: top row first, left to right."""
        return np.asarray(self.inputs(self.places(size)), np.float32)

    def places(self, size: int) -> np.ndarray:
        """The cells' centres (size * size, 2): top row first, left to right."""
        return cell_centres(self.xlim, self.ylim, size)


@dataclass(frozen=True)
class Plane:
    """How a table's columns become inputs: ``(raw - mean) / deviation``, both (columns,)."""

    mean: np.ndarray
    deviation: np.ndarray


def cell_centres(xlim: tuple[float, float], ylim: tuple[float, float], size: int) -> np.ndarray:
    """The centres (size * size, 2) of a grid's cells: top row first, left to right."""
    at = (np.arange(size) + 0.5) / size
    x = xlim[0] + at * (xlim[1] - xlim[0])
    y = ylim[1] - at * (ylim[1] - ylim[0])
    return np.stack([np.tile(x, size), np.repeat(y, size)], axis=1)


def limits(values: np.ndarray) -> tuple[float, float]:
    """The range of ``values`` with a margin of 8 % on either side; width 2 around a constant."""
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def plane_picture(
    points: np.ndarray, half: float, value: np.ndarray, train: np.ndarray, inputs: Callable[[np.ndarray], np.ndarray]
) -> Picture:
    """The picture of ``points (n, 2)`` on the square from ``-half`` to ``half``."""
    span = (-half, half)
    return Picture(points[:, 0], points[:, 1], value, train, ("x₁", "x₂"), span, span, inputs)


def curve_picture(
    x: np.ndarray, y: np.ndarray, value: np.ndarray, train: np.ndarray, labels: tuple[str, str], plane: Plane
) -> Picture:
    """The picture of one input ``x (n,)`` and of ``y (n,)``, what the network should answer there."""
    return Picture(
        x,
        y,
        value,
        train,
        labels,
        limits(x),
        limits(y),
        lambda at: (at[:, :1] - plane.mean) / plane.deviation,
        curve=True,
    )


def slice_note(names: Sequence[str], means: np.ndarray) -> str:
    """Which columns a picture holds at their ``means (n,)``, the first few by name and value."""
    if not names:
        return ""
    columns = join_items(
        name + " " + format_precise(value) for name, value in [*zip(names, means.tolist(), strict=True)][:MOST_NAMED]
    )
    others = len(names) - MOST_NAMED
    if others > 0:
        return mark("Slice, held at the mean: {columns} and {count} more.", columns=columns, count=others)
    return mark("Slice, held at the mean: {columns}.", columns=columns)


def table_picture(
    raw: np.ndarray,
    names: tuple[str, ...],
    axes: tuple[str, ...],
    value: np.ndarray,
    train: np.ndarray,
    plane: Plane,
    label_of: Callable[[str], str],
) -> Picture:
    """The picture of rows ``raw (n, columns)``: two columns ``axes``, or else the first two principal components.
    ``label_of`` a column's name is what its note calls it.

    What is not on the axes stands at its mean over the train set: the picture is that slice, and its note says so.
    """
    centre = raw[train].mean(axis=0)
    if len(axes) == 2 or raw.shape[1] == 2:
        first, second = (names.index(axis) for axis in axes) if axes else (0, 1)
        basis = np.zeros((2, raw.shape[1]))
        basis[0, first], basis[1, second] = 1.0, 1.0
        x, y, origin = raw[:, first].copy(), raw[:, second].copy(), centre * (1 - basis.sum(axis=0))
        labels = (names[first], names[second])
        note = slice_note(
            [label_of(names[i]) for i in range(len(names)) if i not in (first, second)], centre[~basis.any(axis=0)]
        )
    elif raw.shape[1] == 1:
        basis, origin = np.array([[1.0], [0.0]]), np.zeros(1)
        x, y, labels = raw[:, 0].copy(), value, (names[0], mark("class"))
        note = mark("One column only: the picture does not depend on the vertical axis, which sets the classes apart.")
    else:
        mean, deviation = standardization(raw[train])
        scaled = (raw - mean) / deviation
        _, strength, directions = np.linalg.svd(scaled[train], full_matrices=False)
        directions = (
            directions * np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])[:, None]
        )
        x, y = scaled @ directions[0], scaled @ directions[1]
        basis, origin = directions[:2] * deviation, mean
        share = float(np.square(strength[:2]).sum() / max(np.square(strength).sum(), 1e-12))
        labels = (mark("1st principal component"), mark("2nd principal component"))
        note = mark(
            "Slice through the mean along the first two principal components ({share} of the variance).",
            share=format_percent(share),
        )
    return Picture(
        x,
        y,
        value,
        train,
        labels,
        limits(x),
        limits(y),
        lambda at: (origin + at @ basis - plane.mean) / plane.deviation,
        note,
    )

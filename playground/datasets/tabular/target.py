"""A target column as class indices or numbers, and which of the two it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from playground.datasets.dataset import Task
from playground.datasets.tabular.notes import quote_cell
from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark

TASKS: dict[str, Task] = {
    "classification": "classification",
    "binary": "classification",
    "multiclass": "classification",
    "regression": "regression",
}
MAX_CLASSES = 20
LONGEST_NAME = 80
FEW_VALUES = 10
"""Whole numbers with at most so many distinct values are taken for classes."""


class Target(NamedTuple):
    """``y (n,)`` int64 class indices with their ``class_names``, or float64 with none."""

    task: Task
    y: np.ndarray
    class_names: tuple[str, ...]


def task_named(task: str | None) -> Task | None:
    """The task that ``task`` names; raises ``PlaygroundError`` for an unknown name."""
    if task is None:
        return None
    if not isinstance(task, str) or task not in TASKS:
        raise unknown_choice(mark("task"), task, TASKS)
    return TASKS[task]


def infer_task(values: np.ndarray) -> Task:
    """Classes for any two distinct values, or up to ten whole ones; else a regression. ``values (n,)`` are
    numbers."""
    distinct = np.unique(values)
    few_whole = len(distinct) <= FEW_VALUES and bool(np.all(distinct == np.rint(distinct)))
    return "classification" if few_whole or len(distinct) == 2 else "regression"


def encode_target(
    name: str, cells: list[str], numbers: list[float | None], rows: Sequence[int], task: Task | None
) -> Target:
    """The target column ``name`` from its cells, their numbers (None for text) and row numbers.

    Classes are ordered by number, or by text where one of them is text, and named as they are written first.
    Raises ``PlaygroundError`` for text in a regression, one class or value only, more than 20 classes, or a name
    beyond 80 characters.
    """
    text_at = next((i for i, value in enumerate(numbers) if value is None), None)
    if task == "regression" and text_at is not None:
        raise PlaygroundError(
            mark(
                "row {row:,}, column {column}: {cell} is text, but a regression needs a number; mend it, or choose "
                "classification.",
                row=rows[text_at],
                column=quote_cell(name),
                cell=quote_cell(cells[text_at]),
            )
        )
    values = numbers if text_at is None else cells
    # By a dictionary: an array of texts is as wide everywhere as its longest one.
    first: dict[float | str | None, int] = {}
    for i, value in enumerate(values):
        first.setdefault(value, i)
    if task is None:
        task = "classification" if text_at is not None else infer_task(np.array(list(first), np.float64))
    if len(first) < 2:
        words = {"column": quote_cell(name), "cell": quote_cell(cells[0])}
        raise PlaygroundError(
            mark("the target {column} holds one class only ({cell}); give rows of two, or another target.", **words)
            if task == "classification"
            else mark(
                "the target {column} holds one value only ({cell}); give rows of two, or another target.", **words
            )
        )
    if task == "regression":
        return Target(task, np.array(values, np.float64), ())
    if len(first) > MAX_CLASSES:
        words = {"column": quote_cell(name), "count": len(first), "limit": MAX_CLASSES}
        raise PlaygroundError(
            mark(
                "the target {column} holds {count:,} classes; at most {limit} can be told apart, so merge some, or use "
                "numbers and choose regression.",
                **words,
            )
            if text_at is None
            else mark(
                "the target {column} holds {count:,} classes (text, such as {cell} in row {row:,}); at most {limit} "
                "can be told apart, so merge some, or use numbers and choose regression.",
                cell=quote_cell(cells[text_at]),
                row=rows[text_at],
                **words,
            )
        )
    long_at = next((i for i in first.values() if len(cells[i]) > LONGEST_NAME), None)
    if long_at is not None:
        raise PlaygroundError(
            mark(
                "row {row:,}, column {column}: the class {cell} has a name of more than {limit} characters; shorten "
                "it, or choose another target.",
                row=rows[long_at],
                column=quote_cell(name),
                cell=quote_cell(cells[long_at]),
                limit=LONGEST_NAME,
            )
        )
    classes = sorted(first, key=lambda value: (value is None, value))
    index = {value: k for k, value in enumerate(classes)}
    y = np.fromiter((index[value] for value in values), np.int64, len(values))
    return Target(task, y, tuple(cells[first[value]] for value in classes))

"""What classes, targets and columns are called, wherever they are shown: the one place that decides it."""

from __future__ import annotations

from playground.datasets import DATASETS, Table
from playground.datasets.tabular.numerals import NUMBER
from playground.language import Translatable, mark

TARGET = mark("target")
"""What is learned, where it has no name of its own."""


def class_names(dataset: str, classes: int, table: Table | None = None) -> tuple[str, ...]:
    """The names of the classes from 0 on, as a file has them: those of the ``table``, of a measured ``dataset``, else
    numbers. Empty for a regression."""
    if table is not None:
        return table.class_names
    if DATASETS[dataset].task == "regression":
        return ()
    return DATASETS[dataset].class_names or tuple(str(k) for k in range(classes))


def class_label(name: str) -> str:
    """A class's name as it stands among other words and numbers: a bare number says that it is a class."""
    return mark("class {name}", name=name) if NUMBER.fullmatch(name) else name


def target_name(dataset: str, table: Table | None = None) -> str:
    """The name of what is learned: the column of the ``table``, what a measured ``dataset`` calls it, else
    ``target``."""
    return table.target if table is not None else DATASETS[dataset].target or TARGET


def column_label(dataset: str, column: str) -> str:
    """The name in full of a column of ``dataset``, or of one's own table: what a measured one calls it, else with
    spaces."""
    if dataset in DATASETS and DATASETS[dataset].column_labels:
        return DATASETS[dataset].column_labels[DATASETS[dataset].columns.index(column)]
    return short_column_label(dataset, column)


def short_column_label(dataset: str, column: str) -> str:
    """The name of a column of ``dataset``, or of one's own table, with spaces; what is in words already stays."""
    if dataset in DATASETS and column in DATASETS[dataset].columns and DATASETS[dataset].short_labels:
        return DATASETS[dataset].short_labels[DATASETS[dataset].columns.index(column)]
    return spaced_label(column)


def spaced_label(name: str) -> str:
    """The name of a column or of a target with spaces; what is in words already stays."""
    return name if isinstance(name, Translatable) else name.replace("_", " ")

"""One's own data: a CSV file as a table of numbers and a target."""

from __future__ import annotations

import unicodedata
from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from playground.datasets.dataset import Task
from playground.datasets.target import LONGEST_NAME, encoded, task_named
from playground.datasets.text_table import decoded, number, quoted, read_bytes, records, told_delimiter
from playground.errors import PlaygroundError, unknown_choice

MISSING = frozenset(("", "?", "na", "n/a", "#n/a", "nan", "null", "none"))
LARGEST = float(np.finfo(np.float32).max)
"""Training is in float32: a larger number would be infinite there."""


@dataclass(frozen=True)
class Table:
    """Rows of a file: ``x (n, columns)`` float64; ``y (n,)`` int64 class indices with ``class_names``, or float64.

    ``target``: the target's column; ``notes``: sentences on what is odd but no error.
    """

    columns: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    task: Task
    target: str
    notes: tuple[str, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.x.nbytes + self.y.nbytes + 1000


def is_missing(cell: str, target: bool) -> bool:
    """Whether a cell says that there is no value; in a target, ``none`` may well be a class."""
    return cell.lower() in MISSING and not (target and cell.lower() == "none")


def check_header(names: list[str], max_columns: int) -> None:
    """Raise ``PlaygroundError`` unless ``names`` are a header: distinct, at least one feature and the target."""
    if len(names) < 2:
        raise PlaygroundError(
            "the file has one column only; give at least one feature column and a target, "
            "parted by commas, semicolons, tabs or |."
        )
    if len(names) - 1 > max_columns:
        raise PlaygroundError(f"the file has {len(names) - 1} feature columns; keep at most {max_columns}.")
    if all(number(name, True) is not None for name in names[:-1]):
        raise PlaygroundError("the first row holds numbers; put a header with the columns' names above it.")
    for column, name in enumerate(names, 1):
        if not 1 <= len(name) <= LONGEST_NAME or any(unicodedata.category(character) == "Cc" for character in name):
            raise PlaygroundError(
                f"column {column} is named {quoted(name)}; give it a name of 1 to {LONGEST_NAME} characters."
            )
        if name in names[: column - 1]:
            raise PlaygroundError(
                f"columns {names.index(name) + 1} and {column} are both named {quoted(name)}; rename one."
            )


def check_cells(names: list[str], at: int, row: int, record: list[str], values: list[float | None]) -> list[int]:
    """Which columns of a record are missing; ``values`` are its numbers, None for text, and ``at`` is the target.

    Raises ``PlaygroundError`` for text in a feature and for numbers that float32 cannot hold.
    """
    missing = []
    for column, (cell, value) in enumerate(zip(record, values, strict=True)):
        if value is None:
            if is_missing(cell, column == at):
                missing.append(column)
            elif column != at:
                raise PlaygroundError(
                    f"row {row}, column {quoted(names[column])}: {quoted(cell)} is text, "
                    "but a feature needs a number; mend it, or remove the row or column."
                )
        elif abs(value) > LARGEST:
            raise PlaygroundError(
                f"row {row}, column {quoted(names[column])}: {quoted(cell)} is not finite, "
                "or too large to train with; mend it, or remove the row."
            )
    return missing


def read_csv(
    source: bytes | str | Path,
    *,
    task: str | None = None,
    target: str | None = None,
    max_rows: int = 20_000,
    max_columns: int = 64,
    max_bytes: int = 5 * 2**20,
) -> Table:
    """A table from delimited text with a header: content as ``bytes`` or ``str``, or the file at a ``Path``.

    The delimiter (comma, semicolon, tab or |) and the encoding are told from the content; a decimal comma is
    understood where the delimiter is no comma. ``target`` is the last column unless named. ``task``
    (classification, binary, multiclass, regression) is told from the target unless named: text, any two values
    or up to ten whole numbers are classes.
    Raises ``PlaygroundError``, naming row, column and cure, for anything that is not such a table of at least two rows,
    at most ``max_rows`` rows, ``max_columns`` features and ``max_bytes`` bytes, with finite numbers everywhere.
    """
    wanted = task_named(task)
    text = decoded(read_bytes(source, max_bytes))
    delimiter = told_delimiter(text)
    lines = records(text, delimiter)
    _, names = next(lines, (0, []))
    if not names:
        raise PlaygroundError("the file is empty; give a header and at least two rows.")
    check_header(names, max_columns)
    target = names[-1] if target is None else target
    if target not in names:
        raise unknown_choice("column", target, names)
    at = names.index(target)

    features = array("d")
    cells: list[str] = []
    numbers: list[float | None] = []
    rows: list[int] = []
    missing, first_missing = 0, ""
    for row, record in lines:
        if len(record) != len(names):
            raise PlaygroundError(f"row {row} has {len(record)} cells, but the header has {len(names)}; mend that row.")
        if len(rows) == max_rows:
            raise PlaygroundError(f"the file has more than {max_rows} rows; keep at most that many.")
        values = [number(cell, delimiter != ",") for cell in record]
        gaps = check_cells(names, at, row, record, values)
        if gaps:
            first_missing = first_missing or f"row {row}, column {quoted(names[gaps[0]])}"
            missing += len(gaps)
        rows.append(row)
        cells.append(record[at])
        numbers.append(values.pop(at))
        features.extend(np.nan if value is None else value for value in values)
    if missing:
        values = "1 value is missing, in" if missing == 1 else f"{missing} values are missing, the first in"
        raise PlaygroundError(f"{values} {first_missing}; fill them in, or remove their rows.")
    if len(rows) < 2:
        raise PlaygroundError(
            f"the file has {len(rows)} {'row' if rows else 'rows'} below its header; give at least two."
        )

    told = encoded(target, cells, numbers, rows, wanted)
    columns = tuple(name for name in names if name != target)
    x = np.frombuffer(features, np.float64).reshape(len(rows), len(columns)).copy()
    constant = [name for name, column in zip(columns, x.T, strict=True) if np.all(column == column[0])]
    notes = tuple(
        f"Column {quoted(name)} holds one value only, so nothing can be learned from it." for name in constant
    )
    return Table(columns, x, told.y, told.class_names, told.task, target, notes)

"""The rows of a file as they are learned: numbers, indicators of categories, and what is left out or filled in."""

from __future__ import annotations

from array import array

import numpy as np

from playground.datasets.tabular.choices import ReadingChoices
from playground.datasets.tabular.column_kinds import MAX_CATEGORIES, Column, positive_of, tidy_names
from playground.datasets.tabular.contents import FileContents
from playground.datasets.tabular.layout import MAX_COLUMNS, distinct_names
from playground.datasets.tabular.notes import quote_cell
from playground.datasets.tabular.numerals import is_mark, parse_number
from playground.datasets.tabular.table import LARGEST, Table
from playground.datasets.tabular.target import LONGEST_NAME, encode_target, task_named
from playground.errors import PlaygroundError
from playground.language import mark, mark_plural

MAX_NUMBERS = 400_000
TOO_LARGE = mark(
    "row {row:,}, column {column}: {cell} is not finite, or too large to train with; mend it, or remove the row."
)


def make_table(reading: FileContents) -> Table:
    choices = reading.choices
    task = task_named(choices.task)
    columns = [reading.column(name) for name in reading.learned]
    target = reading.column(reading.target)
    if not columns:
        for column in reading.columns:
            if column.name != target.name and choices.columns is None:
                _refuse_unlearnable(column, reading)
        raise PlaygroundError(mark("choose at least one column beside the target."))
    for column in columns:
        _refuse_unlearnable(column, reading)
    width = sum(1 if column.kind == "number" else max(1, column.distinct) for column in columns)
    places = [reading.names.index(column.name) for column in columns]
    at = reading.names.index(target.name)
    marks = choices.marks
    numbers = {i: array("d") for i, column in enumerate(columns) if column.kind == "number"}
    texts: dict[int, dict[str, int]] = {i: {} for i, column in enumerate(columns) if column.kind != "number"}
    codes = {i: array("h") for i in texts}
    if sum(1 for _ in numbers) * reading.rows > MAX_NUMBERS or len(numbers) > MAX_COLUMNS:
        raise _too_many(reading.rows, width)
    goals: list[str] = []
    values: list[float | None] = []
    kept: list[int] = []
    filled, gone = 0, 0
    first_gap: tuple[int, str] | None = None
    for row, cells in reading.layout.rows():
        goal = cells[at]
        if is_missing(goal, target, marks):
            first_gap = first_gap or (row, target.name)
            gone += 1
            continue
        gaps = [_is_gap(cells[place], column, marks, choices) for place, column in zip(places, columns, strict=True)]
        if any(gaps) and choices.missing == "drop":
            first_gap = first_gap or (row, columns[gaps.index(True)].name)
            gone += 1
            continue
        filled += any(gaps)
        for i, (place, column) in enumerate(zip(places, columns, strict=True)):
            cell = cells[place]
            if column.kind == "number":
                numbers[i].append(np.nan if gaps[i] else _number(cell, column, choices, row))
            else:
                codes[i].append(-1 if gaps[i] else texts[i].setdefault(cell, len(texts[i])))
        goals.append(goal)
        values.append(_target_value(goal, target, choices, row))
        kept.append(row)
    if len(kept) < 2:
        row, name = first_gap or (0, "")
        raise PlaygroundError(
            mark(
                "fewer than two rows are left without missing values, of which the first is in row {row:,}, column "
                "{column}; fill them with the mean, or leave a column out.",
                row=row,
                column=quote_cell(name),
            )
        )
    names: list[str] = []
    parts: list[np.ndarray] = []
    for i, column in enumerate(columns):
        if i in numbers:
            part, new = _fill_gaps(np.frombuffer(numbers[i], np.float64)), [column.name]
        else:
            part, new = _indicators(column.name, list(texts[i]), np.frombuffer(codes[i], np.int16))
        parts.append(part)
        names += new
    width = len(names)
    if width > MAX_COLUMNS:
        raise PlaygroundError(
            mark(
                "with its categories the table has {width} features; keep at most {limit}.",
                width=width,
                limit=MAX_COLUMNS,
            )
        )
    if width * len(kept) > MAX_NUMBERS:
        raise _too_many(len(kept), width)
    x = np.concatenate(parts, axis=1)
    if any(value is None for value in values):
        tidy = tidy_names(goals)
        goals = [tidy[goal] for goal in goals]
    else:
        goals = [goal.strip() for goal in goals]
    encoded = encode_target(target.name, goals, values, kept, task)
    notes = _table_notes(reading, names, x, gone, filled)
    return Table(tuple(distinct_names(names)), x, encoded.y, encoded.class_names, encoded.task, target.name, notes)


def _too_many(rows: int, width: int) -> PlaygroundError:
    return PlaygroundError(
        mark(
            "{rows:,} rows of {width} features are {count:,} numbers; keep at most {limit:,}: choose fewer columns, or "
            "leave rows out.",
            rows=rows,
            width=width,
            count=rows * width,
            limit=MAX_NUMBERS,
        )
    )


def _refuse_unlearnable(column: Column, reading: FileContents) -> None:
    """Raise ``PlaygroundError`` for a column of dates, of many texts, or of nothing."""
    if column.kind in ("number", "category") and column.distinct <= (
        MAX_CATEGORIES if column.kind == "category" else column.distinct
    ):
        return
    if column.kind == "empty":
        raise PlaygroundError(mark("column {column} holds no values; leave it out.", column=quote_cell(column.name)))
    cell = column.examples[0] if column.examples else ""
    if column.kind == "date":
        raise PlaygroundError(
            mark(
                "row {row:,}, column {column}: {cell} is a date or a time; make numbers of them, such as days since "
                "the first, or leave the column out.",
                row=reading.row_with(column.name, cell),
                column=quote_cell(column.name),
                cell=quote_cell(cell),
            )
        )
    words = {"column": quote_cell(column.name), "count": column.distinct, "limit": MAX_CATEGORIES}
    raise PlaygroundError(
        mark(
            "column {column} holds {count:,} different texts; leave it out, read it as numbers, or group them into at "
            "most {limit}.",
            **words,
        )
        if column.could_be_number
        else mark(
            "column {column} holds {count:,} different texts; leave it out, or group them into at most {limit}.",
            **words,
        )
    )


def is_missing(cell: str, column: Column, marks: frozenset[str]) -> bool:
    text = cell.strip()
    return not text or text in marks or (column.kind in ("number", "date") and is_mark(cell))


def _is_gap(cell: str, column: Column, marks: frozenset[str], choices: ReadingChoices) -> bool:
    """Whether a feature's cell is missing: empty, a mark, or text among numbers."""
    if is_missing(cell, column, marks):
        return True
    return bool(column.odd) and value_of(cell, column, choices) is None


def value_of(cell: str, column: Column, choices: ReadingChoices) -> float | None:
    """The number in a cell: with the column's decimal sign, or with the other where it is a number with that one
    alone."""
    value = parse_number(cell, column.decimal, choices.thousands)
    return parse_number(cell, "," if column.decimal == "." else ".", choices.thousands) if value is None else value


def _number(cell: str, column: Column, choices: ReadingChoices, row: int) -> float:
    value = value_of(cell, column, choices)
    if value is None or not abs(value) <= LARGEST:
        words = {"row": row, "column": quote_cell(column.name), "cell": quote_cell(cell)}
        raise PlaygroundError(
            mark(
                "row {row:,}, column {column}: {cell} is text, but a feature needs a number; mend it, or remove the "
                "row.",
                **words,
            )
            if value is None
            else mark(TOO_LARGE, **words)
        )
    return value


def _target_value(cell: str, column: Column, choices: ReadingChoices, row: int) -> float | None:
    """The number of a target's cell, None for a text, or where the column holds texts and no regression is asked
    for."""
    if column.kind != "number" and choices.task != "regression":
        return None
    value = value_of(cell, column, choices)
    if value is not None and not abs(value) <= LARGEST:
        raise PlaygroundError(mark(TOO_LARGE, row=row, column=quote_cell(column.name), cell=quote_cell(cell)))
    return value


def _fill_gaps(column: np.ndarray) -> np.ndarray:
    """A column of numbers, its gaps filled with the mean of the others: (n, 1)."""
    gaps = np.isnan(column)
    if not gaps.any():
        return column[:, None]
    known = column[~gaps]
    mean = float(np.mean(known / 2) * 2) if known.size else 0.0
    return np.where(gaps, mean, column)[:, None]


def _indicators(name: str, values: list[str], codes: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """A category as columns of 0 and 1 by value, one column for two values; gaps become the most frequent value."""
    if not values:
        return np.zeros((len(codes), 1)), [name]
    tidy = tidy_names(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    order = sorted(range(len(values)), key=lambda k: tidy[values[k]])
    common = max(order, key=lambda k: counts[k])
    filled = np.where(codes < 0, common, codes)
    if len(values) <= 2:
        yes = positive_of(values)
        order = [values.index(yes)] if yes is not None else order[-1:]
    names = [f"{name} = {tidy[values[k]]}"[:LONGEST_NAME] for k in order]
    return (filled[:, None] == np.array(order)[None, :]).astype(np.float64), names


def _table_notes(reading: FileContents, names: list[str], x: np.ndarray, gone: int, filled: int) -> tuple[str, ...]:
    notes = []
    if gone:
        notes.append(
            mark_plural(
                "{count:,} row with missing values left out.", "{count:,} rows with missing values left out.", gone
            )
        )
    if filled:
        notes.append(
            mark_plural(
                "Missing values in {count:,} row were filled in with the column's mean, or most frequent category.",
                "Missing values in {count:,} rows were filled in with the column's mean, or most frequent category.",
                filled,
            )
        )
    constant = [name for name, column in zip(names, x.T, strict=True) if np.all(column == column[0])]
    notes += [
        mark("Column {column} holds one value only, so nothing can be learned from it.", column=quote_cell(name))
        for name in constant
    ]
    return tuple(notes)

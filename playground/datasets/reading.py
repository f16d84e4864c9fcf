"""One's own file as a table: what was understood, what else it could mean, and the rows as they are learned."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from playground.datasets.choices import DECIMALS, DELIMITERS, RARE_DELIMITERS, ReadingChoices, name_of
from playground.datasets.column_kinds import (
    MAX_CATEGORIES,
    Column,
    Evidence,
    describe_column,
    evidence_of,
    positive_of,
    tidy_names,
)
from playground.datasets.dialect import Records, find_dialect, told_delimiter
from playground.datasets.encoding import decode_bytes, title_of
from playground.datasets.layout import MAX_COLUMNS, Layout, column_names, distinct_names, find_layout, row_of
from playground.datasets.notes import Alternative, Note, counted, listed, quoted
from playground.datasets.numerals import is_date, is_mark, parse_number
from playground.datasets.table import LARGEST, Table
from playground.datasets.target import LONGEST_NAME, MAX_CLASSES, encode_target, task_named
from playground.errors import PlaygroundError, unknown_choice

MAX_BYTES = 5 * 2**20
MAX_NUMBERS = 400_000
CELLS_AT_ONCE = 200_000
"""Cells that are strings at the same time."""
PREVIEWED_ROWS = 8
PREVIEWED_CHARACTERS = 80
DELIMITED_BY = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    " ": "blanks",
    ":": "colons",
    "^": "carets",
    "~": "tildes",
}
DECIMAL_NAMES = {".": "decimal point", ",": "decimal comma"}


@dataclass(frozen=True)
class Reading:
    """A file as it was understood under the ``choices``.

    ``encoding``, ``delimiter``, ``decimal`` (the file's usual sign), ``header`` (whether there is one): what holds,
    chosen or
    found. ``columns`` in the file's order, ``rows`` of data; ``target`` and ``learned``: what is learned, and what
    from.
    ``notes``: what was understood, and what else it could have been (``file_notes`` are those on the file alone).
    ``preview``: the first rows, a few characters of each cell.
    """

    choices: ReadingChoices
    encoding: str
    delimiter: str
    decimal: str
    header: bool
    columns: tuple[Column, ...]
    rows: int
    target: str
    learned: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    layout: Layout
    file_notes: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name; raises ``PlaygroundError``."""
        if name not in self.names:
            raise unknown_choice("column", name, self.names)
        return self.columns[self.names.index(name)]

    def decide(
        self, *, target: str | None, columns: tuple[str, ...] | None, missing: str = "drop", task: str | None = None
    ) -> Reading:
        """The same file, learned otherwise: these four of ``ReadingChoices`` ask nothing of the file again.

        Raises ``PlaygroundError``.
        """
        choices = replace(self.choices, target=target, columns=columns, missing=missing, task=task)
        goal = _target(self.columns, choices)
        decided = replace(self, choices=choices, target=goal, learned=_learned(self.columns, goal, choices))
        notes = (*self.file_notes, *_column_notes(decided), *_target_notes(decided))
        return replace(decided, notes=notes)

    def value(self, name: str, cell: str) -> float | str | None:
        """What a cell of a column is read as: a number, a text, or None for a missing one."""
        column = self.column(name)
        if _is_missing(cell, column, _marks(self.choices)):
            return None
        return _value(cell, column, self.choices) if column.kind == "number" else cell

    def table(self) -> Table:
        """The rows as they are learned, with a note for whatever was left out or filled in. Raises
        ``PlaygroundError``."""
        return _make_table(self)


def read_bytes(source: bytes | str | Path) -> bytes:
    """The content of a file, or of text as UTF-8; raises ``PlaygroundError`` above 5 MB or if unreadable."""
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        else:
            content = source.encode() if isinstance(source, str) else bytes(source)
    except OSError as error:
        raise PlaygroundError(f"cannot read {source}: {error.strerror or error}; choose another file.") from None
    except UnicodeEncodeError:
        raise PlaygroundError("the text holds characters that do not exist (lone surrogates); remove them.") from None
    if len(content) > MAX_BYTES:
        raise PlaygroundError(f"the file is larger than {MAX_BYTES / 2**20:g} MB; keep fewer rows or columns.")
    return content


def read_table(source: bytes | str | Path, choices: ReadingChoices | None = None) -> Reading:
    """A file, or pasted text, as it is understood under ``choices``; ``Reading.table`` makes the rows.

    Raises ``PlaygroundError``, in one sentence that names row, column and cure, for what is no table of at least two
    rows and
    two columns within 5 MB, 20,000 rows and 64 features. Nothing but the text is kept, so that memory is bounded by
    the file.
    """
    choices = choices or ReadingChoices()
    decoded = decode_bytes(read_bytes(source), choices.encoding)
    text, told = told_delimiter(decoded.text)
    dialect, other_delimiters = find_dialect(text, choices.delimiter or told)
    layout = find_layout(Records(text, dialect), choices.header, choices.first_row)
    names, numbered = column_names(layout)
    kinds = dict(choices.kinds)
    for name in kinds:
        if name not in names:
            raise unknown_choice("column", name, names)
    columns, decimal, settled = _columns(layout, names, choices, kinds, dialect.delimiter)
    preview = [
        tuple(cell[:PREVIEWED_CHARACTERS] for cell in cells)
        for _, (_, cells) in zip(range(PREVIEWED_ROWS), layout.rows(), strict=False)
    ]
    header = layout.header is not None or (bool(layout.names) and choices.header is not False)
    reading = Reading(
        choices,
        decoded.encoding,
        dialect.delimiter,
        decimal,
        header,
        columns,
        layout.count,
        "",
        (),
        tuple(preview),
        layout,
    )
    notes = (
        *_encoding_notes(decoded.encoding, decoded.others, decoded.is_guess and choices.encoding is None),
        *_dialect_notes(reading, other_delimiters),
        *_layout_notes(reading, numbered),
        *_number_notes(reading, settled),
    )
    reading = replace(reading, file_notes=notes)
    return reading.decide(target=choices.target, columns=choices.columns, missing=choices.missing, task=choices.task)


def read_csv(source: bytes | str | Path, **fields: Any) -> Table:
    """The table of ``source`` at once, under the ``fields`` of ``ReadingChoices``. Raises ``PlaygroundError``."""
    return read_table(source, ReadingChoices(**fields)).table()


def _in_groups(layout: Layout, places: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """The columns at ``places`` as lists of cells, so many at a time that few cells are strings at once."""
    size = max(1, CELLS_AT_ONCE // max(1, layout.count))
    for start in range(0, len(places), size):
        group = places[start : start + size]
        lists: list[list[str]] = [[] for _ in group]
        for _, cells in layout.rows():
            for cells_of_column, place in zip(lists, group, strict=True):
                cells_of_column.append(cells[place])
        for i, place in enumerate(group):
            yield place, lists[i]
            lists[i] = []


def _columns(
    layout: Layout, names: tuple[str, ...], choices: ReadingChoices, kinds: dict[str, str], delimiter: str
) -> tuple[tuple[Column, ...], str, str]:
    """The columns, the file's usual decimal sign, and what settled it: ``choice``, ``cells``, ``delimiter`` or
    ``habit``."""
    places = range(layout.width)
    evidence: dict[int, Evidence] = {}
    for place, cells in _in_groups(layout, places):
        evidence[place] = evidence_of(Counter(cells), choices.thousands)
    points = sum(found.point for found in evidence.values())
    commas = sum(found.comma for found in evidence.values())
    if choices.decimal is not None:
        decimal, settled = choices.decimal, "choice"
    elif choices.thousands in (",", "."):
        decimal, settled = ("." if choices.thousands == "," else ","), "choice"
    elif points != commas:
        decimal, settled = ("." if points > commas else ","), "cells"
    elif delimiter == ";":
        decimal, settled = ",", "delimiter"
    else:
        decimal, settled = ".", "habit"
    marks = _marks(choices)
    columns: dict[int, Column] = {}
    for place, cells in _in_groups(layout, places):
        own = evidence[place].decimal
        columns[place] = describe_column(
            names[place],
            cells,
            decimal=decimal if settled == "choice" or own is None else own,
            evidence=evidence[place],
            unsettled=own is None or settled == "choice",
            thousands=choices.thousands,
            marks=marks,
            kind=kinds.get(names[place]),
            raw_name=layout.names[place].strip() if place < len(layout.names) else "" if layout.names else None,
        )
    return tuple(columns[place] for place in places), decimal, settled


def _marks(choices: ReadingChoices) -> frozenset[str]:
    return frozenset(mark.strip() for mark in choices.missing_marks)


def _target(columns: tuple[Column, ...], choices: ReadingChoices) -> str:
    """The column chosen, or the last that is neither empty nor counts the rows."""
    names = [column.name for column in columns]
    if choices.target is not None:
        if choices.target not in names:
            raise unknown_choice("column", choices.target, names)
        return choices.target
    usual = [column.name for column in columns if column.kind != "empty" and not column.counter]
    return (usual or names)[-1]


def _learned(columns: tuple[Column, ...], target: str, choices: ReadingChoices) -> tuple[str, ...]:
    """The columns chosen, or those of numbers and categories that do not count the rows."""
    names = [column.name for column in columns]
    if choices.columns is not None:
        for name in choices.columns:
            if name not in names:
                raise unknown_choice("column", name, names)
        return tuple(dict.fromkeys(name for name in choices.columns if name != target))
    others = [column for column in columns if column.name != target]
    usual = [column.name for column in others if column.is_learnable]
    return tuple(usual or [column.name for column in others if column.counter])


def _encoding_notes(encoding: str, others: tuple[str, ...], is_guess: bool) -> Iterator[Note]:
    if is_guess:
        yield Note(
            f"The file is not in Unicode; its letters are read as {title_of(encoding)}.",
            tuple(Alternative(f"Read them as {title_of(other)}", {"encoding": other}) for other in others),
        )
    elif encoding in ("utf-16-le", "utf-16-be"):
        yield Note("The file is read as UTF-16, though it does not say so.")


def _dialect_notes(reading: Reading, others: tuple[str, ...]) -> Iterator[Note]:
    signs = DELIMITERS | RARE_DELIMITERS
    yield Note(
        f"{counted(reading.rows, 'row')} and {counted(len(reading.columns), 'column')}, parted by "
        f"{DELIMITED_BY[reading.delimiter]}.",
        tuple(
            Alternative(f"Part them by {DELIMITED_BY[other]}", {"delimiter": other})
            for other in others
            if name_of(other, signs)
        ),
    )


def _layout_notes(reading: Reading, numbered: bool) -> Iterator[Note]:
    layout = reading.layout
    if layout.above:
        yield Note(
            f"The table begins in row {layout.first_row:,}: {row_of(layout.above)} above it "
            f"{'is' if len(layout.above) == 1 else 'are'} left out.",
            (Alternative(f"Begin in row {layout.above[0]:,}", {"first_row": layout.above[0]}),),
        )
    if reading.header:
        text = (
            "The first row holds the columns' names."
            if layout.header in (None, 1) or not layout.above
            else f"Row {layout.header:,} holds the columns' names."
        )
        yield Note(text, (Alternative("It is data", {"header": False}),) if layout.unsure else ())
    else:
        yield Note(
            "There is no header: the columns are numbered.",
            (Alternative("The first row holds names", {"header": True}),) if reading.choices.header is None else (),
        )
    if layout.units is not None:
        yield Note(f"Row {layout.units:,} holds units, and is left out.")
    if layout.comments:
        yield Note(f"{counted(layout.comments, 'row')} of comments left out.")
    if layout.below:
        yield Note(f"What stands below the table, in {row_of(layout.below)}, is left out.")
    if layout.padded[0]:
        yield Note(
            f"{counted(layout.padded[0], 'row')} shorter than the others, the first of them row {layout.padded[1]:,}: "
            "their last cells count as missing."
        )
    if numbered:
        yield Note("Some columns had the same name: they were numbered.")


def _number_notes(reading: Reading, settled: str) -> Iterator[Note]:
    numeric = [column for column in reading.columns if column.kind == "number"]
    ambiguous = [column for column in numeric if column.ambiguous]
    thousands = reading.choices.thousands
    for decimal in (".", ","):
        group = [column for column in ambiguous if column.decimal == decimal]
        if not group:
            continue
        cell = group[0].ambiguous
        other = "," if decimal == "." else "."
        yield Note(
            f"{quoted(cell)} in column {quoted(group[0].name)} is read as {_shown(cell, decimal, thousands)}"
            f"{_why(group[0], reading, settled)}"
            + (f"; likewise in {listed([column.name for column in group[1:]])}." if len(group) > 1 else "."),
            (
                Alternative(
                    f"{_shown(cell, other, thousands)}, with a {DECIMAL_NAMES[other]}",
                    {"decimal": other, "thousands": None} if thousands in (",", ".") else {"decimal": other},
                ),
            ),
        )
    if reading.decimal == "," and settled == "cells":
        yield Note("Numbers are written with a decimal comma.")
    for column in numeric:
        if column.mixed:
            yield Note(
                f"Column {quoted(column.name)} has numbers with a decimal comma and with a decimal point; {quoted(column.mixed)} "
                f"is read as {_shown(column.mixed, ',' if column.decimal == '.' else '.', thousands)}."
            )
        if column.bracketed:
            yield Note(
                f"Numbers in brackets, such as {quoted(column.bracketed)} in {quoted(column.name)}, are negative."
            )
        currencies = [affix for affix in column.affixes if affix not in ("%", "‰")]
        if len(currencies) > 1:
            yield Note(
                f"Column {quoted(column.name)} holds several currencies ({listed(currencies)}), read as bare numbers."
            )
    shares = [column.name for column in numeric if {"%", "‰"} & set(column.affixes)]
    if shares:
        yield Note(f"Per cent are read as fractions: 10 % in {listed(shares)} is 0.1.")


def _why(column: Column, reading: Reading, settled: str) -> str:
    if settled == "choice":
        return ""
    if not column.unsettled:
        return ", as other rows have it"
    return {"cells": ", as other columns have it", "delimiter": ", as semicolons between cells suggest"}.get(
        settled, ""
    )


def _shown(cell: str, decimal: str, thousands: str | None) -> str:
    value = parse_number(cell, decimal, thousands)
    return f"{value:.15g}" if value is not None else "text"


def _column_notes(reading: Reading) -> Iterator[Note]:
    yield from _gap_notes(reading)
    for name, kind in reading.choices.kinds:
        rest = tuple(pair for pair in reading.choices.kinds if pair[0] != name)
        what = "numbers" if kind == "number" else "categories"
        yield Note(
            f"Column {quoted(name)} is read as {what}, as chosen.", (Alternative("As it is found", {"kinds": rest}),)
        )
    for column in reading.columns:
        if column.odd:
            yield Note(
                f"Column {quoted(column.name)} holds numbers, but {counted(column.odd_cells, 'cell')} of text such as "
                f"{quoted(column.odd[0])} in row {_row_with(reading, column.name, column.odd[0]):,}: "
                f"{'it counts' if column.odd_cells == 1 else 'they count'} as missing.",
                (Alternative("Read them as categories", {"kinds": _with_kind(reading, column.name, "category")}),)
                if column.distinct <= MAX_CATEGORIES
                else (),
            )
        elif column.could_be_number:
            example = column.first_text
            reason = (
                "holds numerals that name things (leading zeros, or too many digits)"
                if column.identifier
                else "holds numbers and texts"
            )
            fate = "categories" if column.kind == "category" else "texts"
            yield Note(
                f"Column {quoted(column.name)} {reason}, such as {quoted(example)} in row "
                f"{_row_with(reading, column.name, example):,}: they are {fate}.",
                (Alternative("Read them as numbers", {"kinds": _with_kind(reading, column.name, "number")}),),
            )
        if column.name not in (*reading.learned, reading.target):
            continue
        if column.kept_marks:
            mark = column.kept_marks[0]
            yield Note(
                f"{quoted(mark)} in column {quoted(column.name)} (row {_row_with(reading, column.name, mark):,}) is a value like "
                "the others there.",
                (
                    Alternative(
                        f"Count {quoted(mark)} as missing",
                        {"missing_marks": (*reading.choices.missing_marks, mark.strip())},
                    ),
                ),
            )
        for first, second in column.twins[:2]:
            yield Note(
                f"Column {quoted(column.name)} holds {quoted(first)} and {quoted(second)} "
                f"(row {_row_with(reading, column.name, second):,}): two values, though they look nearly the same."
            )
    yield from _left_out_notes(reading)


def _with_kind(reading: Reading, name: str, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((dict(reading.choices.kinds) | {name: kind}).items())


def _row_with(reading: Reading, name: str, cell: str) -> int:
    """The first row, as a spreadsheet counts, that has this cell in this column."""
    place = reading.names.index(name)
    return next((row for row, cells in reading.layout.rows() if cells[place] == cell), 0)


def _gap_notes(reading: Reading) -> Iterator[Note]:
    used = [column for column in reading.columns if column.name in (*reading.learned, reading.target)]
    gaps = [column for column in used if column.missing]
    if not gaps:
        return
    parts = [f"{column.missing:,} in {quoted(column.name)}" for column in gaps[:6]]
    marks = dict.fromkeys(quoted(mark) for column in gaps for mark in column.marks)
    written = f" (written {', '.join(list(marks)[:4])})" if marks else ""
    fates = {"drop": "their rows are left out", "mean": "filled in, but for the target's"}
    other = "mean" if reading.choices.missing == "drop" else "drop"
    alternative = Alternative(
        "Fill them in with the column's mean" if other == "mean" else "Leave their rows out", {"missing": other}
    )
    yield Note(
        f"Missing values: {', '.join(parts)}{' …' if len(gaps) > 6 else ''}{written}; {fates[reading.choices.missing]}.",
        (alternative,) if any(column.name != reading.target for column in gaps) else (),
    )


def _left_out_notes(reading: Reading) -> Iterator[Note]:
    if reading.choices.columns is not None:
        return
    left_out = [column for column in reading.columns if column.name not in (*reading.learned, reading.target)]
    why = {
        "counter": "counts the rows, so nothing can be learned from it",
        "date": "holds dates or times; make numbers of them, such as days since the first",
        "text": f"holds more than {MAX_CATEGORIES} different texts",
        "empty": "is empty",
    }
    for reason, sentence in why.items():
        group = [column for column in left_out if ("counter" if column.counter else column.kind) == reason]
        if not group:
            continue
        names = [column.name for column in group]
        asked = (Alternative(f"Learn from {quoted(names[0])} too", {"columns": (*names, *reading.learned)}),)
        yield Note(
            f"Not learned from: {'column' if len(names) == 1 else 'columns'} {listed(names)}, which {sentence}."
            if len(names) == 1
            else f"Not learned from: columns {listed(names)}; each {sentence}.",
            asked if reason == "counter" else (),
        )
    counters = [column.name for column in reading.columns if column.counter and column.name in reading.learned]
    if counters:
        yield Note(f"Column {quoted(counters[0])} counts the rows, but there is nothing else to learn from.")


def _target_notes(reading: Reading) -> Iterator[Note]:
    column = reading.column(reading.target)
    if reading.choices.target is None and reading.target != reading.names[-1]:
        yield Note(f"The target is column {quoted(reading.target)}, the last that holds anything to learn.")
    classes = column.kind == "number" and not column.odd and column.distinct > 1
    if reading.choices.task is None and classes and (column.distinct == 2 or column.whole):
        yield Note(
            f"The {column.distinct} numbers of the target {quoted(column.name)} are taken for classes.",
            (Alternative("They are amounts", {"task": "regression"}),),
        )


def _make_table(reading: Reading) -> Table:
    choices = reading.choices
    task = task_named(choices.task)
    columns = [reading.column(name) for name in reading.learned]
    target = reading.column(reading.target)
    if not columns:
        for column in reading.columns:
            if column.name != target.name and choices.columns is None:
                _refuse_unlearnable(column, reading)
        raise PlaygroundError("choose at least one column beside the target.")
    for column in columns:
        _refuse_unlearnable(column, reading)
    width = sum(1 if column.kind == "number" else max(1, column.distinct) for column in columns)
    places = [reading.names.index(column.name) for column in columns]
    at = reading.names.index(target.name)
    marks = _marks(choices)
    numbers = {i: array("d") for i, column in enumerate(columns) if column.kind == "number"}
    texts: dict[int, dict[str, int]] = {i: {} for i, column in enumerate(columns) if column.kind != "number"}
    codes = {i: array("h") for i in texts}
    if sum(1 for _ in numbers) * reading.rows > MAX_NUMBERS or len(numbers) > MAX_COLUMNS:
        raise _too_many(reading.rows, width)
    goals: list[str] = []
    values: list[float | None] = []
    kept: list[int] = []
    filled, gone, first_gap = 0, 0, ""
    for row, cells in reading.layout.rows():
        goal = cells[at]
        if _is_missing(goal, target, marks):
            first_gap = first_gap or f"row {row:,}, column {quoted(target.name)}"
            gone += 1
            continue
        gaps = [_is_gap(cells[place], column, marks, choices) for place, column in zip(places, columns, strict=True)]
        if any(gaps) and choices.missing == "drop":
            first_gap = first_gap or f"row {row:,}, column {quoted(columns[gaps.index(True)].name)}"
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
        values.append(_goal(goal, target, choices, row))
        kept.append(row)
    if len(kept) < 2:
        raise PlaygroundError(
            f"fewer than two rows are left without missing values, of which the first is in {first_gap}; fill them with the "
            "mean, or leave a column out."
        )
    names: list[str] = []
    parts: list[np.ndarray] = []
    for i, column in enumerate(columns):
        if i in numbers:
            part, new = _filled(np.frombuffer(numbers[i], np.float64)), [column.name]
        else:
            part, new = _indicators(column.name, list(texts[i]), np.frombuffer(codes[i], np.int16))
        parts.append(part)
        names += new
    width = len(names)
    if width > MAX_COLUMNS:
        raise PlaygroundError(f"with its categories the table has {width} features; keep at most {MAX_COLUMNS}.")
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
        f"{rows:,} rows of {width} features are {rows * width:,} numbers; keep at most {MAX_NUMBERS:,}: "
        "choose fewer columns, or leave rows out."
    )


def _refuse_unlearnable(column: Column, reading: Reading) -> None:
    """Raise ``PlaygroundError`` for a column of dates, of many texts, or of nothing."""
    if column.kind in ("number", "category") and column.distinct <= (
        MAX_CATEGORIES if column.kind == "category" else column.distinct
    ):
        return
    if column.kind == "empty":
        raise PlaygroundError(f"column {quoted(column.name)} holds no values; leave it out.")
    cell = column.examples[0] if column.examples else ""
    where = f"column {quoted(column.name)}"
    if column.kind == "date":
        raise PlaygroundError(
            f"row {_row_with(reading, column.name, cell):,}, {where}: {quoted(cell)} is a date or a time; make numbers of them, "
            "such as days since the first, or leave the column out."
        )
    cure = "leave it out" + (", read it as numbers," if column.could_be_number else ",")
    raise PlaygroundError(
        f"{where} holds {column.distinct:,} different texts; {cure} or group them into at most {MAX_CATEGORIES}."
    )


def _is_missing(cell: str, column: Column, marks: frozenset[str]) -> bool:
    text = cell.strip()
    return not text or text in marks or (column.kind in ("number", "date") and is_mark(cell))


def _is_gap(cell: str, column: Column, marks: frozenset[str], choices: ReadingChoices) -> bool:
    """Whether a feature's cell is missing: empty, a mark, or text among numbers."""
    if _is_missing(cell, column, marks):
        return True
    return bool(column.odd) and _value(cell, column, choices) is None


def _value(cell: str, column: Column, choices: ReadingChoices) -> float | None:
    """The number in a cell: with the column's decimal sign, or with the other where it is a number with that one
    alone."""
    value = parse_number(cell, column.decimal, choices.thousands)
    return parse_number(cell, "," if column.decimal == "." else ".", choices.thousands) if value is None else value


def _number(cell: str, column: Column, choices: ReadingChoices, row: int) -> float:
    value = _value(cell, column, choices)
    if value is None or not abs(value) <= LARGEST:
        what = "is text, but a feature needs a number" if value is None else "is not finite, or too large to train with"
        raise PlaygroundError(
            f"row {row:,}, column {quoted(column.name)}: {quoted(cell)} {what}; mend it, or remove the row."
        )
    return value


def _goal(cell: str, column: Column, choices: ReadingChoices, row: int) -> float | None:
    """The number of a target's cell, None for a text, or where the column holds texts and no regression is asked
    for."""
    if column.kind != "number" and choices.task != "regression":
        return None
    value = _value(cell, column, choices)
    if value is not None and not abs(value) <= LARGEST:
        raise PlaygroundError(
            f"row {row:,}, column {quoted(column.name)}: {quoted(cell)} is not finite, or too large to train with; "
            "mend it, or remove the row."
        )
    return value


def _filled(column: np.ndarray) -> np.ndarray:
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


def _table_notes(reading: Reading, names: list[str], x: np.ndarray, gone: int, filled: int) -> tuple[str, ...]:
    notes = []
    if gone:
        notes.append(f"{counted(gone, 'row')} with missing values left out.")
    if filled:
        notes.append(
            f"Missing values in {counted(filled, 'row')} were filled in with the column's mean, or most frequent category."
        )
    constant = [name for name, column in zip(names, x.T, strict=True) if np.all(column == column[0])]
    notes += [f"Column {quoted(name)} holds one value only, so nothing can be learned from it." for name in constant]
    return tuple(notes)


__all__ = ["DECIMALS", "MAX_CLASSES", "Reading", "is_date", "read_bytes", "read_csv", "read_table"]

"""What is said of a file: how it was understood, with what else it could mean beside it."""

from __future__ import annotations

from collections.abc import Iterator

from playground.datasets.tabular.choices import DELIMITERS, RARE_DELIMITERS, name_of
from playground.datasets.tabular.column_kinds import MAX_CATEGORIES, Column
from playground.datasets.tabular.contents import FileContents
from playground.datasets.tabular.encoding import title_of
from playground.datasets.tabular.layout import row_of
from playground.datasets.tabular.notes import Alternative, Note, count_rows, list_names, quote_cell
from playground.datasets.tabular.numerals import parse_number
from playground.language import NumberText, Translatable, join_items, mark, mark_plural

DELIMITED_BY = {
    ",": mark("commas"),
    ";": mark("semicolons"),
    "\t": mark("tabs"),
    "|": mark("bars"),
    " ": mark("blanks"),
    ":": mark("colons"),
    "^": mark("carets"),
    "~": mark("tildes"),
}


def encoding_notes(encoding: str, others: tuple[str, ...], is_guess: bool) -> Iterator[Note]:
    if is_guess:
        yield Note(
            mark("The file is not in Unicode; its letters are read as {encoding}.", encoding=title_of(encoding)),
            tuple(
                Alternative(mark("Read them as {encoding}", encoding=title_of(other)), {"encoding": other})
                for other in others
            ),
        )
    elif encoding in ("utf-16-le", "utf-16-be"):
        yield Note(mark("The file is read as UTF-16, though it does not say so."))


def dialect_notes(reading: FileContents, others: tuple[str, ...]) -> Iterator[Note]:
    signs = DELIMITERS | RARE_DELIMITERS
    yield Note(
        mark(
            "{rows} and {columns}, parted by {delimiter}.",
            rows=count_rows(reading.rows),
            columns=mark_plural("{count:,} column", "{count:,} columns", len(reading.columns)),
            delimiter=DELIMITED_BY[reading.delimiter],
        ),
        tuple(
            Alternative(mark("Part them by {delimiter}", delimiter=DELIMITED_BY[other]), {"delimiter": other})
            for other in others
            if name_of(other, signs)
        ),
    )


def layout_notes(reading: FileContents, numbered: bool) -> Iterator[Note]:
    layout = reading.layout
    if layout.above:
        yield Note(
            mark_plural(
                "The table begins in row {row:,}: {rows} above it is left out.",
                "The table begins in row {row:,}: {rows} above it are left out.",
                len(layout.above),
                row=layout.first_row,
                rows=row_of(layout.above),
            ),
            (Alternative(mark("Begin in row {row:,}", row=layout.above[0]), {"first_row": layout.above[0]}),),
        )
    if reading.header:
        text = (
            mark("The first row holds the columns' names.")
            if layout.header in (None, 1) or not layout.above
            else mark("Row {row:,} holds the columns' names.", row=layout.header)
        )
        yield Note(text, (Alternative(mark("It is data"), {"header": False}),) if layout.unsure else ())
    else:
        yield Note(
            mark("There is no header: the columns are numbered."),
            (Alternative(mark("The first row holds names"), {"header": True}),)
            if reading.choices.header is None
            else (),
        )
    if layout.units is not None:
        yield Note(mark("Row {row:,} holds units, and is left out.", row=layout.units))
    if layout.comments:
        yield Note(
            mark_plural("{count:,} row of comments left out.", "{count:,} rows of comments left out.", layout.comments)
        )
    if layout.below:
        yield Note(mark("What stands below the table, in {rows}, is left out.", rows=row_of(layout.below)))
    if layout.padded[0]:
        yield Note(
            mark_plural(
                "{count:,} row shorter than the others, the first of them row {row:,}: their last cells count as "
                "missing.",
                "{count:,} rows shorter than the others, the first of them row {row:,}: their last cells count as "
                "missing.",
                layout.padded[0],
                row=layout.padded[1],
            )
        )
    if numbered:
        yield Note(mark("Some columns had the same name: they were numbered."))


def number_notes(reading: FileContents, settled: str) -> Iterator[Note]:
    numeric = [column for column in reading.columns if column.kind == "number"]
    ambiguous = [column for column in numeric if column.ambiguous]
    thousands = reading.choices.thousands
    for decimal in (".", ","):
        group = [column for column in ambiguous if column.decimal == decimal]
        if not group:
            continue
        cell = group[0].ambiguous
        other = "," if decimal == "." else "."
        words = {
            "cell": quote_cell(cell),
            "column": quote_cell(group[0].name),
            "number": _number_text(cell, decimal, thousands),
            "reason": _why(group[0], reading, settled),
        }
        other_number = _number_text(cell, other, thousands)
        yield Note(
            mark("{cell} in column {column} is read as {number}{reason}.", **words)
            if len(group) == 1
            else mark(
                "{cell} in column {column} is read as {number}{reason}; likewise in {columns}.",
                columns=list_names([column.name for column in group[1:]]),
                **words,
            ),
            (
                Alternative(
                    mark("{number}, with a decimal point everywhere", number=other_number)
                    if other == "."
                    else mark("{number}, with a decimal comma everywhere", number=other_number),
                    {"decimal": other, "thousands": None} if thousands in (",", ".") else {"decimal": other},
                ),
            ),
        )
    if reading.decimal == "," and settled == "cells":
        yield Note(mark("Numbers are written with a decimal comma."))
    for column in numeric:
        if column.mixed:
            other = "," if column.decimal == "." else "."
            words = {
                "cell": quote_cell(column.mixed),
                "column": quote_cell(column.name),
                "number": _number_text(column.mixed, other, thousands),
            }
            yield Note(
                mark(
                    "{cell} in column {column} is no number with a decimal comma: with a decimal point it is {number}.",
                    **words,
                )
                if other == "."
                else mark(
                    "{cell} in column {column} is no number with a decimal point: with a decimal comma it is {number}.",
                    **words,
                )
            )
        if column.bracketed:
            yield Note(
                mark(
                    "Numbers in brackets, such as {cell} in {column}, are negative.",
                    cell=quote_cell(column.bracketed),
                    column=quote_cell(column.name),
                )
            )
        currencies = [affix for affix in column.affixes if affix not in ("%", "‰")]
        if len(currencies) > 1:
            yield Note(
                mark(
                    "Column {column} holds several currencies ({currencies}), read as bare numbers.",
                    column=quote_cell(column.name),
                    currencies=list_names(currencies),
                )
            )
    shares = [column.name for column in numeric if {"%", "‰"} & set(column.affixes)]
    if shares:
        yield Note(mark("Per cent are read as fractions: 10 % in {columns} is 0.1.", columns=list_names(shares)))


def _why(column: Column, reading: FileContents, settled: str) -> str:
    if settled == "choice":
        return ""
    if not column.unsettled:
        return mark(", as other rows have it")
    return {
        "cells": mark(", as other columns have it"),
        "delimiter": mark(", as semicolons between cells suggest"),
    }.get(settled, "")


def _number_text(cell: str, decimal: str, thousands: str | None) -> Translatable:
    value = parse_number(cell, decimal, thousands)
    return NumberText(f"{value:.15g}") if value is not None else mark("text")


def column_notes(reading: FileContents) -> Iterator[Note]:
    yield from _gap_notes(reading)
    for name, kind in reading.choices.kinds:
        rest = tuple(pair for pair in reading.choices.kinds if pair[0] != name)
        yield Note(
            mark("Column {column} is read as numbers, as chosen.", column=quote_cell(name))
            if kind == "number"
            else mark("Column {column} is read as categories, as chosen.", column=quote_cell(name)),
            (Alternative(mark("As it is found"), {"kinds": rest}),),
        )
    for column in reading.columns:
        if column.odd:
            yield Note(
                mark_plural(
                    "Column {column} holds numbers, but {count:,} cell of text such as {cell} in row {row:,}: it "
                    "counts as missing.",
                    "Column {column} holds numbers, but {count:,} cells of text such as {cell} in row {row:,}: they "
                    "count as missing.",
                    column.odd_cells,
                    column=quote_cell(column.name),
                    cell=quote_cell(column.odd[0]),
                    row=reading.row_with(column.name, column.odd[0]),
                ),
                (Alternative(mark("Read them as categories"), {"kinds": _with_kind(reading, column.name, "category")}),)
                if column.distinct <= MAX_CATEGORIES
                else (),
            )
        elif column.could_be_number:
            yield Note(
                _text_sentence(column, reading),
                (Alternative(mark("Read them as numbers"), {"kinds": _with_kind(reading, column.name, "number")}),),
            )
        if column.name not in (*reading.learned, reading.target):
            continue
        if column.kept_marks:
            kept = column.kept_marks[0]
            yield Note(
                mark(
                    "{cell} in column {column} (row {row:,}) is a value like the others there.",
                    cell=quote_cell(kept),
                    column=quote_cell(column.name),
                    row=reading.row_with(column.name, kept),
                ),
                (
                    Alternative(
                        mark("Count {cell} as missing", cell=quote_cell(kept)),
                        {"missing_marks": (*reading.choices.missing_marks, kept.strip())},
                    ),
                ),
            )
        for first, second in column.twins[:2]:
            yield Note(
                mark(
                    "Column {column} holds {first} and {second} (row {row:,}): two values, though they look nearly the "
                    "same.",
                    column=quote_cell(column.name),
                    first=quote_cell(first),
                    second=quote_cell(second),
                    row=reading.row_with(column.name, second),
                )
            )
    yield from _left_out_notes(reading)


def _text_sentence(column: Column, reading: FileContents) -> Translatable:
    """Why a ``column`` that could be numbers is none."""
    words = {
        "column": quote_cell(column.name),
        "cell": quote_cell(column.first_text),
        "row": reading.row_with(column.name, column.first_text),
    }
    if column.identifier and column.kind == "category":
        return mark(
            "Column {column} holds numerals that name things (leading zeros, or too many digits), such as {cell} in "
            "row {row:,}: they are categories.",
            **words,
        )
    if column.identifier:
        return mark(
            "Column {column} holds numerals that name things (leading zeros, or too many digits), such as {cell} in "
            "row {row:,}: they are texts.",
            **words,
        )
    if column.kind == "category":
        return mark(
            "Column {column} holds numbers and texts, such as {cell} in row {row:,}: they are categories.", **words
        )
    return mark("Column {column} holds numbers and texts, such as {cell} in row {row:,}: they are texts.", **words)


def _with_kind(reading: FileContents, name: str, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((dict(reading.choices.kinds) | {name: kind}).items())


def _gap_notes(reading: FileContents) -> Iterator[Note]:
    used = [column for column in reading.columns if column.name in (*reading.learned, reading.target)]
    gaps = [column for column in used if column.missing]
    if not gaps:
        return
    named = join_items(
        mark("{count:,} in {column}", count=column.missing, column=quote_cell(column.name)) for column in gaps[:6]
    )
    columns = mark("{columns} …", columns=named) if len(gaps) > 6 else named
    written = list(dict.fromkeys(quote_cell(text) for column in gaps for text in column.marks))
    is_dropped = reading.choices.missing == "drop"
    alternative = Alternative(
        mark("Fill them in with the column's mean") if is_dropped else mark("Leave their rows out"),
        {"missing": "mean" if is_dropped else "drop"},
    )
    yield Note(
        _gap_sentence(columns, written, is_dropped),
        (alternative,) if any(column.name != reading.target for column in gaps) else (),
    )


def _gap_sentence(columns: str, written: list[str], is_dropped: bool) -> Translatable:
    """What becomes of the missing values in ``columns``, which are ``written`` so."""
    texts = join_items(written[:4])
    if is_dropped and written:
        return mark(
            "Missing values: {columns} (written {texts}); their rows are left out.", columns=columns, texts=texts
        )
    if is_dropped:
        return mark("Missing values: {columns}; their rows are left out.", columns=columns)
    if written:
        return mark(
            "Missing values: {columns} (written {texts}); filled in, but for the target's.",
            columns=columns,
            texts=texts,
        )
    return mark("Missing values: {columns}; filled in, but for the target's.", columns=columns)


def _left_out_notes(reading: FileContents) -> Iterator[Note]:
    if reading.choices.columns is not None:
        return
    left_out = [column for column in reading.columns if column.name not in (*reading.learned, reading.target)]
    for reason in ("counter", "date", "text", "empty"):
        group = [column for column in left_out if ("counter" if column.counter else column.kind) == reason]
        if not group:
            continue
        names = [column.name for column in group]
        label = mark("Learn from {column} too", column=quote_cell(names[0]))
        asked = (Alternative(label, {"columns": (*names, *reading.learned)}),)
        yield Note(_left_out_sentence(reason, names), asked if reason == "counter" else ())
    counters = [column.name for column in reading.columns if column.counter and column.name in reading.learned]
    if counters:
        yield Note(
            mark(
                "Column {column} counts the rows, but there is nothing else to learn from.",
                column=quote_cell(counters[0]),
            )
        )


def _left_out_sentence(reason: str, names: list[str]) -> Translatable:
    """Why nothing is learned from the columns ``names``."""
    count, columns = len(names), list_names(names)
    if reason == "counter":
        return mark_plural(
            "Not learned from: column {columns}, which counts the rows, so nothing can be learned from it.",
            "Not learned from: columns {columns}; each counts the rows, so nothing can be learned from it.",
            count,
            columns=columns,
        )
    if reason == "date":
        return mark_plural(
            "Not learned from: column {columns}, which holds dates or times; make numbers of them, such as days since "
            "the first.",
            "Not learned from: columns {columns}; each holds dates or times; make numbers of them, such as days since "
            "the first.",
            count,
            columns=columns,
        )
    if reason == "text":
        return mark_plural(
            "Not learned from: column {columns}, which holds more than {limit} different texts.",
            "Not learned from: columns {columns}; each holds more than {limit} different texts.",
            count,
            columns=columns,
            limit=MAX_CATEGORIES,
        )
    return mark_plural(
        "Not learned from: column {columns}, which is empty.",
        "Not learned from: columns {columns}; each is empty.",
        count,
        columns=columns,
    )


def target_notes(reading: FileContents) -> Iterator[Note]:
    column = reading.column(reading.target)
    if reading.choices.target is None and reading.target != reading.names[-1]:
        yield Note(
            mark(
                "The target is column {column}, the last that holds anything to learn.",
                column=quote_cell(reading.target),
            )
        )
    classes = column.kind == "number" and not column.odd and column.distinct > 1
    if reading.choices.task is None and classes and (column.distinct == 2 or column.whole):
        yield Note(
            mark(
                "The {count} numbers of the target {column} are taken for classes.",
                count=column.distinct,
                column=quote_cell(column.name),
            ),
            (Alternative(mark("They are amounts"), {"task": "regression"}),),
        )

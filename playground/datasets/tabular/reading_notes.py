"""What is said of a file: how it was understood, with what else it could mean beside it."""

from __future__ import annotations

from collections.abc import Iterator

from playground.datasets.tabular.choices import DELIMITERS, RARE_DELIMITERS, name_of
from playground.datasets.tabular.column_kinds import MAX_CATEGORIES, Column
from playground.datasets.tabular.contents import FileContents
from playground.datasets.tabular.encoding import title_of
from playground.datasets.tabular.layout import row_of
from playground.datasets.tabular.notes import Alternative, Note, count_text, list_names, quote_cell
from playground.datasets.tabular.numerals import parse_number

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


def encoding_notes(encoding: str, others: tuple[str, ...], is_guess: bool) -> Iterator[Note]:
    if is_guess:
        yield Note(
            f"The file is not in Unicode; its letters are read as {title_of(encoding)}.",
            tuple(Alternative(f"Read them as {title_of(other)}", {"encoding": other}) for other in others),
        )
    elif encoding in ("utf-16-le", "utf-16-be"):
        yield Note("The file is read as UTF-16, though it does not say so.")


def dialect_notes(reading: FileContents, others: tuple[str, ...]) -> Iterator[Note]:
    signs = DELIMITERS | RARE_DELIMITERS
    yield Note(
        f"{count_text(reading.rows, 'row')} and {count_text(len(reading.columns), 'column')}, parted by "
        f"{DELIMITED_BY[reading.delimiter]}.",
        tuple(
            Alternative(f"Part them by {DELIMITED_BY[other]}", {"delimiter": other})
            for other in others
            if name_of(other, signs)
        ),
    )


def layout_notes(reading: FileContents, numbered: bool) -> Iterator[Note]:
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
        yield Note(f"{count_text(layout.comments, 'row')} of comments left out.")
    if layout.below:
        yield Note(f"What stands below the table, in {row_of(layout.below)}, is left out.")
    if layout.padded[0]:
        yield Note(
            f"{count_text(layout.padded[0], 'row')} shorter than the others, the first of them row "
            f"{layout.padded[1]:,}: "
            "their last cells count as missing."
        )
    if numbered:
        yield Note("Some columns had the same name: they were numbered.")


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
        yield Note(
            f"{quote_cell(cell)} in column {quote_cell(group[0].name)} is read as "
            f"{_number_text(cell, decimal, thousands)}"
            f"{_why(group[0], reading, settled)}"
            + (f"; likewise in {list_names([column.name for column in group[1:]])}." if len(group) > 1 else "."),
            (
                Alternative(
                    f"{_number_text(cell, other, thousands)}, with a {DECIMAL_NAMES[other]} everywhere",
                    {"decimal": other, "thousands": None} if thousands in (",", ".") else {"decimal": other},
                ),
            ),
        )
    if reading.decimal == "," and settled == "cells":
        yield Note("Numbers are written with a decimal comma.")
    for column in numeric:
        if column.mixed:
            other = "," if column.decimal == "." else "."
            yield Note(
                f"{quote_cell(column.mixed)} in column {quote_cell(column.name)} is no number with a "
                f"{DECIMAL_NAMES[column.decimal]}: with a {DECIMAL_NAMES[other]} it is "
                f"{_number_text(column.mixed, other, thousands)}."
            )
        if column.bracketed:
            yield Note(
                f"Numbers in brackets, such as {quote_cell(column.bracketed)} in {quote_cell(column.name)}, "
                "are negative."
            )
        currencies = [affix for affix in column.affixes if affix not in ("%", "‰")]
        if len(currencies) > 1:
            yield Note(
                f"Column {quote_cell(column.name)} holds several currencies ({list_names(currencies)}), read "
                "as bare numbers."
            )
    shares = [column.name for column in numeric if {"%", "‰"} & set(column.affixes)]
    if shares:
        yield Note(f"Per cent are read as fractions: 10 % in {list_names(shares)} is 0.1.")


def _why(column: Column, reading: FileContents, settled: str) -> str:
    if settled == "choice":
        return ""
    if not column.unsettled:
        return ", as other rows have it"
    return {"cells": ", as other columns have it", "delimiter": ", as semicolons between cells suggest"}.get(
        settled, ""
    )


def _number_text(cell: str, decimal: str, thousands: str | None) -> str:
    value = parse_number(cell, decimal, thousands)
    return f"{value:.15g}" if value is not None else "text"


def column_notes(reading: FileContents) -> Iterator[Note]:
    yield from _gap_notes(reading)
    for name, kind in reading.choices.kinds:
        rest = tuple(pair for pair in reading.choices.kinds if pair[0] != name)
        what = "numbers" if kind == "number" else "categories"
        yield Note(
            f"Column {quote_cell(name)} is read as {what}, as chosen.",
            (Alternative("As it is found", {"kinds": rest}),),
        )
    for column in reading.columns:
        if column.odd:
            yield Note(
                f"Column {quote_cell(column.name)} holds numbers, but {count_text(column.odd_cells, 'cell')} "
                "of text such as "
                f"{quote_cell(column.odd[0])} in row {reading.row_with(column.name, column.odd[0]):,}: "
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
                f"Column {quote_cell(column.name)} {reason}, such as {quote_cell(example)} in row "
                f"{reading.row_with(column.name, example):,}: they are {fate}.",
                (Alternative("Read them as numbers", {"kinds": _with_kind(reading, column.name, "number")}),),
            )
        if column.name not in (*reading.learned, reading.target):
            continue
        if column.kept_marks:
            mark = column.kept_marks[0]
            yield Note(
                f"{quote_cell(mark)} in column {quote_cell(column.name)} (row "
                f"{reading.row_with(column.name, mark):,}) is a "
                f"value like "
                "the others there.",
                (
                    Alternative(
                        f"Count {quote_cell(mark)} as missing",
                        {"missing_marks": (*reading.choices.missing_marks, mark.strip())},
                    ),
                ),
            )
        for first, second in column.twins[:2]:
            yield Note(
                f"Column {quote_cell(column.name)} holds {quote_cell(first)} and {quote_cell(second)} "
                f"(row {reading.row_with(column.name, second):,}): two values, though they look nearly the same."
            )
    yield from _left_out_notes(reading)


def _with_kind(reading: FileContents, name: str, kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((dict(reading.choices.kinds) | {name: kind}).items())


def _gap_notes(reading: FileContents) -> Iterator[Note]:
    used = [column for column in reading.columns if column.name in (*reading.learned, reading.target)]
    gaps = [column for column in used if column.missing]
    if not gaps:
        return
    parts = [f"{column.missing:,} in {quote_cell(column.name)}" for column in gaps[:6]]
    marks = dict.fromkeys(quote_cell(mark) for column in gaps for mark in column.marks)
    written = f" (written {', '.join(list(marks)[:4])})" if marks else ""
    fates = {"drop": "their rows are left out", "mean": "filled in, but for the target's"}
    other = "mean" if reading.choices.missing == "drop" else "drop"
    alternative = Alternative(
        "Fill them in with the column's mean" if other == "mean" else "Leave their rows out", {"missing": other}
    )
    yield Note(
        f"Missing values: {', '.join(parts)}{' …' if len(gaps) > 6 else ''}{written}; "
        f"{fates[reading.choices.missing]}.",
        (alternative,) if any(column.name != reading.target for column in gaps) else (),
    )


def _left_out_notes(reading: FileContents) -> Iterator[Note]:
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
        asked = (Alternative(f"Learn from {quote_cell(names[0])} too", {"columns": (*names, *reading.learned)}),)
        yield Note(
            f"Not learned from: {'column' if len(names) == 1 else 'columns'} {list_names(names)}, which {sentence}."
            if len(names) == 1
            else f"Not learned from: columns {list_names(names)}; each {sentence}.",
            asked if reason == "counter" else (),
        )
    counters = [column.name for column in reading.columns if column.counter and column.name in reading.learned]
    if counters:
        yield Note(f"Column {quote_cell(counters[0])} counts the rows, but there is nothing else to learn from.")


def target_notes(reading: FileContents) -> Iterator[Note]:
    column = reading.column(reading.target)
    if reading.choices.target is None and reading.target != reading.names[-1]:
        yield Note(f"The target is column {quote_cell(reading.target)}, the last that holds anything to learn.")
    classes = column.kind == "number" and not column.odd and column.distinct > 1
    if reading.choices.task is None and classes and (column.distinct == 2 or column.whole):
        yield Note(
            f"The {column.distinct} numbers of the target {quote_cell(column.name)} are taken for classes.",
            (Alternative("They are amounts", {"task": "regression"}),),
        )

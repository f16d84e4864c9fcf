"""One's own file as a table: what was understood, what else it could mean, and the rows as they are learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playground.datasets.tabular.choices import ReadingChoices
from playground.datasets.tabular.column_kinds import Column, Evidence, describe_column, evidence_of
from playground.datasets.tabular.contents import FileContents
from playground.datasets.tabular.dialect import Records, find_dialect, read_delimiter_line
from playground.datasets.tabular.encoding import decode_bytes
from playground.datasets.tabular.layout import Layout, column_names, find_layout
from playground.datasets.tabular.learned_rows import is_missing, make_table, value_of
from playground.datasets.tabular.reading_notes import (
    column_notes,
    dialect_notes,
    encoding_notes,
    layout_notes,
    number_notes,
    target_notes,
)
from playground.datasets.tabular.table import Table
from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark

MAX_BYTES = 5 * 2**20
CELLS_AT_ONCE = 200_000
"""Cells that are strings at the same time."""
PREVIEWED_ROWS = 8
PREVIEWED_CHARACTERS = 80


class Reading(FileContents):
    """A file as it was understood, and what follows from it."""

    def decide(
        self, *, target: str | None, columns: tuple[str, ...] | None, missing: str = "drop", task: str | None = None
    ) -> Reading:
        """The same file, learned otherwise: these four of ``ReadingChoices`` ask nothing of the file again.

        Raises ``PlaygroundError``.
        """
        choices = replace(self.choices, target=target, columns=columns, missing=missing, task=task)
        goal = _target(self.columns, choices)
        decided = replace(self, choices=choices, target=goal, learned=_choose_columns(self.columns, goal, choices))
        notes = (*self.file_notes, *column_notes(decided), *target_notes(decided))
        return replace(decided, notes=notes)

    def value(self, name: str, cell: str) -> float | str | None:
        """What a cell of a column is read as: a number, a text, or None for a missing one."""
        column = self.column(name)
        if is_missing(cell, column, self.choices.marks):
            return None
        return value_of(cell, column, self.choices) if column.kind == "number" else cell

    def table(self) -> Table:
        """The rows as they are learned, with a note for whatever was left out or filled in. Raises
        ``PlaygroundError``."""
        return make_table(self)


def read_bytes(source: bytes | str | Path) -> bytes:
    """The content of a file, or of text as UTF-8; raises ``PlaygroundError`` above 5 MB or if unreadable."""
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        else:
            content = source.encode() if isinstance(source, str) else bytes(source)
    except OSError as error:
        raise PlaygroundError(
            mark(
                "cannot read {path}: {reason}; choose another file.",
                path=str(source),
                reason=error.strerror or str(error),
            )
        ) from None
    except UnicodeEncodeError:
        raise PlaygroundError(
            mark("the text holds characters that do not exist (lone surrogates); remove them.")
        ) from None
    if len(content) > MAX_BYTES:
        raise PlaygroundError(
            mark("the file is larger than {limit:g} MB; keep fewer rows or columns.", limit=MAX_BYTES / 2**20)
        )
    return content


def read_table(source: bytes | str | Path, choices: ReadingChoices | None = None) -> Reading:
    """A file, or pasted text, as it is understood under ``choices``; ``Reading.table`` makes the rows.

    Raises ``PlaygroundError``, in one sentence that names row, column and cure, for what is no table of at least two
    rows and two columns within 5 MB, 20,000 rows and 64 features. Nothing but the text is kept, so that memory is
    bounded by the file.
    """
    choices = choices or ReadingChoices()
    decoded = decode_bytes(read_bytes(source), choices.encoding)
    text, delimiter_line = read_delimiter_line(decoded.text)
    dialect, other_delimiters = find_dialect(text, choices.delimiter or delimiter_line)
    layout = find_layout(Records(text, dialect), choices.header, choices.first_row)
    names, numbered = column_names(layout)
    kinds = dict(choices.kinds)
    for name in kinds:
        if name not in names:
            raise unknown_choice(mark("column"), name, names)
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
        *encoding_notes(decoded.encoding, decoded.others, decoded.is_guess and choices.encoding is None),
        *dialect_notes(reading, other_delimiters),
        *layout_notes(reading, numbered),
        *number_notes(reading, settled),
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
    points = sum(counts.point for counts in evidence.values())
    commas = sum(counts.comma for counts in evidence.values())
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
    marks = choices.marks
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


def _target(columns: tuple[Column, ...], choices: ReadingChoices) -> str:
    """The column chosen, or the last that is neither empty nor counts the rows."""
    names = [column.name for column in columns]
    if choices.target is not None:
        if choices.target not in names:
            raise unknown_choice(mark("column"), choices.target, names)
        return choices.target
    usual = [column.name for column in columns if column.kind != "empty" and not column.counter]
    return (usual or names)[-1]


def _choose_columns(columns: tuple[Column, ...], target: str, choices: ReadingChoices) -> tuple[str, ...]:
    """The columns chosen, or those of numbers and categories that do not count the rows."""
    names = [column.name for column in columns]
    if choices.columns is not None:
        for name in choices.columns:
            if name not in names:
                raise unknown_choice(mark("column"), name, names)
        return tuple(dict.fromkeys(name for name in choices.columns if name != target))
    others = [column for column in columns if column.name != target]
    usual = [column.name for column in others if column.is_learnable]
    return tuple(usual or [column.name for column in others if column.counter])

"""What was understood of a file: its encoding, its columns, and which of them are learned."""

from __future__ import annotations

from dataclasses import dataclass

from playground.datasets.tabular.choices import ReadingChoices
from playground.datasets.tabular.column_kinds import Column
from playground.datasets.tabular.layout import Layout
from playground.datasets.tabular.notes import Note
from playground.errors import unknown_choice
from playground.language import mark


@dataclass(frozen=True)
class FileContents:
    """A file as it was understood under the ``choices``.

    ``encoding``, ``delimiter``, ``decimal`` (the file's usual sign), ``header`` (whether there is one): what holds,
    chosen or found. ``columns`` in the file's order, ``rows`` of data; ``target`` and ``learned``: what is learned, and
    what from. ``notes``: what was understood, and what else it could have been (``file_notes`` are those on the file
    alone). ``preview``: the first rows, a few characters of each cell.
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
            raise unknown_choice(mark("column"), name, self.names)
        return self.columns[self.names.index(name)]

    def row_with(self, name: str, cell: str) -> int:
        """The first row, as a spreadsheet counts, that has this cell in this column; 0 for none."""
        place = self.names.index(name)
        return next((row for row, cells in self.layout.rows() if cells[place] == cell), 0)

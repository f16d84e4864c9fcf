"""Text to rows of cells: which sign parts the cells, and how they are quoted."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from playground.datasets.tabular.choices import DELIMITERS, RARE_DELIMITERS
from playground.datasets.tabular.numerals import is_date, is_mark, is_number
from playground.errors import PlaygroundError
from playground.language import mark

SAMPLED_CHARACTERS = 2**15
SAMPLED_ROWS = 60
MAX_CELL = 131_072
"""Characters of a cell."""
MAX_LINES = 2**20
"""Rows of a spreadsheet, blank ones counted."""
CLOSE = 0.55
"""Another delimiter that fits so nearly as well is said."""
_TOLD = re.compile(r"(\"?)sep=(\\t|.)\1[ \t]*(?:\r\n|\n|\r)", re.IGNORECASE)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = "\0"
"""A line that is no part of any text: read as a record of its own only where every quote is closed."""


@dataclass(frozen=True)
class Dialect:
    """How cells are parted and quoted; ``escape``: the sign before a quote within quotes, where it is not doubled;
    ``padded``: blanks behind a delimiter stand before a quote."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    padded: bool = False


@dataclass(frozen=True)
class Records:
    """The rows of a text, read anew each time that they are asked for, so that only the text is kept."""

    text: str
    dialect: Dialect

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers as a spreadsheet shows them, blank rows counted but left out, with cells in Unicode's NFC.

        Raises ``PlaygroundError`` for a quote that is not closed and for cells of more than 131,072 characters.
        """
        row, start = 0, 0
        reader = csv.reader(
            _lines(self.text),
            delimiter=self.dialect.delimiter,
            quotechar=self.dialect.quote,
            escapechar=self.dialect.escape,
            doublequote=True,
            skipinitialspace=self.dialect.padded or self.dialect.delimiter == " ",
        )
        csv.field_size_limit(MAX_CELL)
        try:
            for cells in reader:
                row, start = row + 1, row + 1
                if cells == [_END]:
                    return
                if row > MAX_LINES:
                    raise PlaygroundError(
                        mark("the file has more than {limit:,} rows, blank ones counted; keep fewer.", limit=MAX_LINES)
                    )
                if cells and cells[-1].endswith(_END):
                    break
                if any(cells) and not all(map(str.isspace, filter(None, cells))):
                    yield row, [cell if cell.isascii() else unicodedata.normalize("NFC", cell) for cell in cells]
        except csv.Error as error:
            long = "limit" in str(error)
            raise PlaygroundError(
                mark(
                    "row {row:,} holds a cell of more than {limit:,} characters; shorten it, or close its quote.",
                    row=row + 1,
                    limit=MAX_CELL,
                )
                if long
                else mark(
                    "row {row:,} cannot be read ({reason}); look for a quote that is not closed.",
                    row=row + 1,
                    reason=str(error),
                )
            ) from None
        raise PlaygroundError(mark("row {row:,} holds a quote that is not closed; close it, or remove it.", row=start))


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, and a last one that is no text."""
    for match in _LINES.finditer(text):
        yield match[0]
    yield _END


def read_delimiter_line(text: str) -> tuple[str, str | None]:
    """The text below a first line ``sep=;`` (which no spreadsheet shows), and the delimiter that it names."""
    match = _TOLD.match(text)
    if match is None:
        return text, None
    named = "\t" if match[2] == "\\t" else match[2]
    return (text[match.end() :], named) if named in (*DELIMITERS.values(), *RARE_DELIMITERS.values()) else (text, None)


def find_dialect(text: str, delimiter: str | None = None) -> tuple[Dialect, tuple[str, ...]]:
    """The dialect that fits the first rows best (``delimiter`` may be known), and delimiters that fit nearly as
    well."""
    sample = text[:SAMPLED_CHARACTERS]
    if len(text) > len(sample):
        sample = sample.rpartition("\n")[0] or sample
    if delimiter is not None:
        return _dialect(sample, delimiter), ()
    fits = {sign: _fit(sample, _dialect(sample, sign)) for sign in DELIMITERS.values()}
    best = max(fits, key=lambda sign: fits[sign])
    others = tuple(sign for sign, fit in fits.items() if sign != best and fit > 0 and fit >= CLOSE * fits[best])
    return _dialect(sample, best if fits[best] else ","), others


def _dialect(sample: str, delimiter: str) -> Dialect:
    sign = re.escape(delimiter)
    quote, escape = '"', None
    if '"' not in sample:
        single = len(re.findall(rf"(?:^|{sign})'[^'\r\n]*'(?={sign}|[\r\n]|$)", sample, re.MULTILINE))
        if single > sample.count("'") / 3 > 0:
            quote = "'"
    elif re.search(rf'(?:^|{sign})"[^"\r\n]*\\"[^"\r\n]', sample, re.MULTILINE) and '""' not in sample:
        escape = "\\"
    padded = bool(re.search(rf"{sign} +{quote}", sample)) and delimiter != " "
    return Dialect(delimiter, quote, escape, padded)


def count_used_cells(cells: list[str]) -> int:
    """How many cells there are up to the last that is not empty."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)


def usual_width(rows: list[list[str]]) -> int:
    """The most frequent width in use; of equally frequent ones the larger."""
    widths = Counter(map(count_used_cells, rows))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _fit(sample: str, dialect: Dialect) -> float:
    """0 to 1: how evenly the delimiter parts the rows, and how much its cells are like single values."""
    rows = []
    try:
        rows.extend(cells for _, cells in islice(Records(sample, dialect), SAMPLED_ROWS))
    except PlaygroundError:
        # A sample may end within quotes; what came before still counts.
        if len(rows) < 2:
            return 0.0
    width = usual_width(rows)
    if width < 2:
        return 0.0
    if dialect.delimiter == " ":
        # Remarks, and R's header, which has no name for the rows' names, are no sign against blanks.
        rows = [cells for cells in rows if not cells[0].startswith("#")] or rows
        rows = rows[1:] if len(rows) > 2 and count_used_cells(rows[0]) == width - 1 else rows
    even = [cells for cells in rows if count_used_cells(cells) <= width <= len(cells) or len(cells) == width]
    scores = [_likeness(cell) for cells in even for cell in cells[:width] if cell]
    if not scores or (dialect.delimiter == " " and len(even) < 0.9 * len(rows)):
        return 0.0
    likeness = sum(scores) / len(scores)
    rare = 0.8 if dialect.delimiter == " " else 1.0
    return rare * (len(even) / len(rows)) ** 2 * likeness**2 * (1 - 1 / (width + 1))


def _likeness(cell: str) -> float:
    """How much a cell is like one value, rather than like several in one or a part of one."""
    if is_number(cell) or is_date(cell) or is_mark(cell):
        return 1.0
    text = cell.strip()
    if any(sign in text for sign in ";\t|"):
        return 0.2
    return 0.7 if "," in text or text[:1] in "\"'" else 0.9

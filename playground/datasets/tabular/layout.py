"""Where the table is among a file's rows: what stands above it, its header, a row of units, what stands below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from playground.datasets.tabular.dialect import Records, count_used_cells, usual_width
from playground.datasets.tabular.notes import count_rows, quote_cell
from playground.datasets.tabular.numerals import is_date, is_mark, is_number, parse_number
from playground.datasets.tabular.target import LONGEST_NAME
from playground.errors import PlaygroundError
from playground.language import Translatable, mark

MAX_ROWS = 20_000
MAX_COLUMNS = 64
MAX_SEARCHED_ROWS = 120
"""Rows looked at to find where the table begins."""
_UNIT_WORD = (
    r"(?:[kMGTcdhmµμunp]?(?:m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|C|V|F|Ω|Ohm|S|T|L|l|t|eV|B|bit|bar|cal|Wh|M)|min|h|hrs?|sec|"
    r"d|days?|a|"
    r"yrs?|years?|Jahre?|Tage?|Std|ha|in|inch|ft|yd|mi|mph|lbs?|oz|°|°?\s?C|°?\s?F|deg|rad|%|‰|ppm|ppb|dB|pH|rpm|U|"
    r"EUR|USD|CHF|GBP|SEK|PLN|INR|JPY|[€$£¥₹]|Stk|Stück|pcs|count|Anzahl|none|text|-+|1|#)"
)
_UNIT = re.compile(
    rf"[\[(][^\])]{{0,15}}[\])]|{_UNIT_WORD}[²³]?(?:\s?[/·*^⋅]?\s?(?:{_UNIT_WORD}|-?\d|[⁻¹²³])[²³]?){{0,3}}"
)
_COMMENTS = ("#", "//", "%")


@dataclass(frozen=True)
class Layout:
    """The table's place: rows of ``records`` from ``first_row`` on, but for ``left_out`` (comments, units, what
    stands below).

    ``header`` is the row that names the columns, or None; ``names`` as it has them; ``width`` columns; ``count``
    rows of data.
    ``padded``: how many rows are shorter, and the first of them; ``above``: rows that stand above the table.
    ``unsure``: whether the first row might as well be the other thing.
    """

    records: Records
    width: int
    first_row: int
    header: int | None
    names: tuple[str, ...]
    count: int
    left_out: frozenset[int]
    padded: tuple[int, int] = (0, 0)
    above: tuple[int, ...] = ()
    units: int | None = None
    comments: int = 0
    below: tuple[int, ...] = ()
    unsure: bool = False

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row numbers and cells of the data, each row ``width`` cells."""
        for row, cells in self.records:
            if row >= self.first_row and row != self.header and row not in self.left_out:
                yield row, cells[: self.width] + [""] * (self.width - len(cells))


def find_layout(records: Records, header: bool | None = None, first_row: int | None = None) -> Layout:
    """Find the table among the records; ``header`` and ``first_row`` may be known.

    Raises ``PlaygroundError``, naming row and cure, for rows that are too wide, and outside of 2 to 20,000 rows and 2
    to 65 columns.
    """
    start = [(row, cells) for row, cells in islice(records, MAX_SEARCHED_ROWS) if first_row is None or row >= first_row]
    if not start:
        raise PlaygroundError(mark("the file is empty; give a header and at least two rows."))
    width = usual_width([cells for _, cells in start])
    comments = [row for row, cells in start if _is_comment(cells, width, start)]
    remark = dict(start).get(comments[-1]) if comments else None
    plain = [(row, cells) for row, cells in start if row not in comments]
    if not plain:
        raise PlaygroundError(mark("the file holds comments only; give a header and at least two rows."))
    begin = 0 if first_row is not None else next(i for i, (_, cells) in enumerate(plain) if _reaches(plain, i, width))
    block = plain[begin:]
    head, units, unsure = _find_header(block, width)
    if header is not None:
        unsure = False
        head = (0 if head is None else head) if header else None
        units = units if header else None
    if first_row is not None and head:
        head, units = 0 if header or not _has_numbers(block[0][1], width) else None, None
    at = block[head][0] if head is not None else None
    names = list(block[head][1]) if head is not None else []
    if head is not None and len(names) == width - 1 and count_used_cells(names) == width - 1:
        names = ["", *names]
    if head is None and header is not False and remark is not None:
        commented = _commented_names(remark, records.dialect.delimiter, width)
        names = commented or names
    width = max(width, count_used_cells(names))
    if width < 2:
        raise PlaygroundError(
            mark(
                "the file has one column only; give at least one feature and a target, parted by commas, semicolons, "
                "tabs or |."
            )
        )
    if width > MAX_COLUMNS + 1:
        raise PlaygroundError(
            mark(
                "the file has {width:,} columns; keep at most {limit} features and a target.",
                width=width,
                limit=MAX_COLUMNS,
            )
        )
    first = block[head or 0][0]
    if header is None and first_row is None and head is None and not names and begin:
        _refuse_narrow_header(plain[begin - 1], block[0], records.dialect.delimiter)
    unit_row = block[units][0] if units is not None else None
    layout = Layout(
        records,
        width,
        first,
        at,
        tuple(names[:width]),
        0,
        frozenset({unit_row} if unit_row else ()) | frozenset(row for row in comments if row >= first),
        above=tuple(row for row, _ in plain if row < first),
        units=unit_row,
        comments=len(comments),
        unsure=unsure,
    )
    return _measure_layout(layout, first_row)


def _refuse_narrow_header(above: tuple[int, list[str]], first: tuple[int, list[str]], delimiter: str) -> None:
    """Raise ``PlaygroundError`` where names stand right above rows that have more cells than there are names."""
    used = count_used_cells(above[1])
    if used < 2 or above[0] != first[0] - 1 or _has_numbers(above[1], used) or not all(above[1][:used]):
        return
    words = {"row": first[0], "cells": count_used_cells(first[1]), "above": above[0], "names": used}
    raise PlaygroundError(
        mark(
            "row {row:,} has {cells} cells, but row {above:,} names {names} columns; mend it: numbers with a decimal "
            "comma need quotes, or semicolons between them.",
            **words,
        )
        if delimiter == ","
        else mark(
            "row {row:,} has {cells} cells, but row {above:,} names {names} columns; mend it: name every column.",
            **words,
        )
    )


def _measure_layout(layout: Layout, first_row: int | None) -> Layout:
    """The layout with its rows counted, widths checked, and later comments and what stands below left out."""
    count, short, first_short = 0, 0, 0
    extra: set[int] = set()
    tail: list[int] = []
    last = previous = 0
    gap = False
    for row, cells in layout.records:
        if row < layout.first_row or row == layout.header or row in layout.left_out:
            previous = row
            continue
        used = count_used_cells(cells)
        gap = gap or (bool(tail) is False and row > previous + 1 and used == 1)
        if layout.comments and cells[0].lstrip().startswith(_COMMENTS) and used != layout.width:
            extra.add(row)
            continue
        if used > layout.width:
            words = {"row": row, "cells": used, "width": layout.width}
            raise PlaygroundError(
                mark(
                    "row {row:,} has {cells:,} cells, but its header names {width}; mend that row: a text that holds "
                    "the delimiter needs quotes.",
                    **words,
                )
                if layout.header is not None
                else mark(
                    "row {row:,} has {cells:,} cells, but the rows above have {width}; mend that row: a text that "
                    "holds the delimiter needs quotes.",
                    **words,
                )
            )
        if used == 1 and cells[0].strip() and not is_number(cells[0]):
            tail.append(row)
        else:
            tail = []
        if len(cells) < layout.width:
            short, first_short = short + 1, first_short or row
        count, last, previous = count + 1, row, row
        if count > MAX_ROWS + len(tail):
            raise PlaygroundError(
                mark("the file has more than {limit:,} rows; keep at most that many.", limit=MAX_ROWS)
            )
    below = tuple(tail) if tail and tail[-1] == last and len(tail) <= 20 and len(tail) < count else ()
    count -= len(below)
    if count < 2:
        raise PlaygroundError(_few_rows_sentence(count, layout.header is not None))
    return Layout(
        layout.records,
        layout.width,
        layout.first_row,
        layout.header,
        layout.names,
        count,
        layout.left_out | extra | set(below),
        (short - len(below), first_short) if short > len(below) else (0, 0),
        layout.above,
        layout.units,
        layout.comments + len(extra),
        below,
        layout.unsure,
    )


def _few_rows_sentence(count: int, has_header: bool) -> Translatable:
    """What is said of a file with no row of data, or one."""
    if has_header:
        return (
            mark("the file has {count} row below its header; give at least two.", count=count)
            if count
            else mark("the file has no rows below its header; give at least two.")
        )
    return (
        mark("the file has {count} row in its table; give at least two.", count=count)
        if count
        else mark("the file has no rows in its table; give at least two.")
    )


def _is_comment(cells: list[str], width: int, rows: list[tuple[int, list[str]]]) -> bool:
    first = cells[0].lstrip()
    if not first.startswith(_COMMENTS):
        return False
    likewise = sum(other[0].lstrip().startswith(_COMMENTS) for _, other in rows)
    if count_used_cells(cells) != width:
        return likewise < len(rows) / 2 or not is_number(first[1:])
    # As wide as the table: a row that was commented out, unless it is the first one, or such cells are usual.
    return cells is not rows[0][1] and likewise <= max(1, len(rows) // 10) and _is_typed_column(rows, 0)


def _is_typed_column(rows: list[tuple[int, list[str]]], column: int) -> bool:
    """Whether most cells of a column are numbers or dates."""
    cells = [cells[column] for _, cells in rows if column < len(cells) and cells[column].strip()]
    return sum(is_number(cell) or is_date(cell) for cell in cells) * 2 > len(cells)


def _commented_names(cells: list[str], delimiter: str, width: int) -> list[str] | None:
    """The columns' names in the last comment above the table, as NumPy writes them."""
    names = [cells[0].lstrip().lstrip("#/%"), *cells[1:]]
    if delimiter == " ":
        names = " ".join(names).split()
    return names if len(names) == width and not any(map(is_number, names)) else None


def _reaches(rows: list[tuple[int, list[str]]], at: int, width: int) -> bool:
    """Whether a row may be the table's first: as wide as it, or, with names of rows in front of the others, one
    less."""
    cells = rows[at][1]
    used = count_used_cells(cells)
    if used >= 2 and len(cells) >= width and (used >= width or 2 * used > width):
        return True
    if width < 3:
        return used >= width
    below = rows[at + 1 : at + 2]
    return (
        len(cells) == used == width - 1
        and bool(below)
        and count_used_cells(below[0][1]) == width
        and _has_numbers(below[0][1], width)
        and not _has_numbers(cells, width)
    )


def _has_numbers(cells: list[str], width: int) -> bool:
    return any(is_number(cell) for cell in cells[:width])


def _find_header(rows: list[tuple[int, list[str]]], width: int) -> tuple[int | None, int | None, bool]:
    """Which of the rows is the header, which holds units, and whether the header might as well be data."""
    offset = [1 if len(cells) == count_used_cells(cells) == width - 1 else 0 for _, cells in rows[:1]]
    columns = [[cells[i] if i < len(cells) else "" for _, cells in rows] for i in range(width)]
    if offset == [1]:
        for i in range(width - 1, 0, -1):
            columns[i][0] = columns[i - 1][0]
        columns[0][0] = ""
    typed = [_is_typed(column[1:]) for column in columns]
    if not any(typed):
        return _header_of_texts(columns)
    conforming = [_conforms([column[i] for column in columns], typed) for i in range(len(rows))]
    data = next((i for i, fits in enumerate(conforming) if fits), len(rows) - 1)
    if data == 0:
        counting = _counts_on(columns)
        return (0 if counting else None), None, counting
    texts = [i for i in range(data) if _is_header_like([column[i] for column in columns], typed, i == 0)]
    if not texts:
        return None, None, True
    filled = {i: sum(bool(column[i].strip()) for column in columns) for i in texts}
    fullest = [i for i in texts if filled[i] == max(filled.values())]
    head = fullest[-1]
    if len(texts) > 1 and _is_units([column[texts[-1]] for column in columns]) and texts[-1] == data - 1:
        earlier = [i for i in texts[:-1] if filled[i] >= max(filled[texts[-1]], 0.5 * width)]
        if earlier:
            return max(earlier, key=lambda i: (filled[i], i)), texts[-1], False
    mixed = any(is_number(column[head]) for column in columns)
    return head, None, mixed


def _is_typed(cells: list[str]) -> bool:
    present = [cell for cell in cells if cell.strip() and not is_mark(cell)]
    return sum(is_number(cell) or is_date(cell) for cell in present) * 2 > len(present)


def _conforms(cells: list[str], typed: list[bool]) -> bool:
    """Whether a row is like the data: numbers or dates wherever most rows have them."""
    hits = [is_number(cell) or is_date(cell) for cell, is_typed in zip(cells, typed, strict=True) if is_typed]
    empty = [not cell.strip() or is_mark(cell) for cell, is_typed in zip(cells, typed, strict=True) if is_typed]
    return any(hits) and all(hit or gap for hit, gap in zip(hits, empty, strict=True))


def _is_header_like(cells: list[str], typed: list[bool], is_first: bool) -> bool:
    """Texts over the columns of numbers: in the first row as many as there are numbers, or beside whole numbers that
    count on; in a later one, which may be data with a fault, nothing else."""
    over = [cell for cell, is_typed in zip(cells, typed, strict=True) if is_typed and cell.strip()]
    numbers = [cell for cell in over if is_number(cell)]
    texts = sum(not is_mark(cell) for cell in over) - len(numbers)
    if not is_first:
        return texts > 0 and not numbers
    return texts > 0 and (texts >= len(numbers) or (len(numbers) > 1 and _is_run(numbers)))


def _is_run(cells: list[str]) -> bool:
    """Whether cells are whole numbers of which each is one more than the one before."""
    values = [parse_number(cell, ".") for cell in cells]
    return (
        len(values) > 0
        and all(value is not None and value == int(value) for value in values if value is None or abs(value) < 1e15)
        and all(a is not None and b is not None and b - a == 1 for a, b in pairwise(values))
    )


def _counts_on(columns: list[list[str]]) -> bool:
    """Whether a first row of numbers names columns: 0, 1, 2 ... as pandas counts them, its texts not among the cells
    below."""
    first = [column[0].strip() for column in columns]
    numbers = [cell for cell in first if is_number(cell)]
    texts = [(cell, column) for cell, column in zip(first, columns, strict=True) if cell and not is_number(cell)]
    if len(numbers) < 2 or not _is_run(numbers):
        return False
    if texts:
        return all(cell not in map(str.strip, column[1:]) and not is_mark(cell) for cell, column in texts)
    begins = parse_number(numbers[0], ".")
    broken = any(not _is_whole(cell) for column in columns for cell in column[1:] if cell.strip())
    return begins in (0, 1) and broken and (len(numbers) > 2 or not first[0])


def _is_whole(cell: str) -> bool:
    value = parse_number(cell, ".")
    return value is not None and abs(value) < 1e15 and value == int(value)


def _header_of_texts(columns: list[list[str]]) -> tuple[int | None, int | None, bool]:
    """Where all columns are texts: names are distinct, and none of them comes again below."""
    first = [column[0].strip() for column in columns]
    again = sum(cell in set(map(str.strip, column[1:])) for cell, column in zip(first, columns, strict=True) if cell)
    distinct = len(set(first)) == len(first) and any(first)
    return (0, None, True) if distinct and not again else (None, None, True)


def _is_units(cells: list[str]) -> bool:
    present = [cell.strip() for cell in cells if cell.strip()]
    return bool(present) and sum(bool(_UNIT.fullmatch(cell)) for cell in present) > len(present) / 2


def column_names(layout: Layout) -> tuple[tuple[str, ...], bool]:
    """A name for every column, distinct and at most 80 characters, and whether some had to be numbered."""
    own_names = [clean_name(name) for name in layout.names]
    names = [own_names[i] if i < len(own_names) and own_names[i] else f"column {i + 1}" for i in range(layout.width)]
    distinct = distinct_names(names)
    return tuple(distinct), distinct != names


def clean_name(name: str) -> str:
    """A name in one line, without control characters."""
    name = " ".join(name.lstrip("#").split()) or name.strip()
    return "".join(character for character in name if unicodedata.category(character)[0] != "C")[:LONGEST_NAME].strip()


def distinct_names(names: list[str]) -> list[str]:
    """The names, numbered where they come again."""
    distinct: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, i = name, 2
        while candidate in taken:
            ending = f" ({i})"
            candidate, i = name[: LONGEST_NAME - len(ending)] + ending, i + 1
        taken.add(candidate)
        distinct.append(candidate)
    return distinct


def row_of(rows: tuple[int, ...]) -> Translatable:
    """``row 3``, ``rows 1 to 3``."""
    if len(rows) == 1:
        return mark("row {row:,}", row=rows[0])
    if rows[-1] - rows[0] == len(rows) - 1:
        return mark("rows {first:,} to {last:,}", first=rows[0], last=rows[-1])
    return count_rows(len(rows))


__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Layout", "column_names", "distinct_names", "find_layout", "quote_cell", "row_of"]

"""Reading one's own file with open eyes: what was detected is told first, then the table is made as confirmed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

import numpy as np

from playground.datasets.table import LARGEST, Table, is_missing
from playground.datasets.target import LONGEST_NAME, encoded, task_named
from playground.datasets.text_table import DELIMITERS, decoded, number, quoted, read_bytes, records, told_delimiter
from playground.errors import PlaygroundError, unknown_choice

MAX_BYTES = 5 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 64
MAX_NUMBERS = 400_000
MAX_CATEGORIES = 12
EXAMPLES = 3
SAID = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
GROUPED = {".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"), ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")}
"""Numbers with thousands set apart, by what their decimal sign is."""
MISSING_RULES = ("drop", "mean")


@dataclass(frozen=True)
class Column:
    """A column as it was found: ``kind`` is number, category or text; ``missing`` cells; ``distinct`` values; some examples."""

    name: str
    kind: str
    missing: int
    distinct: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A file as it was understood: cells by row, and what was detected on the way.

    ``sentences`` say it in words; ``target`` is the column that would be learned unless another is picked.
    """

    delimiter: str
    header: bool
    decimal: str
    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    @property
    def target(self) -> str:
        """The last column."""
        return self.columns[-1].name


def value_of(cell: str, decimal: str) -> float | None:
    """The number in a cell, thousands set apart and per cent signs understood; None for text."""
    text = cell.removesuffix("%").strip() if cell.endswith("%") else cell
    if GROUPED[decimal].fullmatch(text):
        text = text.replace("," if decimal == "." else ".", "")
    if decimal == "," and "," in text and "." in text:
        return None
    found = number(text, decimal == ",")
    return found / 100 if found is not None and cell.endswith("%") else found


def detect(
    source: bytes | str, *, delimiter: str | None = None, header: bool | None = None, decimal: str | None = None
) -> Reading:
    """What a file, or pasted text, seems to hold; ``delimiter``, ``header`` and ``decimal`` may be told instead of detected.

    Raises ``PlaygroundError``, naming the cure, for what is no table of at least two rows and two columns within 5 MB,
    20,000 rows and 64 features.
    """
    text = decoded(read_bytes(source, MAX_BYTES))
    text, told = _told_by_the_file(text)
    delimiter = delimiter or told or told_delimiter(text)
    if delimiter not in DELIMITERS:
        raise unknown_choice("delimiter", delimiter, DELIMITERS)
    if decimal not in (None, ".", ","):
        raise unknown_choice("decimal sign", decimal, (".", ","))
    rows = [tuple(record) for _, record in islice(records(text, delimiter), MAX_ROWS + 2)]
    rows, notes = _rectangular(rows)
    if len(rows) < 2:
        raise PlaygroundError("the file has fewer than two rows; give a header and at least two rows, or paste more.")
    if len(rows) > MAX_ROWS + 1:
        raise PlaygroundError(f"the file has more than {MAX_ROWS:,} rows; keep at most that many.")
    width = len(rows[0])
    if width < 2:
        raise PlaygroundError(
            "the file has one column only; give at least one feature and a target, parted by commas, semicolons, tabs or |."
        )
    if width > MAX_COLUMNS + 1:
        raise PlaygroundError(f"the file has {width} columns; keep at most {MAX_COLUMNS} features and a target.")
    decimal = decimal or _decimal(rows, delimiter)
    header = _has_header(rows, decimal) if header is None else header
    names, more = _names(rows[0] if header else (), width)
    body = rows[1:] if header else rows
    if len(body) < 2:
        raise PlaygroundError("the file has fewer than two rows below its header; give at least two.")
    columns = tuple(_column(name, [row[i] for row in body], decimal) for i, name in enumerate(names))
    sentences = (
        f"{len(body):,} rows and {width} columns, parted by {SAID[delimiter]}.",
        "The first row holds the columns' names." if header else "There is no header: the columns are numbered.",
        *(["Numbers are written with a decimal comma."] if decimal == "," else []),
        *notes,
        *more,
        *_gaps(columns),
    )
    return Reading(delimiter, header, decimal, columns, tuple(body), sentences)


def table_of(
    reading: Reading,
    *,
    target: str | None = None,
    columns: tuple[str, ...] | list[str] | None = None,
    missing: str = "drop",
    task: str | None = None,
) -> Table:
    """The table that a reading makes: ``columns`` (all unless told) as features, ``target`` (the last one unless told).

    Categories become a column of 0 and 1 for each value; rows with ``missing`` cells are dropped, or filled with the column's
    mean (its most frequent category); rows without a target are always dropped. Raises ``PlaygroundError``.
    """
    target = reading.target if target is None else target
    if target not in reading.names:
        raise unknown_choice("column", target, reading.names)
    if missing not in MISSING_RULES:
        raise unknown_choice("rule for missing values", missing, MISSING_RULES)
    wanted = tuple(name for name in reading.names if name != target) if columns is None else tuple(columns)
    for name in wanted:
        if name not in reading.names:
            raise unknown_choice("column", name, reading.names)
    wanted = tuple(dict.fromkeys(name for name in wanted if name != target))
    if not wanted:
        raise PlaygroundError("choose at least one column beside the target.")
    by_name = {column.name: column for column in reading.columns}
    place = {name: i for i, name in enumerate(reading.names)}
    for name in wanted:
        if by_name[name].kind == "text":
            raise PlaygroundError(
                f"column {quoted(name)} holds {by_name[name].distinct:,} different texts; leave it out, or group them "
                f"into at most {MAX_CATEGORIES}."
            )
    at = place[target]
    goals = [not is_missing(row[at], True) for row in reading.cells]
    whole = [all(not is_missing(row[place[name]], False) for name in wanted) for row in reading.cells]
    keep = [i for i, goal in enumerate(goals) if goal and (whole[i] or missing == "mean")]
    if len(keep) < 2:
        raise PlaygroundError(
            "fewer than two rows are left without missing values; fill them with the mean, or leave a column out."
        )
    names: list[str] = []
    parts: list[np.ndarray] = []
    for name in wanted:
        cells = [reading.cells[i][place[name]] for i in keep]
        found, more = (
            _numbers(name, cells, reading.decimal) if by_name[name].kind == "number" else _indicators(name, cells)
        )
        parts.append(found)
        names += more
    x = np.concatenate(parts, axis=1)
    if x.shape[1] > MAX_COLUMNS:
        raise PlaygroundError(f"with its categories the table has {x.shape[1]} features; keep at most {MAX_COLUMNS}.")
    if x.size > MAX_NUMBERS:
        raise PlaygroundError(
            f"{len(x):,} rows of {x.shape[1]} features are {x.size:,} numbers; keep at most {MAX_NUMBERS:,}: choose fewer columns, or leave rows out."
        )
    cells = [reading.cells[i][at] for i in keep]
    numbers = [value_of(cell, reading.decimal) for cell in cells]
    for i, value in zip(keep, numbers, strict=True):
        if value is not None and not abs(value) <= LARGEST:
            raise PlaygroundError(
                f"row {i + 1}, column {quoted(target)}: the number is too large; mend it, or remove the row."
            )
    told = encoded(target, cells, numbers, [i + 1 + reading.header for i in keep], task_named(task))
    gone, filled = len(reading.cells) - len(keep), sum(not whole[i] for i in keep)
    notes = [f"{gone:,} {'row' if gone == 1 else 'rows'} with missing values left out."] if gone else []
    notes += (
        [f"Missing values in {filled:,} rows were filled in with the column's mean, or most frequent category."]
        if filled
        else []
    )
    return Table(tuple(_distinct(names)[0]), x, told.y, told.class_names, told.task, target, tuple(notes))


def _told_by_the_file(text: str) -> tuple[str, str | None]:
    """Excel's ``sep=;`` in the first line."""
    match = re.match(r"sep=(.)\r?\n", text)
    return (text[match.end() :], match[1]) if match and match[1] in DELIMITERS else (text, None)


def _rectangular(rows: list[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[str]]:
    """Rows of equal width: empty cells behind the end of a row are cut or added, anything else is an error."""
    if not rows:
        raise PlaygroundError("the file is empty; give a header and at least two rows.")
    widths = [max((i + 1 for i, cell in enumerate(row) if cell), default=0) for row in rows]
    width = max(widths)
    if width == 0:
        raise PlaygroundError("the file holds empty cells only; give a header and at least two rows.")
    header = max(widths[0], min(len(rows[0]), width))
    for i, (row, used) in enumerate(zip(rows, widths, strict=True), 1):
        if used > header:
            raise PlaygroundError(f"row {i} has {len(row)} cells, but the first row has {header}; mend that row.")
    short = sum(len(row) < header for row in rows)
    notes = [f"{short:,} rows are shorter than the first one: their last cells count as missing."] if short else []
    return [
        (*row[:header], *("",) * (header - len(row))) for row, used in zip(rows, widths, strict=True) if used
    ], notes


def _decimal(rows: list[tuple[str, ...]], delimiter: str) -> str:
    """The decimal sign under which more cells are numbers; a point where both will do."""
    if delimiter == ",":
        commas = sum("," in cell for row in rows[:500] for cell in row)
        if not commas:
            return "."
    counts = {sign: sum(value_of(cell, sign) is not None for row in rows[:500] for cell in row) for sign in (".", ",")}
    plain = sum(bool(re.fullmatch(r"[+-]?\d+,\d{1,2}", cell)) for row in rows[:500] for cell in row)
    return "," if counts[","] > counts["."] or (counts[","] == counts["."] and plain) else "."


def _has_header(rows: list[tuple[str, ...]], decimal: str) -> bool:
    """Whether the first row names columns: it holds no number where the rows below do, and no empty cell in front."""
    first, below = rows[0], rows[1:50]
    if any(value_of(cell, decimal) is not None for cell in first):
        return False
    numeric = [any(value_of(row[i], decimal) is not None for row in below) for i in range(len(first))]
    return any(numeric) or len(set(first)) == len(first)


def _names(first: tuple[str, ...], width: int) -> tuple[list[str], list[str]]:
    given = [_clean(name) for name in first] if first else []
    names = [given[i] if i < len(given) and given[i] else f"column {i + 1}" for i in range(width)]
    distinct, changed = _distinct(names)
    return distinct, ["Some columns had the same name: they were numbered."] if changed else []


def _clean(name: str) -> str:
    return "".join(one for one in name if unicodedata.category(one)[0] != "C")[:LONGEST_NAME].strip()


def _distinct(names: list[str]) -> tuple[list[str], bool]:
    found: list[str] = []
    for name in names:
        made, i = name, 2
        while made in found:
            ending = f" ({i})"
            made, i = name[: LONGEST_NAME - len(ending)] + ending, i + 1
        found.append(made)
    return found, found != names


def _column(name: str, cells: list[str], decimal: str) -> Column:
    present = [cell for cell in cells if not is_missing(cell, False)]
    numeric = bool(present) and all(value_of(cell, decimal) is not None for cell in present)
    distinct = tuple(dict.fromkeys(present))
    kind = "number" if numeric else "category" if 0 < len(distinct) <= MAX_CATEGORIES else "text"
    return Column(name, kind, len(cells) - len(present), len(distinct), tuple(one[:40] for one in distinct[:EXAMPLES]))


def _gaps(columns: tuple[Column, ...]) -> list[str]:
    gaps = [f"{column.missing:,} in {quoted(column.name)}" for column in columns if column.missing]
    return ["Missing values: " + ", ".join(gaps[:6]) + (" …" if len(gaps) > 6 else "") + "."] if gaps else []


def _numbers(name: str, cells: list[str], decimal: str) -> tuple[np.ndarray, list[str]]:
    found = [None if is_missing(cell, False) else value_of(cell, decimal) for cell in cells]
    column = np.array([np.nan if value is None else value for value in found])
    known = column[~np.isnan(column)]
    if known.size and not (np.abs(known) <= LARGEST).all():
        raise PlaygroundError(
            f"column {quoted(name)} holds a number that is not finite, or too large to train with; mend it."
        )
    with np.errstate(over="ignore"):
        mean = float(np.mean(known / 2) * 2) if known.size else 0.0
    return np.where(np.isnan(column), mean, column)[:, None], [name]


def _indicators(name: str, cells: list[str]) -> tuple[np.ndarray, list[str]]:
    known = [cell for cell in cells if not is_missing(cell, False)]
    values = sorted(set(known))
    common = max(values, key=known.count) if values else ""
    filled = [common if is_missing(cell, False) else cell for cell in cells]
    if len(values) <= 2:
        values = values[-1:] or [""]
    names = [f"{name} = {value}"[:LONGEST_NAME] for value in values]
    return np.array([[float(cell == value) for value in values] for cell in filled]), names

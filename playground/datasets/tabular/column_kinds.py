"""Columns of cells: numbers, categories, texts or dates; which cells are missing; which number format holds."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from playground.datasets.tabular.numerals import (
    is_code,
    is_date,
    is_identifier,
    is_mark,
    numeral_of,
    parse_number,
    readings,
)
from playground.datasets.tabular.target import FEW_VALUES, MAX_CLASSES

Kind = Literal["number", "category", "text", "date", "empty"]
MAX_CATEGORIES = 12
MOSTLY = 0.8
"""Columns of which so many cells are numbers are columns of numbers, whatever else is written there."""
_COUNTER_WORDS = (
    "id idx index ix row rowid row_id rownum row_num row_number rownames row.names row_names nr nr. no no. # "
    "lfdnr lfd_nr lfd.nr. $casenum casenum case obs lp lp. 番号 序号 编号 行"
)
COUNTER_NAMES = frozenset(_COUNTER_WORDS.split())
COUNTER_PREFIXES = ("unnamed: ", "row n", "lfd. n", "lfd n", "case n")
LEAST_COUNTED = 5
"""Rows from which on a column without a header may be one that counts."""
EXAMPLES = 3
MAX_TWIN = 200
"""Characters up to which texts are compared for near-twins."""
_YES_WORDS = (
    "yes y true t on ja j wahr oui vrai si sí sì vero "
    "sim verdadeiro tak prawda ano pravda да истина igen igaz sand sant sann 是 真 はい 예 evet doğru हाँ"
)
YES = frozenset(_YES_WORDS.split())
"""The word of a pair such as yes and no that becomes 1."""
_BARE = re.compile(r"[\d.,eE+-]+", re.ASCII)


@dataclass
class Evidence:
    """What a column's distinct cells say about its decimal sign: how many cells allow a point only, a comma only, and
    which allow both, with different numbers."""

    point: int = 0
    comma: int = 0
    both: list[str] = field(default_factory=list)
    affixes: set[str] = field(default_factory=set)
    bracketed: str = ""

    @property
    def decimal(self) -> str | None:
        """The sign that most unambiguous cells have."""
        return None if self.point == self.comma else "." if self.point > self.comma else ","


@dataclass(frozen=True)
class Column:
    """A column as it was found.

    ``decimal``: its decimal sign, and whether another one is possible (``ambiguous``: a cell that has two readings).
    ``missing`` cells, ``marks`` the texts among them; ``odd``: cells of a column of numbers that are none, with
    ``odd_at``, the first one's row. ``distinct`` values and some ``examples``. ``counter``: it numbers the rows.
    ``identifier``: numerals that name things. ``twins``: pairs of values that differ in case, blanks or form alone.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    examples: tuple[str, ...]
    decimal: str = "."
    ambiguous: str = ""
    unsettled: bool = False
    mixed: str = ""
    marks: tuple[str, ...] = ()
    kept_marks: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    odd_cells: int = 0
    counter: bool = False
    identifier: bool = False
    could_be_number: bool = False
    affixes: tuple[str, ...] = ()
    bracketed: str = ""
    twins: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    first_text: str = ""

    @property
    def is_learnable(self) -> bool:
        """Whether it is among the features unless one says otherwise."""
        return self.kind in ("number", "category") and not self.counter


def evidence_of(cells: Counter[str], thousands: str | None) -> Evidence:
    """What the cells of a column say about the decimal sign."""
    evidence = Evidence()
    for cell, count in cells.items():
        if not ("," in cell or "." in cell or not cell.isascii() or not cell.isalnum()):
            continue
        point, comma = readings(cell, thousands)
        if point is not None and comma is None:
            evidence.point += count
        elif comma is not None and point is None:
            evidence.comma += count
        elif point != comma:
            evidence.both.append(cell)
        if (point is not None or comma is not None) and not _BARE.fullmatch(cell):
            numeral = numeral_of(cell)
            if numeral is not None:
                evidence.affixes.add(numeral.affix.lower())
                evidence.bracketed = evidence.bracketed or (cell if numeral.bracketed else "")
    return evidence


def twin_key(cell: str) -> str:
    """What near-twins share: the cell without case, blanks, invisible characters and compatible forms."""
    folded = unicodedata.normalize("NFKC", cell).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] not in ("C", "Z"))


def near_twins(cells: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of cells that differ in case, blanks or form alone."""
    first: dict[str, str] = {}
    twins = []
    for cell in cells:
        if len(cell) > MAX_TWIN:
            continue
        other = first.setdefault(twin_key(cell), cell)
        if other != cell:
            twins.append((other, cell))
    return tuple(twins)


def tidy_names(cells: Iterable[str]) -> dict[str, str]:
    """Each text with the name that it is shown by: in one line, without blanks at its ends, unless two would become
    one."""
    distinct = list(dict.fromkeys(cells))
    tidy = [" ".join(cell.split()) for cell in distinct]
    often = Counter(tidy)
    return {cell: name if often[name] == 1 else cell for cell, name in zip(distinct, tidy, strict=True)}


def describe_column(
    name: str,
    cells: Sequence[str],
    *,
    decimal: str,
    evidence: Evidence,
    unsettled: bool,
    thousands: str | None = None,
    marks: frozenset[str] = frozenset(),
    kind: str | None = None,
    raw_name: str | None = None,
) -> Column:
    """A column from its cells. ``decimal``: the sign that holds for it; ``unsettled``: whether its own cells leave
    it open.

    ``marks``: texts that count as missing whatever the column holds; ``kind``: what it is to be, where that was
    chosen;
    ``raw_name``: its name in the header, None where there is no header.
    """
    counts = Counter(cells)
    blank = {cell for cell in counts if not cell.strip() or cell.strip() in marks}
    present = [cell for cell in counts if cell not in blank]
    possible = [cell for cell in present if is_mark(cell)]
    skipped = set(possible)
    rest = [cell for cell in present if cell not in skipped] if possible else present
    numbers = [cell for cell in rest if readings(cell, thousands) != (None, None)]
    numeric_cells = set(numbers)
    total = sum(counts[cell] for cell in rest)
    numeric = sum(counts[cell] for cell in numbers)
    identifiers = [cell for cell in numbers if is_identifier(cell)]
    codes = len(numbers) > 1 and all(map(is_code, numbers))
    names_things = bool(identifiers) or codes
    dates = sum(counts[cell] for cell in rest if cell not in numeric_cells and is_date(cell))
    all_numbers = bool(rest) and numeric == total
    mostly = numeric >= MOSTLY * total and len(rest) > MAX_CATEGORIES
    column_kind: Kind
    if kind == "number" and numbers:
        column_kind = "number"
    elif kind == "category":
        column_kind = "category" if rest or possible else "empty"
    elif not rest:
        column_kind = "empty" if len(possible) < 2 else "category"
    elif (all_numbers or mostly) and not names_things:
        column_kind = "number"
    elif dates == total and not all_numbers:
        column_kind = "date"
    else:
        column_kind = "category" if len(present) <= MAX_CATEGORIES else "text"
    missing_marks = possible if column_kind in ("number", "date") else []
    values = [cell for cell in present if cell not in skipped] if missing_marks else present
    odd = [cell for cell in rest if cell not in numeric_cells] if column_kind == "number" and numeric < total else []
    is_numeric = column_kind == "number"
    return Column(
        name,
        column_kind,
        sum(counts[cell] for cell in blank) + sum(counts[cell] for cell in missing_marks),
        len(values) - len(odd),
        tuple(cell[:40] for cell in values[:EXAMPLES]),
        decimal=decimal,
        ambiguous=evidence.both[0] if evidence.both and is_numeric else "",
        unsettled=unsettled and bool(evidence.both) and is_numeric,
        mixed=_cell_with_other_sign(numbers, decimal, thousands)
        if is_numeric and (evidence.comma if decimal == "." else evidence.point)
        else "",
        marks=tuple(missing_marks),
        kept_marks=() if missing_marks or column_kind == "empty" else tuple(possible),
        odd=tuple(odd[:EXAMPLES]),
        odd_cells=sum(counts[cell] for cell in odd),
        counter=is_numeric and not odd and _counts_rows(raw_name, cells, counts),
        identifier=names_things and column_kind in ("category", "text") and numeric > total / 2,
        could_be_number=column_kind in ("category", "text")
        and numeric >= total / 2
        and (names_things or numeric < total),
        first_text=next(
            iter(identifiers), next((cell for cell in rest if cell not in numeric_cells), rest[0] if rest else "")
        ),
        affixes=tuple(sorted(evidence.affixes - {""})) if is_numeric else (),
        bracketed=evidence.bracketed if is_numeric else "",
        twins=near_twins(present) if column_kind == "category" or len(present) <= MAX_CLASSES else (),
        whole=is_numeric and len(values) <= FEW_VALUES and all(_is_whole(cell, decimal, thousands) for cell in values),
    )


def _is_whole(cell: str, decimal: str, thousands: str | None) -> bool:
    value = parse_number(cell, decimal, thousands)
    return value is not None and math.isfinite(value) and value == int(value)


def _cell_with_other_sign(numbers: list[str], decimal: str, thousands: str | None) -> str:
    """The first cell that is a number with the other decimal sign only."""
    at = 0 if decimal == "." else 1
    return next((cell for cell in numbers if readings(cell, thousands)[at] is None), "")


def _counts_rows(raw_name: str | None, cells: Sequence[str], counts: Counter[str]) -> bool:
    """Whether a column without a name, or named as an index is, counts the rows from 0 or 1 on, in any order."""
    if raw_name is None and len(cells) < LEAST_COUNTED:
        return False
    name = (raw_name or "").strip().casefold()
    if name and name not in COUNTER_NAMES and not name.startswith(COUNTER_PREFIXES):
        return False
    if len(counts) != len(cells) or not all(cell.strip().isdecimal() and len(cell) < 9 for cell in counts):
        return False
    values = sorted(map(int, counts))
    return values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1


def positive_of(values: Sequence[str]) -> str | None:
    """Which of two values says yes, where one does."""
    yes = [value for value in values if value.strip().casefold() in YES]
    return yes[0] if len(values) == 2 and len(yes) == 1 else None

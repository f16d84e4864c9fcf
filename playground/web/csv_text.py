"""Tables as CSV that a spreadsheet reads as text and numbers, never as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from playground.datasets.tabular.numerals import NUMBER


def to_csv(header: list[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape_formula(cell) for cell in header])
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue()


def escape_formula(cell: Any) -> Any:
    """``cell``, with an apostrophe before text that a spreadsheet would take for a formula; numbers stay as they
    are."""
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return cell
    return cell if NUMBER.fullmatch(cell) else "'" + cell

"""What is said about a file: sentences, each with the other readings that are a choice away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.language import Translatable, join_items, mark, mark_plural

SHOWN_CHARACTERS = 40
SHOWN_NAMES = 6


@dataclass(frozen=True)
class Alternative:
    """Another reading: ``label`` says what it would be, ``choices`` are the fields of ``ReadingChoices`` that give
    it."""

    label: str
    choices: dict[str, Any]


@dataclass(frozen=True)
class Note:
    """One sentence about a file, and what else it could have been."""

    text: str
    alternatives: tuple[Alternative, ...] = ()


def quote_cell(cell: str) -> str:
    """A cell as a sentence shows it, cut at 40 characters."""
    return repr(cell if len(cell) <= SHOWN_CHARACTERS else cell[: SHOWN_CHARACTERS - 3] + "...")


def list_names(names: Sequence[str]) -> Translatable:
    """Some names in a sentence: the first six, quoted."""
    shown = join_items(quote_cell(name) for name in names[:SHOWN_NAMES])
    others = len(names) - SHOWN_NAMES
    return mark("{names} and {count:,} more", names=shown, count=others) if others > 0 else shown


def count_rows(count: int) -> Translatable:
    """``1 row``, ``2,000 rows``."""
    return mark_plural("{count:,} row", "{count:,} rows", count)

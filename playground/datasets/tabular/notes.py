"""What is said about a file: sentences, each with the other readings that are a choice away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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


def list_names(names: Sequence[str]) -> str:
    """Some names in a sentence: the first six, quoted."""
    shown = ", ".join(quote_cell(name) for name in names[:SHOWN_NAMES])
    return f"{shown} and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else shown


def count_text(count: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

"""What one may decide about one's own file; whatever is left open is found out from the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.datasets.tabular.target import TASKS
from playground.errors import PlaygroundError, unknown_choice
from playground.language import mark

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
"""What is looked for; ``RARE_DELIMITERS`` are taken only where they are named."""
RARE_DELIMITERS = {"colon": ":", "caret": "^", "tilde": "~"}
DECIMALS = {"point": ".", "comma": ","}
THOUSANDS = {"none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
KINDS = ("number", "category")
MISSING_RULES = ("drop", "mean")
MAX_MARKS = 20
MAX_TEXT = 200


@dataclass(frozen=True)
class ReadingChoices:
    """How a file is to be read; None leaves it to the file.

    ``delimiter``, ``decimal``, ``thousands``: a sign, ``thousands`` "" for none. ``header``: whether the table's first
    row names its columns. ``first_row``: the row, as a spreadsheet counts, where the table begins. ``target``: what is
    learned; ``columns``: what from. ``kinds``: column and kind (``number`` or ``category``), by pairs. ``missing``:
    rows with missing values are dropped, or filled with the column's ``mean``; ``missing_marks``: texts that count as
    missing in any column. ``task``: as ``target.TASKS``. Raises ``PlaygroundError`` for what is no choice.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    first_row: int | None = None
    target: str | None = None
    columns: tuple[str, ...] | None = None
    kinds: tuple[tuple[str, str], ...] = ()
    missing: str = "drop"
    missing_marks: tuple[str, ...] = ()
    task: str | None = None

    def __post_init__(self) -> None:
        """Every choice is one, whoever made it."""
        _check(mark("delimiter"), self.delimiter, (DELIMITERS | RARE_DELIMITERS).values())
        _check(mark("decimal sign"), self.decimal, DECIMALS.values())
        _check(mark("thousands sign"), self.thousands, THOUSANDS.values())
        _check(mark("rule for missing values"), self.missing, MISSING_RULES)
        _check(mark("task"), self.task, TASKS)
        for _, kind in self.kinds:
            _check(mark("kind of column"), kind, KINDS)
        if self.decimal is not None and self.decimal == self.thousands:
            raise PlaygroundError(
                mark("the decimal sign and the thousands sign are the same; choose another one of them.")
            )
        if self.first_row is not None and not 1 <= self.first_row <= 2**20:
            raise PlaygroundError(
                mark("the first row must be 1 to {limit:,}, not {row}.", limit=2**20, row=self.first_row)
            )
        if len(self.missing_marks) > MAX_MARKS:
            raise PlaygroundError(
                mark(
                    "there are {count} marks for missing values; keep {limit}.",
                    count=len(self.missing_marks),
                    limit=MAX_MARKS,
                )
            )

    @property
    def marks(self) -> frozenset[str]:
        """The texts that count as missing, without blanks around them."""
        return frozenset(text.strip() for text in self.missing_marks)


def _check(noun: str, choice: Any, choices: Any) -> None:
    if choice is not None and choice not in tuple(choices):
        raise unknown_choice(noun, choice, choices)


def sign_named(name: str, signs: Mapping[str, str]) -> str:
    """The sign that a word (``semicolon``), an escape (``\\t``) or the sign itself stands for."""
    return signs.get(name.strip().lower(), "\t" if name == "\\t" else name)


def name_of(sign: str, signs: Mapping[str, str]) -> str:
    """The word for a sign."""
    return next((name for name, known in signs.items() if known == sign), sign)


OPTIONS: dict[str, Callable[[Any], str]] = {
    "encoding": lambda value: f"--encoding {value}",
    "delimiter": lambda value: f"--delimiter {name_of(value, DELIMITERS | RARE_DELIMITERS)}",
    "decimal": lambda value: f"--decimal {name_of(value, DECIMALS)}",
    "thousands": lambda value: f"--thousands {name_of(value, THOUSANDS)}",
    "header": lambda value: "--header" if value else "--no-header",
    "first_row": lambda value: f"--first-row {value}",
    "target": lambda value: f"--target {value!r}",
    "columns": lambda value: "--columns ...",
    "kinds": lambda value: " ".join(f"--kind {name + '=' + kind!r}" for name, kind in value) or "no --kind",
    "missing": lambda value: f"--missing {value}",
    "missing_marks": lambda value: " ".join(f"--missing-mark {text!r}" for text in value),
    "task": lambda value: f"--task {value}",
}
"""How the command line names each choice."""


def options_of(choices: Mapping[str, Any]) -> str:
    """The options of the command line that make these choices."""
    return " ".join(
        OPTIONS[name](value) if value is not None else f"no --{name.replace('_', '-')}"
        for name, value in choices.items()
    )

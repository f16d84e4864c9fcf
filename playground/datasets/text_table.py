"""Delimited text of unknown encoding and delimiter, as records of cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from playground.errors import PlaygroundError

DELIMITERS = (",", ";", "\t", "|")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(inf|infinity)", re.ASCII | re.IGNORECASE)
SNIFFED = 2**16
"""Characters looked at to tell the delimiter."""


def read_bytes(source: bytes | str | Path, max_bytes: int) -> bytes:
    """The content of a file, or of text as UTF-8; raises ``PlaygroundError`` above ``max_bytes`` or if unreadable."""
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                content = file.read(max_bytes + 1)
        else:
            content = source.encode() if isinstance(source, str) else bytes(source)
    except OSError as error:
        raise PlaygroundError(f"cannot read {source}: {error.strerror or error}; choose another file.") from None
    except UnicodeEncodeError:
        raise PlaygroundError("the text holds characters that do not exist (lone surrogates); remove them.") from None
    if len(content) > max_bytes:
        raise PlaygroundError(f"the file is larger than {max_bytes / 2**20:g} MB; keep fewer rows or columns.")
    return content


def decoded(content: bytes) -> str:
    """Text from UTF-8, from UTF-16 with its byte order mark, or else from Windows-1252; raises ``PlaygroundError``."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise PlaygroundError("the file holds zero bytes, so it is no text table; export it as CSV in UTF-8.")
        return text
    raise PlaygroundError("the file's characters cannot be read; save it as CSV in UTF-8.")


def parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    """Records of cells, stripped; a blank line is an empty record."""
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t"):
        cells = [" ".join(cell.split()) for cell in record]
        yield cells if any(cells) or len(cells) > 1 else []


def told_delimiter(text: str) -> str:
    """The delimiter that gives the first records equal widths, and the most columns; a comma when none does."""
    start = text if len(text) <= SNIFFED else text[:SNIFFED].rpartition("\n")[0] or text[:SNIFFED]

    def merit(delimiter: str) -> tuple[bool, int]:
        try:
            widths = [len(record) for record in islice(parsed(start, delimiter), 20) if record]
        except csv.Error:
            return False, 0
        return widths != [] and widths[0] > 1 and len(set(widths)) == 1, widths[0] if widths else 0

    return max(DELIMITERS, key=merit)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Row numbers from 1, blank rows counted but left out, with their cells; ``PlaygroundError`` for broken quoting."""
    row = 0
    try:
        for row, cells in enumerate(parsed(text, delimiter), 1):
            if cells:
                yield row, cells
    except csv.Error as error:
        raise PlaygroundError(f"row {row + 1} cannot be read ({error}); look for a quote that is not closed.") from None


def number(cell: str, decimal_comma: bool) -> float | None:
    """The number that a cell holds, infinite when it is too large, or None for text."""
    if decimal_comma and cell.count(",") == 1 and "." not in cell:
        cell = cell.replace(",", ".")
    return float(cell) if NUMBER.fullmatch(cell) else None


def quoted(cell: str) -> str:
    """A cell as an error shows it, cut at 40 characters."""
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")

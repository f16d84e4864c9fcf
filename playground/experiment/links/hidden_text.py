"""Hidden layers as somebody types them."""

from __future__ import annotations

import re

BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s*[-x*\u00d7]\s*(?=\d)", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s,;]+")
MAX_DIGITS = 5


def parse_hidden(text: str) -> list[int | str]:
    """Units of each layer in ``4, 2``, ``4 2``, ``4-2`` or ``4x2``; no layer for an empty text, a lone ``0`` or
    ``none``.

    What is no whole number stays as it was typed, for the field's own rule to refuse.
    """
    parts = [part for part in SEPARATORS.split(BETWEEN_NUMBERS.sub(",", text.strip().strip("()[]"))) if part]
    if parts in (["0"], ["none"]):
        return []
    return [int(part) if part.isascii() and part.isdecimal() and len(part) <= MAX_DIGITS else part for part in parts]

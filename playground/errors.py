"""The error that a user sees: one sentence that names the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

MAX_LISTED, MAX_LISTED_CHARS = 4, 240
"""Names that a sentence lists, the nearest where there are more, and their letters."""


class PlaygroundError(ValueError):
    """Bad input, whose message is one sentence that a user can act on.

    Pages show it as it is; the command line prints it and exits with code 2. ``field``: the setting that is wrong, ""
    where it is none; ``nearest``: the value of it that would be allowed and is certainly meant, such as the limit that
    was passed, None where there is none.
    """

    def __init__(self, message: str, *, field: str = "", nearest: Any = None) -> None:
        super().__init__(message)
        self.field = field
        self.nearest = nearest


def unknown_choice(
    noun: str, name: object, choices: Iterable[str], *, field: str = "", nearest: Any = None
) -> PlaygroundError:
    """The error for a name that is not among ``choices``, with the nearest one that is, about ``field``."""
    known = list(choices)
    near = difflib.get_close_matches(str(name)[:80].lower(), known, n=1, cutoff=0.5)
    shown = repr(name) if len(repr(name)) <= 60 else repr(name)[:57] + "..."
    shortlist = known
    if len(known) > MAX_LISTED:
        likeness = difflib.SequenceMatcher(b=str(name)[:80].lower())
        shortlist = sorted(known, key=lambda candidate: -_ratio(likeness, candidate))[:MAX_LISTED]
    listed = ", ".join(shortlist)
    if len(listed) > MAX_LISTED_CHARS:
        listed = listed[:MAX_LISTED_CHARS].rpartition(", ")[0]
    if len(known) > MAX_LISTED:
        listed += f" or others ({len(known)} in all)"
    cure = f"did you mean {near[0]!r}?" if near else f"choose one of {listed}."
    return PlaygroundError(f"unknown {noun} {shown}; {cure}", field=field, nearest=nearest)


def _ratio(likeness: difflib.SequenceMatcher[str], name: str) -> float:
    likeness.set_seq1(name)
    return likeness.ratio()

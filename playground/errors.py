"""The error that a user sees: one sentence that names the cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from playground.language import join_items, mark

MAX_LISTED, MAX_LISTED_CHARS = 4, 240
"""Names that a sentence lists, the nearest where there are more, and their letters."""


class PlaygroundError(ValueError):
    """Bad input, whose ``sentence`` a user can act on.

    It is marked for translation where it is raised and translated where it is shown: pages show it, the command line
    prints it and exits with code 2. ``field``: the setting that is wrong, "" where it is none; ``nearest``: the value
    of it that would be allowed and is certainly meant, such as the limit that was passed, None where there is none.
    """

    def __init__(self, sentence: str, *, field: str = "", nearest: Any = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
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
    while len(shortlist) > 1 and len(", ".join(shortlist)) > MAX_LISTED_CHARS:
        shortlist = shortlist[:-1]
    if near:
        sentence = mark("unknown {noun} {name}; did you mean {nearest}?", noun=noun, name=shown, nearest=repr(near[0]))
    elif len(known) > MAX_LISTED:
        sentence = mark(
            "unknown {noun} {name}; choose one of {names} or others ({count} in all).",
            noun=noun, name=shown, names=join_items(shortlist), count=len(known),
        )  # fmt: skip
    else:
        sentence = mark(
            "unknown {noun} {name}; choose one of {names}.", noun=noun, name=shown, names=join_items(shortlist)
        )
    return PlaygroundError(sentence, field=field, nearest=nearest)


def _ratio(likeness: difflib.SequenceMatcher[str], name: str) -> float:
    likeness.set_seq1(name)
    return likeness.ratio()

"""Named, documented choices: one entry of a registry is all that a new choice takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from playground.errors import unknown_choice
from playground.language import mark

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every choice says of itself.

    ``name``: snake_case, the field's own term; it appears in specs and links.
    ``label``: as it is shown in a control.
    ``explanation``: one sentence, for someone who meets it the first time.
    ``formula``: TeX without dollar signs. ``brief``: the same as one short line of plain signs, to stand beside the
    label; empty where it would be long.
    ``source``: paper and year, or where the definition stands.
    ``knobs``: names of the fields of ``Knobs`` that act on it.
    """

    name: str
    label: str
    explanation: str
    formula: str
    source: str
    brief: str = ""
    knobs: tuple[str, ...] = ()

    TRANSLATED: ClassVar[tuple[str, ...]] = ("label", "explanation", "brief")
    """The fields that are shown: texts in the visitor's language."""

    def __post_init__(self) -> None:
        for name in self.TRANSLATED:
            object.__setattr__(self, name, mark(getattr(self, name)))


E = TypeVar("E", bound=Entry)
REGISTRIES: list[Registry[Any]] = []
"""All registries that there are: their entries' texts are translated."""


class Registry(Generic[E]):
    """Entries by name, in the order of registration.

    ``registry[name]`` raises ``PlaygroundError`` with the nearest name when there is none such.
    """

    def __init__(self, noun: str) -> None:
        self.noun = mark(noun)
        self._entries: dict[str, E] = {}
        REGISTRIES.append(self)

    def register(self, entry: E) -> E:
        """Add ``entry`` and return it; raises ``ValueError`` for a duplicate or an ill-formed name."""
        if not SNAKE_CASE.fullmatch(entry.name):
            raise ValueError(f"{self.noun} name {entry.name!r} is not snake_case")
        if entry.name in self._entries:
            raise ValueError(f"{self.noun} {entry.name!r} is registered twice")
        self._entries[entry.name] = entry
        return entry

    def __getitem__(self, name: str) -> E:
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise unknown_choice(self.noun, name, self._entries) from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def values(self) -> tuple[E, ...]:
        """All entries, in the order of registration."""
        return tuple(self._entries.values())

"""One bound on the bytes of everything that a session keeps; what was used longest ago is released first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable
from weakref import ref

import jax
import numpy as np

from playground.training.data import ARRAY_BYTES

SESSION_BYTES = 8 * 2**20


@runtime_checkable
class Holder(Protocol):
    """Whoever knows what it holds: bytes by the identity of each part, so that what several hold counts once."""

    def memory_by_object(self) -> dict[int, int]:
        """Its parts."""
        ...


@runtime_checkable
class Shrinking(Holder, Protocol):
    """A holder that can let go of what can be made again."""

    def shrink(self, most: int) -> None:
        """Take at most so many bytes, or as few as it can."""
        ...


def do_nothing() -> None:
    """The release of an owner that cannot be removed."""


@dataclass
class Entry:
    """One owner of memory, and ``release``, which removes it from where it is kept; ``parts``: bytes by object,
    measured when it was last used, for an owner that cannot report them itself (None: it can)."""

    owner: ref[Any]
    release: Callable[[], Any]
    parts: dict[int, int] | None

    @property
    def memory_by_object(self) -> dict[int, int]:
        """Its parts as they are now."""
        owner = self.owner()
        if owner is None:
            return {}
        return owner.memory_by_object() if self.parts is None else self.parts


class MemoryBudget:
    """At most ``most`` bytes over all that was given to ``touch``; what nobody else holds any more is forgotten by
    itself.

    What cannot shrink stays: the newest state of the run that is shown, its samples, and what is looked at now.
    """

    def __init__(self, most: int = SESSION_BYTES) -> None:
        self.most = most
        self._entries: dict[int, Entry] = {}

    def touch(self, owner: Any, leave: Callable[[], Any] = do_nothing, of: Any = None) -> None:
        """Mark ``owner`` as used now: it is released after everything that was used earlier; ``leave`` removes it from
        where it is kept.

        ``of``: the object whose bytes are counted in its place, which lives as long.
        """
        parts = None if isinstance(owner, Holder) else parts_of(owner if of is None else of)
        self._entries.pop(id(owner), None)
        self._entries[id(owner)] = Entry(ref(owner), leave, parts)

    @property
    def used_bytes(self) -> int:
        """Bytes of all of it."""
        return total_bytes(self._live_entries())

    def enforce(self, shown: Any) -> None:
        """Come within the bound: all shrink, the one longest not looked at first and ``shown`` last; then they leave,
        but for ``shown`` and the one looked at now."""
        entries = self._live_entries()
        if total_bytes(entries) <= self.most:
            return
        *others, latest = [candidate for candidate in entries if candidate.owner() is not shown] or [None]
        last = [candidate for candidate in entries if candidate.owner() is shown]
        for entry in (*others, latest, *last):
            owner = entry.owner() if entry is not None else None
            if isinstance(owner, Shrinking) and (excess := total_bytes(entries) - self.most) > 0:
                owner.shrink(max(0, sum(owner.memory_by_object().values()) - excess))
        for entry in others:
            if total_bytes(self._live_entries()) <= self.most:
                return
            if entry is not None and entry.release is not do_nothing:
                self._entries = {key: value for key, value in self._entries.items() if value is not entry}
                entry.release()

    def _live_entries(self) -> list[Entry]:
        self._entries = {key: value for key, value in self._entries.items() if value.owner() is not None}
        return list(self._entries.values())


def total_bytes(entries: list[Entry]) -> int:
    """Bytes of all parts, each counted once, and as its own holder knows it now."""
    parts: dict[int, int] = {}
    for entry in sorted(entries, key=lambda item: item.parts is None):
        parts |= entry.memory_by_object
    return sum(parts.values())


def parts_of(holder: Any) -> dict[int, int]:
    """Bytes by identity of all that ``holder`` holds: arrays, texts, containers and this project's objects, each asked
    when it knows itself."""
    bytes_by_object: dict[int, int] = {}
    line, seen = [holder], set[int]()
    while line:
        entry = line.pop()
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        if isinstance(entry, Holder):
            bytes_by_object |= entry.memory_by_object()
        elif isinstance(entry, np.ndarray):
            owner = entry
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            bytes_by_object[id(owner)] = owner.nbytes + sys.getsizeof(np.zeros(0))
        elif isinstance(entry, jax.Array):
            bytes_by_object[id(entry)] = entry.nbytes + ARRAY_BYTES
        elif isinstance(entry, Mapping):
            bytes_by_object[id(entry)] = sys.getsizeof(entry)
            line += [*entry.keys(), *entry.values()]
        elif isinstance(entry, list | tuple | set | frozenset):
            bytes_by_object[id(entry)] = sys.getsizeof(entry)
            line += entry
        elif isinstance(entry, str | bytes):
            bytes_by_object[id(entry)] = sys.getsizeof(entry)
        elif type(entry).__module__.startswith("playground.") and hasattr(entry, "__dict__"):
            bytes_by_object[id(entry)] = sys.getsizeof(entry) + sys.getsizeof(vars(entry))
            line += vars(entry).values()
    return bytes_by_object

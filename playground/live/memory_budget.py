"""One bound over all that a session holds, whatever holds it: what is not looked at gives way first."""

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
    """What is done to let go of what cannot leave."""


@dataclass
class Entry:
    """One thing that is held, and how whoever holds it lets go of it; ``parts``: of what is no holder, as they were when it was looked at; None: it knows."""

    owner: ref[Any]
    release: Callable[[], Any]
    parts: dict[int, int] | None

    @property
    def memory_by_object(self) -> dict[int, int]:
        """Its parts as they are now."""
        thing = self.owner()
        if thing is None:
            return {}
        return thing.memory_by_object() if self.parts is None else self.parts


class MemoryBudget:
    """At most ``most`` bytes over all that was given to ``touch``; what nobody else holds any more is forgotten by itself.

    What cannot shrink stays: the newest state of the run that is shown, its samples, and what is looked at now.
    """

    def __init__(self, most: int = SESSION_BYTES) -> None:
        self.most = most
        self._entries: dict[int, Entry] = {}

    def touch(self, thing: Any, leave: Callable[[], Any] = do_nothing, of: Any = None) -> None:
        """``owner`` is looked at now: it gives way after all that was looked at before; ``release`` has whoever holds it let go of it.

        ``of``: what is weighed in its place, which lives as long.
        """
        parts = None if isinstance(thing, Holder) else parts_of(thing if of is None else of)
        self._entries.pop(id(thing), None)
        self._entries[id(thing)] = Entry(ref(thing), leave, parts)

    @property
    def used_bytes(self) -> int:
        """Bytes of all of it."""
        return total_bytes(self._live_entries())

    def enforce(self, shown: Any) -> None:
        """Come within the bound: all shrink, the one longest not looked at first and ``shown`` last; then they leave, but for ``shown`` and the one looked at now."""
        entries = self._live_entries()
        if total_bytes(entries) <= self.most:
            return
        *others, latest = [one for one in entries if one.owner() is not shown] or [None]
        last = [one for one in entries if one.owner() is shown]
        for entry in (*others, latest, *last):
            thing = entry.owner() if entry is not None else None
            if isinstance(thing, Shrinking) and (excess := total_bytes(entries) - self.most) > 0:
                thing.shrink(max(0, sum(thing.memory_by_object().values()) - excess))
        for entry in others:
            if total_bytes(self._live_entries()) <= self.most:
                return
            if entry is not None and entry.release is not do_nothing:
                self._entries = {key: one for key, one in self._entries.items() if one is not entry}
                entry.release()

    def _live_entries(self) -> list[Entry]:
        self._entries = {key: one for key, one in self._entries.items() if one.owner() is not None}
        return list(self._entries.values())


def total_bytes(entries: list[Entry]) -> int:
    """Bytes of all parts, each counted once, and as its own holder knows it now."""
    parts: dict[int, int] = {}
    for entry in sorted(entries, key=lambda one: one.parts is None):
        parts |= entry.memory_by_object
    return sum(parts.values())


def parts_of(thing: Any) -> dict[int, int]:
    """Bytes by identity of all that ``owner`` holds: arrays, texts, containers and this project's objects, each asked when it knows itself."""
    found: dict[int, int] = {}
    line, seen = [thing], set[int]()
    while line:
        one = line.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Holder):
            found |= one.memory_by_object()
        elif isinstance(one, np.ndarray):
            owner = one
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            found[id(owner)] = owner.nbytes + sys.getsizeof(np.zeros(0))
        elif isinstance(one, jax.Array):
            found[id(one)] = one.nbytes + ARRAY_BYTES
        elif isinstance(one, Mapping):
            found[id(one)] = sys.getsizeof(one)
            line += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            found[id(one)] = sys.getsizeof(one)
            line += one
        elif isinstance(one, str | bytes):
            found[id(one)] = sys.getsizeof(one)
        elif type(one).__module__.startswith("playground.") and hasattr(one, "__dict__"):
            found[id(one)] = sys.getsizeof(one) + sys.getsizeof(vars(one))
            line += vars(one).values()
    return found

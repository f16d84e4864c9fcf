"""The process-wide cache of compiled programs: bounded, compiled once however many ask, and able to give its memory
back."""

from __future__ import annotations

import heapq
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from playground.errors import PlaygroundError
from playground.language import mark
from playground.programs.compiler import Program
from playground.programs.memory import available_bytes, return_memory, trim

DEFAULT_CAPACITY = 48
MAX_BYTES, KEPT_BYTES, UNUSED_SECONDS = 520 * 2**20, 160 * 2**20, 5.0
"""What all programs may take in memory, what the latest may take that nobody has used for so many seconds; others come
again from disk in 0.1 to 1.2 CPU s."""
BYTES_PER_CHAR, DEFAULT_BYTES = 28, 4 * 2**20
"""A program takes 15 to 33 bytes for each character of its text (measured on 21 of them, made and loaded)."""
NOW, SOON, LATER = -1, 0, 1
"""Urgencies in the line before the compiler: what a thread stands still for, what a visitor waits for, and what
somebody may want one day."""
NEEDED_BYTES, NEEDED_BYTES_SHARED = 350 * 2**20, 150 * 2**20
"""What compiling takes at most for a moment: a program of one network's own, one that many share."""
RETRY_SECONDS = 60.0
"""What could not be compiled is not tried again for so long: nobody's stage asks it into a loop."""
SHORT_OF_MEMORY = mark("This server has too little memory left to prepare this at the moment: try again in a minute.")
SHORT_OF_MEMORY_FOR_OWN = mark(
    "This server has too little memory left to compile a program for this network alone: try again in a minute, or "
    "take one without normalisation, of at most 32 units a layer, with an optimizer like Adam; those are there already."
)


@dataclass(eq=False)
class CacheEntry:
    """A program that is there, is being made, or waits for it; ``failed``: when it could not be made."""

    build: Callable[[], Program]
    urgency: int
    shared: bool = False
    begun: bool = False
    used: float = 0.0
    bytes: int = 0
    failed: float | None = None
    future: Future[Program] = field(default_factory=Future)


class ProgramCache:
    """Compiled programs by key, at most ``capacity`` of them and ``MAX_BYTES``, the one unused longest leaving first.

    One thread compiles in the background, the most urgent first, then the oldest, each while it holds a ``turn``; who
    cannot wait for it compiles as well, but never two at a time. That of a run's frames takes 22 MB when it was made
    here and 40 when it came from disk, most of it XLA's own description of it, and so ``evict_unused`` lets go of what
    nobody uses."""

    def __init__(
        self,
        capacity: int = DEFAULT_CAPACITY,
        clock: Callable[[], float] = time.monotonic,
        available: Callable[[], int | None] = available_bytes,
        weigh: Callable[[Program], int] | None = None,
    ) -> None:
        self.capacity = capacity
        self.weigh = weigh or program_bytes
        self.available = available
        self.compilations = 0
        self._clock = clock
        self._programs: OrderedDict[Hashable, CacheEntry] = OrderedDict()
        self._line: list[tuple[int, int, Hashable, CacheEntry]] = []
        self._places = count()
        self._lock = threading.Lock()
        self._compiler = threading.RLock()  # one program at a time, whoever asks: each takes 150 to 300 MB for a moment
        self._dropped = 0
        self._working = False
        self._turn: Callable[[], AbstractContextManager[Any]] = nullcontext
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compile")

    def get(self, key: Hashable, build: Callable[[], Program], shared: bool = False) -> Program:
        """The program of ``key``, compiled by ``build`` unless it is there; concurrent callers wait for the same one.

        One that is still queued is compiled by this call, after the one that is being compiled. Raises
        ``PlaygroundError`` when it cannot be compiled.
        """
        with self._lock:
            making = self._claim(key, build, NOW, shared)
            if not making.begun:
                heapq.heappush(self._line, (NOW, next(self._places), key, making))
        if not making.future.done():
            with self._compiler:  # whoever has begun one has ended it by now, or is this very thread
                mine, making.begun = not making.begun, True
                if mine:
                    self._compile(key, making)
        return making.future.result()

    def prefetch(self, key: Hashable, build: Callable[[], Program], urgency: int = SOON, shared: bool = False) -> None:
        """Have the program of ``key`` made in the background, unless it is there or could not be made a moment ago."""
        with self._lock:
            making = self._claim(key, build, LATER + 1, shared)
            if not making.begun and urgency < making.urgency:
                making.urgency = urgency
                heapq.heappush(self._line, (urgency, next(self._places), key, making))
            self._start_worker()

    def ready(self, key: Hashable) -> bool:
        """Whether ``get`` answers without waiting: with the program, or with why there is none."""
        with self._lock:
            making = self._programs.get(key)
        return making is not None and making.future.done()

    def take_turns(self, turn: Callable[[], AbstractContextManager[Any]]) -> None:
        """Compile in the background only within ``turn()``, so that whoever trains is not slowed down."""
        self._turn = turn

    @property
    def busy(self) -> bool:
        """Whether something is compiled, or is to be, in the background."""
        return self._working

    @property
    def bytes(self) -> int:
        """What all programs take in memory, as ``weigh`` says."""
        return sum(making.bytes for making in self._programs.values())

    def __len__(self) -> int:
        return len(self._programs)

    def _claim(self, key: Hashable, build: Callable[[], Program], urgency: int, shared: bool) -> CacheEntry:
        making = self._programs.get(key)
        if making is not None and making.failed is not None and self._clock() - making.failed > RETRY_SECONDS:
            making = None
        if making is None:
            making = self._programs[key] = CacheEntry(build, urgency, shared)
        making.used = self._clock()
        self._programs.move_to_end(key)
        while len(self._programs) > self.capacity or (len(self._programs) > 1 and self.bytes > MAX_BYTES):
            self._programs.popitem(last=False)
            self._dropped += 1
        if self._dropped > self.capacity // 2:
            self._start_worker()
        return making

    def _compile(self, key: Hashable, making: CacheEntry) -> None:
        with self._lock:
            self.compilations += 1
        try:
            self._check_memory(making.shared)
            program = making.build()
            making.bytes = self.weigh(program)
            making.future.set_result(program)
            making.build = refuse_second_build  # its samples, which it needs no more, may be large
        except Exception as error:
            making.failed = self._clock()
            making.future.set_exception(to_user_error(error))
        except BaseException as error:  # interrupted: whoever comes next tries again
            with self._lock:
                if self._programs.get(key) is making:
                    del self._programs[key]
            making.future.set_exception(error)
            raise

    def _check_memory(self, shared: bool) -> None:
        """Raise ``PlaygroundError`` where the compiler could take more memory than there is, and all would be
        killed."""
        if self._enough_memory(shared):
            return
        return_memory()
        if not self._enough_memory(shared):
            raise PlaygroundError(SHORT_OF_MEMORY if shared else SHORT_OF_MEMORY_FOR_OWN)

    def _enough_memory(self, shared: bool) -> bool:
        available = self.available()
        return available is None or available >= (NEEDED_BYTES_SHARED if shared else NEEDED_BYTES)

    def _start_worker(self) -> None:
        """Have the background thread take the next one; one at a time, so that a process that ends waits for no more
        than that."""
        if self._working or not (self._line or self._dropped > self.capacity // 2):
            return
        try:
            self._background.submit(self._work)
            self._working = True
        except RuntimeError:  # the interpreter is about to end
            pass

    def _work(self) -> None:
        try:
            # The turn first: whoever has another turn may then still make what stands in line.
            with self._turn(), self._compiler:
                with self._lock:
                    key, making = self._next()
                    purge = self._dropped > self.capacity // 2
                    self._dropped = 0 if purge else self._dropped
                if purge:
                    return_memory()
                if making is not None:
                    self._compile(key, making)
            trim()
        finally:
            with self._lock:
                self._working = False
                self._start_worker()

    def _next(self) -> tuple[Hashable, CacheEntry | None]:
        while self._line:
            _, _, key, making = heapq.heappop(self._line)
            if not making.begun and self._programs.get(key) is making:  # else made already, or left again
                making.begun = True
                return key, making
        return None, None

    def evict_unused(self) -> int:
        """Let go of programs that nobody has used for ``UNUSED_SECONDS``, but for the latest of ``KEPT_BYTES``; tells
        how many they were."""
        with self._lock:
            now, gone, kept_bytes = self._clock(), [], 0
            for key, entry in reversed(self._programs.items()):
                kept_bytes += entry.bytes
                if kept_bytes > KEPT_BYTES and entry.future.done() and now - entry.used > UNUSED_SECONDS:
                    gone.append(key)
            for key in gone:
                del self._programs[key]
            self._dropped += len(gone)
        if gone:
            trim()
        return len(gone)

    def purge(self) -> None:
        """Forget every program and give the memory back to the system."""
        with self._lock:
            self._programs.clear()
            self._line.clear()
            self._dropped = 0
        return_memory()


def program_bytes(program: Program) -> int:
    """About what ``program`` takes in memory, by the length of its text."""
    as_text = getattr(program, "as_text", None)
    text = as_text() if as_text is not None else None
    return BYTES_PER_CHAR * len(text) if text else DEFAULT_BYTES


def refuse_second_build() -> Program:
    """How a program that is there is made: not again."""
    raise AssertionError("it is there")


def to_user_error(error: Exception) -> PlaygroundError:
    """Why there is no program, in a sentence."""
    if isinstance(error, PlaygroundError):
        return error
    failure = PlaygroundError(
        mark(
            "This network could not be compiled on this machine ({error}): make it smaller, or try again in a minute.",
            error=type(error).__name__,
        )
    )
    failure.__cause__ = error
    return failure


@dataclass(frozen=True)
class ProgramSpec:
    """How a program is made, and its place in the process's cache; ``shared``: it serves many networks."""

    key: Hashable
    build: Callable[[], Program] = field(compare=False)
    shared: bool = False

    def program(self) -> Program:
        """The compiled program, compiling it now if need be."""
        return PROGRAMS.get(self.key, self.build, self.shared)

    def prefetch(self, urgency: int = SOON) -> None:
        """Have it compiled in the background."""
        PROGRAMS.prefetch(self.key, self.build, urgency, self.shared)

    def ready(self) -> bool:
        """Whether it can be had without waiting."""
        return PROGRAMS.ready(self.key)


PROGRAMS = ProgramCache()
"""The one cache of this process."""

"""The process-wide cache of compiled programs: bounded, compiled once however many ask, and able to give its memory back."""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax

DEFAULT_CAPACITY = 48
CACHE_BYTES = 256 * 2**20
Program = Callable[..., Any]


class Programs:
    """Compiled programs by key, at most ``capacity`` of them, the one unused longest leaving first.

    A program costs about 5 MB and 150 memory maps, which neither ``jax.clear_caches`` nor the collector returns alone: ``purge`` does.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self.capacity = capacity
        self.compilations = 0
        self._programs: OrderedDict[Hashable, Future[Program]] = OrderedDict()
        self._lock = threading.Lock()
        self._dropped = 0
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compile")

    def get(self, key: Hashable, build: Callable[[], Program]) -> Program:
        """The program of ``key``, made by ``build`` unless it is there; whoever asks meanwhile waits for the same one."""
        future, mine = self._claim(key)
        if mine:
            self._fill(key, future, build)
        return future.result()

    def prepare(self, key: Hashable, build: Callable[[], Program]) -> None:
        """Have the program of ``key`` made in the background."""
        future, mine = self._claim(key)
        if mine:
            self._background.submit(self._fill, key, future, build)

    def ready(self, key: Hashable) -> bool:
        """Whether the program of ``key`` can be had without waiting."""
        with self._lock:
            future = self._programs.get(key)
        return future is not None and future.done()

    def __len__(self) -> int:
        return len(self._programs)

    def _claim(self, key: Hashable) -> tuple[Future[Program], bool]:
        with self._lock:
            future = self._programs.get(key)
            if future is not None:
                self._programs.move_to_end(key)
                return future, False
            future = self._programs[key] = Future()
            while len(self._programs) > self.capacity:
                self._programs.popitem(last=False)
                self._dropped += 1
            purge = self._dropped > self.capacity // 2
            if purge:
                self._dropped = 0
        if purge:
            return_memory()
        return future, True

    def _fill(self, key: Hashable, future: Future[Program], build: Callable[[], Program]) -> None:
        try:
            self.compilations += 1
            future.set_result(build())
        except BaseException as error:
            with self._lock:
                self._programs.pop(key, None)
            future.set_exception(error)

    def purge(self) -> None:
        """Forget every program and give the memory back to the system."""
        with self._lock:
            self._programs.clear()
            self._dropped = 0
        return_memory()


@dataclass(frozen=True)
class Recipe:
    """How a program is made, and its place in the process's cache."""

    key: Hashable
    build: Callable[[], Program]

    def program(self) -> Program:
        """The compiled program, compiling it now if need be."""
        return PROGRAMS.get(self.key, self.build)

    def prepare_program(self) -> None:
        """Have it compiled in the background."""
        PROGRAMS.prepare(self.key, self.build)

    def ready(self) -> bool:
        """Whether it can be had without waiting."""
        return PROGRAMS.ready(self.key)


def return_memory() -> None:
    """Drop what JAX itself caches, collect, and hand freed pages back to the system (glibc only; elsewhere without that)."""
    jax.clear_caches()
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        pass


def compiled(function: Callable[..., Any], *examples: Any) -> Program:
    """``function`` compiled for arguments like ``examples``: it can then never recompile, only refuse other shapes."""
    return jax.jit(function).lower(*examples).compile()


def use_persistent_cache(folder: Path | None = None) -> None:
    """Keep compiled programs on disk, so that one seen before is loaded and not compiled: 2.2 -> 0.17 CPU s.

    ``folder``: where; else ``PLAYGROUND_CACHE_DIR``, else ``~/.cache/neural-playground``. A folder that cannot be written
    only costs the time.
    """
    default = Path(os.environ.get("PLAYGROUND_CACHE_DIR") or Path.home() / ".cache" / "neural-playground")
    jax.config.update("jax_compilation_cache_dir", str(folder or default))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_compilation_cache_max_size", CACHE_BYTES)


PROGRAMS = Programs()
"""The one cache of this process."""

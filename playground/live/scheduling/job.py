"""Long work in slices: it advances while its page is open, reports its progress, and stops when nobody looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Literal

from playground.errors import PlaygroundError
from playground.live.scheduling.scheduler import SCHEDULER
from playground.programs.cache import ProgramSpec

JobState = Literal["compiling", "working", "done", "cancelled", "failed"]
SLICE_SECONDS = 0.3
COMPILE_SECONDS = 0.05
"""The longest wait for a program in one slice: nothing is done meanwhile, and a press on the page waits for its end."""


class Job:
    """Work of the generator ``work()``, once the programs of ``recipes`` are compiled: it yields the share that is done
    (0 to 1), or a recipe to wait for.

    ``key`` tells what it is about: another question is another job. ``state``: compiling, working, done, cancelled, or
    failed with ``text`` saying why."""

    def __init__(
        self, key: Hashable, recipes: Sequence[ProgramSpec], work: Callable[[], Iterator[float | ProgramSpec]]
    ) -> None:
        self.key = key
        self.share = 0.0
        self.state: JobState = "compiling"
        self.text = ""
        self._recipes, self._work = recipes, work()

    @property
    def going(self) -> bool:
        """Whether there is more to do."""
        return self.state in ("compiling", "working")

    def cancel(self) -> None:
        """Stop here; what was found so far stays."""
        if self.going:
            self.state = "cancelled"
            self._work.close()  # pyright: ignore[reportAttributeAccessIssue]  # a generator

    def run_slice(self, seconds: float = SLICE_SECONDS, until: Callable[[], bool] | None = None) -> None:
        """Work for about so many seconds; no longer than to the piece after which ``until()`` holds."""
        if self.state == "compiling" and not self._compile_programs(min(seconds, COMPILE_SECONDS)):
            return
        if not self.going:
            return
        self.state = "working"
        end = time.monotonic() + seconds
        try:
            while self.state == "working" and time.monotonic() < end:
                with SCHEDULER.acquire(
                    id(self), job=True
                ):  # a turn for each piece: who plays does not wait for the others
                    step = next(self._work)
                if isinstance(step, ProgramSpec):
                    self._recipes, self.state = (step,), "compiling"
                else:
                    self.share = step
                if until is not None and until():
                    break
        except StopIteration:
            self.share, self.state = 1.0, "done"
        except PlaygroundError as error:
            self.state, self.text = "failed", error.sentence

    def finish(self) -> None:
        """Do all of it at once."""
        for recipe in self._recipes:
            recipe.program()
        while self.going:
            self.run_slice()

    def _compile_programs(self, seconds: float) -> bool:
        for recipe in self._recipes:
            recipe.prefetch()
        end = time.monotonic() + seconds
        while not (ready := all(recipe.ready() for recipe in self._recipes)) and time.monotonic() < end:
            time.sleep(0.01)
        return ready

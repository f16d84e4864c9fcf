"""What every fault has: how often it is tried, servers and visitors that are watched, somebody beside, and the row that
tells what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.crowd.server import Server, Watch, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

FRAMES = 12
"""More frames that tell that somebody plays on."""
FILLED = 60
"""Frames after which a stage has in hand what it likes to have, and asks no more than it shows."""
BASELINE = 3.0
"""Seconds for which somebody's frames are counted before anything breaks."""
SLOWER = 2.0
"""So many times slower at most may a fault make those who only stand beside it."""


OUTSIDE = {"WebSocketDisconnected": "Streamlit wrote to a socket that had gone"}
"""Tracebacks in the log that are Streamlit's own, by a part of their last line, and what they tell."""


@dataclass(frozen=True)
class Counts:
    """How often of each. Seconds: ``kept``, for which a server keeps a session whose socket is gone; ``freeze``, of a
    frozen tab; ``silent``, of a client that reads nothing; ``patience``, that one fault has in all."""

    drops: int = 6
    forgets: int = 4
    kept: int = 2
    kills: int = 2
    freezes: int = 2
    hides: int = 2
    forged: int = 60
    switches: int = 3
    presses: int = 40
    freeze: float = 10.0
    silent: float = 5.0
    patience: float = 150.0


SHORT = Counts()
FULL = Counts(
    drops=100,
    forgets=12,
    kept=45,  # as the app itself has it
    kills=20,
    freezes=6,
    hides=10,
    forged=2000,
    switches=20,
    presses=1000,
    silent=60.0,
    patience=600.0,
)


@dataclass
class Fault:
    """One fault as it is tried: ``times`` done, ``noted`` figures, ``wrong`` what should not have happened; ``outside``
    as ``OUTSIDE``."""

    cache: str
    counts: Counts
    times: int = 0
    noted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    outside: dict[str, str] = field(default_factory=lambda: dict(OUTSIDE))

    def row(self, what: str) -> str:
        """The line of the table."""
        result = "; ".join(dict.fromkeys(self.wrong)) if self.wrong else "as it should" if self.times else "not tried"
        noted = dict.fromkeys(self.noted)
        return f"| {what} | {self.times} | {'; '.join([result, *noted])} |".replace("\n", " ")

    def expect(self, held: bool, what: str) -> None:
        """Note what did not hold."""
        if not held:
            self.wrong.append(what)

    def complain(self, server: Server) -> None:
        """Count the tracebacks in the log; those that are Streamlit's own are noted, not held against it."""
        for one in server.complaints():
            told = [what for part, what in self.outside.items() if part in one]
            if told:
                self.noted.append(f"in the log alone: {told[0]}")
            else:
                self.wrong.append(one)

    @asynccontextmanager
    async def server(self, *options: str, **more: Any) -> AsyncIterator[Server]:
        """A server, watched: its health and its log are part of every fault's result."""
        started = served(more.pop("cache", self.cache), *options, PLAYGROUND_PREWARM="0", **more)
        server = await asyncio.to_thread(started.__enter__)
        try:
            async with Watch(server) as seen:
                yield server
            self.expect(not seen.unhealthy, f"{seen.unhealthy} times unhealthy")
            self.complain(server)
        finally:
            await asyncio.to_thread(started.__exit__, None, None, None)

    @asynccontextmanager
    async def player(self, server: Server, query: str = "") -> AsyncIterator[Visitor]:
        """A visitor who plays; what it should not have seen is part of the result."""
        async with Visitor(server.url, self.tally, query) as visitor:
            visitor.player.play(time.monotonic())
            await plays_on(visitor)
            yield visitor
        self.wrong += [*visitor.player.errors, *visitor.wire.page.errors]

    @asynccontextmanager
    async def bystander(self, server: Server) -> AsyncIterator[Visitor]:
        """A visitor who only plays: what is broken beside it may take neither its run nor half of its frames."""
        async with self.player(server) as other:
            await plays_on(other, FILLED)
            run, before = other.player.run, await rate(other, BASELINE)
            last, begun = other.player.last, time.monotonic()
            yield other
            await other.until(lambda: time.monotonic() >= begun + BASELINE, "the end of the count")
            meanwhile = (other.player.last - last) / (time.monotonic() - begun)
            self.expect(other.player.run == run, "another run for who stood beside")
            self.expect(meanwhile > before / SLOWER, "who stood beside was slowed")
            self.noted.append(f"frames/s of one beside: {before:.0f} before, {meanwhile:.0f} meanwhile")


async def rate(visitor: Visitor, seconds: float) -> float:
    """Frames a second that reach the visitor."""
    last, end = visitor.player.last, time.monotonic() + seconds
    await visitor.until(lambda: time.monotonic() >= end, "the end of the count")
    return (visitor.player.last - last) / seconds


async def plays_on(visitor: Visitor, frames: int = FRAMES) -> None:
    """Wait for more frames; raises ``Failed`` when none come."""
    last, run = visitor.player.last, visitor.player.run
    await visitor.until(lambda: visitor.player.run != run or visitor.player.last >= last + frames, "a moment of play")


async def made_anew(visitor: Visitor) -> None:
    """Wait until a server that had lost the run has made it again, and it plays on."""
    before = len(visitor.player.returned)
    await visitor.until(lambda: len(visitor.player.returned) > before, "the run again")
    await plays_on(visitor)


def same_steps(fault: Fault, returned: list[tuple[float, float]]) -> None:
    """Each time the run came back at the very step that was shown."""
    fault.expect(len(returned) == fault.times, f"made again {len(returned)} times")
    fault.expect(all(shown == came for shown, came in returned), f"another step: {returned}"[:200])
    fault.noted.append(f"the same step again, up to step {max((came for _, came in returned), default=0):.0f}")

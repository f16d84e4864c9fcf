"""The faults themselves: each breaks one thing about a server or a socket while somebody plays, and says what should have held and did not."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.crowd.forging import forged_trigger, forged_value, say, unreadable_value
from benchmarks.crowd.server import Server, Watch, free_port, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

FRAMES = 12
"""More frames that tell that somebody plays on."""
TTL = 2
"""Seconds for which these servers keep a session whose socket is gone; the app's own setting is longer."""


@dataclass(frozen=True)
class Counts:
    """How often of each; ``patience``: seconds that one fault has in all."""

    drops: int = 6
    kills: int = 2
    forged: int = 60
    switches: int = 3
    silent: float = 5.0
    patience: float = 150.0


SHORT = Counts()
FULL = Counts(drops=100, kills=20, forged=2000, switches=20, silent=60.0, patience=1500.0)


@dataclass
class Fault:
    """One fault as it is tried: ``times`` done, ``noted`` figures, ``wrong`` what should not have happened."""

    cache: str
    counts: Counts
    times: int = 0
    noted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def row(self, what: str) -> str:
        """The line of the table."""
        result = "; ".join(dict.fromkeys(self.wrong)) if self.wrong else "as it should"
        return f"| {what} | {self.times} | {'; '.join([result, *self.noted])} |".replace("\n", " ")

    def expect(self, held: bool, what: str) -> None:
        """Note what did not hold."""
        if not held:
            self.wrong.append(what)

    def complain(self, server: Server) -> None:
        """Count the tracebacks in the log; those of Streamlit writing to a socket that has just gone are noted, not held against it."""
        found = server.complaints()
        gone = [one for one in found if "WebSocketDisconnected" in one]
        self.wrong += [one for one in found if one not in gone]
        if gone:
            self.noted.append("in the log alone: Streamlit wrote to a socket that had gone")

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


async def plays_on(visitor: Visitor, frames: int = FRAMES) -> None:
    """Wait for more frames; raises ``Failed`` when none come."""
    last, run = visitor.player.last, visitor.player.run
    await visitor.until(lambda: visitor.player.run != run or visitor.player.last >= last + frames, "a moment of play")


async def made_anew(visitor: Visitor) -> None:
    """Wait until a server that had lost the run has made it again, and it plays on."""
    before = len(visitor.player.returned)
    await visitor.until(lambda: len(visitor.player.returned) > before, "the run again")
    await plays_on(visitor)


async def dropped(fault: Fault) -> None:
    """The socket breaks in mid-training, and comes back before the session is forgotten."""
    async with fault.server() as server, fault.player(server, "learning_rate=0.01&hidden=3,3") as visitor:
        for _ in range(fault.counts.drops):
            run, step, session = visitor.player.run, visitor.player.step, visitor.wire.page.session
            await visitor.drop()
            await visitor.come_back()
            await plays_on(visitor)
            fault.times += 1
            fault.expect(visitor.wire.page.session == session, "another session")
            fault.expect(visitor.player.run == run and visitor.player.step > step, "another run, or an earlier step")
            fault.expect(
                "hidden=3%2C3" in visitor.wire.page.query or "hidden=3,3" in visitor.wire.page.query,
                "another experiment",
            )


async def forgotten(fault: Fault) -> None:
    """The socket breaks in mid-training for longer than the session is kept."""
    async with (
        fault.server("--server.disconnectedSessionTTL", str(TTL)) as server,
        fault.player(server, "hidden=3,3") as visitor,
    ):
        # Fewer: each waits until the session is gone.
        for _ in range(max(2, fault.counts.drops // 3)):
            await visitor.drop()
            await asyncio.sleep(TTL + 3)
            await visitor.come_back()
            await made_anew(visitor)
            fault.times += 1
        same(fault, visitor)


def same(fault: Fault, visitor: Visitor) -> None:
    """Each time the run came back at the very step that was shown."""
    returned = visitor.player.returned
    fault.expect(len(returned) == fault.times, f"made again {len(returned)} times")
    fault.expect(all(shown == came for shown, came in returned), f"another step: {returned}")
    fault.noted.append(f"the same step again, up to step {max((came for _, came in returned), default=0):.0f}")


async def killed(fault: Fault) -> None:
    """The server is killed (SIGKILL) in mid-play and started again."""
    port, back = free_port(), []
    async with AsyncExitStack() as visits:
        visitor: Visitor | None = None
        for _ in range(fault.counts.kills + 1):
            with ExitStack() as servers:
                start = served(fault.cache, port=port, PLAYGROUND_PREWARM="0")
                server = await asyncio.to_thread(servers.enter_context, start)
                begun = time.monotonic()
                if visitor is None:
                    visitor = await visits.enter_async_context(fault.player(server, "hidden=3,3"))
                else:
                    await visitor.come_back()
                    await made_anew(visitor)
                    back.append(time.monotonic() - begun)
                    fault.times += 1
                fault.expect(server.healthy(), "unhealthy")
                fault.complain(server)
                server.process.kill()
                await visitor.drop()
                await asyncio.to_thread(server.process.wait)
    assert visitor is not None
    same(fault, visitor)
    fault.noted.append(f"playing again {max(back):.1f} s after the server at most")


async def unread(fault: Fault) -> None:
    """A client asks for frames and reads nothing, beside one who plays."""
    async with fault.server() as server, fault.player(server) as other:
        before = await rate(other, 3.0)
        async with fault.player(server) as deaf:
            start = server.sample().rss
            for task in deaf._tasks:
                task.cancel()
            await asyncio.sleep(0)
            assert deaf.wire._socket is not None
            deaf.wire._socket.transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue]
            end = time.monotonic() + fault.counts.silent
            while time.monotonic() < end:
                place = {
                    "run": deaf.player.run,
                    "epoch": deaf.player.epoch,
                    "from": deaf.player.last + 1 + fault.times * 64,
                }
                await deaf.wire.trigger("want", {**place, "pace": 1, "nonce": fault.times})
                fault.times += 1
                await asyncio.sleep(0.1)
            meanwhile = await rate(other, 3.0)
            grown = server.sample().rss - start
        fault.expect(meanwhile > before / 2, f"the other slowed from {before:.0f} to {meanwhile:.0f} frames/s")
        fault.expect(grown < 60, f"the server grew by {grown:.0f} MB")
        fault.noted.append(
            f"the other's frames/s {before:.0f} before, {meanwhile:.0f} meanwhile; the server grew by {grown:.0f} MB"
        )


async def rate(visitor: Visitor, seconds: float) -> float:
    """Frames a second that reach the visitor."""
    last = visitor.player.last
    await asyncio.sleep(seconds)
    return (visitor.player.last - last) / seconds


async def forged(fault: Fault) -> None:
    """Forged triggers and widget values through the real socket, beside one who plays."""
    random = Random(0)
    async with fault.server() as server, fault.player(server) as other, fault.player(server) as visitor:
        for number in range(fault.counts.forged):
            if number % 2:
                await visitor.wire.trigger(*forged_trigger(random, visitor.player.run))
            else:
                runs = visitor.wire.page.runs
                await say(visitor.wire, forged_value(random, visitor.wire))
                await visitor.until(lambda runs=runs: visitor.wire.page.runs > runs, "an answer to forged values")
            fault.times += 1
        # What a forged want did is the forger's own business; the page must still be one.
        visitor.player.errors.clear()
        before = other.player.last
        await plays_on(other)
        fault.expect(other.player.last > before, "the other plays no more")


async def unreadable(fault: Fault) -> None:
    """Widget values that Streamlit cannot read: the forger's own page says so until it is loaded anew"""
    random = Random(0)
    async with fault.server() as server, fault.player(server) as other:
        for _ in range(fault.counts.switches):
            async with Visitor(server.url, Tally()) as forger:
                page = forger.wire.page
                runs = page.runs
                await say(forger.wire, unreadable_value(random, forger.wire))
                await forger.until(lambda page=page, runs=runs: page.runs > runs, "an answer")
                await asyncio.sleep(0.2)
                fault.expect(
                    all("redacted" in one and "File" not in one for one in page.errors), "a traceback on a page"
                )
            async with fault.player(server):
                await plays_on(other)
            fault.times += 1


async def two_tabs(fault: Fault) -> None:
    """Two tabs of one visitor play the same link."""
    async with fault.server() as server, fault.player(server) as first, fault.player(server) as second:
        for _ in range(fault.counts.switches):
            await first.network("3, 3" if fault.times % 2 else "4")
            await plays_on(first)
            await plays_on(second)
            fault.times += 1
        fault.expect(first.player.run != second.player.run, "one run for both")
        fault.expect(
            "hidden" not in second.wire.page.query or "4%2C2" in second.wire.page.query, "the other tab's network"
        )


async def switched(fault: Fault) -> None:
    """Another page in the middle of compiling, and back."""
    with tempfile.TemporaryDirectory() as cache:
        async with fault.server(cache=cache) as server, fault.player(server) as visitor:
            page = visitor.wire.page
            home = page.script
            others = [script for script in page.pages.values() if script != home]
            for number in range(fault.counts.switches):
                name = page.widget("field_hidden")
                page.states[name].string_value = f"{2 + number % 6}, {3 + number // 6}, 2"
                await visitor.wire.ask()
                await asyncio.sleep(0.3)
                for script in (others[number % len(others)], home):
                    runs = page.runs
                    await visitor.wire.ask(script=script)
                    await visitor.until(lambda runs=runs: page.runs > runs, "a page")
                visitor.player.run = ""  # a stage that is mounted anew is empty
                await visitor.until(
                    lambda: bool(visitor.player.run) and not visitor.player.awaiting, "the first picture"
                )
                fault.times += 1


async def no_disk(fault: Fault) -> None:
    """The folder of compiled programs cannot be made, is full, or may only be read."""
    with tempfile.TemporaryDirectory() as folder:
        readonly = Path(folder) / "readonly"
        readonly.mkdir(mode=0o555)
        Path(folder).chmod(0o755)
        kinds: list[tuple[str, str, Sequence[str]]] = [("cannot be made", "/proc/x", ())]
        # A limit of the size of a file is what a full disk is to a write.
        kinds.append(("full", f"{folder}/full", ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh")))
        if os.geteuid() == 0:
            drop = ("setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")
            kinds.append(("read-only", str(readonly), drop))
        for name, cache, before in kinds:
            async with fault.server(cache=cache, before=before, HOME=folder) as server, fault.player(server):
                fault.times += 1
                fault.noted.append(name)


FAULTS: dict[str, Callable[[Fault], Awaitable[None]]] = {
    "dropped": dropped,
    "forgotten": forgotten,
    "killed": killed,
    "unread": unread,
    "forged": forged,
    "unreadable": unreadable,
    "two_tabs": two_tabs,
    "switched": switched,
    "no_disk": no_disk,
}

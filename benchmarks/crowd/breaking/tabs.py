"""Tabs of a real browser that their system hides or freezes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.crowd.breaking.fault import Fault, same_steps
from benchmarks.crowd.browsers import chromium
from benchmarks.crowd.relay import Relay
from benchmarks.crowd.server import Server
from benchmarks.crowd.tabs import Tab, backwards, returns, tab

SETTLED = 1.0
"""Seconds after which what was on its way when a tab was hidden has come."""
HIDDEN = 5.0
"""Seconds for which a tab is hidden."""
AGAIN = 1000
"""Optimizer steps that tell that a tab plays on: more than it can have in hand."""
IDLE = 0.05
"""Cores that a server may take which nobody asks for anything."""


@asynccontextmanager
async def playing_tab(fault: Fault, server: Server) -> AsyncIterator[tuple[Tab, Relay] | None]:
    """A tab that plays behind a network that can be cut, or None where there is no browser; what it should not have
    seen is part of the result."""
    async with chromium() as browser:
        if browser is None:
            fault.noted.append("no browser")
            yield None
            return
        async with Relay(server.url) as relay, tab(browser, f"{relay.url}/?hidden=3,3") as made:
            await made.play()
            yield made, relay
            await made.plays_on(AGAIN)
            fault.expect(not backwards(await made.painted()), "steps ran backwards")
            fault.wrong += await made.complaints()


async def freeze(fault: Fault, made: Tab, relay: Relay, seconds: float, *, cut: bool) -> None:
    """Freeze the tab for a while, with its socket or without, and thaw it; it must have asked for nothing meanwhile."""
    await made.freeze()
    await asyncio.sleep(SETTLED)
    if cut:
        fault.expect(relay.cut() > 0, "no socket to cut")
    sent, ticks = made.sent, await made.ticks()
    await asyncio.sleep(seconds)
    fault.expect(made.sent == sent, "a frozen tab asked")
    fault.expect(await made.ticks() == ticks, "the tab was not frozen")
    await made.thaw()
    fault.times += 1


async def frozen(fault: Fault) -> None:
    """A browser freezes a tab in mid-play, every second time without its socket, and thaws it before the session is
    forgotten."""
    async with fault.server() as server, fault.bystander(server), playing_tab(fault, server) as playing:
        if playing is None:
            return
        made, relay = playing
        run = await made.data("run")
        for number in range(fault.counts.freezes):
            await freeze(fault, made, relay, fault.counts.freeze, cut=number % 2 == 1)
            await made.plays_on(AGAIN)
            fault.expect(await made.data("run") == run, "another run")
        fault.noted.append(f"{fault.counts.freeze:.0f} s each")


async def frozen_long(fault: Fault) -> None:
    """A browser freezes a tab in mid-play without its socket, and thaws it when the session is forgotten."""
    kept = fault.counts.kept
    seconds = max(fault.counts.freeze, kept + 5)
    async with (
        fault.server("--server.disconnectedSessionTTL", str(kept)) as server,
        fault.bystander(server),
        playing_tab(fault, server) as playing,
    ):
        if playing is None:
            return
        made, relay = playing
        back = []
        for _ in range(max(1, fault.counts.freezes // 2)):
            run = await made.data("run")
            await freeze(fault, made, relay, seconds, cut=True)
            begun = time.monotonic()
            await made.until(f"d.run !== '{run}'")
            back.append(time.monotonic() - begun)
            await made.plays_on(AGAIN)
        same_steps(fault, returns(await made.painted()))
        fault.noted.append(
            f"{seconds:.0f} s each, the session was kept {kept}; back {max(back):.1f} s after the thaw at most"
        )


async def hidden(fault: Fault) -> None:
    """A browser's tab plays behind another tab, and comes back."""
    async with fault.server() as server, playing_tab(fault, server) as playing:
        if playing is None:
            return
        made, _ = playing
        run, used = await made.data("run"), 0.0
        for _ in range(fault.counts.hides):
            await made.hide()
            await asyncio.sleep(SETTLED)
            sent, before = made.sent, server.sample()
            await asyncio.sleep(HIDDEN)
            after = server.sample()
            used = max(used, (after.cpu - before.cpu) / (after.time - before.time))
            fault.expect(made.sent == sent, f"a hidden tab asked {made.sent - sent} times")
            await made.show()
            await made.plays_on(AGAIN)
            fault.expect(await made.data("run") == run, "another run")
            fault.times += 1
        fault.expect(used < IDLE, "it trained")
        fault.noted.append(f"the server meanwhile took {used:.3f} cores at most")

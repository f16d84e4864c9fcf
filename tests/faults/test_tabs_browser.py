"""A tab that its browser hides asks for nothing; a frozen one neither. Both come back to the very run, or to the very
step of a run that was forgotten."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from benchmarks.crowd.browsers import chromium
from benchmarks.crowd.relay import Relay
from benchmarks.crowd.server import served
from benchmarks.crowd.tabs import Tab, backwards, returns, tab

SETTLED = 1.0
"""Seconds after which an answer that was on its way is there."""
AGAIN = 1000
"""More steps than a tab can have in hand."""
KEPT = 2
"""Seconds for which these servers keep a session whose socket is gone."""


@asynccontextmanager
async def playing(url: str) -> AsyncIterator[tuple[Tab, Relay]]:
    """A tab that plays behind a network that can be cut; no step may run backwards in it, and nothing be complained
    of."""
    async with chromium() as browser:
        if browser is None:
            pytest.fail("no browser for these tests: run `make test`, or name one in PLAYGROUND_BROWSER")
        async with Relay(url) as relay, tab(browser, relay.url) as made:
            await made.play()
            yield made, relay
            assert not backwards(await made.painted())
            assert await made.complaints() == []


def test_a_hidden_tab_asks_for_nothing_and_comes_back(server: str) -> None:
    async def watch() -> None:
        async with playing(server) as (made, _):
            run = await made.data("run")
            await made.hide()
            await asyncio.sleep(SETTLED)
            sent, ticks = made.sent, await made.ticks()
            await asyncio.sleep(2)
            assert made.sent == sent
            assert await made.ticks() > ticks, "hidden, not frozen"
            await made.show()
            await made.plays_on(AGAIN)
            assert await made.data("run") == run
            assert made.sent > sent

    asyncio.run(watch())


@pytest.mark.long
@pytest.mark.parametrize("forgotten", [pytest.param(False, id="kept"), pytest.param(True, id="forgotten")])
def test_a_frozen_tab_comes_back(forgotten: bool) -> None:
    async def watch(url: str) -> None:
        async with playing(url) as (made, relay):
            run = await made.data("run")
            await made.freeze()
            await asyncio.sleep(SETTLED)
            sent, ticks = made.sent, await made.ticks()
            if forgotten:
                assert relay.cut() > 0
            await asyncio.sleep(KEPT + 1)
            assert (made.sent, await made.ticks()) == (sent, ticks)
            await made.thaw()
            if forgotten:
                await made.until(f"d.run !== '{run}'")
            await made.plays_on(AGAIN)
            found = returns(await made.painted())
            assert len(found) == forgotten
            assert found == [(shown, shown) for shown, _ in found], "the very step that was shown"

    with served(os.environ["PLAYGROUND_CACHE_DIR"], "--server.disconnectedSessionTTL", str(KEPT)) as server:
        asyncio.run(watch(server.url))

"""Input that no page sends, through the real socket."""

from __future__ import annotations

import asyncio
from random import Random

from benchmarks.crowd.breaking.fault import Fault, plays_on
from benchmarks.crowd.forging import forged_trigger, forged_value, say, unreadable_value
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

STUMBLES = ("JSONDecodeError", "cannot convert float NaN to integer")
"""What Streamlit says where it cannot read a value, before any line of a page has run."""


async def forged(fault: Fault) -> None:
    """Forged triggers and widget values through the real socket, beside one who plays."""
    random = Random(0)
    async with fault.server() as server, fault.bystander(server) as other, fault.player(server) as visitor:
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
        await plays_on(other)


async def unreadable(fault: Fault) -> None:
    """Widget values that Streamlit cannot read: the forger's own page says so until it is loaded anew"""
    random = Random(0)
    fault.outside |= dict.fromkeys(STUMBLES, "Streamlit's own traceback")
    async with fault.server() as server, fault.bystander(server) as other:
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

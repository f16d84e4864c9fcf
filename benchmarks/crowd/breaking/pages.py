"""Pages that a visitor opens beside or after one another."""

from __future__ import annotations

import asyncio
import tempfile

from benchmarks.crowd.breaking.fault import Fault, plays_on


async def two_tabs(fault: Fault) -> None:
    """Two tabs of one visitor play the same link."""
    async with (
        fault.server() as server,
        fault.bystander(server),
        fault.player(server) as first,
        fault.player(server) as second,
    ):
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
        async with (
            fault.server(cache=cache) as server,
            fault.bystander(server),
            fault.player(server) as visitor,
        ):
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

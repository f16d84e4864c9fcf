"""Another page is asked for while the stage still asks: the page comes, and stays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from benchmarks.crowd.phases import counted
from benchmarks.crowd.server import Server, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

PATIENCE = 120.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served(os.environ["PLAYGROUND_CACHE_DIR"], PLAYGROUND_PREWARM="0") as started:
        yield started


async def changed(visitor: Visitor, script: str, *, busy: bool) -> list[str]:
    """The pages that the session was on after ``script`` was asked for, in the middle of a question, with another right
    behind it."""
    wire, page, seen = visitor.wire, visitor.wire.page, []
    home, stage = page.script, page.fragment
    if busy:
        await wire.ask(script=home)  # the change waits for this
    await wire.ask(script=script)
    await wire.ask(fragment=stage, script=home)
    await visitor.until(lambda: page.script == script, "the page")
    for _ in range(8):
        seen.append(page.script)
        await asyncio.sleep(0.1)
    return seen


@pytest.mark.parametrize("busy", [False, True])
def test_a_question_behind_a_change_of_page_does_not_undo_it(server: Server, busy: bool) -> None:
    async def tour() -> None:
        async with asyncio.timeout(PATIENCE), Visitor(server.url, Tally(), "hidden=2&samples=50") as visitor:
            home = visitor.wire.page.script
            for name in ("race", "flow", "share"):
                script = visitor.wire.page.pages[name]
                assert set(await changed(visitor, script, busy=busy)) == {script}
                runs = visitor.wire.page.runs
                await visitor.wire.ask(script=home)
                await visitor.until(counted(visitor.wire.page, runs), "the way back")

    asyncio.run(tour())

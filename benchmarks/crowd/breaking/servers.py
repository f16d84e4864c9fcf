"""Servers that die."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, ExitStack

from benchmarks.crowd.breaking.fault import Fault, made_anew, same_steps
from benchmarks.crowd.server import reserved_port, served
from benchmarks.crowd.visitor import Visitor


async def killed(fault: Fault) -> None:
    """The server is killed (SIGKILL) in mid-play and started again."""
    back: list[float] = []
    async with AsyncExitStack() as visits:
        port = visits.enter_context(reserved_port())
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
        same_steps(fault, visitor.player.returned)
    fault.noted.append(f"playing again {max(back):.1f} s after the server at most")

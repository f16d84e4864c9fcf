"""Sockets that break, and one that nobody reads."""

from __future__ import annotations

import asyncio
import time
from random import Random

from benchmarks.crowd.breaking.fault import Fault, made_anew, plays_on, same_steps
from benchmarks.crowd.server import Server

AT_ONCE = 4
"""Visitors whose sockets break in one server, each in its own time."""
AWAY = 2.0
"""Longest absence of somebody who finds the session as it was, in seconds."""


def shares(times: int) -> list[int]:
    """``times`` dealt out to the visitors, none to those for whom nothing is left."""
    return [times // AT_ONCE + (number < times % AT_ONCE) for number in range(min(AT_ONCE, times))]


async def dropped(fault: Fault) -> None:
    """The socket breaks in mid-training, and comes back before the session is forgotten."""

    async def drops(server: Server, times: int, random: Random) -> None:
        async with fault.player(server, "learning_rate=0.01&hidden=3,3") as visitor:
            for _ in range(times):
                await asyncio.sleep(random.uniform(0, 0.3))  # wherever the talk is then
                run, step, session = visitor.player.run, visitor.player.step, visitor.wire.page.session
                await visitor.drop()
                await asyncio.sleep(random.uniform(0, AWAY))
                await visitor.come_back()
                await plays_on(visitor)
                fault.times += 1
                fault.expect(visitor.wire.page.session == session, "another session")
                fault.expect(
                    visitor.player.run == run and visitor.player.step > step, "another run, or an earlier step"
                )
                query = visitor.wire.page.query
                fault.expect("hidden=3%2C3" in query or "hidden=3,3" in query, "another experiment")

    async with fault.server() as server, fault.bystander(server), asyncio.TaskGroup() as visits:
        for number, times in enumerate(shares(fault.counts.drops)):
            visits.create_task(drops(server, times, Random(number)))


async def forgotten(fault: Fault) -> None:
    """The socket breaks in mid-training for longer than the session is kept."""
    kept = fault.counts.kept
    returned: list[tuple[float, float]] = []

    async def stays_away(server: Server, times: int) -> None:
        async with fault.player(server, "hidden=3,3") as visitor:
            for _ in range(times):
                await visitor.drop()
                await asyncio.sleep(kept + 3)
                await visitor.come_back()
                await made_anew(visitor)
                fault.times += 1
            returned.extend(visitor.player.returned)

    async with (
        fault.server("--server.disconnectedSessionTTL", str(kept)) as server,
        fault.bystander(server),
        asyncio.TaskGroup() as visits,
    ):
        for times in shares(fault.counts.forgets):
            visits.create_task(stays_away(server, times))
    same_steps(fault, returned)
    fault.noted.append(f"kept {kept} s")


async def unread(fault: Fault) -> None:
    """A client asks for frames and reads nothing, beside one who plays."""
    async with fault.server() as server, fault.bystander(server), fault.player(server) as deaf:
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
        grown = server.sample().rss - start
        fault.expect(grown < 60, f"the server grew by {grown:.0f} MB")
        fault.noted.append(f"the server grew by {grown:.0f} MB")

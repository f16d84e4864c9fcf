"""The phases of a lesson: each takes a server, counts, and ends by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.crowd.browsers import Painted, watch
from benchmarks.crowd.members import EVERY, Student, Teacher
from benchmarks.crowd.report import line, remarks, tail
from benchmarks.crowd.server import Server, Watch
from benchmarks.crowd.tally import Tally, percentile, spread
from benchmarks.crowd.visitor import Failed, Visitor
from benchmarks.rows import record

if TYPE_CHECKING:
    from playwright.async_api import Browser

EIGHT = "hidden=6,6,6,6,6,6,6,6&features=x1,x2,x1_squared,x2_squared,x1_x2,sin_x1,sin_x2"
QUERIES = ("", EIGHT)
ARRIVE = 5.0
"""Seconds within which a class presses Play."""
AT_ONCE = 4
"""Visitors that come and go at the same time."""
PATIENCE = 180.0
"""Seconds that a visitor of a short phase has in all."""


@dataclass
class Phase:
    """What one phase counts; ``done`` prints its row."""

    name: str
    sessions: int
    server: Server
    tally: Tally = field(default_factory=Tally)
    painted: Painted = field(default_factory=Painted)

    async def attempt(self, visit: Awaitable[Any], patience: float) -> None:
        """Make a visit; what goes wrong with it is counted, and the others go on."""
        try:
            async with asyncio.timeout(patience):
                await visit
        except TimeoutError:
            self.tally.fail(f"a visit took more than {patience:.0f} s")
        except Failed as error:
            self.tally.fail(str(error))
        except Exception as error:
            self.tally.fail(f"{type(error).__name__}: {error}"[:200])


@asynccontextmanager
async def phase(name: str, sessions: int, server: Server):
    """Watch the server meanwhile and print the row at the end, with remarks collected for below the table."""
    made = Phase(name, sessions, server)
    async with Watch(server) as seen:
        yield made
    print(line(name, sessions, made.tally, made.painted, seen.samples), flush=True)
    REMARKS[name] = remarks(made.tally, made.painted, seen.unhealthy, server.complaints())


REMARKS: dict[str, list[str]] = {}
"""What is to be said of each phase below the table."""


async def playing(server: Server, name: str, sessions: int, minutes: float, browser: Browser | None) -> None:
    """A class presses Play within a few seconds; half of it has the small network, half the deep one."""
    random = Random(0)
    seconds = minutes * 60
    async with phase(name, sessions, server) as made:

        async def pupil(number: int) -> None:
            own = Random(number)
            await asyncio.sleep(own.uniform(0, ARRIVE))
            async with Visitor(server.url, made.tally, QUERIES[number % len(QUERIES)]) as visitor:
                await visitor.play(seconds, own)

        screens = [watch(browser, f"{server.url}/?{query}", seconds + ARRIVE, made.painted) for query in QUERIES]
        pupils = [made.attempt(pupil(number), seconds + ARRIVE + PATIENCE) for number in range(sessions)]
        random.shuffle(pupils)
        await asyncio.gather(*pupils, *screens)


async def coming_and_going(server: Server, visits: int, rest: float) -> None:
    """Open, play for a moment, close: many times, a few at once; then ``rest`` seconds of nothing."""
    free = asyncio.Semaphore(AT_ONCE)
    async with phase("open, play, close", visits, server) as made:

        async def visit(number: int) -> None:
            async with Visitor(server.url, made.tally, QUERIES[number % len(QUERIES)]) as visitor:
                visitor.player.play(time.monotonic())
                await visitor.until(lambda: visitor.player.last >= 24, "a second of play")

        async def one(number: int) -> None:
            async with free:
                await made.attempt(visit(number), PATIENCE)

        # The first few load what every later one needs: the start to compare with is after them.
        for number in range(2):
            await one(number)
        before = server.sample()
        await asyncio.gather(*(one(number) for number in range(visits)))
        await asyncio.sleep(rest)
        after = server.sample()
    REMARKS["open, play, close"].append(
        f"- {rest:.0f} s after the last, beside after the first two: {after.rss:.0f} / {before.rss:.0f} MB "
        f"({after.rss / before.rss - 1:+.0%}), threads {after.threads} / {before.threads}"
    )


async def many_structures(server: Server, structures: int) -> None:
    """Two visitors type one network after another that nobody has had before, and play each for a moment."""
    shapes = [", ".join(map(str, widths)) for depth in (1, 2, 3) for widths in product(range(2, 8), repeat=depth)]
    chosen = [shape for shape in Random(1).sample(shapes, min(structures, len(shapes))) if shape != "4, 2"]
    async with phase(f"{structures} different networks", 2, server) as made:
        opened = []

        async def try_all(networks: list[str]) -> None:
            async with Visitor(server.url, made.tally) as visitor:
                visitor.player.play(time.monotonic())
                await visitor.until(lambda: visitor.player.last >= 12, "half a second of play")
                opened.append(server.sample())
                for network in networks:
                    await visitor.network(network)
                    await visitor.until(lambda: visitor.player.last >= 12, "half a second of play")

        halves = [chosen[0::2], chosen[1::2]]
        await asyncio.gather(*(made.attempt(try_all(half), 30 + 15 * structures) for half in halves))
        after = server.sample()
        before = max(opened, key=lambda one: one.time, default=after)
    REMARKS[f"{structures} different networks"].append(
        f"- once both play the first one, and at the end: {before.rss:.0f}, {after.rss:.0f} MB "
        f"({after.rss - before.rss:+.0f}), maps {before.maps} to {after.maps}"
    )


async def classroom(server: Server, sessions: int, minutes: float) -> None:
    """A class of so many students who play as in ``playing``, with a teacher whose wall shows all of them, who looks
    over shoulders."""
    seconds = minutes * 60
    async with phase(f"a class of {sessions} and its wall", sessions, server) as made:
        asked: dict[str, list[float]] = {"wall": [], "news": []}

        async def pupil(number: int, code: str) -> None:
            own = Random(number)
            await asyncio.sleep(own.uniform(0, ARRIVE))
            async with Student(server.url, made.tally, QUERIES[number % len(QUERIES)]) as student:
                if not await student.join(code):
                    return made.tally.fail(f"not let in: {student.alerts}"[:200])
                attending = asyncio.create_task(student.attend(seconds))
                await student.play(seconds, own)
                await attending
                asked["news"] += student.answers
                if set(student.statuses) != {200}:
                    made.tally.fail(f"a student's page was answered {sorted(set(student.statuses))}")

        async def teach(teacher: Teacher) -> None:
            end, number = time.monotonic() + ARRIVE + seconds, 0
            while time.monotonic() < end:
                await teacher.look_at_wall()
                if teacher.tiles:  # a look of four seconds over one shoulder after another
                    tiles = list(teacher.tiles.values())
                    await teacher.ask("look", seat=tiles[number // 2 % len(tiles)]["seat"])
                    number += 1
                await asyncio.sleep(EVERY)
            if len(teacher.tiles) != sessions:
                made.tally.fail(f"{len(teacher.tiles)} of {sessions} on the wall")
            asked["wall"] += teacher.answers

        async with Teacher(server.url, made.tally) as teacher:
            code = await teacher.open_class()
            pupils = [made.attempt(pupil(number, code), seconds + ARRIVE + PATIENCE) for number in range(sessions)]
            await asyncio.gather(made.attempt(teach(teacher), seconds + ARRIVE + PATIENCE), *pupils)
    for what, times in asked.items():
        name = f"a class of {sessions}: the {what} answered"
        REMARKS[f"a class of {sessions} and its wall"].append(
            f"- {name}: {spread(times, 1000)} ms ({len(times)} times)"
        )
        record(name, f"{percentile(times, 0.5) * 1000:.0f} ms", tail(times))


def different_networks(count: int) -> list[str]:
    """So many different hidden layers as one types them: 1 to 6 layers of 1 to 8 units."""
    random, found = Random(2), dict[str, None]()
    while len(found) < count:
        found[", ".join(str(random.randint(1, 8)) for _ in range(random.randint(1, 6)))] = None
    return list(found)


async def editing(server: Server, sessions: int) -> None:
    """Every visitor plays, and tries three networks of their own, all different, that this server has never seen."""
    networks = different_networks(3 * sessions)
    async with phase("each edits, 3 networks of their own", sessions, server) as made:

        async def pupil(number: int) -> None:
            own = Random(number)
            await asyncio.sleep(own.uniform(0, ARRIVE))
            async with Visitor(server.url, made.tally) as visitor:
                visitor.player.play(time.monotonic())
                for network in networks[number::sessions]:
                    await asyncio.sleep(own.uniform(2, 6))
                    await visitor.network(network)
                    await visitor.until(lambda: visitor.player.last >= 12, "half a second of play")
                await asyncio.sleep(own.uniform(2, 6))
                made.tally.rates.append(visitor.player.rate(time.monotonic()))

        await asyncio.gather(*(made.attempt(pupil(number), PATIENCE) for number in range(sessions)))


async def links(server: Server, sessions: int) -> None:
    """As many visitors follow as many different links within a moment."""
    networks = different_networks(sessions)
    async with phase("each follows another link", sessions, server) as made:

        async def pupil(number: int) -> None:
            await asyncio.sleep(Random(number).uniform(0, 1))
            begun = time.monotonic()
            async with Visitor(server.url, made.tally, f"hidden={networks[number].replace(', ', ',')}") as visitor:
                made.tally.structures.append(time.monotonic() - begun)
                visitor.player.play(time.monotonic())
                await visitor.until(lambda: visitor.player.last >= 12, "half a second of play")

        await asyncio.gather(*(made.attempt(pupil(number), PATIENCE) for number in range(sessions)))


async def idle(server: Server, rest: float) -> None:
    """One visitor opens every page once and leaves; then nobody is there."""
    async with phase("all pages visited once, then idle", 1, server) as made:

        async def walk() -> None:
            async with Visitor(server.url, made.tally) as visitor:
                page = visitor.wire.page
                for script in list(page.pages.values()):
                    runs = page.runs
                    await visitor.wire.ask(script=script)
                    await visitor.until(counted(page, runs), "a page")
                    await asyncio.sleep(1.0)

        await made.attempt(walk(), PATIENCE)
        await asyncio.sleep(rest)
        now = server.sample()
    REMARKS["all pages visited once, then idle"].append(
        f"- at the end {now.rss:.0f} MB, {now.threads} threads, {now.maps} maps"
    )


def counted(page: Any, runs: int) -> Callable[[], bool]:
    """Whether a script has ended since there were so many."""
    return lambda: page.runs > runs

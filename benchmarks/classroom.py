"""A class on one server: real sessions over Streamlit's own socket, and two real browsers among them.

    python -m benchmarks.classroom [--quick | --full] [--sessions 30] [--minutes 1] [--only playing,idle]

Each phase starts a server of its own on loopback, ends by itself, and prints one row. ``--full`` takes as long as it
takes to show that nothing grows: 30 sessions for 10 minutes, 300 visits, 200 networks. The visitors run beside the
server on the same cores: what they take of them is told below the table."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.crowd import phases
from benchmarks.crowd.browsers import chromium, first_frame
from benchmarks.crowd.report import heading
from benchmarks.crowd.server import Server, served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor
from benchmarks.rows import figures, record

if TYPE_CHECKING:
    from playwright.async_api import Browser


@dataclass(frozen=True)
class Size:
    """How much of everything; ``rest`` seconds of nothing at the end of a phase that should leave nothing; ``starts``
    of a fresh server."""

    sessions: int = 30
    minutes: float = 1.0
    visits: int = 60
    structures: int = 40
    rest: float = 20.0
    starts: int = 2


QUICK = Size(sessions=3, minutes=0.15, visits=4, structures=4, rest=2.0, starts=1)
FULL = Size(sessions=30, minutes=10.0, visits=300, structures=200, rest=60.0, starts=3)


async def starts(size: Size, browser: Browser | None) -> None:
    """From an empty address bar to the first painted frame: of a server that has just started, without compiled
    programs and with them."""
    found: dict[str, list[float]] = {}
    for _ in range(size.starts):
        with tempfile.TemporaryDirectory() as cache:
            for kind in ("cold", "programs on disk"):
                begun = time.monotonic()
                with served(cache) as server:
                    found.setdefault(f"{kind}: server up", []).append(time.monotonic() - begun)
                    painted = await first_frame(browser, server.url)
                    if painted is None:
                        begun = time.monotonic()
                        async with Visitor(server.url, Tally()):
                            painted = time.monotonic() - begun
                    found.setdefault(f"{kind}: first visitor's first frame", []).append(painted)
                    again = await first_frame(browser, server.url)
                    if again is not None:
                        found.setdefault(f"{kind}: second visitor's first frame", []).append(again)
    print("\n| from the start | median, s | least to most |\n|---|---|---|")
    for what, seconds in found.items():
        middle, ends = figures(seconds, "s", 2)
        print(f"| {what} | {median(seconds):.2f} | {ends} |", flush=True)
        record(f"start, {what}", middle, ends)


async def run(size: Size, only: list[str]) -> None:
    """All phases, one after another, each on a server of its own."""
    async with chromium() as browser:
        work: dict[str, Callable[[Server], Awaitable[None]]] = {
            "idle": lambda server: phases.idle(server, size.rest),
            "playing": lambda server: phases.playing(
                server, f"{size.minutes:g} minutes of play", size.sessions, size.minutes, browser
            ),
            "crowded": lambda server: phases.playing(
                server, "twice as many", 2 * size.sessions, min(size.minutes, 2.0), browser
            ),
            "class": lambda server: phases.classroom(server, size.sessions, min(size.minutes, 2.0)),
            "editing": lambda server: phases.editing(server, size.sessions),
            "links": lambda server: phases.links(server, size.sessions),
            "visits": lambda server: phases.coming_and_going(server, size.visits, size.rest),
            "structures": lambda server: phases.many_structures(server, size.structures),
        }
        print(heading())
        begun, own = time.monotonic(), os.times()
        for name, phase in work.items():
            if not only or name in only:
                with served() as server:
                    await phase(server)
        now = os.times()
        spent = now.user + now.system - own.user - own.system
        for name, said in phases.REMARKS.items():
            print(f"\n{name}:\n" + "\n".join(said))
        print(
            f"\nThe visitors themselves, browsers apart, took {spent / (time.monotonic() - begun):.2f} of the "
            f"machine's {os.cpu_count()} cores."
        )
        if not only or "start" in only:
            await starts(size, browser)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    much = parser.add_mutually_exclusive_group()
    much.add_argument("--quick", action="store_const", dest="size", const=QUICK, help="a minute or two: does it work")
    much.add_argument("--full", action="store_const", dest="size", const=FULL, help="half an hour: does anything grow")
    parser.add_argument("--sessions", type=int, help="sessions that play; the next phase has twice as many")
    parser.add_argument("--minutes", type=float, help="how long they play")
    parser.add_argument(
        "--only",
        default="",
        help="phases by name: idle, playing, crowded, class, editing, links, visits, structures, start",
    )
    arguments = parser.parse_args()
    given = {name: getattr(arguments, name) for name in ("sessions", "minutes") if getattr(arguments, name) is not None}
    size = replace(arguments.size or Size(), **given)
    asyncio.run(run(size, [one for one in arguments.only.split(",") if one]))


if __name__ == "__main__":
    main()

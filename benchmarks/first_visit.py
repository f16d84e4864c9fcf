"""The first visit over a slow line: from the address to the first look and to the stage, with nothing in the browser's
cache.

    python -m benchmarks.first_visit [--visits 3]

A relay on loopback makes the line slow: so many bits a second each way, shared by all connections, and half of the
delay each way. The server has started and compiled before; the browser runs beside it on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.crowd.browsers import PATIENCE, STAGE, chromium
from benchmarks.crowd.relay import Relay
from benchmarks.crowd.server import served
from benchmarks.rows import figures, record

if TYPE_CHECKING:
    from playwright.async_api import Browser

FIRST_LOOK = "#first-look"
PIECE = 4096
"""Bytes passed on at a time, so that connections share the line."""


@dataclass(frozen=True)
class Line:
    """``megabits`` a second each way, and a round trip of ``milliseconds``."""

    megabits: float
    milliseconds: float

    def __str__(self) -> str:
        return f"{self.megabits:g} Mbit/s, {self.milliseconds:g} ms"


LINES = (Line(2, 80), Line(10, 150), Line(1000, 0))


class SlowRelay(Relay):
    """Passes on what comes to ``url`` as a ``line`` would; ``passed`` counts the bytes, both ways together."""

    def __init__(self, to: str, line: Line) -> None:
        super().__init__(to)
        self._line = line
        self._free: dict[bool, float] = {}
        self.passed = 0

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=256)
        delivery = asyncio.create_task(self._deliver(arriving, sink))
        peer = sink.get_extra_info("peername")
        upwards = bool(peer) and peer[:2] == self._to
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                self.passed += len(piece)
                now = time.monotonic()
                sent = max(now, self._free.get(upwards, 0.0)) + len(piece) * 8e-6 / self._line.megabits
                self._free[upwards] = sent
                await arriving.put((sent + self._line.milliseconds / 2000, piece))
                await asyncio.sleep(max(0.0, sent - time.monotonic()))
        await arriving.put((0.0, b""))
        await delivery
        sink.close()

    async def _deliver(self, arriving: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter) -> None:
        while True:
            due, piece = await arriving.get()
            if not piece:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            with contextlib.suppress(OSError):
                sink.write(piece)
                await sink.drain()


async def visit(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds from the address to the first look and to the stage, in a browser that knows nothing of it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    begun = time.monotonic()
    await page.goto(url, timeout=PATIENCE, wait_until="commit")
    await page.wait_for_selector(FIRST_LOOK, timeout=PATIENCE)
    look = time.monotonic() - begun
    await page.wait_for_selector(STAGE, timeout=PATIENCE)
    stage = time.monotonic() - begun
    await context.close()
    return look, stage


async def run(visits: int) -> None:
    """Visit over each line so often, and print a row for each."""
    async with chromium() as browser:
        if browser is None:
            raise SystemExit("no browser: name one in PLAYGROUND_BROWSER")
        with served() as server:
            await visit(browser, server.url)
            print("| line | first look, s | to the stage, s | least to most | passed on, MB |\n|---|---|---|---|---|")
            for line in LINES:
                looks, seconds, passed = [], [], []
                for _ in range(visits):
                    async with SlowRelay(server.url, line) as relay:
                        look, stage = await visit(browser, relay.url)
                        looks.append(look)
                        seconds.append(stage)
                        passed.append(relay.passed / 1e6)
                middle, ends = figures(seconds, "s", 2)
                print(
                    f"| {line} | {median(looks):.1f} | {median(seconds):.1f} | {ends} | {median(passed):.2f} |",
                    flush=True,
                )
                record(f"first look, {line}", *figures(looks, "s", 2))
                record(f"first visit to the stage, {line}", middle, ends)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=3)
    asyncio.run(run(parser.parse_args().visits))


if __name__ == "__main__":
    main()

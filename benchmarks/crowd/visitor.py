"""A visitor of the playground: opens the page, presses Play, turns knobs, tries other networks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Self

from websockets.exceptions import WebSocketException

from benchmarks.crowd.player import Player
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.wire import Wire

PATIENCE = 60.0
"""Seconds after which a visitor who sees nothing new has been failed."""
TICK = 0.25
"""Longest sleep between two looks at the clock, in seconds."""
NETWORKS = ("4, 2", "8, 8", "6, 6, 6", "3", "5, 4", "8, 4, 2")
"""What a class types when it is told to try other networks."""


class Failed(Exception):
    """What went wrong for a visitor."""


class Visitor:
    """One socket with its player, and what it has counted; ``async with`` opens the page and leaves it."""

    def __init__(self, url: str, tally: Tally, query: str = "") -> None:
        self.wire, self.tally = Wire(url, query), tally
        self.player = Player(tally)
        self._fresh = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        try:
            await self.wire.open()
            self._tasks.append(asyncio.create_task(self._listen()))
            await self.wire.ask()
            await self.until(lambda: self.wire.page.runs > 0 and bool(self.wire.page.stage), "the page")
            self._tasks.append(asyncio.create_task(self._pull()))
            await self.until(lambda: self.player.last >= 0, "the first picture")
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        await self.wire.close()
        self.tally.failures += self.wire.page.errors + self.player.errors

    async def drop(self) -> None:
        """Lose the connection in the middle of whatever goes on."""
        self.wire.cut()
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task

    async def come_back(self, patience: float = PATIENCE) -> None:
        """Connect again, as often as it takes, and show the page as a browser does: the same session, the same
        controls."""
        end = time.monotonic() + patience
        while True:
            try:
                await self.wire.open()
                break
            except (OSError, TimeoutError, WebSocketException):
                if time.monotonic() > end:
                    raise Failed(f"no connection within {patience:.0f} s") from None
                await asyncio.sleep(0.2)
        runs = self.wire.page.runs
        self._tasks.append(asyncio.create_task(self._listen()))
        await self.wire.ask()
        self._tasks.append(asyncio.create_task(self._pull()))  # the stage does not know that the page was gone
        await self.until(lambda: self.wire.page.runs > runs, "the page")

    async def _listen(self) -> None:
        while True:
            if await self.wire.hear():
                self.player.accept(self.wire.page.message, time.monotonic())
            self._fresh.set()
            self._fresh = asyncio.Event()

    async def _pull(self) -> None:
        """Ask for frames as the stage does, for as long as the page is open."""
        while True:
            said, wait = self.player.wish(time.monotonic())
            if said is not None:
                await self.wire.trigger(*said)
            await self._news(min(TICK, wait))

    async def _news(self, seconds: float) -> None:
        # Not `wait_for`: before Python 3.12 it forgets that it was cancelled when what it waits for comes just then.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await self._fresh.wait()

    async def until(self, met: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until a message makes it so; raises ``Failed`` when none does, or when the connection is gone."""
        end = time.monotonic() + patience
        while not met():
            for task in self._tasks:
                if task.done():
                    raise Failed(f"the connection ended: {task.exception()!r}"[:200])
            if time.monotonic() > end:
                raise Failed(f"{what} did not come within {patience:.0f} s")
            await self._news(TICK)

    async def play(
        self, seconds: float, random: Random, *, knob_every: float = 8.0, network_every: float = 60.0
    ) -> None:
        """Press Play and watch for so long, turning a knob now and then, and more rarely trying another network."""
        self.player.play(time.monotonic())
        begun = time.monotonic()
        knob, network = begun + random.uniform(2, knob_every), begun + random.uniform(10, network_every)
        end = begun + seconds
        while True:
            due = min(knob, network, end)
            await self.until(partial(passed, due), "the next deed", seconds + PATIENCE)
            now = time.monotonic()
            if now >= end:
                break
            if now >= network:
                network = now + random.uniform(0.5, 1.5) * network_every
                await self.network(random.choice(NETWORKS))
            elif now >= knob:
                knob = now + random.uniform(0.5, 1.5) * knob_every
                await self.turn(random)
        self.tally.rates.append(self.player.rate(time.monotonic()))

    async def turn(self, random: Random) -> None:
        """Move the learning rate or a penalty one rung, and wait for the stage to have it."""
        page = self.wire.page
        name = page.widget(random.choice(("field_learning_rate", "field_l2")))
        options = [one for one in page.elements[name].options if float(one) <= 0.1]
        now = page.states[name].string_array_value.data[0]
        page.states[name].string_array_value.data[0] = random.choice([one for one in options if one != now])
        run, epoch, begun = self.player.run, self.player.epoch, time.monotonic()
        self.player.knob = begun
        await self.wire.ask()
        await self.until(lambda: self.player.run != run or self.player.epoch > epoch, "the answer to a knob")
        self.tally.widgets.append(time.monotonic() - begun)

    async def network(self, hidden: str) -> None:
        """Type other hidden layers, and wait for their first picture."""
        page = self.wire.page
        name = page.widget("field_hidden")
        if page.states[name].string_value == hidden:
            return
        page.states[name].string_value = hidden
        run, begun = self.player.run, time.monotonic()
        await self.wire.ask()
        await self.until(lambda: self.player.run != run, "a network's first picture")
        self.tally.structures.append(time.monotonic() - begun)


def passed(moment: float) -> bool:
    """Whether it is later than ``moment``."""
    return time.monotonic() >= moment

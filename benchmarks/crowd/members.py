"""A class over real sockets: a teacher with the wall, and students who join, play, and do what the teacher wants."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Visitor

EVERY = 2.0
"""Seconds between two questions of a page."""
NEWS, WALL = "class_news", "class_wall"


class Member(Visitor):
    """Somebody in a class. ``answers`` are the seconds that the questions of the page took; ``statuses`` what they were
    answered with."""

    component = NEWS

    def __init__(self, url: str, tally: Tally, query: str = "") -> None:
        super().__init__(url, tally, query)
        self.answers: list[float] = []
        self.statuses: list[int] = []

    @property
    def data(self) -> dict[str, Any]:
        """What the page has handed to the component that asks."""
        _, _, data = self.wire.page.components[self.component]
        return json.loads(data)

    @property
    def alerts(self) -> str:
        """What the newest run of the page has drawn in colour."""
        return "\n".join(self.wire.page.alerts)

    async def visit(self, path: str) -> None:
        """Open another page of the app."""
        page = self.wire.page
        runs = page.runs
        await self.wire.ask(script=page.pages[path])
        there = page.pages[path]
        await self.until(lambda: page.runs > runs and page.script == there and not page.fragments, f"the page {path}")

    async def press(self, key: str, met: Callable[[], bool] | None = None) -> None:
        """Press a button, and wait until it has done what it does."""
        page = self.wire.page
        await self.until(lambda: key in page.buttons, f"the button {key}")
        runs = page.runs
        await self.wire.press(key)
        await self.until(lambda: page.runs > runs and (met is None or met()), f"what {key} does")

    async def ask(self, what: str, **query: object) -> tuple[int, dict[str, str], bytes]:
        """Ask over HTTP, as the page does every few seconds."""
        data = self.data
        address = f"{self.wire.url}/_class/{what}?{urlencode({'class': data['class']} | query)}"
        begun = time.monotonic()
        answer = await asyncio.to_thread(fetch, address, data["token"], self.wire.cookies)
        self.answers.append(time.monotonic() - begun)
        self.statuses.append(answer[0])
        return answer


class Teacher(Member):
    """The teacher of a class: ``count`` and ``tiles`` are of the wall as it is known."""

    component = WALL

    def __init__(self, url: str, tally: Tally, query: str = "") -> None:
        super().__init__(url, tally, query)
        self.count = 0
        self.tiles: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []

    async def open_class(self) -> str:
        """Open a class; its code."""
        await self.visit("class")
        await self.press("class_begin", lambda: WALL in self.wire.page.components)
        return self.data["class"]

    async def look_at_wall(self) -> None:
        """Take what is new on the wall."""
        status, _, body = await self.ask("wall", since=self.count)
        if status != 200:
            return
        answer = json.loads(body)
        self.count = answer["count"]
        self.order = [tile["nickname"] for tile in answer["tiles"]]
        self.tiles = {tile["nickname"]: self.tiles.get(tile["nickname"], {}) | tile for tile in answer["tiles"]}

    async def watch_wall(self, seconds: float) -> None:
        """Look at the wall for so long, as the page does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await self.look_at_wall()
            await asyncio.sleep(EVERY)


class Student(Member):
    """A student of a class."""

    async def join(self, link: str, nickname: str = "", *, by_hand: bool = False) -> bool:
        """Follow a class's link, or type its code ``by_hand``; whether that led into the class."""
        page = self.wire.page
        page.query = "" if by_hand else urlencode({"class": link})
        await self.visit("join")
        page.states[page.widget("class_code_typed")].string_value = link.partition(".")[0]
        page.states[page.widget("class_nickname")].string_value = nickname
        await self.press("class_join_go", lambda: self.is_member or bool(page.alerts))
        if self.is_member:
            await self.until(lambda: page.runs > 0 and self.player.last >= 0, "the stage")
            self.wire.cookies |= self.data["cookies"]
        return self.is_member

    @property
    def is_member(self) -> bool:
        """Whether the page is one of a member."""
        return NEWS in self.wire.page.components

    async def hear_news(self) -> None:
        """Ask whether there is anything to know, and have the page do it."""
        status, _, body = await self.ask("news")
        if status == 404:
            await self.wire.tell(NEWS, "news", "lost")
        elif (news := json.loads(body)["news"]) != self.data["news"]:
            await self.wire.tell(NEWS, "news", news)

    async def attend(self, seconds: float) -> None:
        """Be in the class for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await self.hear_news()
            await asyncio.sleep(EVERY)


def fetch(address: str, token: str, cookies: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    headers = {"X-Class-Token": token}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    try:
        with urlopen(Request(address, headers=headers), timeout=30) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except HTTPError as error:
        return error.code, {}, b""

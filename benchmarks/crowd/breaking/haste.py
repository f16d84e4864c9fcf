"""A visitor in a hurry: presses anything, several times a second, and expects whole pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.crowd.breaking.fault import Fault
from benchmarks.crowd.browsers import STAGE, chromium

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

SEED = 8
PAUSES = (0.0, 0.02, 0.1, 0.4)
"""Seconds between two presses."""
WHOLE = 30.0
"""Seconds within which a page that is left alone is whole."""
SHORT_OF = 60
"""A page with fewer characters is none."""
LOOK = """() => ({
  home: location.pathname === "/",
  characters: document.querySelector("[data-testid=stMain]")?.innerText.length ?? 0,
  exceptions: document.querySelectorAll("[data-testid=stException]").length })"""
KEYS = (" ", "ArrowRight", ".", "n", "r")


async def one_of(found: Locator, random: Random) -> Locator | None:
    """Any of them."""
    there = await found.count()
    return found.nth(random.randrange(there)) if there else None


async def another_page(page: Page, random: Random) -> None:
    """Any page, pressed once or, by one in five, twice."""
    menu = await one_of(page.get_by_role("navigation").get_by_role("button"), random)
    if menu is not None:
        await menu.click()
        item = await one_of(page.get_by_role("menuitem"), random)
        if item is not None:
            await item.click(click_count=2 if random.random() < 0.2 else 1)


async def a_button(page: Page, random: Random) -> None:
    """Any button of the page or beside it."""
    if (found := await one_of(page.locator("section button:visible"), random)) is not None:
        await found.click()


async def a_slider(page: Page, random: Random) -> None:
    """Any slider, one notch."""
    if (found := await one_of(page.get_by_role("slider"), random)) is not None:
        await found.press(random.choice(("ArrowLeft", "ArrowRight")))


async def a_key(page: Page, random: Random) -> None:
    """Any key that the stage knows."""
    await page.keyboard.press(random.choice(KEYS))


async def back(page: Page, random: Random) -> None:
    """The browser's own way back, and half of the time forward again."""
    await page.evaluate("() => void (navigation.canGoBack && navigation.back())")  # not out of the app
    if random.random() < 0.5:
        await page.evaluate("() => void (navigation.canGoForward && navigation.forward())")


PRESSES: tuple[Callable[[Any, Random], Awaitable[None]], ...] = (
    another_page,
    another_page,
    a_button,
    a_button,
    a_slider,
    a_key,
    back,
)


async def whole(page: Page) -> str:
    """What is wrong with the page once it has had its time; nothing, if it is whole."""
    from playwright.async_api import Error

    end = time.monotonic() + WHOLE
    while time.monotonic() < end:
        try:
            seen = await page.evaluate(LOOK)
            if seen["exceptions"]:
                return "an exception on the page"
            if await page.locator(STAGE).count() if seen["home"] else seen["characters"] > SHORT_OF:
                return ""
        except Error:
            pass  # it is just being loaded
        await asyncio.sleep(0.2)
    return f"an empty page at {page.url}"


async def hasty(fault: Fault) -> None:
    """A browser in which somebody presses anything, several times a second: pages, buttons, sliders, keys, back and
    forward."""
    from playwright.async_api import Error

    random = Random(SEED)
    async with fault.server() as server, fault.bystander(server), chromium() as browser:
        if browser is None:
            fault.noted.append("no browser")
            return
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: fault.wrong.append(f"in the browser: {error}"[:200]))
        await page.goto(f"{server.url}/?hidden=5,3")
        await page.wait_for_selector(STAGE)
        page.set_default_timeout(2000)
        while fault.times < fault.counts.presses and not fault.wrong:
            for _ in range(random.randint(1, 4)):
                try:
                    await random.choice(PRESSES)(page, random)
                except Error:
                    continue  # it was gone, or covered, before it could be pressed
                fault.times += 1
                await asyncio.sleep(random.choice(PAUSES))
            fault.wrong += filter(None, [await whole(page)])
            await page.keyboard.press("Escape")

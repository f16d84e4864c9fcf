"""Real browsers among the visitors: what a screen shows while a class plays."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.stage import WATCH

if TYPE_CHECKING:
    from playwright.async_api import Browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
STAGE = "[data-testid=stage][data-step]"
PATIENCE = 120_000


@dataclass
class Painted:
    """``rates``: painted frames a second, a browser each; ``gaps`` between them in s; ``failures`` in words."""

    rates: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser | None]:
    """A headless browser, or None where there is none."""
    path = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        yield None
        return
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


async def watch(browser: Browser | None, url: str, seconds: float, painted: Painted) -> None:
    """Open the page, press Play, and count what is painted for so long."""
    if browser is None:
        return
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    begun = time.monotonic()
    try:
        await page.goto(url, timeout=PATIENCE)
        await page.wait_for_selector(STAGE, timeout=PATIENCE)
        await page.evaluate(WATCH)
        await page.click("[data-testid=play]", timeout=PATIENCE)
        await page.wait_for_function("() => +window.stage.dataset.step > 0", timeout=PATIENCE)
        await page.evaluate("() => { window.seen = []; }")
        since = time.monotonic()
        await asyncio.sleep(max(1.0, seconds - (since - begun)))
        times = [one[0] / 1000 for one in await page.evaluate("() => window.seen")]
        painted.rates.append(len(times) / (time.monotonic() - since))
        painted.gaps += [after - before for before, after in pairwise(times)]
    except Exception as error:
        painted.failures.append(f"browser: {error}"[:200])
    finally:
        await page.close()


async def first_frame(browser: Browser | None, url: str) -> float | None:
    """Seconds from opening the address to the first painted frame."""
    if browser is None:
        return None
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    begun = time.monotonic()
    try:
        await page.goto(url, timeout=PATIENCE)
        await page.wait_for_selector(STAGE, timeout=PATIENCE)
        return time.monotonic() - begun
    finally:
        await page.close()

"""What tests in a real browser share: the app in a process of its own, the browser, a page, the stage's state."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from benchmarks.crowd.server import served
from benchmarks.crowd.tally import Tally
from benchmarks.crowd.visitor import Failed, Visitor

expect.set_options(timeout=30_000)
"""A busy machine compiles slowly; a test waits for what is to come, and a right page is there at once."""

ROOT = Path(__file__).resolve().parents[1]
STAGE = "[data-testid=stage]"
PATIENCE = 30_000
OUTSIDE = ("net::ERR", "WebSocket", "when disconnected from server")
"""What the console says of a machine without a network, or of a socket that a test has closed, is no error of ours."""

SETTLED = """() => !document.querySelector("[data-testid=stStatusWidget], [data-testid=stProgress], [data-stale=true],"
    + ".stSkeleton, [data-testid=stSkeleton]")
  && [...document.querySelectorAll("[data-testid=stSidebarNavItems]")]
    .every((list) => list.getAttribute("role") === "none")"""
"""Whether the page has run, and its navigation is read as plain links."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the app on a port of its own, one for all tests: each page is a session by itself.

    It has had a visitor, so that no test waits for the program that all pages begin with.
    """
    with served(os.environ["PLAYGROUND_CACHE_DIR"]) as started:
        with ThreadPoolExecutor(1) as pool:  # Playwright has an event loop in this thread
            pool.submit(asyncio.run, visit_once(started.url)).result()
        yield started.url


async def visit_once(url: str) -> None:
    """Open the playground without a browser, and leave once its first picture is there, or after a minute without."""
    with contextlib.suppress(Failed):
        async with Visitor(url, Tally()):
            pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, the one that ``make test`` has found or installed, or one on the path.

    It ends with its module: while Playwright is there, no other test of the process can run an event loop.
    """
    path = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("no browser for these tests: run `make test`, or name one in PLAYGROUND_BROWSER")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=path, args=flags)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; what its console complains of, or a script that fails, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and not any(one in said.text for one in OUTSIDE)
            else None
        ),
    )
    yield opened
    context.close()
    assert complaints == []


def visit(page: Page, url: str) -> None:
    """Open the app and wait for its first picture."""
    page.goto(url)
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=PATIENCE)


def data(page: Page, name: str) -> str:
    return page.get_attribute(STAGE, f"data-{name}") or ""


def step(page: Page) -> float:
    return float(data(page, "step") or "nan")


def until(page: Page, condition: str) -> None:
    """Wait until the expression holds of ``d``, the stage's data."""
    script = f"""() => {{
      const find = (root) => {{
        for (const element of root.querySelectorAll("*")) {{
          if (element.dataset && element.dataset.testid === "stage") return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }}
        return null;
      }};
      const stage = find(document);
      if (!stage) return false;
      const d = stage.dataset;
      return {condition};
    }}"""
    page.wait_for_function(script, timeout=PATIENCE, polling=50)


def wait_until_settled(page: Page) -> None:
    """Wait until the page has run and its navigation is read as it stays: before that a checker finds Streamlit's."""
    page.wait_for_function(SETTLED, timeout=PATIENCE)


def play(page: Page, steps: int = 200) -> None:
    """Press Play and wait for so many more steps."""
    goal = step(page) + steps
    page.click("[data-testid=play]")
    until(page, f"Number(d.step) >= {goal}")


def open_section(page: Page, title: str) -> None:
    """Unfold a section of the rarer choices."""
    page.locator(f".st-key-section_{title.lower()} summary").click()


def picture(page: Page) -> bytes:
    """The boundary as it is on the screen."""
    return page.locator(f"{STAGE} .square").screenshot()


def on(page: Page, name: str) -> Locator:
    """What bears the test id ``name``."""
    return page.locator(f"[data-testid={name}]")


def pause(page: Page) -> None:
    on(page, "play").click()
    until(page, "d.state === 'paused'")
    page.wait_for_timeout(200)


def frame(page: Page) -> int:
    return int(data(page, "frame"))

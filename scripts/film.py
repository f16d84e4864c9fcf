"""The film at the head of the README: a browser opens the app, presses its own Film button, and saves the GIF.

    python scripts/film.py http://localhost:8501 docs/playground.gif

It picks a lesson's worth of training, films it at a size that a README shows, and fails where the film is larger than
``MAX_BYTES``.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

MAX_BYTES = 2_000_000
QUERY = "/?dataset=circle&hidden=4,2&learning_rate=0.03"
SIZE = {"width": 1000, "height": 800}
STEPS = 1300
"""After which the film ends."""
PACE = "4"
"""The speed's place on its slider: 20 optimizer steps a frame."""
STAGE = "[data-testid=stage]"


def choose(page: Page, testid: str, value: str) -> None:
    """Choose ``value`` in the stage's menu."""
    page.click("[data-testid=stage-menu]")
    page.select_option(f"[data-testid={testid}]", value)
    page.keyboard.press("Escape")


def step(page: Page) -> float:
    """The optimizer step that the stage shows."""
    return float(page.get_attribute(STAGE, "data-step") or "nan")


def film(page: Page, url: str) -> bytes:
    """A GIF of the app at ``url`` that learns."""
    page.goto(url + QUERY)
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=60_000)
    # Once through, so that the film does not wait for a program.
    page.click("[data-testid=play]")
    while not step(page) > 0:
        page.wait_for_timeout(100)
    page.click("[data-testid=reset]")
    page.fill("[data-testid=speed]", PACE)
    choose(page, "film-format", "gif")
    page.click("[data-testid=film]")
    while step(page) < STEPS:
        page.wait_for_timeout(100)
    page.click("[data-testid=play]")
    page.wait_for_timeout(400)
    with page.expect_download(timeout=60_000) as download:
        page.click("[data-testid=film]")
    return Path(download.value.path()).read_bytes()


def main(url: str, out: str) -> None:
    """Film the app at ``url`` into the file ``out``."""
    browser = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=browser, args=flags)
        page = chromium.new_context(viewport=SIZE, color_scheme="light", accept_downloads=True).new_page()  # pyright: ignore[reportArgumentType]
        data = film(page, url.rstrip("/"))
        chromium.close()
    if len(data) > MAX_BYTES:
        sys.exit(f"The film has {len(data) / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:.0f}.")
    Path(out).write_bytes(data)
    print(f"{out}: {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])

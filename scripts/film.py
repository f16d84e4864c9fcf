"""The film at the head of the README: a browser opens the app, presses its own Film button, and saves the GIF.

    python scripts/film.py docs/playground.gif

It starts a server of its own, films a training at a size that a README shows, and fails where the film is larger than
``MAX_BYTES``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

MAX_BYTES = 2_000_000
ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
QUERY = "/?embed=true&dataset=spiral&features=x1,x2,sin_x1,sin_x2&hidden=6,4&optimizer=adam&learning_rate=0.01"
SIZE = {"width": 960, "height": 800}
STEPS = 700
"""After which the film ends."""
PACE = "4"
"""The speed's place on its slider: 20 optimizer steps a frame."""
STAGE = "[data-testid=stage]"


@contextmanager
def server() -> Iterator[str]:
    """The app on a free port: its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(url):
            if time.monotonic() > end:
                sys.exit("The app did not start.")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    """Whether the app at ``url`` says that it is well."""
    try:
        with urlopen(url + "/_stcore/health", timeout=5) as answer:
            return answer.read() == b"ok"
    except OSError:
        return False


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


def main(out: str) -> None:
    """Film the app into the file ``out``."""
    browser = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with server() as url, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=browser, args=flags)
        page = chromium.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce").new_page()  # pyright: ignore[reportArgumentType]
        data = film(page, url)
        chromium.close()
    if len(data) > MAX_BYTES:
        sys.exit(f"The film has {len(data) / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:.0f}.")
    Path(out).write_bytes(data)
    print(f"{out}: {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])

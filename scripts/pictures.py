"""README's pictures of a lesson and of a class: a browser opens the app, as its visitors do, and takes them.

    python scripts/pictures.py docs

It starts a server of its own, trains what the pictures show, and fails where one is larger than ``MAX_BYTES``.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from film import STAGE, server, step

MAX_BYTES = 200_000
SIZE = {"width": 1280, "height": 760}
WALL = "[data-testid=class-wall]"
LESSON = "/?lesson=features_of_features"
LESSON_STEPS = 250
"""After which the lesson's picture is taken."""
STUDENTS = {
    "Ada": "/?dataset=circle&hidden=4",
    "Emmy": "/?dataset=spiral&features=x1,x2,sin_x1,sin_x2&hidden=6,4&optimizer=adam&learning_rate=0.01",
    "Sofia": "/?dataset=xor&hidden=4&activation=relu",
    "Alan": "/?dataset=circle&hidden=6,6,6&activation=sigmoid",
    "Kurt": "/?dataset=gaussian&hidden=",
    "Alonzo": "/?dataset=xor&hidden=3&learning_rate=3",
}
"""Names of those in the class, and what each does."""
STUDENT_STEPS = 300


@contextmanager
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of a browser of its own."""
    context = browser.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce")  # pyright: ignore[reportArgumentType]
    yield context.new_page()
    context.close()


def train(page: Page, steps: int) -> None:
    """Press Play, and Pause once ``steps`` are done."""
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=60_000)
    page.click("[data-testid=play]")
    while step(page) < steps:
        page.wait_for_timeout(100)
    page.click("[data-testid=play]")
    page.wait_for_timeout(1000)


def lesson(browser: Browser, url: str) -> bytes:
    """The first step of a lesson beside the network that is to do it."""
    with visitor(browser) as page:
        page.goto(url + LESSON)
        train(page, LESSON_STEPS)
        return page.screenshot()


def classroom(browser: Browser, url: str) -> bytes:
    """A class's wall, while its students are there."""
    with ExitStack() as visitors:
        teacher = visitors.enter_context(visitor(browser))
        teacher.goto(f"{url}/class")
        teacher.get_by_role("button", name="Open a class").click()
        teacher.wait_for_selector(WALL)
        teacher.get_by_role("button", name="Links").click()
        link = teacher.locator("[data-testid=stCode]").first.inner_text().strip()
        teacher.keyboard.press("Escape")
        for nickname, query in STUDENTS.items():
            page = visitors.enter_context(visitor(browser))
            page.goto(link)
            page.get_by_role("textbox", name="Nickname").fill(nickname)
            page.get_by_role("button", name="Join", exact=True).click()
            page.wait_for_selector(f"{STAGE}[data-step]")
            page.goto(url + query)
            train(page, STUDENT_STEPS)
        teacher.wait_for_timeout(3000)
        return teacher.screenshot()


def main(folder: str) -> None:
    """Take both pictures into ``folder``."""
    path = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with server() as url, sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        pictures = {"lesson.png": lesson(browser, url), "class.png": classroom(browser, url)}
        browser.close()
    for name, data in pictures.items():
        if len(data) > MAX_BYTES:
            sys.exit(f"{name} has {len(data) / 1e3:.0f} kB, more than {MAX_BYTES / 1e3:.0f}.")
        Path(folder, name).write_bytes(data)
        print(f"{folder}/{name}: {len(data) / 1e3:.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])

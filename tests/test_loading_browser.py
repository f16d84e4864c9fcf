"""How the app comes into a browser: in few journeys, of what it knows already nothing, and of a new version all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from benchmarks.crowd.server import served
from tests.browser import ROOT, play, visit

PARTS = ("app.py", "pages", "playground", "static", ".streamlit")
VERSIONED = re.compile(r"/app/static/[0-9a-f]{12}/(.+)$")
MAX_KNOB_BYTES = 30_000
"""Of all messages after a knob was turned, twenty of them kB of Streamlit's own; it was 57,000."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the app, whose files can be changed."""
    folder = tmp_path_factory.mktemp("app")
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


@pytest.fixture(scope="module")
def below(copy: Path) -> Iterator[str]:
    """The copy, served in a folder of its address."""
    with served(os.environ["PLAYGROUND_CACHE_DIR"], folder=copy, root="/some/where") as started:
        yield started.url + "/"


def answers_while(page: Page, url: str) -> dict[str, Response]:
    """The answers about the stage's files during a visit, by name; each was asked for once."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    visit(page, url)
    page.remove_listener("response", note)
    about = [(match[1], answer) for answer in answers if (match := VERSIONED.search(answer.url))]
    names = dict(about)
    assert len(names) == len(about)
    return names


def version(answers: dict[str, Response]) -> str:
    """The version in the addresses, which is the same in all but the pictures'."""
    (found,) = {
        answer.url.removesuffix(name).split("/")[-2] for name, answer in answers.items() if name != "datasets.json"
    }
    return found


def test_the_stage_comes_in_six_journeys_and_once_for_good(page: Page, server: str) -> None:
    first = answers_while(page, server)
    scripts = {"stage/index.bundle.js", "thumbnails/index.bundle.js", "glossary/index.bundle.js"}
    assert set(first) == scripts | {"stage/stage.css", "thumbnails/thumbnails.css", "datasets.json"}
    assert all(answer.headers["content-encoding"] in ("br", "gzip") for answer in first.values())
    assert all("immutable" in answer.headers["cache-control"] for answer in first.values())
    visit(page, server)
    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter((entry) => /app\\/static\\/[0-9a-f]{12}\\//.test(entry.name)).map((entry) => entry.transferSize)"""
    )
    assert len(sizes) == len(first)
    assert set(sizes) == {0}, "from the browser's cache"


@pytest.mark.long
def test_what_the_page_names_beforehand_is_what_it_loads(page: Page, server: str) -> None:
    visit(page, server)
    page.wait_for_timeout(500)
    late = page.evaluate(
        """() => performance.getEntriesByType("resource")
            .filter((entry) => entry.initiatorType === "script" || entry.initiatorType === "other")
            .map((entry) => entry.name).filter((name) => /static\\/js/.test(name))"""
    )
    named = page.evaluate(
        "() => [...document.querySelectorAll('link[rel=modulepreload], script')].map((one) => one.href || one.src)"
    )
    assert len(named) > 80
    assert [url for url in late if url not in named] == []


def test_the_network_is_seen_before_any_script_has_come_and_once_the_stage_is_there_alone(
    page: Page, server: str
) -> None:
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{server}/?hidden=5")
    expect(page.locator("#first-look svg rect")).to_have_count(2 + 5 + 1)
    expect(page.locator("#first-look .choices")).to_be_visible()
    page.unroute("**/*.js")
    visit(page, server)
    expect(page.locator("#first-look")).to_have_count(0)
    page.goto(f"{server}/gallery")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#first-look")).to_have_count(0)  # it would come again between two pages


@pytest.mark.long
def test_every_module_can_still_be_loaded_by_itself(page: Page, server: str) -> None:
    page.goto(server + "/_stcore/health")
    kinds = page.evaluate(
        """async (base) => {
          const names = ["stage", "comparison", "analysis/step", "thumbnails", "glossary"];
          const modules = await Promise.all(names.map((name) => import(`${base}/app/static/${name}/index.js`)));
          return modules.map((module) => typeof module.mount);
        }""",
        server,
    )
    assert kinds == ["function"] * 5


@pytest.mark.long
def test_it_works_in_a_folder_and_a_changed_file_is_loaded_anew(page: Page, copy: Path, below: str) -> None:
    first = answers_while(page, below)
    assert all(answer.url.startswith(below) for answer in first.values())
    again = answers_while(page, below)
    assert version(again) == version(first)
    with open(copy / "static" / "stage" / "index.js", "a") as file:
        file.write('document.documentElement.dataset.changed = "yes";\n')
    page.wait_for_timeout(1500)
    changed = answers_while(page, below)
    assert version(changed) != version(first)
    assert page.get_attribute("html", "data-changed") == "yes"
    play(page, 50)


@pytest.mark.long
def test_an_error_is_told_with_its_place_and_the_map_knows_its_module(page: Page, server: str) -> None:
    answer = answers_while(page, server)["stage/index.bundle.js"]
    trace = page.evaluate(
        "(url) => import(url).then(({ mount }) => mount({})).catch((error) => error.stack)",
        answer.url,
    )
    line = int(re.findall(r"index\.bundle\.js:(\d+)", trace)[0])
    sections = page.request.get(answer.url + ".map").json()["sections"]
    first = [section for section in sections if section["offset"]["line"] < line][-1]
    assert first["map"]["sources"][0] in ("../lib/mount.js", "../live/player.js", "view.js")


def test_a_turned_knob_does_not_bring_again_what_is_there(page: Page, server: str) -> None:
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: sizes.append(len(payload))))
    visit(page, server)
    page.wait_for_timeout(1500)
    slider = page.locator(".st-key-field_learning_rate")
    slider.locator("input").first.focus()
    sizes.clear()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(2500)
    assert len(sizes) > 20
    assert sum(sizes) < MAX_KNOB_BYTES

"""A new version of the app in a browser that has seen an older one."""

from __future__ import annotations

from playwright.sync_api import Page, Request

from playground.stage.loading import FOLDER
from tests.test_browser import browser, page, server, visit

__all__ = ["browser", "page", "server"]  # fixtures that are used here as well
VERSION = "Object.entries(localStorage).find(([name]) => name.startsWith('stage-version'))"


def asked_while(page: Page, visiting: str) -> dict[str, str]:
    """How each of the stage's files was asked for during a visit: the request's own word on the cache."""
    found: dict[str, str] = {}

    def note(request: Request) -> None:
        name = request.url.rpartition("/static/stage/")[2]
        if "/static/stage/" in request.url:
            found.setdefault(name, request.all_headers().get("cache-control", ""))

    page.on("request", note)
    visit(page, visiting)
    page.remove_listener("request", note)
    return found


def test_every_file_is_asked_for_once_more_when_the_version_is_another(page: Page, server: str) -> None:
    first = asked_while(page, server)
    assert "main.js" in first
    assert "lanes.js" not in first
    name, version = page.evaluate(VERSION)
    page.evaluate("([name]) => localStorage.setItem(name, 'older')", [name])
    again = asked_while(page, server)
    files = {file.name for file in FOLDER.iterdir() if file.suffix in (".js", ".css")}
    assert set(again) == files
    assert {again[one] for one in files} == {"max-age=0"}
    assert page.evaluate(VERSION) == [name, version]

"""The race in a real browser: it plays by itself, another contestant joins, and the way to the Playground is one
click."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.crowd.server import served
from tests.browser import STAGE

LANES = "[data-testid=lanes]"


def lanes(page: Page, name: str) -> str:
    return page.get_attribute(LANES, f"data-{name}") or ""


def open_page(page: Page, server: str) -> None:
    """By way of the Playground, as visitors come."""
    page.goto(server + "/?hidden=2&samples=50")
    page.wait_for_selector(f"{STAGE}[data-step]")
    page.get_by_text("Understand", exact=True).first.click()
    page.get_by_role("menuitem", name="Race").click()
    for key in ("Home", "ArrowRight"):
        page.get_by_role("slider", name="Steps").press(key)
    race_at_usual_rates(page)
    page.wait_for_selector(f"{LANES}[data-step]")


def race_at_usual_rates(page: Page) -> None:
    """Stop the search for learning rates, which takes longer than a race; ``test_race_page`` has the whole of it."""
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()
    # While the page runs anew, Streamlit may show what moved in both places.
    expect(page.get_by_text("so no best learning rates are known").first).to_be_visible()


@pytest.mark.long
def test_the_first_visit_to_a_server_may_be_a_page_in_a_folder(browser: Browser) -> None:
    page = browser.new_page()  # its console may tell of a page not found
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    with served(os.environ["PLAYGROUND_CACHE_DIR"]) as fresh:
        page.goto(fresh.url + "/race?hidden=2&samples=50")
        page.wait_for_selector(f"{LANES}[data-step]")
        assert missing == []
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.goto(fresh.url + "/nowhere")
        expect(page.get_by_role("dialog")).to_contain_text("Page not found")
        page.close()


def test_a_race_plays_counts_and_opens_a_contestant(page: Page, server: str) -> None:
    open_page(page, server)
    expect(page.locator("[data-testid=lane-0] h2")).to_have_text("SGD")
    expect(page.locator(LANES)).to_have_attribute("data-state", "stopped")
    expect(page.locator(LANES)).to_have_attribute("data-step", "500")
    thumb = page.locator("[data-testid=scrub]")
    assert thumb.input_value() == thumb.get_attribute("max"), "the time line of what is over has no room left"
    expect(page.locator("[data-testid=lane-5] .hint")).to_contain_text("at step")
    picture = page.locator("[data-testid=lane-0] canvas").first
    assert picture.evaluate("c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size") > 20
    run = lanes(page, "run")
    page.get_by_label("Remove SGD").click()
    race_at_usual_rates(page)
    page.wait_for_selector(f"{LANES}[data-lanes='5']:not([data-run='{run}'])")
    expect(page.locator("[data-testid=lane-0] h2")).to_have_text("Momentum")
    page.get_by_role("button", name="RMSprop", exact=True).click()
    page.wait_for_selector(f"{STAGE}[data-step]")
    expect(page.get_by_text("This is RMSprop of the race.")).to_be_visible()
    page.wait_for_url("**optimizer=rmsprop**")


@pytest.mark.long
def test_surfaces_are_descended_and_go_back_in_time(page: Page, server: str) -> None:
    open_page(page, server)
    page.get_by_text("Known surfaces", exact=True).click()
    page.wait_for_selector(f"{LANES}.no-epochs")
    page.wait_for_function(
        "() => { const find = (root) => { for (const e of root.querySelectorAll('*')) { if (e.dataset?.testid "
        "=== 'lanes') return e;"
        " const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } return null; };"
        " const found = find(document); return found && Number(found.dataset.step) > 50; }"
    )
    page.locator("[data-testid=play]").click()
    expect(page.locator(LANES)).to_have_attribute("data-state", "paused")
    page.locator(LANES).press("Home")
    expect(page.locator(LANES)).to_have_attribute("data-step", "0")
    expect(page.get_by_text("In 3-D")).to_be_visible()

"""Who pulls? Clicked on, and asked by keys alone, in a real browser; and which way to turn a knob."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import STAGE, on, picture, step, until, visit

TITLE = f"{STAGE} .network h2"


def surface(page: Page) -> Locator:
    return page.locator(f"{STAGE} .square canvas").nth(2)


def place_of_a_point(page: Page) -> tuple[float, float]:
    """Where the pointer finds a point."""
    box = surface(page).bounding_box()
    assert box
    for y in range(20, int(box["height"]), 12):
        for x in range(20, int(box["width"]), 12):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if surface(page).evaluate("e => e.style.cursor") == "pointer":
                return box["x"] + x, box["y"] + y
    raise AssertionError("no point in the picture")


def ask_by_keys(page: Page) -> None:
    surface(page).focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(on(page, "pulled")).to_contain_text("agree")


@pytest.mark.long
def test_a_point_is_asked_by_keys_and_forgotten_when_it_is_left_painted_over_or_another_network_comes(
    page: Page, server: str
) -> None:
    visit(page, server + "/?noise=0.2")
    before = picture(page)
    ask_by_keys(page)
    expect(page.locator(TITLE)).to_have_text("What this point would change")
    expect(on(page, "pulled")).to_contain_text("conflict")
    assert picture(page) != before
    page.keyboard.press("Enter")  # once more leaves it
    expect(page.locator(TITLE)).to_have_text("Network")
    page.keyboard.press("Enter")
    expect(page.locator(TITLE)).to_have_text("What this point would change")
    page.keyboard.press("Escape")
    expect(page.locator(TITLE)).to_have_text("Network")
    expect(on(page, "pulled")).to_be_hidden()
    ask_by_keys(page)
    on(page, "paint").select_option("v1")
    surface(page).click(position={"x": 100, "y": 100})
    page.wait_for_url("**/*painted=*")
    expect(on(page, "pulled")).to_be_hidden()
    on(page, "paint").select_option("")
    ask_by_keys(page)
    on(page, "more-0").click()
    expect(on(page, "pulled")).to_be_hidden()
    expect(page.locator(TITLE)).to_have_text("Network")


def test_a_clicked_point_is_followed_while_it_plays_and_knobs_are_told_which_way(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=3&samples=60&batch_size=20&output_activation=identity")
    x, y = place_of_a_point(page)
    page.mouse.click(x, y)
    expect(on(page, "pulled")).to_contain_text("agree")
    page.keyboard.press(" ")  # the click has left the keys to the stage
    until(page, "d.state === 'playing' && Number(d.step) > 50")
    expect(page.locator(TITLE)).to_have_text("What this point would change")
    page.get_by_role("button", name="Which way should I turn it?").click()
    expect(page.get_by_text("over the next 100 steps")).to_be_visible()
    until(page, f"d.state === 'playing' && Number(d.step) > {step(page) + 50}")
    page.mouse.click(x, y)
    expect(page.locator(TITLE)).to_have_text("Network")

"""The landscape in a real browser: it answers by itself, another plane is chosen, and training is followed on it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

LANES = "[data-testid=lanes]"
MOVING = re.compile(r"^\d{2,}$")


def test_another_plane_is_chosen_and_training_is_followed_on_it(page: Page, server: str) -> None:
    page.goto(server + "/?hidden=2&samples=50")
    page.get_by_role("button", name="Understand").click()
    page.get_by_text("Landscape", exact=True).click()
    # What shows that a page works for over a second is a rule on Streamlit's own mark (style.css).
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", re.compile("running|notRunning"))
    expect(page.get_by_text("of the way lies")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    expect(page.locator(LANES)).to_have_attribute("data-step", MOVING)
    page.get_by_role("radio", name="Random").click()
    expect(page.get_by_role("button", name="Other directions")).to_be_visible()
    expect(page.get_by_text("Each unit's weights are moved")).to_be_visible()
    expect(page.locator(LANES)).to_have_attribute("data-step", MOVING)
    page.get_by_role("slider", name="Learning rate").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(LANES)).to_have_attribute("data-turn", "1")
    expect(page.locator("[data-testid=stException]")).to_have_count(0)

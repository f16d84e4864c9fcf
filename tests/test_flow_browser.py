"""Gradient flow in a real browser: a start that vanishes is cured at a click, a variant is changed, and all are
watched."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import visit


def test_a_vanishing_gradient_is_cured_changed_and_watched(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=3&samples=50")
    page.get_by_text("Understand", exact=True).first.click()
    page.get_by_role("menuitem", name="Gradient flow").click()
    page.get_by_role("button", name="ReLU and He initialisation").click()
    expect(page.get_by_text("Changed: ReLU and He initialisation")).to_be_visible()
    expect(page.get_by_role("heading", name="Vanishing gradients")).to_have_count(0)
    page.get_by_role("button", name="Change").first.click()
    page.get_by_role("slider", name="Hidden layers").press("ArrowRight")
    expect(page.get_by_text("2 x 3 Tanh ·")).to_be_visible()
    page.keyboard.press("Escape")
    lanes = page.locator("[data-testid=lanes]")
    expect(lanes).to_have_attribute("data-state", "playing")
    page.locator("[data-testid=play]").click()
    expect(lanes).to_have_attribute("data-state", "paused")
    expect(page.get_by_text("Each layer at step")).to_be_visible()

"""Light, dark or system, chosen in the page's menu."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import STAGE, data, visit

DARK, LIGHT = "rgb(18, 21, 26)", "rgb(255, 255, 255)"


def choose(page: Page, theme: str) -> None:
    page.click("[data-testid=stMainMenuButton]")
    page.click(f"[data-testid=stMainMenuItem-theme-{theme}]")
    page.keyboard.press("Escape")


def test_the_theme_is_chosen_in_the_page_and_remembered(page: Page, server: str) -> None:
    """The browser asks for light: the page, the stage and the logo become dark without a new run, and stay so."""
    visit(page, server)
    app, stage, logo = page.locator(".stApp"), page.locator(STAGE), page.locator("[data-testid=stSidebarLogo]")
    run, top = data(page, "run"), page.locator(STAGE).bounding_box()
    light = logo.get_attribute("src")
    expect(app).to_have_css("background-color", LIGHT)
    choose(page, "Dark")
    expect(app).to_have_css("background-color", DARK)
    expect(stage).to_have_css("--ground", "rgb(18,21,26)")
    expect(logo).not_to_have_attribute("src", light or "")
    assert data(page, "run") == run
    assert page.locator(STAGE).bounding_box() == top, "nothing moves"
    page.reload()
    page.wait_for_selector(f"{STAGE}[data-step]")
    expect(app).to_have_css("background-color", DARK)
    choose(page, "System")
    expect(app).to_have_css("background-color", LIGHT)
    expect(logo).to_have_attribute("src", light or "")

"""Who leaves the stage comes back to the very moment; in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import STAGE, data, on, pause, play, until, visit


def go(page: Page, section: str, name: str) -> None:
    """To another page by the navigation."""
    page.locator("[data-testid=stTopNavSection]", has_text=section).first.click()
    page.locator("[data-testid=stTopNavDropdownLink]", has_text=name).first.click()


def leave_and_come_back(page: Page) -> None:
    go(page, "Keep", "Share")
    page.get_by_text("A link to this experiment").wait_for()
    page.wait_for_selector(STAGE, state="detached")
    go(page, "Play", "Playground")
    page.wait_for_selector(f"{STAGE}[data-step]")


def test_the_frame_the_bookmark_and_the_settings_are_there_on_return_and_the_step_after_a_reload(
    page: Page, server: str
) -> None:
    visit(page, server + "/?hidden=2&samples=60")
    on(page, "speed").fill("9")
    play(page, 20_000)
    pause(page)
    on(page, "discretize").check()
    on(page, "bookmark-a").click()
    newest = int(data(page, "frame"))
    on(page, "scrub").fill(str(newest // 5))
    until(page, f"Number(d.frame) < {newest}")
    page.wait_for_timeout(500)  # the hand rests, and the server is told
    frame, step, run = data(page, "frame"), data(page, "step"), data(page, "run")
    leave_and_come_back(page)
    assert (data(page, "frame"), data(page, "step"), data(page, "run")) == (frame, step, run)
    assert data(page, "state") == "paused"
    expect(on(page, "bookmark-a")).to_have_attribute("aria-pressed", "true")
    expect(on(page, "bookmark-b")).to_have_attribute("aria-pressed", "false")
    expect(on(page, "speed")).to_have_value("9")
    expect(on(page, "discretize")).to_be_checked()
    # The curve goes on, pale, after the frame that is shown, as before.
    expect(page.locator(f"{STAGE} .chart .veil")).to_have_css("visibility", "visible")
    page.keyboard.press("End")
    until(page, f"Number(d.frame) >= {newest}")
    on(page, "scrub").fill(str(newest // 5))
    until(page, f"Number(d.step) <= {step}")
    step = data(page, "step")
    page.reload()
    until(page, f"d.step === '{step}' && d.run !== '{run}'")
    assert data(page, "state") == "paused"


@pytest.mark.long
def test_an_undone_change_shows_the_frame_that_was_shown(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=2&samples=60")
    play(page, 100)
    pause(page)
    frame, run = data(page, "frame"), data(page, "run")
    on(page, "more-0").click()
    until(page, f"d.run !== '{run}'")
    page.keyboard.press("Control+z")
    until(page, f"d.run === '{run}'")
    assert data(page, "frame") == frame
    page.keyboard.press("Control+Shift+Z")
    until(page, f"d.run !== '{run}'")

"""Nothing that is pressed is lost: as fast as one can, while it plays, and before anything else has happened on the
page; in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import STAGE, on, open_section, pause, play, step, until, visit

CLICKS = "(button, times) => { for (let i = 0; i < times; i++) button.click(); }"


def press(page: Page, name: str, times: int) -> None:
    """Press a button so often without waiting in between."""
    on(page, name).evaluate(CLICKS, times)


def test_units_and_layers_as_fast_as_one_can_press_while_it_plays(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 100)
    press(page, "more-0", 4)
    press(page, "more-1", 3)
    press(page, "fewer-0", 1)
    expect(page).to_have_url(re.compile("hidden=7(,|%2C)5"))
    press(page, "more-layers", 2)
    press(page, "fewer-1", 2)
    expect(page).to_have_url(re.compile("hidden=7(,|%2C)3(,|%2C)5(,|%2C)5"))
    until(page, "d.state === 'playing' && Number(d.step) > 20")
    here = step(page)
    until(page, f"Number(d.step) > {here}")


@pytest.mark.long
def test_what_is_pressed_first_of_all_is_done(page: Page, server: str) -> None:
    page.goto(f"{server}/?hidden=5,3")
    on(page, "freeze-0").wait_for()
    press(page, "freeze-0", 1)
    press(page, "branch", 1)
    press(page, "bookmark-a", 1)
    press(page, "more-1", 1)
    expect(page).to_have_url(re.compile("hidden=5(,|%2C)4"))
    press(page, "freeze-1", 1)
    press(page, "play", 1)
    expect(on(page, "freeze-1")).to_have_attribute("aria-pressed", "true")
    expect(on(page, "bookmark-a")).to_have_attribute("aria-pressed", "true")
    until(page, "Number(d.step) > 100")


@pytest.mark.long
def test_a_branch_begun_first_of_all_keeps_what_was_frozen(page: Page, server: str) -> None:
    page.goto(f"{server}/?hidden=6,3")
    on(page, "freeze-0").wait_for()
    press(page, "freeze-0", 1)
    press(page, "branch", 1)
    expect(on(page, "branch-B")).to_be_visible()
    expect(on(page, "freeze-0")).to_have_attribute("aria-pressed", "true")
    play(page, 60)
    pause(page)
    expect(on(page, "freeze-0")).to_have_attribute("aria-pressed", "true")


def test_networks_never_seen_are_there_at_once_and_nothing_compiles(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 50)
    said: set[str] = set()
    for name in ("more-0", "more-1", "more-layers", "more-2", "fewer-0", "more-1", "more-layers", "more-3"):
        press(page, name, 1)
        for _ in range(10):
            said.add(page.get_attribute(STAGE, "data-state") or "")
            page.wait_for_timeout(20)
    assert "playing" in said
    assert "compiling" not in said


@pytest.mark.long
def test_a_press_beside_the_stage_in_the_same_moment_is_answered(page: Page, server: str) -> None:
    """Streamlit sends both as one message, for the stage's fragment alone."""
    visit(page, server)
    beside = page.get_by_role("button", name="Which way should I turn it?").element_handle()
    page.evaluate("both => both.forEach(one => one.click())", [on(page, "bookmark-a").element_handle(), beside])
    expect(on(page, "bookmark-a")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("over the next").or_(page.get_by_text("Looking ahead")).first).to_be_visible()


def test_what_is_said_above_the_stage_leaves_it_in_its_place(page: Page, server: str) -> None:
    visit(page, server)
    open_section(page, "Network")
    place = page.locator(STAGE).evaluate_handle("stage => stage.getRootNode().host ?? stage.parentElement")
    page.locator(".st-key-field_hidden input").fill("four")
    page.locator(".st-key-field_hidden input").press("Enter")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    assert place.evaluate("place => place.isConnected")

"""The sample lesson done in a real browser, from the header's entry to the code; on a phone; for everybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.lessons import bundled_lesson
from tests.browser import STAGE, data, on, play, until, visit
from tests.test_interactions import findings
from tests.test_moments_browser import go

LESSON = bundled_lesson("learning_rate")


def expect_state(page: Page, step: int, state: str) -> None:
    expect(on(page, "lesson")).to_have_attribute("data-step", str(step))
    expect(on(page, "lesson")).to_have_attribute("data-state", state)


def turn_rate(page: Page, presses: int) -> None:
    """Move the learning rate so many places up, or down."""
    slider = page.get_by_role("slider", name="Learning rate")
    slider.focus()
    for _ in range(abs(presses)):
        page.keyboard.press("ArrowRight" if presses > 0 else "ArrowLeft")


def card(page: Page) -> Locator:
    """The card of the lesson."""
    return page.locator("[class*=st-key-lesson_card_]").filter(has_text=LESSON.title)


def test_it_is_done_from_the_header_s_entry_to_the_code(page: Page, server: str) -> None:
    visit(page, server)
    go(page, "Learn", "Lessons")
    card(page).get_by_role("button", name="Begin").click()
    page.wait_for_selector(f"{STAGE}[data-step]")
    expect_state(page, 0, "doing")
    expect(on(page, "lesson-next")).to_be_disabled()
    on(page, "lesson-show-me").click()
    expect(on(page, "lesson")).to_have_attribute("data-pointed", "play")
    on(page, "play").click()
    expect_state(page, 0, "asking")
    on(page, "lesson-option-1").click()
    expect(on(page, "lesson-reply")).to_contain_text("Look at the numbers once more")
    expect_state(page, 0, "asking")
    on(page, "lesson-option-0").click()
    expect_state(page, 0, "done")
    on(page, "lesson-next").click()
    expect_state(page, 1, "doing")
    expect(on(page, "lesson-entry-0")).to_have_attribute("data-state", "done")
    expect(on(page, "lesson-step-title")).to_be_focused()
    assert data(page, "state") == "paused"

    # Who leaves finds what was there before, and comes back to the same step.
    on(page, "lesson-leave").click()
    expect(on(page, "lesson")).to_be_hidden()
    expect(page.locator(".st-key-field_dataset input")).to_have_value("Circle")
    go(page, "Learn", "Lessons")
    card(page).get_by_role("button", name="Go on").click()
    page.wait_for_selector(f"{STAGE}[data-step]")
    expect_state(page, 1, "doing")
    turn_rate(page, 6)
    page.click("[data-testid=play]")
    expect_state(page, 1, "done")
    on(page, "lesson-next").click()
    expect_state(page, 2, "doing")

    # So does who loads the page again.
    page.reload()
    page.wait_for_selector(f"{STAGE}[data-step]")
    expect_state(page, 2, "doing")
    turn_rate(page, 6)
    page.click("[data-testid=play]")
    expect_state(page, 2, "asking")
    on(page, "lesson-option-0").click()
    on(page, "lesson-next").click()
    expect_state(page, 3, "doing")
    turn_rate(page, -6)
    on(page, "reset").click()
    until(page, "d.step === '0'")
    page.click("[data-testid=play]")
    expect_state(page, 3, "done")
    on(page, "lesson-next").click()
    expect_state(page, 4, "finished")
    expect(on(page, "lesson-conclusion")).to_have_text(LESSON.conclusion)

    on(page, "lesson-name").fill("Ada r <b>L</b>")
    on(page, "lesson-certify").click()
    day = datetime.now(UTC).date().isoformat()
    expect(on(page, "lesson-certificate")).to_contain_text(f"Ada r <b>L</b> · {LESSON.title} · {day} · ")
    code = on(page, "lesson-code").inner_text()
    go(page, "Learn", "Lessons")
    expect(card(page)).to_contain_text("done")
    page.get_by_role("textbox", name="Code").fill(code.lower())
    page.get_by_role("textbox", name="Name").fill("ada r <b>l</b>")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text(f"has played “{LESSON.title}” to its end")).to_be_visible()


def test_a_browser_remembers_where_a_lesson_was_left(page: Page, server: str) -> None:
    visit(page, f"{server}/?lesson={LESSON.name}")
    on(page, "lesson-skip").click()
    expect_state(page, 1, "doing")
    visit(page, f"{server}/?lesson={LESSON.name}")
    expect_state(page, 1, "doing")
    on(page, "lesson-restart").click()
    expect_state(page, 0, "doing")


def test_a_hint_comes_after_a_while(page: Page, server: str) -> None:
    page.clock.install()
    page.goto(f"{server}/?lesson={LESSON.name}")
    page.clock.run_for(3000)
    expect(on(page, "lesson-hint")).to_have_count(1)
    expect(on(page, "lesson-hint")).to_be_hidden()
    page.clock.run_for(1000 * LESSON.steps[0].hint_after)
    on(page, "lesson-hint").click()
    expect(on(page, "lesson-hint-text")).to_contain_text("Leave the learning rate as it is")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_it_covers_nothing(page: Page, server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"{server}/?lesson={LESSON.name}")
    expect_state(page, 0, "doing")
    panel = on(page, "lesson").bounding_box()
    assert panel
    for name in (".panel.network", ".panel.output", ".panel.loss", ".transport", ".line"):
        box = page.locator(f"{STAGE} {name}").bounding_box()
        assert box
        apart_across = box["x"] + box["width"] <= panel["x"] + 1 or panel["x"] + panel["width"] <= box["x"] + 1
        apart_along = box["y"] + box["height"] <= panel["y"] + 1 or panel["y"] + panel["height"] <= box["y"] + 1
        assert apart_across or apart_along, name
    assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")
    if width == 360:
        on(page, "lesson-peek").click()
        expect(on(page, "lesson-step-title")).to_be_in_viewport()
        expect(on(page, "lesson-step-title")).to_be_focused()


def test_on_a_phone_the_sidebar_opens_for_what_is_pointed_at(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    visit(page, f"{server}/?lesson=batch_normalization")
    on(page, "lesson-skip").click()
    expect_state(page, 1, "doing")
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    on(page, "lesson-show-me").click()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    expect(sidebar.get_by_role("combobox", name="Normalisation")).to_be_in_viewport()


def test_typing_a_name_is_no_shortcut(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    visit(page, f"{server}/?lesson={LESSON.name}")
    for step in range(len(LESSON.steps)):
        expect_state(page, step, "doing")
        on(page, "lesson-skip").click()
    expect_state(page, len(LESSON.steps), "finished")
    on(page, "lesson-restart").click()
    expect_state(page, 0, "doing")
    play(page, 50)
    page.wait_for_selector("[data-testid=lesson][data-state=asking]")
    on(page, "lesson-option-0").focus()
    page.keyboard.press("Space")
    expect_state(page, 0, "done")
    assert data(page, "state") in ("playing", "waiting"), "not paused"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_by_the_accessibility_checker(browser: Browser, server: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    visit(page, f"{server}/?lesson={LESSON.name}")
    expect_state(page, 0, "doing")
    assert findings(page) == []
    for address, title in (("lessons", "Lessons"), ("lesson_editor", "Write a lesson")):
        page.goto(f"{server}/{address}")
        page.get_by_role("heading", name=title, exact=True).wait_for()
        assert findings(page) == []
    context.close()

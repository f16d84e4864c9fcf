"""Walking through one training step in a real browser: by buttons, by keys, in slow motion, for another sample, and on
to the next step."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from playground.glossary import GLOSSARY
from tests.browser import visit

STEPS = "[data-testid=steps]"


def on(page: Page, name: str) -> Locator:
    return page.locator(f"[data-testid=steps-{name}]")


def at(page: Page, place: int) -> None:
    expect(page.locator(STEPS)).to_have_attribute("data-at", str(place))


def results(page: Page) -> list[str]:
    return page.locator(f"{STEPS} .result .cell").all_inner_texts()


def opened(page: Page, url: str) -> None:
    """The page with its step, reached as a visitor reaches it."""
    visit(page, url)
    page.get_by_text("Understand", exact=True).first.click()
    page.get_by_role("menuitem", name="Step by step").click()
    page.wait_for_selector(f"{STEPS}[data-step]", timeout=60_000)


def test_one_step_is_walked_through_pointed_at_played_and_taken(page: Page, server: str) -> None:
    opened(page, server)
    expect(page.get_by_text("Your experiment: Circle")).to_be_visible()
    expect(on(page, "sample").locator("option")).to_have_count(11)
    word = page.locator(f"{STEPS} .told a.term[href='#term-batch']")
    word.click()
    expect(page.locator(".term-card")).to_contain_text(GLOSSARY["batch"].explanation)
    page.keyboard.press("Escape")
    at(page, 1)
    # The diagram is seen whole, also when the window becomes a phone's.
    usual = page.viewport_size
    assert usual
    diagram = page.locator(f"{STEPS} .diagram").element_handle()
    for width in (360, usual["width"]):
        page.set_viewport_size({"width": width, "height": usual["height"]})
        page.wait_for_function("(box) => box.scrollWidth <= box.clientWidth", arg=diagram)
    page.get_by_role("radio", name="The article's case").click()
    expect(page.get_by_text("“Deep learning: from concept to insight”")).to_be_visible()
    expect(on(page, "sample").locator("option")).to_have_count(51)
    # Chapters, by pointer and by keys.
    on(page, "chapter-backward").click()
    at(page, 6)
    expect(on(page, "chapter-backward")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("3")
    at(page, 5)
    expect(on(page, "chapter-backward")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("1")
    at(page, 1)
    on(page, "next").click()
    at(page, 2)
    expect(page.locator(f"{STEPS} h3")).to_have_text("2. Forward: layer 1")
    page.keyboard.press("ArrowRight")
    at(page, 3)
    page.keyboard.press("ArrowLeft")
    at(page, 2)
    first = results(page)

    # A number says where it came from, by pointer and by keys, and what it is made of is marked.
    cells = page.locator(f"{STEPS} .result .cell")
    cells.nth(0).hover()
    said = on(page, "trace").inner_text()
    assert said.startswith("z₁[1] = ")
    assert said.endswith(first[0])
    assert said.count("·") == 2
    expect(page.locator(f"{STEPS} .cell.from")).to_have_count(5)
    cells.nth(0).focus()
    page.keyboard.press("ArrowDown")
    at(page, 2)
    expect(cells.nth(1)).to_be_focused()
    assert on(page, "trace").inner_text().startswith("z₁[2] = ")
    assert on(page, "trace").inner_text().endswith(first[1])

    # Another sample, and the whole batch: other numbers, with what is left out said.
    on(page, "sample").select_option("3")
    assert results(page) != first
    on(page, "sample").select_option("-1")
    left_out = page.locator(f"{STEPS} .left-out").first
    expect(left_out).to_have_text("+44 columns")
    shown = len(results(page))
    left_out.click()
    expect(left_out).to_have_text("show fewer")
    assert len(results(page)) * 6 == shown * 50
    left_out.click()
    expect(left_out).to_have_text("+44 columns")
    at(page, 2)
    on(page, "sample").select_option("0")
    assert results(page) == first

    # Slow motion goes through the numbers and on to the next sub-step; space holds it.
    on(page, "speed").select_option("220")
    page.mouse.move(5, 5)
    page.locator(f"{STEPS} h3").click()
    page.keyboard.press(" ")
    expect(page.locator(STEPS)).to_have_attribute("data-state", "playing")
    at(page, 3)
    page.keyboard.press(" ")
    expect(page.locator(STEPS)).to_have_attribute("data-state", "paused")
    expect(page.locator(f"{STEPS} .pending")).to_have_count(0)

    # The checks agree, and the step can be taken: the next one is shown from its beginning.
    on(page, "stop-8").click()
    ours, other = (page.locator(f"{STEPS} .table .line").nth(1).locator(".cell").nth(k).inner_text() for k in (0, 1))
    assert ours == other
    page.keyboard.press("End")
    at(page, 10)
    on(page, "take").click()
    expect(page.locator(STEPS)).to_have_attribute("data-step", "1")
    at(page, 1)
    on(page, "stop-2").click()
    assert results(page) != first
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.mark.long
@pytest.mark.parametrize("width", [360])
def test_nothing_is_wider_than_a_narrow_screen(page: Page, server: str, width: int) -> None:
    opened(page, server + "/?hidden=5")
    # On a usual screen the numbers are in sight without scrolling.
    page.set_viewport_size({"width": 1280, "height": 900})
    for chapter in ("samples", "forward", "loss", "backward", "optimizer", "update"):
        on(page, f"chapter-{chapter}").click()
        box, told = page.locator(f"{STEPS} .block").first.bounding_box(), on(page, "trace").bounding_box()
        assert box
        assert told
        assert box["y"] + 60 < told["y"] < 900, chapter
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    page.set_viewport_size({"width": width, "height": 780})
    for stop in (2, 5, 6, 7):
        on(page, f"stop-{stop}").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A page that is chosen is not covered by the navigation.
    page.get_by_test_id("stExpandSidebarButton").first.click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Worth a minute").click()
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")

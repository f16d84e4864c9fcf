"""A class in a real browser: a teacher's page and students' pages, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import OUTSIDE, STAGE, data, pause, play, step, until, wait_until_settled

WALL = "[data-testid=class-wall]"
WATCHED = "[data-testid=watched-stage]"


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles of all pages complain of: nothing."""
    said: list[str] = []
    yield said
    assert said == []


@contextmanager
def visitor(browser: Browser, complaints: list[str], width: int = 1280, scheme: str = "light") -> Iterator[Page]:
    """A page of a browser of its own."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # pyright: ignore[reportArgumentType]
    )
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and not any(part in said.text for part in (*OUTSIDE, "404"))
            else None
        ),
    )
    try:
        yield page
    finally:
        context.close()


def open_class(page: Page, server: str) -> str:
    """Open a class; the link for its students."""
    page.goto(f"{server}/class")
    page.get_by_role("button", name="Open a class").click()
    page.wait_for_selector(WALL)
    page.get_by_role("button", name="Links").click()
    code = page.locator("[data-testid=stCode]").first
    expect(code).to_contain_text("/join?class=")
    link = code.inner_text().strip()
    page.keyboard.press("Escape")
    return link


def join(page: Page, link: str, nickname: str = "") -> None:
    """Follow a class's link and come to the stage."""
    page.goto(link)
    page.get_by_role("textbox", name="Nickname").fill(nickname)
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_selector(f"{STAGE}[data-step]")


def tile(page: Page, nickname: str) -> Locator:
    return page.locator(f"{WALL} .tile", has_text=nickname)


def violations(page: Page) -> list[str]:
    """What axe finds, apart from Streamlit's own frame."""
    wait_until_settled(page)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def test_the_wall_follows_the_students_and_the_teacher_looks_over_a_shoulder(
    browser: Browser, server: str, complaints: list[str]
) -> None:
    with visitor(browser, complaints) as teacher, visitor(browser, complaints) as anna:
        link = open_class(teacher, server)
        expect(teacher.locator(WALL)).to_contain_text("Nobody is here yet")
        join(anna, link, "<i>Anna</i>")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("<i>Anna</i> in class")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("Your teacher sees your nickname")
        own = tile(teacher, "<i>Anna</i>")
        expect(own).to_contain_text("step 0")
        play(anna, 100)
        expect(own).to_contain_text("improving")
        expect(own).not_to_contain_text("step 0 ")
        picture = own.locator("canvas").first
        colours = "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
        assert picture.evaluate(colours) > 20

        # Over the shoulder; she is told, also while nothing moves.
        anna.click("[data-testid=play]")
        until(anna, "d.state === 'paused'")
        anna.wait_for_timeout(1500)
        own.click()
        expect(anna.locator(".st-key-class_bar")).to_contain_text("Your teacher is looking at your stage")
        teacher.wait_for_selector(f"{WATCHED}[data-step='{data(anna, 'step')}']")
        assert teacher.locator(WATCHED).evaluate("stage => stage.inert")
        teacher.get_by_role("button", name="Add to the gallery").click()
        teacher.get_by_role("button", name="Back to the wall").click()
        expect(anna.locator(".st-key-class_bar")).not_to_contain_text("looking at your stage")

        # What is shared is marked.
        anna.get_by_role("button", name="Share with my teacher").click()
        expect(own.locator(".badge.shared")).to_be_visible()

        teacher.locator(f"{WALL} .tab", has_text="Gallery").click()
        work = teacher.locator(f"{WALL} .work")
        expect(work).to_have_count(1)
        expect(work).not_to_contain_text("Anna")
        teacher.get_by_role("button", name="On the projector").click()
        expect(teacher.locator(f"{WALL} .class-gallery")).to_have_class("class-gallery projected")
        teacher.keyboard.press("Escape")
        expect(teacher.locator(f"{WALL} .class-gallery")).to_have_class("class-gallery")
        teacher.get_by_label("Take this work out").click()
        expect(work).to_have_count(0)

        teacher.locator(f"{WALL} .tab", has_text="Numbers").click()
        expect(teacher.locator(f"{WALL} .summary")).to_contain_text("1 network; the median test loss is")
        with teacher.expect_download() as download:
            teacher.get_by_role("button", name="Numbers of the class").click()
        assert "<i>Anna</i>" in download.value.path().read_text()


def test_a_reload_keeps_seat_and_class_and_the_end_is_told(
    browser: Browser, server: str, complaints: list[str]
) -> None:
    with visitor(browser, complaints) as teacher, visitor(browser, complaints) as anna:
        link = open_class(teacher, server)
        join(anna, link, "Anna")
        play(anna, 100)
        anna.reload()
        anna.wait_for_selector(f"{STAGE}[data-step]")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("Anna in class")
        teacher.reload()
        expect(tile(teacher, "Anna")).to_be_visible()
        expect(teacher.locator(f"{WALL} .tile")).to_have_count(1)
        teacher.get_by_role("button", name="End the class").click()
        teacher.get_by_role("button", name="End it now").click()
        expect(teacher.get_by_role("button", name="Open a class")).to_be_visible()
        expect(anna.get_by_text("The class has ended, and nothing of it was kept.")).to_be_visible()
        expect(anna.locator(STAGE)).to_be_visible()
        anna.get_by_role("button", name="Understood").click()
        anna.reload()
        anna.wait_for_selector(f"{STAGE}[data-step]")
        expect(anna.locator(".st-key-class_bar")).to_have_count(0)
        assert "playground_seat" not in anna.evaluate("document.cookie")


def test_students_follow_their_teacher_and_take_over(browser: Browser, server: str, complaints: list[str]) -> None:
    with visitor(browser, complaints) as teacher, visitor(browser, complaints, scheme="dark") as anna:
        link = open_class(teacher, server)
        join(anna, link, "Anna")
        play(anna, 100)
        teacher.get_by_role("button", name="Have all follow me").click()
        teacher.get_by_text("Play", exact=True).first.click()
        teacher.get_by_role("menuitem", name="Playground").click()
        teacher.wait_for_selector(f"{STAGE}[data-step]")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("You see your teacher's stage")
        expect(anna.locator(STAGE)).to_have_count(0)
        play(teacher, 300)
        teacher.click("[data-testid=play]")
        until(teacher, "d.state === 'paused'")
        shown = data(teacher, "step")
        anna.wait_for_selector(f"{WATCHED}[data-step='{shown}']")
        anna.get_by_role("button", name="Take over from here").click()
        until(anna, f"d.step === '{shown}'")
        play(anna, 50)
        assert step(anna) > float(shown)
        anna.get_by_role("button", name="Back to what I had").click()
        until(anna, "Number(d.step) >= 100")
        teacher.get_by_role("button", name="Let all go back").click()


def test_what_is_sent_waits_or_replaces_and_a_frozen_stage_stands(
    browser: Browser, server: str, complaints: list[str]
) -> None:
    with visitor(browser, complaints) as teacher, visitor(browser, complaints) as anna:
        teacher.goto(f"{server}/?dataset=xor&hidden=3")
        teacher.wait_for_selector(f"{STAGE}[data-step]")
        teacher.get_by_text("Class", exact=True).first.click()
        teacher.get_by_role("menuitem", name="My class").click()
        teacher.get_by_role("button", name="Open a class").click()
        teacher.wait_for_selector(WALL)
        teacher.get_by_role("button", name="Links").click()
        link = teacher.locator("[data-testid=stCode]").first.inner_text().strip()
        teacher.keyboard.press("Escape")
        join(anna, link, "Anna")
        play(anna, 100)
        teacher.get_by_role("button", name="Send to all").click()
        teacher.get_by_role("button", name="Offer it").click()
        offer = anna.locator(".st-key-class_offer")
        expect(offer).to_contain_text("Your teacher sends: Exclusive or")
        assert data(anna, "state") == "playing"
        pause(anna)
        run = data(anna, "run")
        offer.get_by_role("button", name="Open").click()
        until(anna, f"d.run !== '{run}' && Number(d.step) === 0")
        expect(offer).to_have_count(0)

        teacher.keyboard.press("Escape")
        play(anna, 50)
        teacher.get_by_role("button", name="Freeze all stages").click()
        until(anna, "d.state === 'paused'")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("stopped all stages")
        expect(anna.locator("[data-testid=play]")).to_have_class(re.compile(r"\blocked\b"))
        stood = data(anna, "step")
        anna.locator(STAGE).press("Space")
        anna.wait_for_timeout(1000)
        assert data(anna, "step") == stood
        teacher.get_by_role("button", name="Release all stages").click()
        expect(anna.locator(".st-key-class_bar")).not_to_contain_text("stopped all stages")
        play(anna, 50)


def test_a_class_that_is_not_there_is_said_calmly(browser: Browser, server: str, complaints: list[str]) -> None:
    with visitor(browser, complaints, width=360) as page:
        page.goto(f"{server}/join?class=ZZZZZZ")
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_text("there is no class ZZZZZZ here")).to_be_visible()
        page.get_by_role("textbox", name="Code of the class").fill("12")
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_text("a code has 6 letters")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1280, "light"), pytest.param(360, "dark"), pytest.param(768, "dark", marks=pytest.mark.long)],
)
def test_the_pages_of_a_class_are_accessible_at_every_width(
    browser: Browser, server: str, complaints: list[str], width: int, scheme: str
) -> None:
    with visitor(browser, complaints, width, scheme) as teacher, visitor(browser, complaints, width, scheme) as anna:
        anna.goto(f"{server}/class")
        expect(anna.get_by_role("button", name="Open a class")).to_be_visible()
        assert violations(anna) == []
        link = open_class(teacher, server)
        anna.goto(link)
        expect(anna.get_by_role("button", name="Join", exact=True)).to_be_visible()
        assert violations(anna) == []
        anna.get_by_role("button", name="Join", exact=True).click()
        anna.wait_for_selector(f"{STAGE}[data-step]")
        expect(teacher.locator(f"{WALL} .tile")).to_have_count(1)
        teacher.locator(f"{WALL} .tile").click()
        teacher.wait_for_selector(f"{WATCHED}[data-step]")
        expect(anna.locator(".st-key-class_bar")).to_contain_text("looking at your stage")
        for page in (teacher, anna):
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        teacher.get_by_role("button", name="Add to the gallery").click()
        for view in ("Numbers", "Gallery"):
            teacher.locator(f"{WALL} .tab", has_text=view).click()
            teacher.wait_for_timeout(2500)
            assert violations(teacher) == []

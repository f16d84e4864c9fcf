"""What a person does to the network with mouse and keys, in a real browser, and what an accessibility checker says of
it all."""

from __future__ import annotations

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import (
    ROOT,
    STAGE,
    data,
    frame,
    on,
    open_section,
    pause,
    picture,
    play,
    step,
    until,
    visit,
    wait_until_settled,
)
from tests.sampling import mark_long_except

FRAME = (ROOT / "playground" / "web" / "layout.py").read_text(encoding="utf-8")
PAGES = ["", *(name for name in re.findall(r'"pages/\w+/(\w+)\.py"', FRAME) if name != "playground")]
"""The addresses of all pages."""

OFTEN = (360, "dark")
"""The width and the colours at which pages are checked by each run of the tests."""


def place(element: Locator) -> tuple[float, float]:
    """The middle of an element, in the page."""
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def place_of_link(page: Page, first: str, second: str) -> tuple[float, float]:
    """The middle between two nodes, where their link runs."""
    a, b = on(page, first).bounding_box(), on(page, second).bounding_box()
    assert a
    assert b
    return (a["x"] + a["width"] + b["x"]) / 2, (a["y"] + b["y"] + a["height"]) / 2


def test_hovering_a_unit_shows_its_map_large_and_its_numbers(page: Page, server: str) -> None:
    visit(page, server)
    before = picture(page)
    on(page, "unit-1-0").hover()
    expect(page.locator(f"{STAGE} .output h2")).to_have_text("layer 1, unit 1")
    legend = page.locator(f"{STAGE} .legend")
    expect(legend).to_contain_text("its value at each point")  # and not of what class the output would be
    expect(legend).not_to_contain_text("class 0")
    expect(on(page, "card")).to_contain_text("mean ± deviation")
    assert picture(page) != before
    page.mouse.move(5, 5)
    expect(on(page, "card")).to_be_hidden()
    expect(page.locator(f"{STAGE} .output h2")).to_have_text("Output")
    expect(legend).to_contain_text("class 0")


def test_a_bias_is_edited_by_keys_alone_and_shows_at_once(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 50)
    pause(page)
    at, frozen, before = frame(page), step(page), picture(page)
    on(page, "unit-1-0").focus()
    page.keyboard.press("Enter")
    expect(on(page, "bias")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    until(page, f"d.frame === '{at + 1}'")
    assert step(page) == frozen
    expect(on(page, "bias")).to_have_value("3")
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    page.wait_for_timeout(200)
    assert picture(page) != before


@pytest.mark.long
def test_a_link_tells_its_weight_and_gradient_and_is_edited_and_switched_off(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=2")
    play(page, 50)
    pause(page)
    x, y = place_of_link(page, "unit-1-0", "unit-2-0")
    page.mouse.move(x, y)
    expect(on(page, "card")).to_contain_text("gradient")
    page.mouse.click(x, y)
    on(page, "weight").fill("-2.5")
    on(page, "weight").press("Enter")
    until(page, "Number(d.turn) >= 1")
    page.mouse.click(x, y)
    expect(on(page, "weight")).to_have_value("-2.5")
    on(page, "link-on").click()
    until(page, "Number(d.turn) >= 2")
    on(page, "play").click()
    until(page, f"Number(d.step) > {step(page) + 100}")


def test_a_unit_is_switched_off_in_mid_training_and_on_again(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 100)
    run = data(page, "run")
    on(page, "unit-1-1").click()
    on(page, "unit-on").click()
    expect(on(page, "unit-1-1")).to_have_class("node off")
    until(page, f"Number(d.step) > {step(page) + 100} && d.state === 'playing'")
    on(page, "unit-on").click()
    expect(on(page, "unit-1-1")).to_have_class("node")
    assert data(page, "run") == run


def test_a_feature_is_clicked_on_and_layers_and_units_are_added_in_place(page: Page, server: str) -> None:
    visit(page, server)
    expect(on(page, "feature-sin_x1")).to_have_attribute("aria-pressed", "false")
    on(page, "feature-sin_x1").click()
    expect(on(page, "feature-sin_x1")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**/*features=*sin_x1*")
    on(page, "more-layers").click()
    page.wait_for_url("**/*hidden=4%2C2%2C2*")
    on(page, "more-0").click()
    page.wait_for_url("**/*hidden=5%2C2%2C2*")
    on(page, "fewer-1").click()
    page.wait_for_url("**/*hidden=5%2C1%2C2*")
    on(page, "fewer-layers").click()
    expect(on(page, "unit-3-0")).to_have_attribute("aria-label", "output class 0 or class 1")
    on(page, "activation-1").select_option("relu")
    page.wait_for_url("**/*activation=tanh%2Crelu*")
    open_section(page, "Network")
    expect(page.get_by_role("textbox", name="Hidden layers")).to_have_value("5, 1")


@pytest.mark.long
def test_what_is_pressed_stays_the_same_element_when_the_network_comes(page: Page, server: str) -> None:
    visit(page, server)
    plus = on(page, "more-0").element_handle(timeout=30_000)
    plus.focus()
    for units in ("5", "6"):
        plus.press("Enter")
        page.wait_for_url(f"**/*hidden={units}%2C2*")
        expect(page.locator(f"{STAGE} .layer-head .count").first).to_have_text(units)
        assert plus.evaluate("(button) => button.isConnected && button.getRootNode().activeElement === button")


@pytest.mark.long
def test_a_pinned_card_closes_by_its_button_by_escape_from_anywhere_and_by_a_click_elsewhere(
    page: Page, server: str
) -> None:
    visit(page, server)
    play(page, 60)
    pause(page)
    closings = (
        lambda: on(page, "card-close").click(),
        lambda: (on(page, "play").focus(), page.keyboard.press("Escape")),
        lambda: page.get_by_role("heading", name="Gradients by layer").click(),
    )
    for close in closings:
        on(page, "unit-1-0").click()
        expect(on(page, "card-close")).to_be_visible()
        on(page, "step").click()  # what is pinned is watched
        expect(on(page, "card-close")).to_be_visible()
        close()
        expect(on(page, "card")).to_be_hidden()
    before = frame(page)
    page.keyboard.press("Home")  # the click has left the keys to the stage
    until(page, "d.frame === '0'")
    assert before > 0


@pytest.mark.long
def test_a_locked_network_is_text_after_a_change_of_size(page: Page, server: str) -> None:
    visit(page, server + "/?lock=hidden,activation,diagram")
    for width in (1280, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        for name in ("more-0", "fewer-1", "more-layers", "freeze-0"):
            expect(on(page, name)).to_be_hidden()
        assert (
            on(page, "activation-0").evaluate("(select) => select.inert && getComputedStyle(select).backgroundImage")
            == "none"
        )
        expect(page.locator(f"{STAGE} .layer-head .count").first).to_have_text("4")
    on(page, "unit-1-0").click()
    card = on(page, "card")
    expect(card).to_contain_text("switched on while it trains")
    expect(card.locator("input")).to_have_count(0)
    on(page, "open-link-0").click()
    expect(card).to_contain_text("gradient")
    expect(card.locator("input")).to_have_count(0)


def test_a_frozen_layer_and_the_importance_of_units(page: Page, server: str) -> None:
    visit(page, server)
    on(page, "freeze-0").click()
    expect(on(page, "freeze-0")).to_have_attribute("aria-pressed", "true")
    play(page, 60)
    pause(page)
    on(page, "importance").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((e) => "
        "e.shadowRoot?.querySelector('[aria-description*=\"loss without it\"]'))",
        timeout=30_000,
    )
    expect(on(page, "importance")).to_have_attribute("aria-pressed", "true")
    on(page, "importance").click()
    expect(on(page, "importance")).to_have_attribute("aria-pressed", "false")
    expect(on(page, "unit-1-0")).to_have_attribute("aria-description", "")


def test_points_are_painted_erased_and_cleared_and_training_goes_on(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 50)
    run = data(page, "run")
    on(page, "paint").select_option("v1")
    page.locator(STAGE).evaluate("(stage) => { stage.isFirst = true; }")
    box = page.locator(f"{STAGE} .square canvas").nth(2).bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 20, steps=10)
    page.mouse.up()
    page.wait_for_url("**/*painted=*")
    until(page, f"Number(d.step) > {step(page) + 100}")
    assert data(page, "run") == run
    assert page.locator(STAGE).evaluate("(stage) => stage.isFirst"), "the stage was mounted anew"
    on(page, "clear-painted").click()
    page.wait_for_function("() => !location.search.includes('painted')")


@pytest.mark.long
def test_points_are_painted_by_keys(page: Page, server: str) -> None:
    visit(page, server)
    on(page, "paint").select_option("v0")
    page.locator(f"{STAGE} .painting").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*painted=*")


def test_a_branch_keeps_the_other_one_and_both_can_be_shown(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 300)
    page.locator("[data-testid=scrub]").fill("5")
    until(page, "d.frame === '5'")
    run = data(page, "run")
    page.keyboard.press("b")
    until(page, f"d.run !== '{run}' && d.frame === '5'")
    expect(on(page, "branch-B")).to_have_attribute("aria-pressed", "true")
    on(page, "branch-A").click()
    until(page, f"d.run === '{run}'")
    until(page, "d.frame === '5'")  # where it was left


@pytest.mark.long
def test_two_moments_are_compared(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 100)
    pause(page)
    on(page, "bookmark-b").click()
    page.keyboard.press("Home")
    on(page, "bookmark-a").click()
    page.get_by_role("button", name="Compare two moments").or_(
        page.get_by_role("radio", name="Compare two moments")
    ).first.click()
    expect(page.locator(".js-plotly-plot")).to_have_count(1, timeout=30_000)


def test_a_notice_comes_with_a_remedy_that_is_one_click_away(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=plane&hidden=8&activation=relu&learning_rate=1.0")
    on(page, "play").click()
    until(page, "d.state === 'diverged'")
    page.get_by_role("button", name="Learning rate 0.03, from the start", exact=True).click()
    page.wait_for_url(lambda url: "learning_rate" not in url)  # 0.03 is the default
    until(page, "d.state !== 'diverged' && Number(d.step) > 50")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/*learning_rate=1.0*")


@pytest.mark.long
def test_the_worst_points_are_ringed_and_a_point_tells_its_loss(page: Page, server: str) -> None:
    visit(page, server + "/?noise=0.4")
    play(page, 50)
    pause(page)
    before = picture(page)
    on(page, "worst").check()
    page.wait_for_timeout(2500)
    assert picture(page) != before


def test_a_handout_shows_just_what_it_should(page: Page, server: str) -> None:
    visit(page, server + "/?hide=paint,noise,step_one&lock=hidden&title=Try+this&playing=true&show=discretize")
    until(page, "Number(d.step) > 30")
    expect(page.get_by_text("Try this")).to_be_visible()
    expect(on(page, "paint")).to_be_hidden()
    expect(on(page, "step-one")).to_be_hidden()
    expect(page.get_by_test_id("stSidebar").get_by_text("Noise")).to_have_count(0)
    expect(on(page, "discretize")).to_be_checked()


def test_embedded_there_is_the_stage_and_nothing_else(page: Page, server: str) -> None:
    visit(page, server + "/?embed=true&dataset=xor")
    expect(page.locator("[data-testid=stSidebar]")).to_have_count(0)
    expect(page.get_by_role("link", name="Share")).to_have_count(0)


def test_leaving_the_page_and_coming_back_keeps_the_run(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 100)
    pause(page)
    run, frozen = data(page, "run"), step(page)
    page.get_by_text("Keep", exact=True).first.click()
    page.locator("a[href$='/share']").first.click()
    expect(page.get_by_text("A link to this experiment")).to_be_visible()
    page.get_by_text("Play", exact=True).first.click()
    page.locator("a", has_text="Playground").last.click()
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=30_000)
    until(page, f"d.run === '{run}' && Number(d.step) >= {frozen}")


@pytest.mark.long
@pytest.mark.parametrize("size", [(360, 780), (768, 1000), (1280, 720)])
def test_a_tour_never_covers_what_it_speaks_of(page: Page, server: str, size: tuple[int, int]) -> None:
    visit(page, server)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.keyboard.press("h")
    card, spot = on(page, "tour-card"), page.locator(f"{STAGE} .spot")
    expect(card).to_be_visible()
    for place in range(1, 10):
        expect(card.locator(".hint")).to_have_text(f"{place} / 9")
        # Where they go, not where a transition has brought them.
        still = "one => Promise.all(one.getAnimations().map((each) => (each.finish(), each.finished)))"
        for moving in (card, spot):
            moving.evaluate(still)
        said, told = card.bounding_box(), spot.bounding_box()
        assert said
        assert told
        apart = [said[axis] + said[side] <= told[axis] or told[axis] + told[side] <= said[axis]
                 for axis, side in (("x", "width"), ("y", "height"))]  # fmt: skip
        assert any(apart), card.inner_text()
        assert min(said["y"], told["y"]) >= 0
        assert max(said["y"] + said["height"], told["y"] + told["height"]) <= size[1]
        on(page, "tour-next").click()
    expect(card).to_be_hidden()


@pytest.mark.long
def test_a_handout_is_made_by_keys_in_the_picture_and_read_without_links(page: Page, server: str) -> None:
    visit(page, server)
    page.get_by_text("Keep", exact=True).first.click()
    page.locator("a[href$='/share']").first.click()
    area = page.locator(".st-key-handout_area_data button").first
    area.focus()
    for word in ("locked", "hidden", "free", "locked"):
        page.keyboard.press("Enter")
        expect(area).to_have_accessible_name(re.compile(word))
        expect(area).to_be_focused()
    words = page.get_by_role("textbox", name="Task in words")
    words.fill("Try **this** [here](https://example.org) ![x](https://example.org/x.png) <b>now</b> www.example.org")
    words.press("Control+Enter")
    page.get_by_role("button", name="Fight overfitting").hover()
    wait_until_settled(page)
    page.wait_for_timeout(800)  # what is highlighted is coloured a moment later
    assert not [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    student = page.get_by_role("link", name="Open as a student")
    expect(student).to_have_attribute("href", re.compile(r"/\?z=1[\w-]+$"))
    expect(page.get_by_text("What the class reads")).to_be_visible()
    page.goto(str(student.get_attribute("href")))
    page.wait_for_selector(f"{STAGE}[data-step]", timeout=30_000)
    said = page.get_by_test_id("stMarkdown").filter(has_text="Try this")
    expect(said.locator("strong")).to_have_text("this")
    expect(said.locator("a, img, b")).to_have_count(0)
    assert "![x](https://example.org/x.png) <b>now</b>" in said.inner_text().replace("\u2060", "")
    open_section(page, "Data")
    expect(page.locator(".st-key-locked_noise")).to_contain_text("0 %")
    expect(page.get_by_role("slider", name="Noise")).to_have_count(0)


def test_a_first_visit_is_invited_and_a_second_one_is_not(page: Page, server: str) -> None:
    visit(page, server)
    expect(page.locator(f"{STAGE} .sign-key")).to_contain_text("positive")
    on(page, "invitation").get_by_role("button").click()
    expect(on(page, "tour-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(on(page, "invitation")).to_be_visible()
    on(page, "play").click()
    expect(on(page, "invitation")).to_have_count(0)
    visit(page, server)
    expect(on(page, "notices")).to_be_visible()
    expect(on(page, "invitation")).to_have_count(0)


@pytest.mark.long
def test_a_tour_tells_what_one_is_looking_at_and_leaves_training_alone(page: Page, server: str) -> None:
    visit(page, server)
    page.keyboard.press("h")
    expect(on(page, "tour-card")).to_contain_text("Play trains the network")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(on(page, "tour-card")).to_contain_text("Features come in on the left")
    assert step(page) == 0
    page.keyboard.press("Escape")
    expect(on(page, "tour-card")).to_be_hidden()
    expect(on(page, "tour")).to_be_focused()


@pytest.mark.long
def test_a_picture_and_a_film_are_saved(page: Page, server: str) -> None:
    visit(page, server)
    with page.expect_download() as download:
        on(page, "picture").click()
    assert download.value.suggested_filename == "neural-playground-step-0.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    on(page, "film").click()
    until(page, "Number(d.step) > 100")
    with page.expect_download() as download:
        on(page, "film").click()
    assert download.value.path().read_bytes().startswith(b"\x1aE\xdf\xa3")  # an EBML head, as WebM has
    assert download.value.path().stat().st_size > 10_000


@pytest.mark.long
def test_a_dataset_is_chosen_by_its_picture(page: Page, server: str) -> None:
    visit(page, server)
    on(page, "dataset-six_bumps").click()
    page.wait_for_url("**/*dataset=six_bumps*")
    expect(on(page, "dataset-six_bumps")).to_have_attribute("aria-pressed", "true")


def findings(page: Page, tries: int = 3) -> list[tuple[str, str, list[str]]]:
    """The serious and critical ones that stay: while a page is drawn anew, Streamlit fades what is about to be
    replaced."""
    found = []
    for _ in range(tries):
        wait_until_settled(page)
        page.wait_for_timeout(800)  # what is highlighted is coloured a moment later
        found = [
            (violation["id"], violation["help"], [node["html"][:160] for node in violation["nodes"][:3]])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        if not found:
            break
    return found


@pytest.mark.parametrize(
    ("width", "scheme"),
    mark_long_except(product((360, 768, 1280), ("light", "dark")), OFTEN),
)
def test_no_serious_finding_by_the_accessibility_checker(
    browser: Browser, server: str, scheme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    found = []
    for path in PAGES:
        page.goto(f"{server}/{path}?hidden=2&samples=50")
        if path == "race" and (width, scheme) == OFTEN:  # its search for learning rates is watched by the long tests
            page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
            page.wait_for_selector("[data-testid=lanes][data-step]")
        elif path:
            page.wait_for_selector("h1", timeout=30_000)
        else:
            page.wait_for_selector(f"{STAGE}[data-step]", timeout=30_000)
        found += [(path, *finding) for finding in findings(page)]
    context.close()
    assert found == []

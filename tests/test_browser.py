"""The app in a real browser: what a person sees and presses, and that it answers."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import STAGE, data, open_section, picture, play, step, until, visit
from tests.sampling import mark_long_except


def test_play_learns_and_pause_freezes_the_step(page: Page, server: str) -> None:
    visit(page, server)
    assert step(page) == 0
    assert data(page, "state") == "paused"
    before = picture(page)
    play(page)
    assert data(page, "state") in ("playing", "waiting")
    page.click("[data-testid=play]")
    until(page, "d.state === 'paused'")
    frozen = data(page, "step")
    page.wait_for_timeout(600)
    assert data(page, "step") == frozen
    assert picture(page) != before


def test_step_goes_on_by_a_frame_and_by_one_optimizer_step(page: Page, server: str) -> None:
    visit(page, server)
    page.click("[data-testid=step]")
    until(page, "d.step === '10'")
    page.click("[data-testid=step-one]")
    until(page, "d.step === '11'")
    page.keyboard.press("ArrowRight")
    until(page, "d.step === '21'")


def test_reset_gives_the_same_start_and_a_new_start_another(page: Page, server: str) -> None:
    visit(page, server)
    start, run = picture(page), data(page, "run")
    play(page)
    page.click("[data-testid=reset]")
    until(page, f"d.step === '0' && d.run !== '{run}'")
    assert data(page, "state") == "paused"
    page.wait_for_timeout(300)
    assert picture(page) == start
    run = data(page, "run")
    page.click("[data-testid=new-start]")
    until(page, f"d.run !== '{run}'")
    page.wait_for_timeout(300)
    assert picture(page) != start


def test_the_time_line_goes_back_and_it_learns_again(page: Page, server: str) -> None:
    visit(page, server)
    play(page, 300)
    page.locator("[data-testid=scrub]").fill("2")
    until(page, "d.frame === '2' && d.state === 'paused'")
    assert step(page) == 20
    page.click("[data-testid=play]")
    until(page, "Number(d.step) > 400")


def test_a_knob_in_mid_play_shows_without_a_restart(page: Page, server: str) -> None:
    visit(page, server)
    play(page)
    run, before = data(page, "run"), step(page)
    slider = page.locator(".st-key-field_learning_rate input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/*learning_rate=0.1*")
    until(page, f"Number(d.step) > {before + 200} && d.state === 'playing'")
    assert data(page, "run") == run


def test_a_structure_starts_again_and_goes_on_playing(page: Page, server: str) -> None:
    visit(page, server)
    play(page)
    run = data(page, "run")
    open_section(page, "Network")
    hidden = page.get_by_role("textbox", name="Hidden layers")
    hidden.fill("5, 3")
    hidden.press("Enter")
    until(page, f"d.run !== '{run}'")
    until(page, "Number(d.step) > 50 && d.state === 'playing'")


def test_a_link_restores_the_experiment(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=spiral&hidden=6,6&noise=0.2&seed=7")
    open_section(page, "Network")
    expect(page.get_by_role("textbox", name="Hidden layers")).to_have_value("6, 6")
    expect(page.get_by_role("combobox", name="Dataset")).to_have_value("Spiral")


@pytest.mark.long
def test_a_link_that_makes_no_sense_is_answered_calmly(page: Page, server: str) -> None:
    visit(page, server + "/?hidden=9999&loss=%3Cscript%3E")
    expect(page.get_by_text("Not all of the link could be taken")).to_have_count(1)
    expect(page.get_by_text("Traceback")).to_have_count(0)


@pytest.mark.long
def test_training_goes_on_after_the_socket_was_closed(page: Page, server: str) -> None:
    page.add_init_script(
        "const Real = WebSocket; window.sockets = [];"
        "window.WebSocket = class extends Real { constructor(...a) { super(...a); window.sockets.push(this); } };"
    )
    visit(page, server)
    play(page)
    page.evaluate("window.sockets.forEach((socket) => socket.close())")
    before = step(page)
    until(page, f"Number(d.step) > {before + 600}")


@pytest.mark.long
def test_keys_play_and_pause_but_not_where_somebody_types(page: Page, server: str) -> None:
    visit(page, server)
    page.keyboard.press(" ")
    until(page, "d.state === 'playing' && Number(d.step) > 20")
    page.keyboard.press(" ")
    until(page, "d.state === 'paused'")
    frozen = data(page, "step")
    open_section(page, "Network")
    page.get_by_role("textbox", name="Hidden layers").press(" ")
    page.wait_for_timeout(300)
    assert (data(page, "state"), data(page, "step")) == ("paused", frozen)


def test_divergence_is_said_in_words(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=plane&hidden=8&activation=relu&learning_rate=10.0")
    page.click("[data-testid=play]")
    until(page, "d.state === 'diverged'")
    expect(page.locator(f"{STAGE} .message")).to_contain_text("learning rate")


@pytest.mark.long
def test_more_classes_and_the_toggles(page: Page, server: str) -> None:
    visit(page, server + "/?dataset=blobs&classes=5&loss=softmax_cross_entropy")
    play(page, 100)
    page.click("[data-testid=play]")
    until(page, "d.state === 'paused'")
    page.wait_for_timeout(200)
    seen = [picture(page)]
    for name in ("discretize", "test-points"):
        page.check(f"[data-testid={name}]")
        page.wait_for_timeout(200)
        seen.append(picture(page))
    assert len(set(seen)) == 3


@pytest.mark.parametrize(
    ("width", "scheme"),
    mark_long_except(product((360, 768, 1280), ("light", "dark")), (360, "dark"), (768, "light"), (1280, "light")),
)
def test_it_fits_and_follows_the_theme(browser: Browser, server: str, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    visit(page, server)
    page.wait_for_timeout(500)
    box = page.locator(STAGE).bounding_box()
    assert box is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    menu = page.get_by_test_id("stMainMenu").bounding_box()
    assert menu is not None
    assert menu["x"] + menu["width"] <= width
    ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 21, 26)"}[scheme]
    if width == 1280:
        assert box["y"] + box["height"] <= 800, "all that moves fits one screen"
    context.close()

"""Another language in a real browser: what is written in the page and what is drawn on canvases, at once."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.browser import STAGE, on, play, visit

TABLE = {
    "1,234.5": "1.234,5",
    "{number} %": "{number}%",
    "Play (space)": "Abspielen",
    "step": "Schritt",
    "paused": "angehalten",
    "Network": "Netz",
    "hidden layers": "verdeckte Schichten",
    "exploding →": "explodiert →",
    "speed · {pace}": "Tempo · {pace}",
    "{count} step a frame": ["{count} Schritt je Bild", "{count} Schritte je Bild"],
    "Activation of layer {layer}": "Aktivierung der Schicht {layer}",
    "layer {layer}": "Schicht {layer}",
    "layer {layer}, unit {unit}": "Schicht {layer}, Einheit {unit}",
    "train": "Training",
}
DRAWN = """
globalThis.drawnTexts = [];
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  drawnTexts.push(text);
  return fillText.call(this, text, ...place);
};
"""


def answer(route: Route) -> None:
    """Send the made-up table."""
    route.fulfill(body=json.dumps(TABLE), content_type="application/json")


def speak(page: Page, language: str) -> None:
    """What the switch of the language does in the page."""
    page.evaluate("(language) => { document.documentElement.lang = language; }", language)


def expect_drawn(page: Page, *texts: str) -> None:
    """All ``texts`` are drawn on canvases sooner or later since the list was cleared."""
    page.wait_for_function("(texts) => texts.every((text) => drawnTexts.includes(text))", arg=list(texts))


def test_a_switch_rewrites_the_page_and_draws_the_canvases_anew_and_back(page: Page, server: str) -> None:
    page.add_init_script(DRAWN)
    visit(page, server + "/?hidden=3-2")
    play(page, 30)
    on(page, "play").click()
    state, title = page.locator(".state"), page.locator(".panel.network h2")
    expect(state).to_have_text("paused")
    step = page.locator(".number.step .value").inner_text()
    expect_drawn(page, "exploding →", "layer 2")
    page.evaluate("drawnTexts.length = 0")
    page.route("**/locales/de.json", answer)
    speak(page, "de")
    expect(title).to_have_text("Netz")
    expect(state).to_have_text("angehalten")
    expect(on(page, "play")).to_have_attribute("aria-label", "Abspielen")
    expect(page.locator(".number.step .label")).to_have_text("Schritt")
    expect(page.locator(".speed .label")).to_have_text("Tempo · 10 Schritte je Bild")
    expect(on(page, "activation-1")).to_have_attribute("aria-label", "Aktivierung der Schicht 2")
    expect(on(page, "unit-1-2")).to_have_attribute("aria-label", "Schicht 1, Einheit 3")
    expect(page.locator(".panel.loss .key")).to_contain_text("Training")
    expect_drawn(page, "explodiert →", "Schicht 2")
    assert "exploding →" not in page.evaluate("drawnTexts.slice(drawnTexts.indexOf('explodiert →'))")
    number = page.locator(".number.train .value").inner_text()
    assert "," in number
    assert "." not in number
    assert page.locator(".number.metric .value").inner_text().endswith("%")
    assert " %" not in page.locator(".number.metric .value").inner_text()
    speak(page, "en")
    expect(title).to_have_text("Network")
    expect(page.locator(".speed .label")).to_have_text("speed · 10 steps a frame")
    expect(page.locator(".number.train .value")).to_have_text(number.replace(",", "."))
    assert page.locator(".number.step .value").inner_text() == step, "it is the same run at the same step"


def test_a_page_that_comes_in_another_language_waits_for_its_words(page: Page, server: str) -> None:
    """The stage is not seen in English first, as it is not seen without its style."""
    routes: list[Route] = []
    page.route("**/locales/zh_CN.json", lambda route: routes.append(route))
    with page.expect_response("**/stage.css"), page.expect_request("**/locales/zh_CN.json"):
        page.goto(server + "/?lang=zh-CN")
    stage = page.locator(STAGE)
    expect(stage).to_have_attribute("data-step", "0")
    expect(stage).to_have_css("visibility", "hidden")
    for route in routes:
        route.fulfill(body=json.dumps(TABLE), content_type="application/json")
    expect(stage).to_be_visible()
    assert page.locator(".panel.network h2").inner_text() == "Netz"
    assert page.locator(".number.step .label").inner_text() == "Schritt"

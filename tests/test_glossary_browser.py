"""A word that is explained opens its card: by pointer, by key and by press, and nothing else happens."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from playground.glossary import GLOSSARY
from tests.browser import visit


def test_a_word_of_a_notice_opens_its_card(page: Page, server: str) -> None:
    visit(page, server + "/?initializer=zeros&hidden=4")
    word, card = page.locator("[data-testid=notices] a.term").first, page.locator(".term-card")
    address = page.url
    expect(word).to_be_visible()
    word.hover()
    expect(card).to_contain_text(GLOSSARY["weight"].explanation)
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.evaluate("innerWidth")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    word.click()
    expect(card).to_have_count(1)
    page.mouse.move(5, 5)
    expect(card).to_have_count(0)
    word.focus()
    page.keyboard.press("Tab")
    expect(card.locator("strong")).to_have_text("Unit")
    assert page.url == address

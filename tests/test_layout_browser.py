"""In Chinese, on a phone and on a laptop: no text is cut or runs over its box, and no page scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import STAGE, wait_until_settled

PAGES = {
    "/": f"{STAGE}[data-step]",
    "/?lesson=learning_rate": f"{STAGE}[data-step]",  # a regression: the most numbers above the time line
    "/?hidden=8,8,8,8,8,8&activation=sigmoid": f"{STAGE}[data-step]",
    "/gallery": "[class*=st-key-card_]",
    "/lessons": "[class*=st-key-lesson_card_]",
    "/lesson_editor": "[data-testid=stTextArea]",
    "/class": "[data-testid=stBaseButton-primary]",
    "/join": "[data-testid=stTextInput]",
    "/share": "[class*=st-key-handout_area_]",
    "/save": "[data-testid=stFileUploader]",
    "/your_data": "[data-testid=stTextArea]",
    "/glossary": ".st-key-glossary_terms h3",
    "/step": "[data-testid=steps]",
    "/flow": "[data-testid=lane-0]",
    "/landscape": "[data-testid=lane-0]",
    "/luck": ".st-key-luck, .js-plotly-plot",
    "/race": "[data-testid=stMultiSelect]",
}
"""Addresses of the main pages, and what is there once one is drawn."""
WIDTHS = (360, 768, 1280)
QUICK = {("/", 360), ("/?lesson=learning_rate", 360), ("/lesson_editor", 360)}
"""What is looked at in each run of the tests."""
FAULTS = """() => {
  // Streamlit's own: tags and the top navigation are moved sideways, an expander's line holds the name of an icon, and
  // a sidebar that is closed has no width.
  const parts = ["stMultiSelectTagsContainer", "stTopNav", "stIconMaterial", "stSliderTickBar", "stSidebarNav"];
  const foreign = parts.map((name) => `[data-testid=${name}], `).join("") +
    "[data-testid=stSidebar][data-collapsed=true], summary, style, .unseen, .katex, .js-plotly-plot";
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const faults = [];
  const look = (root, isOwn) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot, true);
      const { clientWidth, scrollWidth } = element;
      if (scrollWidth <= clientWidth + 1 || clientWidth < 5) continue;
      const outside = element.getRootNode().host ?? element; // a component stands in a root of its own
      if (!element.innerText?.trim() || outside.closest(foreign) || element.closest(foreign)) continue;
      if (!isShown(element)) continue;
      const { overflowX, display } = getComputedStyle(element);
      // What a box of ours holds may not lie over its neighbour either.
      const isCut = ["hidden", "clip"].includes(overflowX) || (isOwn && overflowX === "visible" && display === "flex");
      if (isCut) faults.push(`${element.className || element.tagName}: ${element.innerText.slice(0, 60)}`);
    }
  };
  look(document, false);
  const { scrollWidth, clientWidth } = document.documentElement;
  const main = document.querySelector("[data-testid=stMain]");
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  const excess = main.scrollWidth - main.clientWidth;
  if (excess > 1) faults.push(`its main part is ${excess} px too wide`);
  return faults;
}"""


VISITS = [
    pytest.param(address, width, marks=[] if (address, width) in QUICK else pytest.mark.long)
    for address in PAGES
    for width in WIDTHS
]


@pytest.mark.parametrize(("address", "width"), VISITS)
def test_no_chinese_text_is_cut(page: Page, server: str, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server}{address}{'&' if '?' in address else '?'}lang=zh-CN")
    expect(page.locator(PAGES[address]).first).to_be_visible(timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    wait_until_settled(page)
    assert page.evaluate(FAULTS) == []

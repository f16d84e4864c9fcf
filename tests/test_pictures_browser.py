"""Pictures in a real browser: each canvas fills its box and no more, on screens of every density."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.test_browser import STAGE, browser, server, visit

__all__ = ["browser", "server"]  # fixtures that are used here as well

DENSITIES = (1, 1.5, 2)
LANES = "[data-testid=lanes]"
SMALL = "hidden=2&samples=50"
PAGES = {
    "playground": ("", f"{STAGE}[data-step]"),
    "race": ("race", f"{LANES}[data-step]"),
    "surfaces": ("race", f"{LANES}[data-step]"),
    "gradient flow": ("flow", f"{LANES}[data-step]"),
    "landscape": ("landscape", f"{LANES}[data-step]"),
    "step": ("step", "[data-testid=steps][data-step]"),
    "luck": ("luck", ".js-plotly-plot"),
}
"""Addresses of the pages with pictures, and what each is waited for."""

CANVASES = """() => {
  const canvases = [];
  const collect = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("canvas") && !element.closest(".js-plotly-plot, .stDataFrame")) canvases.push(element);
      if (element.shadowRoot) collect(element.shadowRoot);
    }
  };
  collect(document);
  const parents = [...new Set(canvases.map((canvas) => canvas.parentElement))];
  const box = (element) => { const b = element.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  return canvases.map((canvas) => ({
    parent: parents.indexOf(canvas.parentElement),
    name: `${canvas.parentElement.className} ${canvas.getAttribute("aria-label") || ""}`,
    box: box(canvas), room: box(canvas.parentElement), store: [canvas.width, canvas.height],
  }));
}"""


def open_canvases(page: Page, server: str, name: str) -> list[dict[str, Any]]:
    """Open one of ``PAGES`` and measure its canvases once their sizes have come to rest."""
    address, awaited = PAGES[name]
    if address:
        page.goto(f"{server}/{address}?{SMALL}")
        page.wait_for_selector(awaited, timeout=60_000)
    else:
        visit(page, f"{server}/?{SMALL}")
    if name == "surfaces":
        page.get_by_text("Known surfaces", exact=True).click()
        page.wait_for_selector(f"{LANES}.no-epochs")
    if name == "landscape":
        expect(page.locator(".js-plotly-plot")).to_have_count(4)
    before: list[dict[str, Any]] = []
    for _ in range(30):
        canvases = page.evaluate(CANVASES)
        if [entry["store"] for entry in canvases] == [entry["store"] for entry in before]:
            return canvases
        before = canvases
        page.wait_for_timeout(300)
    raise AssertionError(f"the canvases of {name} never come to rest")


def size(box: list[float]) -> list[float]:
    """Width and height of a box of left, top, right, bottom."""
    return [box[2] - box[0], box[3] - box[1]]


def check_canvas(canvas: dict[str, Any], density: float) -> None:
    """It lies in its parent, with as many pixels as the screen has there."""
    box, room, store = canvas["box"], canvas["room"], canvas["store"]
    assert all(side > 0 for side in size(box)), canvas
    assert all(mine >= outer - 1 for mine, outer in zip(box[:2], room[:2], strict=True)), canvas
    assert all(mine <= outer + 1 for mine, outer in zip(box[2:], room[2:], strict=True)), canvas
    assert store == pytest.approx([side * density for side in size(box)], abs=1), canvas


def check_apart(canvases: list[dict[str, Any]]) -> None:
    """Canvases in one box are layers of one picture; those of different boxes do not overlap."""
    for i, first in enumerate(canvases):
        for second in canvases[:i]:
            if first["parent"] == second["parent"]:
                continue
            (l1, t1, r1, b1), (l2, t2, r2, b2) = first["box"], second["box"]
            overlap = min(r1, r2) - max(l1, l2), min(b1, b2) - max(t1, t2)
            assert min(overlap) < 1, (first, second)


@pytest.mark.parametrize("name", PAGES)
def test_canvases_fill_their_boxes_at_every_density(browser: Browser, server: str, name: str) -> None:
    sizes = {}
    for density in DENSITIES:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=density)
        try:
            canvases = open_canvases(context.new_page(), server, name)
        finally:
            context.close()
        for canvas in canvases:
            check_canvas(canvas, density)
        check_apart(canvases)
        sizes[density] = [(canvas["name"], *size(canvas["box"])) for canvas in canvases]
    assert bool(sizes[1]) == (name not in ("step", "luck")), "the pages that are known to have canvases"
    for density in DENSITIES[1:]:
        assert [entry[0] for entry in sizes[density]] == [entry[0] for entry in sizes[1]]
        for mine, first in zip(sizes[density], sizes[1], strict=True):
            assert mine[1:] == pytest.approx(first[1:], abs=1), (mine, first)


def test_canvases_follow_a_zoom(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    visit(page, f"{server}/?{SMALL}")
    metrics = {"width": 1280, "height": 801, "deviceScaleFactor": 2, "mobile": False}
    context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", metrics)
    page.wait_for_function("() => window.devicePixelRatio === 2")
    page.wait_for_timeout(500)
    canvases = [entry for entry in page.evaluate(CANVASES) if "tile" not in entry["name"]]
    assert canvases
    for canvas in canvases:
        check_canvas(canvas, 2)
    context.close()


@pytest.mark.parametrize("hidden", ["4,4,4,4", "4,4,4,4,4"])
def test_the_lock_of_each_layer_can_be_pressed(browser: Browser, server: str, hidden: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    visit(page, f"{server}/?hidden={hidden}&samples=50")
    for layer in range(len(hidden.split(","))):
        lock = page.locator(f"[data-testid=freeze-{layer}]")
        topmost = lock.evaluate(
            "(lock) => { const b = lock.getBoundingClientRect(); const middle = b.top + b.height / 2;"
            " return [b.left + 2, b.right - 2].map((x) => lock.getRootNode().elementFromPoint(x, middle) === lock); }"
        )
        assert topmost == [True, True], layer
    context.close()

"""Pictures in a real browser: each canvas fills its box and no more, on screens of every density."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import STAGE, visit, wait_until_settled
from tests.sampling import mark_long_except
from tests.test_interactions import PAGES

DENSITIES = (2, 1.5, 1)
LANES = "[data-testid=lanes]"
SMALL = "hidden=2&samples=50"
PICTURES = {
    "": f"{STAGE}[data-step]",
    "race": f"{LANES}[data-step]",
    "race#surfaces": f"{LANES}[data-step]",
    "flow": f"{LANES}[data-step]",
    "landscape": f"{LANES}[data-step]",
    "step": "[data-testid=steps][data-step]",
    "luck": ".js-plotly-plot",
}
"""Addresses of the pages with pictures, and what each is waited for; other pages are waited for until they rest."""
WITH_CANVAS = ("", "race", "race#surfaces", "flow", "landscape")

# Those of Plotly and of tables stand in the document itself, ours in the stage's own tree.
CANVASES = """() => {
  const canvases = [];
  const collect = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("canvas") && root !== document) canvases.push(element);
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


def open_page(page: Page, server: str, address: str) -> None:
    """Open the page at ``address``, one of those in ``PICTURES`` or another, and wait for its pictures."""
    name, _, part = address.partition("#")
    page.goto(f"{server}/{name}?{SMALL}")
    if address in PICTURES:
        page.wait_for_selector(PICTURES[address], timeout=60_000)
    wait_until_settled(page)
    page.wait_for_function("() => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'")
    if part == "surfaces":
        page.get_by_text("Known surfaces", exact=True).click()
        page.wait_for_selector(f"{LANES}.no-epochs")


def measure_canvases(page: Page, address: str) -> list[dict[str, Any]]:
    """All canvases of the page, once their sizes have come to rest."""
    before: list[dict[str, Any]] | None = None
    for _ in range(30):
        canvases = page.evaluate(CANVASES)
        awaited = address in WITH_CANVAS and not canvases  # the page is being drawn anew
        if (
            not awaited
            and before is not None
            and [entry["store"] for entry in canvases] == [entry["store"] for entry in before]
        ):
            return canvases
        before = canvases
        page.wait_for_timeout(300)
    raise AssertionError(f"the canvases of {address!r} never come to rest")


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


@pytest.mark.parametrize("address", mark_long_except(dict.fromkeys((*PICTURES, *PAGES)), "", "step"))
def test_canvases_fill_their_boxes_at_every_density(browser: Browser, server: str, address: str) -> None:
    """The page opens on a dense screen, and then comes to others."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=DENSITIES[0])
    page = context.new_page()
    open_page(page, server, address)
    own_title, _, app = page.title().rpartition(" · ")
    assert (app, bool(own_title)) == ("Neural Playground", address.partition("?")[0] != ""), "the tab names its page"
    sizes = {}
    for i, density in enumerate(DENSITIES):
        if i:
            # A zoom changes the window's size as well; the emulation says nothing of a change of density alone.
            metrics = {"width": 1280, "height": 800 + i, "deviceScaleFactor": density, "mobile": False}
            context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", metrics)
            page.wait_for_function("(density) => window.devicePixelRatio === density", arg=density)
            page.wait_for_timeout(300)
        canvases = measure_canvases(page, address)
        for canvas in canvases:
            check_canvas(canvas, density)
        check_apart(canvases)
        sizes[density] = [(canvas["name"], *size(canvas["box"])) for canvas in canvases]
    context.close()
    first, *others = sizes.values()
    assert bool(first) == (address in WITH_CANVAS), "the pages that are known to have canvases"
    for measured in others:
        assert [entry[0] for entry in measured] == [entry[0] for entry in first]
        for mine, other in zip(measured, first, strict=True):
            assert mine[1:] == pytest.approx(other[1:], abs=2), (mine, other)


@pytest.mark.long
def test_what_is_to_be_noticed_is_never_cut_without_a_sign(browser: Browser, server: str) -> None:
    """Nothing scrolls within the page; where the window ends before the last remedy does, the panel's head leads to
    it."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{server}/?hidden=8,8,8&activation=relu&learning_rate=3")
    page.get_by_test_id("play").click()
    page.locator("[data-notice]").first.wait_for()
    page.get_by_test_id("play").click()
    notices = page.get_by_test_id("notices")
    assert notices.evaluate("(list) => list.scrollHeight - list.clientHeight") <= 1
    assert notices.evaluate("(list) => list.getBoundingClientRect().bottom") > 720, "else there is nothing to be led to"
    page.get_by_test_id("all-notices").click()
    page.get_by_test_id("all-notices").wait_for(state="hidden")
    assert notices.evaluate("(list) => list.lastElementChild.getBoundingClientRect().bottom") <= 721
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("window", [(360, 740), (740, 360), (1080, 1920)])
def test_the_projector_fills_a_window_of_any_shape(browser: Browser, server: str, window: tuple[int, int]) -> None:
    """Every panel is in the window, and the network's last units and the output have more than a stripe of it."""
    width, height = window
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{server}/?hidden=6,6")
    page.locator(".stage .node").first.wait_for()
    page.get_by_test_id("step").focus()
    page.keyboard.press("p")
    page.locator(".stage.projector").wait_for()
    page.wait_for_timeout(300)
    boxes = page.locator(".stage.projector").evaluate(
        """(stage) => [...stage.querySelectorAll(".output, .network, .loss, .bins, .node")]
        .map((one) => one.getBoundingClientRect()).filter((box) => box.width)
        .map((box) => [box.left, box.top, box.right, box.bottom])"""
    )
    assert len(boxes) > 4
    for left, top, right, bottom in boxes:
        assert min(left, top) >= -1, boxes
        assert right <= width + 1, boxes
        assert bottom <= height + 1, boxes
    output = page.locator(".stage .output").bounding_box()
    assert output is not None
    assert output["width"] * output["height"] > 0.15 * width * height
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("hidden", mark_long_except(["4,4,4,4", "4,4,4,4,4"], "4,4,4,4,4"))
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

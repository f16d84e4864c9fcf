"""Saved pictures and films, and the projector, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Browser, Page, expect

from tests.browser import STAGE, data, play, step, until, visit
from tests.sampling import mark_long_except

LISTEN = """
window.written = [];
const fill = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  if (!this.canvas.isConnected) window.written.push(text);
  return fill.call(this, text, ...rest);
};
"""
"""What is written on canvases that are not on the page: the saved picture, while it is drawn."""
SIGNATURES = {"webm": b"\x1a\x45\xdf\xa3", "mp4": b"ftyp", "gif": b"GIF89a"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A dark page whose writing on canvases is heard."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark", accept_downloads=True)
    context.add_init_script(LISTEN)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def paused(page: Page, url: str) -> None:
    visit(page, url)
    play(page, 200)
    page.click("[data-testid=play]")
    until(page, "d.state === 'paused'")


def choose(page: Page, testid: str, value: str) -> None:
    page.click("[data-testid=stage-menu]")
    page.select_option(f"[data-testid={testid}]", value)
    page.keyboard.press("Escape")


def save(page: Page, testid: str = "picture") -> bytes:
    with page.expect_download() as download:
        page.click(f"[data-testid={testid}]")
    return Path(download.value.path()).read_bytes()


def mean_colour(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), float).mean((0, 1))


def test_a_picture_carries_what_the_screen_shows_on_white(page: Page, server: str) -> None:
    """Its words are read where the browser draws them, its ground and size from the file; the page stays as it was."""
    paused(page, server + "/?hidden=3,2&learning_rate=0.1&l2=0.002")
    page.select_option("[data-testid=activation-0]", "relu")
    until(page, "Number(d.step) === 0")
    play(page, 100)
    page.click("[data-testid=play]")
    until(page, "d.state === 'paused'")
    page.select_option("[data-testid=chart]", "norms")
    before = page.locator(f"{STAGE} .square").screenshot()
    page.evaluate("window.written = []")
    image = Image.open(io.BytesIO(save(page)))
    written = page.evaluate("window.written.join('\\n')")
    for heading in ("Network", "Output", "Gradients by layer"):
        assert heading in written
    chosen = ("ReLU", "Tanh", "Gradient norms", "Learning rate 0.1", "L2 0.002", "batch 10", "3", "2", "features")
    shown = [page.locator(f"{STAGE} .number.{name} .value").inner_text() for name in ("step", "train", "test")]
    legend = page.locator(f"{STAGE} .legend").inner_text().split("\n")
    for word in (*chosen, *shown, *filter(None, legend)):
        assert word in written.split("\n") or word in written, word
    box = page.locator(STAGE).bounding_box()
    assert box is not None
    assert abs(image.width - 2 * (box["width"] + 32)) <= 4, "twice as sharp"
    assert image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
    assert mean_colour(image).min() > 190
    assert page.locator(f"{STAGE} .square").screenshot() == before, "nobody sees it"
    choose(page, "picture-ground", "shown")
    choose(page, "picture-size", "1")
    small = Image.open(io.BytesIO(save(page)))
    assert small.convert("RGB").getpixel((3, 3)) == (18, 21, 26)
    assert abs(2 * small.width - image.width) <= 4


@pytest.mark.long
@pytest.mark.parametrize("format", mark_long_except(["gif", "webm", "mp4"], "gif"))
def test_a_film_is_saved_and_can_be_cancelled(page: Page, server: str, format: str) -> None:
    visit(page, server)
    page.click("[data-testid=stage-menu]")
    offered = page.locator("[data-testid=film-format] option").evaluate_all("all => all.map((one) => one.value)")
    page.keyboard.press("Escape")
    if format not in offered:
        return
    choose(page, "film-format", format)
    page.click("[data-testid=film]")
    until(page, "Number(d.step) >= 300")
    expect(page.locator("[data-testid=film-said]")).to_contain_text("pictures")
    assert page.get_attribute("[data-testid=film]", "aria-pressed") == "true"
    film = save(page, "film")
    assert SIGNATURES[format] in film[:16]
    expect(page.locator(f"{STAGE} .film-status")).to_be_hidden()
    expect(page.locator(STAGE)).to_have_css("--ground", "rgb(18,21,26)")
    if format == "gif":
        check_gif(film)
        page.click("[data-testid=film]")
        page.click("[data-testid=film-cancel]")
        expect(page.locator(f"{STAGE} .film-status")).to_be_hidden()
        assert page.get_attribute("[data-testid=film]", "aria-pressed") == "false"


def check_gif(film: bytes) -> None:
    """Every picture decodes, they differ, on white, and none is shown longer than a pause lasts."""
    image = Image.open(io.BytesIO(film))
    frames = [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]
    assert len(frames) >= 3
    assert all(20 <= shown <= 1500 for _, shown in frames)
    assert np.abs(np.asarray(frames[0][0], float) - np.asarray(frames[-1][0], float)).max() > 60
    for frame, _ in frames:
        assert min(frame.getpixel((3, 3))) >= 250  # pyright: ignore[reportArgumentType]


@pytest.mark.long
def test_a_film_that_cannot_be_made_says_so(page: Page, server: str) -> None:
    page.add_init_script("window.Worker = class { constructor() { throw new Error('refused'); } };")
    visit(page, server)
    choose(page, "film-format", "gif")
    page.click("[data-testid=film]")
    expect(page.locator("[data-testid=film-said]")).to_contain_text("No film could be made.")
    assert page.get_attribute("[data-testid=film]", "aria-pressed") == "false"
    play(page, 20)


SIZES = """() => {
  const stage = document.querySelector("*") && (function find(root) {
    for (const one of root.querySelectorAll("*")) {
      if (one.dataset && one.dataset.testid === "stage") return one;
      const inner = one.shadowRoot && find(one.shadowRoot);
      if (inner) return inner;
    }
  })(document);
  const by = stage.getBoundingClientRect().width / stage.offsetWidth;
  const texts = ".value, .label, h2, .count, .feature-name, .legend .class, select, .caption";
  const isShown = (element) => element.getClientRects().length;
  const seen = [...stage.querySelectorAll(texts)].filter(isShown);
  const fonts = seen.map((element) => parseFloat(getComputedStyle(element).fontSize) * by);
  const out = [...stage.querySelectorAll(".panel, .transport, .line, .legend, canvas, .node")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1);
  });
  const canvases = [...stage.querySelectorAll(".square canvas, .chart canvas, .field > canvas")].filter(isShown);
  const sharp = canvases.map((one) => one.width / one.getBoundingClientRect().width);
  const under = document.elementFromPoint(4, 4);
  const covered = !!under && (under === stage.getRootNode().host || under === stage);
  return { least: Math.min(...fonts), out: out.map((element) => element.className), sharp, covered };
}"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "height", "least"), mark_long_except([(1920, 1080, 27.5), (1280, 720, 18.5)], (1280, 720, 18.5))
)
@pytest.mark.parametrize("query", ["", "/?hidden=6,6,6,6,6,6,6,6&dataset=blobs&classes=5&loss=softmax_cross_entropy"])
def test_the_projector_is_large_and_fits(
    page: Page, server: str, width: int, height: int, least: float, query: str
) -> None:
    """Type of 28 px on a full-HD screen (a deep network's somewhat less), nothing beyond the window, and Escape gives
    all back."""
    page.set_viewport_size({"width": width, "height": height})
    paused(page, server + query)
    before = page.locator(STAGE).bounding_box()
    at = step(page)
    page.keyboard.press("p")
    expect(page.locator(STAGE)).to_have_css("position", "fixed")
    page.wait_for_function(f"() => ({SIZES})().out.length === 0")
    seen = page.evaluate(SIZES)
    assert seen["least"] >= (least if not query else 0.75 * least)
    assert all(abs(sharp - 1) < 0.03 for sharp in seen["sharp"]), seen["sharp"]
    assert seen["covered"], "neither navigation nor sidebar is seen"
    play(page, 50)
    page.keyboard.press("Escape")
    expect(page.locator(STAGE)).not_to_have_css("position", "fixed")
    assert page.locator(STAGE).bounding_box() == before
    assert float(data(page, "step")) > at

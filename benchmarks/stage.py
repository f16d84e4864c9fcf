"""The app in headless Chromium: painted frames, how soon it answers, what it costs.

    python -m benchmarks.stage [--minutes 1]

Starts a server of its own and prints one table. ``PLAYGROUND_BROWSER`` names the browser; else Chromium on the path is
taken."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.crowd.server import served
from benchmarks.rows import record

WATCH = """() => {
  const find = (root) => { for (const e of root.querySelectorAll("*")) {
    if (e.dataset && e.dataset.testid === "stage") return e;
    const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } return null; };
  const stage = find(document);
  window.seen = []; window.ticks = 0; let last = null;
  const tick = () => { window.ticks++; const now = stage.dataset.run + stage.dataset.frame + stage.dataset.turn;
    if (now !== last) { last = now; window.seen.push([performance.now(), +stage.dataset.step, +stage.dataset.turn]); }
    requestAnimationFrame(tick); };
  requestAnimationFrame(tick); window.stage = stage; }"""
EIGHT = "hidden=6,6,6,6,6,6,6,6&features=x1,x2,x1_squared,x2_squared,x1_x2,sin_x1,sin_x2"


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(what: str, value: str) -> None:
    """Print one row; it also goes into the table of all benchmarks."""
    record(what, value)
    print(f"| {what} | {value} |", flush=True)


def opened(page: Page, url: str) -> None:
    """Open the app and watch its frames."""
    page.goto(url)
    page.wait_for_selector("[data-testid=stage][data-step]", timeout=60_000)
    page.wait_for_timeout(4000)
    page.evaluate(WATCH)


def play(page: Page) -> None:
    """Press Play and let it find its pace."""
    page.click("[data-testid=play]")
    page.wait_for_function("() => +window.stage.dataset.step > 100", timeout=60_000)
    page.wait_for_timeout(1500)


def frames(page: Page, url: str, name: str, pid: int, seconds: float) -> None:
    """Painted frames a second, intervals, bytes and server CPU a frame."""
    received = [0]

    def on_socket(socket: Any) -> None:
        socket.on("framereceived", lambda payload: received.__setitem__(0, received[0] + len(payload)))

    page.on("websocket", on_socket)
    opened(page, url)
    play(page)
    page.evaluate("() => { window.seen = []; window.ticks = 0; }")
    bytes_before, cpu_before, begun = received[0], cpu(pid), time.monotonic()
    page.wait_for_timeout(seconds * 1000)
    passed = time.monotonic() - begun
    spent, sent = cpu(pid) - cpu_before, received[0] - bytes_before
    times, ticks = page.evaluate("() => [window.seen.map((s) => s[0]), window.ticks]")
    gaps = sorted(b - a for a, b in pairwise(times))
    shown = len(times)
    drawn = page.evaluate("() => window.stage.querySelectorAll('.node[data-testid^=unit]').length")
    row(f"{name}: units drawn with a live map of their own", str(drawn))
    row(f"{name}: frames painted a second (animation frames {ticks / passed:.0f})", f"{shown / passed:.1f}")
    row(
        f"{name}: interval, median / 95th percentile / longest",
        f"{median(gaps):.0f} / {gaps[int(0.95 * len(gaps))]:.0f} / {gaps[-1]:.0f} ms",
    )
    row(f"{name}: bytes a frame on the wire", f"{sent / shown:.0f}")
    row(f"{name}: server CPU a frame", f"{spent / shown * 1000:.2f} ms")


def pause(page: Page) -> None:
    """Frames painted after Pause was pressed."""
    later = []
    for _ in range(10):
        page.wait_for_timeout(500)
        later.append(
            page.evaluate(
                """async () => { const button = window.stage.querySelector("[data-testid=play]");
                button.click(); const before = window.seen.length; await new Promise((r) => setTimeout(r, 200));
                const after = window.seen.length; button.click(); return after - before; }"""
            )
        )
    row("Pause: frames painted after the click, most of 10", str(max(later)))


def knob(page: Page) -> None:
    """From a turned knob to the first frame that it made."""
    took = []
    slider = page.locator(".st-key-field_learning_rate input[type=range]")
    for i in range(8):
        slider.focus()
        turn = page.evaluate("() => { window.turned = performance.now(); return +window.stage.dataset.turn; }")
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
        first = f"window.seen.find((s) => s[2] > {turn} && s[0] > window.turned)"
        page.wait_for_function(f"() => {first}", timeout=10_000)
        took.append(page.evaluate(f"() => {first}[0] - window.turned"))
        page.wait_for_timeout(800)
    row("A knob to the first frame that shows it, median / most of 8", f"{median(took):.0f} / {max(took):.0f} ms")


def structure(page: Page, hidden: str, what: str) -> None:
    """From a changed structure to its first boundary."""
    box = page.get_by_role("textbox", name="Hidden layers")
    if not box.is_visible():
        page.locator(".st-key-section_network summary").click()
    box.fill(hidden)
    run = page.evaluate("() => window.stage.dataset.run")
    begun = time.monotonic()
    box.press("Enter")
    page.wait_for_function(f"() => window.stage.dataset.run !== '{run}'", timeout=60_000, polling=20)
    row(f"{what} to its first boundary", f"{(time.monotonic() - begun) * 1000:.0f} ms")
    page.wait_for_timeout(5000)


PRESS = """([testid, value]) => new Promise((done) => {
  const control = window.stage.querySelector(`[data-testid="${testid}"]`), { run } = window.stage.dataset;
  const begun = performance.now(); let picture = 0;
  if (value) { control.value = value; control.dispatchEvent(new Event("change", { bubbles: true })); }
  else control.click();
  const look = () => { const now = performance.now(), data = window.stage.dataset;
    if (!picture && data.run !== run) picture = now - begun;
    if (picture && +data.step > 0) done([picture, now - begun]);
    else if (now - begun > 60000) done([picture || Infinity, Infinity]);
    else requestAnimationFrame(look); };
  look(); })"""
PRESSES = ("more-0", "more-layers", "activation-0", "feature-sin_x1", "fewer-0")
ACTIVATIONS = ("relu", "sigmoid", "elu")


def presses(page: Page) -> None:
    """While it plays, from a press in the diagram that makes another network to its first picture, and to its first
    step."""
    times = []
    for activation in ACTIVATIONS:
        for testid in PRESSES:
            times.append(page.evaluate(PRESS, [testid, activation if testid == "activation-0" else ""]))
            page.wait_for_timeout(1000)
    pictures, steps = zip(*times, strict=True)
    row(f"Another network to its first picture, median / most of {len(times)}", span(pictures))
    row("... and to its first step", span(steps))


def span(milliseconds: Sequence[float]) -> str:
    """The median and the largest of some times."""
    return f"{median(milliseconds):.0f} / {max(milliseconds):.0f} ms"


def highest_speed(page: Page, name: str, seconds: float = 5.0) -> None:
    """Training steps a second when the stage takes as many a frame as it can."""
    page.locator("[data-testid=speed]").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(4000)
    step = lambda: page.evaluate("() => [performance.now(), +window.stage.dataset.step]")  # noqa: E731
    (begun, first), _, (end, last) = step(), page.wait_for_timeout(seconds * 1000), step()
    row(f"{name}: training steps a second at the highest speed", f"{1000 * (last - first) / (end - begun):,.0f}")


def memory(page: Page, pid: int, minutes: float) -> None:
    """Server and browser memory while it plays on."""
    session = page.context.new_cdp_session(page)
    heap: Callable[[], float] = lambda: session.send("Runtime.getHeapUsage")["usedSize"] / 2**20  # noqa: E731
    page.wait_for_timeout(20_000)
    series = []
    for _ in range(max(2, int(minutes * 6))):
        session.send("HeapProfiler.collectGarbage")
        series.append((resident(pid), heap()))
        page.wait_for_timeout(10_000)
    half = len(series) // 2
    for i, what in enumerate(("server, resident", "browser, script heap")):
        first, last = median(s[i] for s in series[:half]), median(s[i] for s in series[half:])
        row(f"{what}, first / second half of {minutes:g} minutes of play", f"{first:.0f} / {last:.0f} MB")


def main() -> None:
    """Start the app, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to watch the memory")
    arguments = parser.parse_args()
    browser_path = os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not browser_path:
        sys.exit("No browser: run this by `make bench`, or name one in PLAYGROUND_BROWSER.")
    with served() as server, sync_playwright() as playwright:
        url, pid = server.url, server.process.pid
        print("| what | measured |\n|---|---|")
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=browser_path, args=flags)
        row("browser", browser.version)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        frames(page, url, "4,2", pid, 15)
        pause(page)
        knob(page)
        structure(page, "7, 5", "A new structure")
        presses(page)
        memory(page, pid, arguments.minutes)
        page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        opened(page, url)
        play(page)
        highest_speed(page, "4,2")
        page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        frames(page, f"{url}/?{EIGHT}", "8x6, seven features", pid, 15)
        highest_speed(page, "8x6")
        browser.close()


if __name__ == "__main__":
    main()

"""Bytes that the socket brings after a knob is turned, while it is paused and while it plays.

    python -m benchmarks.knob_traffic

A real browser's socket, for two seconds after an arrow key on a slider; the frames that play on are counted apart.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.crowd.browsers import PATIENCE, STAGE, chromium
from benchmarks.crowd.server import served
from benchmarks.rows import record

if TYPE_CHECKING:
    from playwright.async_api import Page, WebSocket

SLIDERS = ("Learning rate", "Batch size", "Samples")
"""A knob that joins the run, one that is a knob of another program, and one that starts another run."""
SETTLING, COUNTING = 2500, 2000
"""Milliseconds before a knob is turned, and after."""


def kind(payload: bytes) -> str:
    """What a message is: of the stage with frames (``frames``) or without (``stage``), or of the rest of the page."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    from playground.web.components import decode

    message = ForwardMsg()
    message.ParseFromString(payload)
    component = message.delta.new_element.bidi_component
    if component.component_name != "stage":
        return component.component_name or "page"
    header, _ = decode(component.bytes)
    return "frames" if header["n"] and "scene" not in header else "stage"


async def turn(page: Page, label: str, payloads: list[bytes]) -> dict[str, int]:
    """Bytes by kind after the slider of this name went a step."""
    await page.wait_for_timeout(SETTLING)
    slider = page.locator("[data-testid=stSlider]").filter(has_text=label)
    await slider.locator("input").first.focus()
    payloads.clear()
    await page.keyboard.press("ArrowRight")
    await page.wait_for_timeout(COUNTING)
    sizes: dict[str, int] = {}
    for payload in payloads:
        name = kind(payload)
        sizes[name] = sizes.get(name, 0) + len(payload)
    return sizes


async def run() -> None:
    """Turn each knob paused and playing, and print a row for each."""
    async with chromium() as browser:
        if browser is None:
            raise SystemExit("no browser: name one in PLAYGROUND_BROWSER")
        with served() as server:
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            payloads: list[bytes] = []

            def note(payload: bytes | str) -> None:
                payloads.append(payload if isinstance(payload, bytes) else payload.encode())

            def listen(socket: WebSocket) -> None:
                socket.on("framereceived", note)

            page.on("websocket", listen)
            await page.goto(server.url, timeout=PATIENCE)
            await page.wait_for_selector(STAGE, timeout=PATIENCE)
            print("| knob | kB without frames | of it pictures | of it the stage |\n|---|---|---|---|")
            for state in ("paused", "playing"):
                if state == "playing":
                    await page.click("[data-testid=play]")
                for label in SLIDERS:
                    sizes = await turn(page, label, payloads)
                    total = sum(sizes.values()) - sizes.get("frames", 0)
                    parts = [f"{sizes.get(name, 0) / 1e3:.1f}" for name in ("thumbnails", "stage")]
                    print(f"| {label}, {state} | {total / 1e3:.1f} | {' | '.join(parts)} |", flush=True)
                    record(f"bytes of a turned knob, {label}, {state}", f"{total / 1e3:.1f} kB", "")


def main() -> None:
    """Run it."""
    asyncio.run(run())


if __name__ == "__main__":
    main()

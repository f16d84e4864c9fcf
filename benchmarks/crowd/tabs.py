"""Tabs of a real browser that hide and freeze as a person's tabs do, and what they have painted meanwhile.

Playwright keeps each page that it opens visible and focused, so that none of its own ever hides. These are opened
beside it, in its browser, and are spoken to in the browser's own protocol."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession

PATIENCE = 60.0
"""Seconds within which what is waited for in a tab has come."""
SCREEN = {"width": 1280, "height": 800}
TRACE = """() => {
  const find = (root) => { for (const e of root.querySelectorAll("*")) {
    if (e.dataset && e.dataset.testid === "stage") return e;
    const inner = e.shadowRoot && find(e.shadowRoot); if (inner) return inner; } return null; };
  window.painted = []; window.stage = null; window.ticks = 0;
  setInterval(() => window.ticks++, 100);
  const look = () => {
    if (!window.stage?.isConnected) window.stage = find(document);
    const { run, step } = window.stage?.dataset ?? {}, last = window.painted.at(-1);
    if (step !== undefined && (!last || last[0] !== run || last[1] !== +step)) window.painted.push([run, +step]);
    requestAnimationFrame(look);
  };
  look(); }"""
"""Notes each run and optimizer step that comes to the screen, and counts a timer."""

Painted = Sequence[Sequence[Any]]
"""(run, step) one after another, as they came to the screen."""


def backwards(painted: Painted) -> list[tuple[float, float]]:
    """Where a step followed a later one: (before, after)."""
    return [(before[1], after[1]) for before, after in itertools.pairwise(painted) if after[1] < before[1]]


def returns(painted: Painted) -> list[tuple[float, float]]:
    """Where another run took the place of one: the step that was shown, and the one that it came to."""
    return [(before[1], after[1]) for before, after in itertools.pairwise(painted) if after[0] != before[0]]


@dataclass
class Tab:
    """One tab in a window of its own, with an empty one beside it. ``sent`` counts what its sockets said; ``errors``
    are of its scripts."""

    session: CDPSession
    context: str
    target: str
    beside: str
    attached: str
    sent: int = 0
    errors: list[str] = field(default_factory=list)
    _number: int = 0
    _open: dict[int, asyncio.Future[Any]] = field(default_factory=dict)

    def hear(self, event: dict[str, Any]) -> None:
        """Take an answer or an event of the tab."""
        said = json.loads(event["message"])
        method, told = said.get("method"), said.get("params", {})
        if method == "Network.webSocketFrameSent":
            self.sent += 1
        elif method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.errors.append(
                f"in the browser: {details.get('exception', details).get('description', details['text'])}"[:200]
            )
        waiting = self._open.pop(said.get("id", 0), None)
        if waiting and not waiting.done():
            waiting.set_result(said)

    async def send(self, method: str, **what: Any) -> dict[str, Any]:
        """Ask the browser about this tab; raises ``RuntimeError`` when it refuses."""
        self._number += 1
        waiting = self._open[self._number] = asyncio.get_running_loop().create_future()
        message = json.dumps({"id": self._number, "method": method, "params": what})
        await self.session.send("Target.sendMessageToTarget", {"sessionId": self.attached, "message": message})
        said = await asyncio.wait_for(waiting, PATIENCE)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']['message']}")
        return said["result"]

    async def evaluate(self, script: str) -> Any:
        """What a function without arguments returns; None where it fails, as while the page loads."""
        said = await self.send("Runtime.evaluate", expression=f"({script})()", returnByValue=True)
        return said["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until the expression holds of ``d``, the stage's data; raises ``TimeoutError`` when it never does."""
        end = time.monotonic() + PATIENCE
        while not await self.evaluate(f"() => {{ const d = window.stage?.dataset; return !!d && ({condition}); }}"):
            if time.monotonic() > end:
                raise TimeoutError(f"{condition} did not come within {PATIENCE:.0f} s")
            await asyncio.sleep(0.1)

    async def data(self, name: str) -> str:
        """What the stage says of itself."""
        return await self.evaluate(f"() => window.stage.dataset.{name}")

    async def painted(self) -> Painted:
        """What has come to the screen so far."""
        return await self.evaluate("() => window.painted")

    async def ticks(self) -> int:
        """How often a timer of 0.1 s has gone off: less often in a hidden tab, never in a frozen one."""
        return await self.evaluate("() => window.ticks")

    async def complaints(self) -> list[str]:
        """What nobody should see or find in the console."""
        shown = await self.evaluate("() => document.querySelectorAll('[data-testid=stException]').length")
        return [*self.errors, *["an exception on the page"] * shown]

    async def press(self, name: str) -> None:
        """Press one of the stage's buttons."""
        await self.evaluate(f"() => window.stage.querySelector('[data-testid={name}]').click()")

    async def play(self, steps: int = 100) -> None:
        """Press Play and wait for so many steps."""
        await self.press("play")
        await self.until(f"+d.step >= {steps}")

    async def plays_on(self, steps: int = 100) -> None:
        """Wait for so many more steps."""
        await self.until(f"+d.step >= {float(await self.data('step')) + steps}")

    async def hide(self) -> None:
        """Have the other tab of the window in front."""
        await self.session.send("Target.activateTarget", {"targetId": self.beside})
        await self.shows("hidden")

    async def show(self) -> None:
        """Have this tab in front."""
        await self.session.send("Target.activateTarget", {"targetId": self.target})
        await self.shows("visible")

    async def shows(self, state: str) -> None:
        """Wait until the page knows that it is in this state."""
        await self.until(f"document.visibilityState === '{state}'")

    async def freeze(self) -> None:
        """Have the browser stop all that a hidden tab does, as it does to save memory and power."""
        await self.hide()
        await self.send("Page.setWebLifecycleState", state="frozen")

    async def thaw(self) -> None:
        """Have it go on, and in front."""
        await self.send("Page.setWebLifecycleState", state="active")
        await self.show()


@asynccontextmanager
async def tab(browser: Browser, url: str) -> AsyncIterator[Tab]:
    """A tab with the app at ``url``, its first picture painted; it is closed at the end."""
    session = await browser.new_browser_cdp_session()
    context = (await session.send("Target.createBrowserContext"))["browserContextId"]
    try:

        async def opened(address: str, **more: Any) -> str:
            what = {"url": address, "browserContextId": context, **more}
            return (await session.send("Target.createTarget", what))["targetId"]

        target = await opened("about:blank", newWindow=True, **SCREEN)
        beside = await opened("about:blank")
        attached = (await session.send("Target.attachToTarget", {"targetId": target, "flatten": False}))["sessionId"]
        made = Tab(session, context, target, beside, attached)
        session.on("Target.receivedMessageFromTarget", made.hear)
        for domain in ("Runtime", "Network", "Page"):
            await made.send(f"{domain}.enable")
        await made.send(
            "Page.addScriptToEvaluateOnNewDocument", source=f"addEventListener('DOMContentLoaded', {TRACE})"
        )
        await session.send("Target.activateTarget", {"targetId": target})
        await made.send("Page.navigate", url=url)
        await made.until("d.step !== undefined")
        yield made
    finally:
        await session.send("Target.disposeBrowserContext", {"browserContextId": context})
        await session.detach()

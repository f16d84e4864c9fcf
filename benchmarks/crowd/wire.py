"""Streamlit's socket as a browser uses it: messages either way."""

from __future__ import annotations

import asyncio
import json
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.crowd.page import Page

LARGEST = 32 * 2**20
TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"
"""The widget that carries a component's triggers."""


class Wire:
    """One connection to the app at ``url``, and its page; ``received`` counts bytes; ``cookies`` are kept as a browser
    keeps them."""

    def __init__(self, url: str, query: str = "") -> None:
        self.url = url
        self.page = Page(query=query)
        self.received = 0
        self.cookies: dict[str, str] = {}
        self._socket: ClientConnection | None = None

    async def open(self) -> None:
        """Connect, or connect again as the same session."""
        parts = urlsplit(self.url)
        # The second entry holds a token for signed-in users, the third the session to go on with.
        protocols: list[Any] = ["streamlit", "none", *([self.page.session] if self.page.session else [])]
        self._socket = await connect(
            f"ws://{parts.netloc}/_stcore/stream",
            origin=f"http://{parts.netloc}",  # pyright: ignore[reportArgumentType]
            subprotocols=protocols,
            max_size=LARGEST,
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if self.cookies
            else None,
            compression=None,
            ping_interval=None,
            proxy=None,
            open_timeout=60,
        )
        response = self._socket.response
        for line in response.headers.get_all("Set-Cookie") if response else ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()

    async def load(self, path: str) -> None:
        """Ask for the page at ``path`` as a browser does before it connects, and keep its cookies."""
        answer = await asyncio.to_thread(load_page, f"{self.url}/{path}", self.cookies)
        self.cookies |= answer

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        if self._socket is not None:
            await self._socket.close()

    def cut(self) -> None:
        """Break the connection without a word, as a lost network does."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def ask(self, *, fragment: str = "", script: str = "", trigger: WidgetState | None = None) -> None:
        """Have the page, or one fragment of it, run with the widgets as they stand."""
        message = BackMsg()
        state = message.rerun_script
        state.CopyFrom(self.page.client(self.url, fragment, script))
        if trigger is not None:
            state.widget_states.widgets.append(trigger)
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def trigger(self, name: str, value: dict[str, Any]) -> None:
        """What ``setTriggerValue`` of the stage sends."""
        said = json.dumps([{"event": name, "value": value}])
        state = WidgetState(id=TRIGGER.format(self.page.stage), json_trigger_value=said)
        await self.ask(fragment=self.page.fragment, trigger=state)

    async def press(self, key: str) -> None:
        """What a browser sends when the button ``key`` is pressed; raises ``KeyError`` where there is none."""
        name, fragment = self.page.buttons[key]
        await self.ask(fragment=fragment, trigger=WidgetState(id=name, trigger_value=True))

    async def tell(self, key: str, name: str, value: Any) -> None:
        """What ``setTriggerValue`` of a class's component ``key`` sends."""
        component, fragment, _ = self.page.components[key]
        said = json.dumps([{"event": name, "value": value}])
        await self.ask(fragment=fragment, trigger=WidgetState(id=TRIGGER.format(component), json_trigger_value=said))

    async def hear(self) -> bool:
        """Wait for a message and have the page take it; tells whether the stage got new bytes."""
        assert self._socket is not None
        data = await self._socket.recv()
        assert isinstance(data, bytes)
        self.received += len(data)
        return self.page.accept(ForwardMsg.FromString(data))


def load_page(address: str, cookies: dict[str, str]) -> dict[str, str]:
    """The cookies that a page comes with."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    with urlopen(Request(address, headers=headers), timeout=30) as answer:
        lines = answer.headers.get_all("Set-Cookie") or []
    return {name: morsel.value for line in lines for name, morsel in SimpleCookie(line).items()}

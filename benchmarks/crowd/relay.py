"""A network between a browser and the server that can be taken away."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self
from urllib.parse import urlsplit

PIECE = 2**16


class Relay:
    """Passes on what comes to ``url`` until it is ``cut``; ``async with`` opens and closes it."""

    def __init__(self, to: str) -> None:
        parts = urlsplit(to)
        self._to = parts.hostname, parts.port
        self.url = ""
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> int:
        """Break every connection without a word, as a lost network does; new ones may come. Tells how many there
        were."""
        broken, self._open = self._open, set()
        for one in broken:
            one.transport.abort()
        return len(broken) // 2

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs, there = await asyncio.open_connection(*self._to)
        except OSError:
            return writer.transport.abort()
        self._open |= {writer, there}
        await asyncio.gather(self._pass(reader, there), self._pass(theirs, writer))
        self._open -= {writer, there}

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(PIECE):
                sink.write(piece)
                await sink.drain()
        sink.close()

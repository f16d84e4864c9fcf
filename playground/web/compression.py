"""Static files, compressed once and kept: Streamlit sends its 3 MB of scripts as they are, to every visitor anew."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

MIN_BYTES = 512
"""Smaller answers gain nothing."""
MAX_BYTES, MAX_FILES, MAX_PATH = 24 * 2**20, 1024, 256
"""Of all that is kept, how many, and of how long a path: one file's path can be spelled in endless ways."""
GZIP_LEVEL, BROTLI_QUALITY, QUALITY_OF_LARGE, LARGE_BYTES = 6, 9, 6, 2**20
"""Measured on the largest scripts: brotli 9 takes 40 ms for 480 kB and leaves 27 %, 11 takes 17 times as long for 25 %;
gzip 6 leaves 31 %, as does 9. The largest of all, the charts' 4.7 MB, takes 0.93 s of CPU at 9 and 0.21 at 6, for 3 %
more: whoever first opens a page with a chart stands still for it."""
COMPRESSIBLE = re.compile(rb"text/|application/(javascript|json|manifest\+json|wasm)|image/svg\+xml")
STATIC_FILE = re.compile(r"\.(js|mjs|css|html|json|svg|map|txt|wasm)$")
FRESH = (b"cache-control", b"vary", b"etag", b"expires", b"last-modified", b"content-location")
"""What an answer that nothing has changed repeats (RFC 9110, 15.4.5)."""


def brotli_bytes(body: bytes) -> bytes:
    """``body`` by Brotli (Alakuijala et al. 2018)."""
    import brotli

    return brotli.compress(body, quality=BROTLI_QUALITY if len(body) < LARGE_BYTES else QUALITY_OF_LARGE)


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli_bytes,
    "gzip": lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
}
"""In the order of preference."""


def choose_encoding(accepted: str) -> str | None:
    """The best of ``ENCODINGS`` that a header ``Accept-Encoding`` allows; None: as it is."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        _, _, number = parameter.strip().partition("q=")
        try:
            weights[name.strip()] = float(number) if number else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    allowed = [name for name in ENCODINGS if weights.get(name, weights.get("*", 0.0)) > 0]
    return max(allowed, key=lambda name: weights.get(name, weights.get("*", 0.0)), default=None)


@dataclass
class Answer:
    """What the app answered, before it is sent: its status, headers and body."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """Take a message of the app's."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def header(self, name: bytes) -> bytes:
        """The value of a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def with_headers(self, **new: bytes) -> Headers:
        """The headers with some set anew; ``content_length`` for ``content-length``."""
        names = {name.replace("_", "-").encode(): value for name, value in new.items()}
        return [pair for pair in self.headers if pair[0].lower() not in names] + list(names.items())


class CompressedFiles:
    """ASGI middleware: an answer to a request for a static file is compressed the first time, and sent from memory
    while the file stays the same.

    Anything else, a request for a range or by whoever takes no compression among it, is passed on as it is.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, str, bytes], bytes] = OrderedDict()
        self._known: set[tuple[str, str]] = set()
        self._immutable: dict[tuple[str, str], Answer] = {}
        self._locks: dict[tuple[str, str, bytes], asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not may_be_file(scope["path"]):
            return await self._app(scope, receive, send)
        headers = {key.lower(): value for key, value in scope["headers"]}
        encoding = choose_encoding(headers.get(b"accept-encoding", b"").decode("latin-1"))
        if encoding is None or b"range" in headers:
            return await self._app(scope, receive, send)
        hidden = (b"accept-encoding", b"if-none-match", b"if-modified-since")
        inner = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in hidden]}
        answer, body = await self._from_memory(inner, receive, encoding)
        tag = answer.header(b"etag")
        if body is None:
            answer = await self._request(inner, receive, "GET")
            tag = answer.header(b"etag")
            fits = answer.status == 200 and len(answer.body) >= MIN_BYTES and not answer.header(b"content-encoding")
            if not (fits and tag and COMPRESSIBLE.match(answer.header(b"content-type"))):
                return await send_answer(send, answer.status, answer.headers, answer.body, scope["method"])
            name = name_of(scope["path"], answer)
            body = await self._compress((name, encoding, tag), answer.body)
            if b"immutable" in answer.header(b"cache-control") and (name, encoding) in self._known:
                self._immutable[name, encoding] = Answer(answer.status, answer.headers)
        own_tag = tag.rstrip(b'"') + b"-" + encoding.encode() + b'"'
        vary = b", ".join(part for part in (answer.header(b"vary"), b"Accept-Encoding") if part)
        if matches(headers.get(b"if-none-match", b""), own_tag):
            kept = [pair for pair in answer.with_headers(etag=own_tag, vary=vary) if pair[0].lower() in FRESH]
            return await send_answer(send, 304, kept, b"", scope["method"])
        size = str(len(body)).encode()
        new = answer.with_headers(content_encoding=encoding.encode(), content_length=size, etag=own_tag, vary=vary)
        return await send_answer(send, 200, new, body, scope["method"])

    @property
    def _size(self) -> int:
        return sum(map(len, self._kept.values()))

    async def _request(self, scope: Scope, receive: Receive, method: str) -> Answer:
        answer = Answer()
        # Without extensions the body comes in messages, not as the path of a file to be sent.
        await self._app({**scope, "method": method, "extensions": {}}, receive, answer.take)
        return answer

    async def _from_memory(self, scope: Scope, receive: Receive, encoding: str) -> tuple[Answer, bytes | None]:
        """The app's headers and the compressed body, if this very version of the file is kept: the file is not read
        then. Of a file that never changes under its name the headers are kept too."""
        if (scope["path"], encoding) not in self._known:
            return Answer(), None
        answer = self._immutable.get((scope["path"], encoding)) or await self._request(scope, receive, "HEAD")
        key = scope["path"], encoding, answer.header(b"etag")
        return answer, self._kept.get(key) if answer.status == 200 else None

    async def _compress(self, key: tuple[str, str, bytes], body: bytes) -> bytes:
        """``body`` compressed: once, however many ask at the same time, and beside the server's other work."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key not in self._kept:
                self._kept[key] = await asyncio.to_thread(ENCODINGS[key[1]], body)
                self._known.add(key[:2])
                while len(self._kept) > 1 and (len(self._kept) > MAX_FILES or self._size > MAX_BYTES):
                    (path, encoding, _), _ = self._kept.popitem(last=False)
                    self._known.discard((path, encoding))
                    self._immutable.pop((path, encoding), None)
            self._kept.move_to_end(key)
            self._locks.pop(key, None)
            return self._kept[key]


def may_be_file(path: str) -> bool:
    """Whether ``path`` looks like a static file's, or a page's, whose answer is a file too; Streamlit's own talk is
    none."""
    last = path.rsplit("/", 1)[-1]
    return (
        len(path) <= MAX_PATH
        and "/_stcore/" not in path
        and "/media/" not in path
        and ("." not in last or bool(STATIC_FILE.search(last)))
    )


def name_of(path: str, answer: Answer) -> str:
    """What a file is kept by: its path; a page by its content, since every address that is no file's answers with the
    same one."""
    is_page = answer.header(b"content-type").startswith(b"text/html")
    return sha256(answer.body).hexdigest() if is_page else path


def matches(wanted: bytes, tag: bytes) -> bool:
    """Whether a header ``If-None-Match`` names ``tag``; by weak comparison, since a proxy may have made it weak."""
    tags = [part.strip().removeprefix(b"W/") for part in wanted.split(b",")]
    return tag.removeprefix(b"W/") in tags


async def send_answer(send: Send, status: int, headers: Headers, body: bytes, method: str) -> None:
    """Send an answer whole; without its body where only the headers were asked for."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})

"""Static files come compressed, once compressed and kept, and are what they were."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import brotli
import pytest

from playground.web import compression as module
from playground.web.compression import CompressedFiles, choose_encoding, may_be_file

SCRIPT = b"export const words = 'a network that learns';\n" * 100


class Files:
    """An app of files by path, which counts what it was asked."""

    def __init__(self, **files: bytes) -> None:
        self.files = {f"/{name}.js": body for name, body in files.items()}
        self.methods: list[str] = []
        self.tag = b'"v1"'
        self.type = b"application/javascript"
        self.cache = b"no-cache"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = self.files.get(scope["path"])
        headers = [(b"content-type", self.type), (b"etag", self.tag), (b"cache-control", self.cache)]
        headers.append((b"content-length", str(len(body or b"")).encode()))
        self.methods.append(scope["method"])
        await send({"type": "http.response.start", "status": 404 if body is None else 200, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else body
        half = len(body or b"") // 2
        await send({"type": "http.response.body", "body": (body or b"")[:half], "more_body": True})
        await send({"type": "http.response.body", "body": (body or b"")[half:]})


async def fetched(
    app: Any, path: str = "/a.js", method: str = "GET", query: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": pairs}
    await app(scope, None, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {key.decode(): value.decode() for key, value in sent[0]["headers"]}, body


def fetch(app: Any, *args: Any, **kwargs: Any) -> tuple[int, dict[str, str], bytes]:
    return asyncio.run(fetched(app, *args, **kwargs))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("", None),
        ("identity", None),
        ("br;q=nonsense", None),
    ],
)
def test_the_best_that_is_accepted(accepted: str, encoding: str | None) -> None:
    assert choose_encoding(accepted) == encoding


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_is_smaller_on_its_way_and_the_same_at_its_end(encoding: str, unpack: Any) -> None:
    status, headers, body = fetch(CompressedFiles(Files(a=SCRIPT)), accept_encoding=encoding)
    assert (status, unpack(body)) == (200, SCRIPT)
    assert len(body) < len(SCRIPT) / 10
    assert headers["content-encoding"] == encoding
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"] == f'"v1-{encoding}"'
    assert headers["cache-control"] == "no-cache"


def test_it_is_compressed_once_however_many_ask_until_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    monkeypatch.setitem(module.ENCODINGS, "br", lambda body: done.append(body) or brotli.compress(body))
    files = Files(a=SCRIPT)
    app = CompressedFiles(files)

    async def many() -> list[Any]:
        return await asyncio.gather(*(fetched(app, accept_encoding="br") for _ in range(10)))

    assert len({answer[2] for answer in asyncio.run(many())}) == 1
    assert len(done) == 1
    files.methods.clear()
    fetch(app, accept_encoding="br")
    assert files.methods == ["HEAD"], "the file is not read again"
    files.files["/a.js"], files.tag = SCRIPT[::-1], b'"v2"'
    assert brotli.decompress(fetch(app, accept_encoding="br")[2]) == SCRIPT[::-1]
    assert len(done) == 2


def test_of_what_never_changes_under_its_name_the_app_is_asked_once() -> None:
    files = Files(a=SCRIPT)
    files.cache = b"public, immutable, max-age=31536000"
    app = CompressedFiles(files)
    first = fetch(app, accept_encoding="br")
    files.methods.clear()
    assert fetch(app, accept_encoding="br") == first
    assert fetch(app, accept_encoding="br", if_none_match=first[1]["etag"])[0] == 304
    assert files.methods == []


def test_who_has_it_is_told_so_and_who_has_another_gets_it() -> None:
    app = CompressedFiles(Files(a=SCRIPT))
    for known in ('"v1-br"', 'W/"v1-br"', '"other", "v1-br"'):
        status, headers, body = fetch(app, accept_encoding="br", if_none_match=known)
        assert (status, body, headers["etag"], headers["vary"]) == (304, b"", '"v1-br"', "Accept-Encoding")
        assert "content-length" not in headers
    for other in ('"v1"', '"v1-gzip"', '"v0-br"'):
        assert fetch(app, accept_encoding="br", if_none_match=other)[0] == 200


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 200)
    app = CompressedFiles(Files(**{name: SCRIPT + name.encode() for name in "abcdefgh"}))
    for name in "abcdefgh":
        assert brotli.decompress(fetch(app, f"/{name}.js", accept_encoding="br")[2]).endswith(name.encode())
    assert sum(map(len, app._kept.values())) <= 200  # pyright: ignore[reportPrivateUsage]


def test_addresses_without_end_leave_no_more_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 5)
    page = Files(**{f"page{i}": SCRIPT for i in range(20)})
    page.type = b"text/html; charset=utf-8"
    pages, scripts = CompressedFiles(page), CompressedFiles(Files(**{f"a{i}": SCRIPT for i in range(20)}))
    for i in range(20):
        assert brotli.decompress(fetch(pages, f"/page{i}.js", accept_encoding="br")[2]) == SCRIPT
        assert brotli.decompress(fetch(scripts, f"/a{i}.js", accept_encoding="br")[2]) == SCRIPT
    assert len(pages._kept) == 1, "a page is one file whatever its address"  # pyright: ignore[reportPrivateUsage]
    assert len(scripts._kept) == len(scripts._known) == 5  # pyright: ignore[reportPrivateUsage]
    assert not may_be_file("/static/" + "./" * 200 + "a.js")


def test_the_rest_is_passed_on_as_it_is() -> None:
    files = Files(a=SCRIPT, small=b"1")
    app = CompressedFiles(files)
    for path, more in (("/a.js", {}), ("/a.js", {"accept_encoding": "br", "range": "bytes=0-9"})):
        status, headers, body = fetch(app, path, **more)
        assert (status, body) == (200, SCRIPT)
        assert "content-encoding" not in headers
    assert fetch(app, "/small.js", accept_encoding="br")[2] == b"1"
    assert fetch(app, "/none.js", accept_encoding="br")[0] == 404
    assert fetch(app, "/a.js", "POST", accept_encoding="br")[2] == SCRIPT
    files.type = b"image/png"
    assert fetch(app, accept_encoding="br")[2] == SCRIPT


def test_a_head_is_the_get_without_its_body() -> None:
    app = CompressedFiles(Files(a=SCRIPT))
    head, get = (fetch(app, "/a.js", method, accept_encoding="br") for method in ("HEAD", "GET"))
    assert head[:2] == get[:2]
    assert head[2] == b""


def test_streamlits_own_talk_is_left_alone() -> None:
    for path in ("/_stcore/health", "/sub/_stcore/stream", "/media/picture.png", "/static/media/font.woff2"):
        assert not may_be_file(path)
    for path in ("/", "/race", "/static/js/index.abc.js", "/app/static/stage/index.js", "/sub/app/static/icon.svg"):
        assert may_be_file(path)

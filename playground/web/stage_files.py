"""The stage's files, and pictures of datasets and presets, under addresses that hold their version: a browser keeps
them for good."""

from __future__ import annotations

import re
from hashlib import sha256

from playground.datasets.thumbnails import thumbnails_file
from playground.figures.preset_picture import preset_svg
from playground.language import LANGUAGES
from playground.web.components.loader import ADDRESS, FILES, VERSION_DIGITS, StageFiles
from playground.web.compression import App, Receive, Scope, Send, matches, send_answer
from playground.web.glossary import FILE as GLOSSARY_FILE
from playground.web.glossary import glossary_file

PATH = re.compile(
    rf"/{ADDRESS}/([0-9a-f]{{{VERSION_DIGITS}}})/((?:[\w-]+/)*[\w-]+(?:\.bundle)?\.(?:js|css|json|svg)(?:\.map)?)$"
)
PICTURES = "datasets.json"
PRESET_PICTURE = re.compile(r"preset-(\w+)-(light|dark)\.svg")
TYPES = {
    "js": b"text/javascript; charset=utf-8",
    "css": b"text/css; charset=utf-8",
    "map": b"application/json",
    "json": b"application/json",
    "svg": b"image/svg+xml",
}
FOREVER = b"public, max-age=31536000, immutable"
ASK_FIRST = b"no-cache"
"""For whoever asks for a version that is not this server's: it gets what there is, and asks again next time."""


def dataset_pictures_address() -> str:
    """Where the browser finds the datasets' pictures, from the app's root."""
    return f"{ADDRESS}/{thumbnails_file()[0]}/{PICTURES}"


def preset_picture_address(name: str, scheme: str) -> str:
    """Where the browser finds the picture of preset ``name`` for a theme, ``"light"`` or ``"dark"``, from the app's
    root; empty where it has none."""
    file = f"preset-{name}-{scheme}.svg"
    version, body = _computed_file(file)
    return f"{ADDRESS}/{version}/{file}" if body else ""


def _computed_file(name: str) -> tuple[str, bytes | None]:
    """The version and the bytes of a file that is no file on disk; none where there is no such."""
    if name == PICTURES:
        return thumbnails_file()
    if (glossary := GLOSSARY_FILE.fullmatch(name)) and glossary[1] in LANGUAGES:
        return glossary_file(glossary[1])
    picture = PRESET_PICTURE.fullmatch(name)
    body = preset_svg(picture[1], picture[2] == "dark").encode() if picture else b""
    return sha256(body).hexdigest()[:VERSION_DIGITS], body or None


class VersionedFiles:
    """ASGI middleware that answers for ``.../app/static/<version>/<name>``; all else is passed on.

    The names are the paths of the folder's files, and of what is made: ``stage/index.bundle.js``, its ``.map``,
    ``datasets.json``, ``glossary-<language>.json``, ``preset-<name>-light.svg``.
    """

    def __init__(self, app: App, files: StageFiles = FILES) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        match = scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and PATH.search(scope["path"])
        if not match:
            return await self._app(scope, receive, send)
        version, body = _computed_file(match[2])
        if body is None:
            version, body = self._files.body(match[2])
        if body is None:
            return await send_answer(send, 404, [(b"content-length", b"0")], b"", scope["method"])
        tag = b'"' + sha256(body).hexdigest()[:VERSION_DIGITS].encode() + b'"'
        headers = [(b"cache-control", FOREVER if match[1] == version else ASK_FIRST), (b"etag", tag)]
        wanted = dict(scope["headers"]).get(b"if-none-match", b"")
        if matches(wanted, tag):
            return await send_answer(send, 304, headers, b"", scope["method"])
        headers += [
            (b"content-type", TYPES[match[2].rpartition(".")[2]]),
            (b"content-length", str(len(body)).encode()),
            (b"access-control-allow-origin", b"*"),
            (b"x-content-type-options", b"nosniff"),
        ]
        return await send_answer(send, 200, headers, body, scope["method"])

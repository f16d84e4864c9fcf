"""What a first visit needs is named in the page itself, so that it travels at once, and not when it is first missed;
and so is where its server is. The pages' style is written there: Streamlit would send it again with every run; and so
is what is seen until the scripts have run."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl

from playground.web.compat.browser_scripts import FONT, SCRIPTS_ADDRESS, element_scripts, streamlit_scripts
from playground.web.compat.server_address import BACKEND
from playground.web.components.bundle import bundle_name
from playground.web.components.loader import ADDRESS, FILES, StageFiles
from playground.web.compression import Answer, App, Receive, Scope, Send, matches, send_answer
from playground.web.first_look import first_look
from playground.web.i18n import header_language, language_tag
from playground.web.stage_files import dataset_pictures_address

MODULES = ("stage/index.js", "thumbnails/index.js")
HTML, HTML_IN = b'<html lang="en">', b'<html lang="%s">'
END = b"</head>"
BODY_END = b"</body>"
"""Behind Streamlit's own styles, which are in the head: of equal rules the later one holds."""
STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
CONDITIONS = (b"if-none-match", b"if-modified-since", b"range")
MAX_FIRST_LOOKS = 32
"""Links whose first look is kept: a class follows one."""
first_look = lru_cache(maxsize=MAX_FIRST_LOOKS)(first_look)


class PreloadingPage:
    """ASGI middleware: into the page, which is the same file everywhere, come links to what it will load.

    What Streamlit's page names already is not named again; its font comes after the scripts. The stage's own script is
    named at the app's root only, where the Playground is; the other pages load others.
    """

    def __init__(self, app: App, files: StageFiles = FILES, scripts: Path | None = None) -> None:
        self._app = app
        self._files = files
        self._scripts = scripts
        self._pages: dict[bool, tuple[tuple[bytes, str], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not may_be_page(scope["path"]):
            return await self._app(scope, receive, send)
        answer = Answer()
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in CONDITIONS]
        await self._app({**scope, "method": "GET", "headers": headers, "extensions": {}}, receive, answer.take)
        if answer.status != 200 or not answer.header(b"content-type").startswith(b"text/html"):
            return await send_answer(send, answer.status, answer.headers, answer.body, scope["method"])
        is_root = scope["path"].endswith("/")
        query = scope.get("query_string", b"").decode("latin-1") if is_root else None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        language = header_language(dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))), headers)
        page = self._page(answer, is_root=is_root).replace(HTML, HTML_IN % language_tag(language).encode(), 1)
        if is_root:
            page = page.replace(END, self._words_link(language) + END, 1)
        body = page.replace(BODY_END, first_look(query, language).encode() + BODY_END, 1)
        tag = b'"' + sha256(body).hexdigest()[:16].encode() + b'"'
        new = answer.with_headers(etag=tag, content_length=str(len(body)).encode())
        new = [pair for pair in new if pair[0].lower() != b"last-modified"]
        if matches(dict(scope["headers"]).get(b"if-none-match", b""), tag):
            new = [pair for pair in new if pair[0].lower() not in (b"content-length", b"content-type")]
            return await send_answer(send, 304, new, b"", scope["method"])
        return await send_answer(send, 200, new, body, scope["method"])

    def _page(self, answer: Answer, *, is_root: bool) -> bytes:
        """The page with its links: made anew when the page or the stage's files are others."""
        key = answer.body, self._files.version if is_root else ""
        if self._pages.get(is_root, (None,))[0] != key:
            self._pages[is_root] = key, self._with_links(answer.body, is_root=is_root)
        return self._pages[is_root][1]

    def _with_links(self, body: bytes, *, is_root: bool) -> bytes:
        """``body`` with links before the end of its head, and the style at its end; addresses are relative, as
        Streamlit's own are."""
        links = self._stage_links() if is_root else []
        links += [
            f'<link rel="modulepreload" fetchpriority="low" crossorigin href="{SCRIPTS_ADDRESS}/{name}">'
            for name in element_scripts(self._scripts or streamlit_scripts())
            if name.encode() not in body
        ]
        if font := FONT.search(body):
            body = body.replace(font[0], b"", 1)
            links.insert(0, font[0].decode().replace("<link", '<link fetchpriority="low"'))
        body = body.replace(END, "".join(f"{link}\n" for link in [BACKEND, *links]).encode() + END, 1)
        return body.replace(BODY_END, f"<style>{STYLE}</style>\n".encode() + BODY_END, 1)

    def _words_link(self, language: str) -> bytes:
        """The link to the scripts' words in ``language``; none where they need no table, as in English."""
        table = f"locales/{language}.json"
        version, body = self._files.body(table)
        address = f"./{ADDRESS}/{version}/{table}"
        link = f'<link rel="preload" as="fetch" crossorigin fetchpriority="low" href="{address}">\n'
        return b"" if body is None else link.encode()

    def _stage_links(self) -> list[str]:
        base = f"./{ADDRESS}/{self._files.version}/"
        sheets = dict.fromkeys(sheet for module in MODULES for sheet in self._files.sheets(module))
        return [
            *(f'<link rel="modulepreload" fetchpriority="low" href="{base}{bundle_name(entry)}">' for entry in MODULES),
            *(f'<link rel="preload" as="style" fetchpriority="low" href="{base}{sheet}">' for sheet in sheets),
            f'<link rel="preload" as="fetch" crossorigin fetchpriority="low" href="./{dataset_pictures_address()}">',
        ]


def may_be_page(path: str) -> bool:
    """Whether ``path`` looks like a page's address; Streamlit's own talk is none."""
    return "." not in path.rsplit("/", 1)[-1] and not any(
        f"/{part}/" in path for part in ("_stcore", "media", "static")
    )

"""The page names what it will load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from playground.web.components import loader as loading
from playground.web.components.loader import FILES, StageFiles
from playground.web.preloads import PreloadingPage
from tests.web.test_compression import fetch

PAGE = b"""<html><head>
<link rel="preload" href="./static/media/Text.woff2" as="font" crossorigin />
<link rel="modulepreload" href="./static/js/known.1.js">
</head><body></body></html>"""


class Pages:
    """An app whose every address is the page, but for its scripts."""

    def __init__(self) -> None:
        self.body = PAGE
        self.type = b"text/html; charset=utf-8"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", self.type), (b"etag", b'"page"'), (b"last-modified", b"today")]
        headers.append((b"cache-control", b"no-cache"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self.body})


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Streamlit's scripts, as small as can be."""
    (tmp_path / "Slider.9.js").write_text('import{a}from"./known.1.js";import"./more.2.js";import(`./later.3.js`);')
    for name in ("known.1.js", "later.3.js"):
        (tmp_path / name).write_text("")
    (tmp_path / "more.2.js").write_text('import{b as c}from"./Slider.9.js";')
    return tmp_path


def links(body: bytes) -> list[str]:
    return re.findall(r'href="([^"]+)"', body.decode())


def test_what_streamlit_names_is_not_named_again(scripts: Path) -> None:
    _, headers, body = fetch(PreloadingPage(Pages(), scripts=scripts), "/gallery")
    assert links(body) == [
        "./static/js/known.1.js",
        "./static/media/Text.woff2",
        "./static/js/Slider.9.js",
        "./static/js/more.2.js",
    ]
    assert headers["content-length"] == str(len(body))
    assert headers["cache-control"] == "no-cache"
    assert "last-modified" not in headers


def test_the_pages_style_stands_behind_all_that_streamlit_writes_into_the_head(scripts: Path) -> None:
    _, _, body = fetch(PreloadingPage(Pages(), scripts=scripts), "/gallery")
    head, _, rest = body.decode().partition("</head>")
    assert ".stMainBlockContainer" in rest
    assert "<style>" not in head
    assert rest.rstrip().endswith("</style>\n</body></html>")


@pytest.mark.parametrize("path", ["/", "/sub/"])
def test_the_root_names_the_stage_s_script(scripts: Path, path: str) -> None:
    _, _, body = fetch(PreloadingPage(Pages(), scripts=scripts), path)
    assert f"./app/static/{FILES.version}/stage/index.bundle.js" in links(body)
    assert all(one.startswith("./") for one in links(body)), "a proxy may have the app in a folder"


@pytest.mark.parametrize(("tag", "table"), [("en", ""), ("zh-CN", "zh_CN"), ("xx", "")])
def test_in_another_language_than_english_the_root_names_the_scripts_words(scripts: Path, tag: str, table: str) -> None:
    app = PreloadingPage(Pages(), scripts=scripts)
    roots, others = (fetch(app, path, query=f"lang={tag}")[2] for path in ("/", "/gallery"))
    words = [link for link in links(roots) if "/locales/" in link]
    assert words == ([f"./app/static/{FILES.version}/locales/{table}.json"] if table else [])
    assert not [link for link in links(others) if "/locales/" in link]
    assert f'as="fetch" crossorigin fetchpriority="low" href="{words[0]}"' in roots.decode() if words else True


def test_the_roots_first_look_is_its_links(scripts: Path) -> None:
    app = PreloadingPage(Pages(), scripts=scripts)
    looks = {
        path: fetch(app, path, query=query)[1:]
        for path, query in (("/", ""), ("/sub/", "hidden=8"), ("/race", "hidden=8"))
    }
    bodies = [body.decode() for _, body in looks.values()]
    assert [body.count('<div id="first-look"') for body in bodies] == [1, 1, 1]
    assert [">8, Glorot uniform<" in body for body in bodies] == [False, True, False]
    assert len({headers["etag"] for headers, _ in looks.values()}) == 3


def test_who_has_the_page_is_told_so_until_the_stage_changes(
    scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LOOK_SECONDS", 0.0)
    for name in ("stage", "thumbnails"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.js").write_text("export const mount = 1;\n")
    app = PreloadingPage(Pages(), StageFiles(tmp_path), scripts)
    _, headers, body = fetch(app, "/", if_none_match='"page"')
    assert body
    assert fetch(app, "/", if_none_match=headers["etag"])[0] == 304
    assert fetch(app, "/", "HEAD")[1:] == (headers, b"")
    (tmp_path / "stage" / "index.js").write_text("export const mount = 2;\n")
    status, changed, other = fetch(app, "/", if_none_match=headers["etag"])
    assert status == 200
    assert changed["etag"] != headers["etag"]
    assert links(other) != links(body)


def test_a_page_of_another_form_or_what_is_none_stays_as_it_is(scripts: Path) -> None:
    pages = Pages()
    app = PreloadingPage(pages, scripts=scripts)
    pages.body = b"<p>no head</p>"
    assert fetch(app, "/")[2] == pages.body
    pages.body, pages.type = PAGE, b"text/plain"
    assert fetch(app, "/")[2] == PAGE
    for path in ("/_stcore/host-config", "/static/js/none", "/media/file", "/a.html"):
        pages.type = b"text/html"
        assert fetch(app, path)[2] == PAGE

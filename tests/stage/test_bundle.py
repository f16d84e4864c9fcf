"""A page's modules in one script: the same modules, in order, each line where it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.web.components.bundle import STATEMENT, BundleError, bundle, module_names, resolve
from playground.web.components.loader import FOLDER

ENTRIES = (
    *("stage", "comparison", "thumbnails", "glossary", "analysis/step", "lessons"),
    *("classroom/news", "classroom/spectator", "classroom/wall"),
)
WORKERS = ("stage/capture/gif-worker.js",)
"""What a page's modules start beside the page."""
A = """import { x, y as z } from "./b.js";
import * as all from "./c.js";

/** @typedef {import("./d.js").D} D */
export const mount = () => [x, z, all.w];
"""
B = 'export { helper as y };\nimport { w } from "./c.js";\nexport class x {}\nconst helper = () => w;\n'
C = "// from here on\nexport async function w() {\n  return import.meta.url;\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three modules that import one another, and one that a comment names."""
    for name, source in {"a.js": A, "b.js": B, "c.js": C, "d.js": "export const d = 1;\n"}.items():
        (tmp_path / name).write_text(source)
    return tmp_path


def test_modules_stand_after_those_that_they_import_and_return_what_they_export(folder: Path) -> None:
    assert module_names(folder, "a.js") == ["c.js", "b.js", "a.js"]
    script, _ = bundle(folder, "a.js")
    assert script.splitlines() == [
        "const $c = (() => { // c.js",
        "// from here on",
        "async function w() {",
        "  return import.meta.url;",
        "}",
        "return { w };",
        "})();",
        "const $b = (() => { // b.js",
        "",
        "const { w } = $c;",
        "class x {}",
        "const helper = () => w;",
        "return { y: helper, x };",
        "})();",
        "const $a = (() => { // a.js",
        "const { x, y: z } = $b;",
        "const all = $c;",
        "",
        '/** @typedef {import("./d.js").D} D */',
        "const mount = () => [x, z, all.w];",
        "return { mount };",
        "})();",
        "export const { mount } = $a;",
        "//# sourceMappingURL=a.bundle.js.map",
    ]


@pytest.mark.parametrize(
    "line",
    [
        'import "./c.js";',
        'import w from "./c.js";',
        "export default function () {}",
        'export { w } from "./c.js";',
        'export * from "./c.js";',
        "export let changing = 1;",
        "export const { w } = {};",
    ],
)
def test_another_form_of_import_or_export_is_refused(folder: Path, line: str) -> None:
    (folder / "a.js").write_text(A + line + "\n")
    with pytest.raises(BundleError, match=r"a\.js, line 6"):
        bundle(folder, "a.js")


def test_names_over_several_lines_are_as_in_one_and_the_lines_after_them_stay_where_they_were(folder: Path) -> None:
    (folder / "c.js").write_text("const a = 1;\nconst b = 2;\nexport {\n  a as first,\n  b,\n};\n")
    (folder / "a.js").write_text(
        'import {\n  first as x,\n  b,\n} from "./c.js";\nexport const mount = () => [x, b];\n'
    )
    script, source_map = bundle(folder, "a.js")
    lines = script.splitlines()
    assert "return { first: a, b };" in lines
    place = json.loads(source_map)["sections"][1]["offset"]["line"]
    assert lines[place : place + 5] == ["const { first: x, b } = $c;", "", "", "", "const mount = () => [x, b];"]


def test_modules_of_other_folders_are_named_by_their_paths_and_find_what_lies_beside_them(tmp_path: Path) -> None:
    for name, source in {
        "page/index.js": 'import { start } from "./part/work.js";\nexport const mount = [start, import.meta.url];\n',
        "page/part/work.js": 'import { el } from "../../lib/dom.js";\n'
        'export const start = () => new URL("./worker.js", import.meta.url) + el;\n',
        "lib/dom.js": "export const el = 1;\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    assert module_names(tmp_path, "page/index.js") == ["lib/dom.js", "page/part/work.js", "page/index.js"]
    script, source_map = bundle(tmp_path, "page/index.js")
    assert "const { el } = $lib_dom;" in script
    assert 'new URL("./worker.js", new URL("part/work.js", import.meta.url).href)' in script
    assert "[start, import.meta.url]" in script
    assert script.endswith("//# sourceMappingURL=index.bundle.js.map\n")
    sources = [section["map"]["sources"] for section in json.loads(source_map)["sections"]]
    assert sources == [["../lib/dom.js"], ["part/work.js"], ["index.js"]]


def test_a_circle_is_refused(folder: Path) -> None:
    (folder / "c.js").write_text('import { x } from "./b.js";\n' + C)
    with pytest.raises(BundleError, match="imports itself"):
        bundle(folder, "a.js")


@pytest.mark.parametrize("entry", [f"{page}/index.js" for page in ENTRIES])
def test_a_page_s_bundle_holds_its_modules_line_by_line(entry: str) -> None:
    script, source_map = bundle(FOLDER, entry)
    lines, sections = script.splitlines(), json.loads(source_map)["sections"]
    sources = [resolve(entry, section["map"]["sources"][0]) for section in sections]
    assert sources == module_names(FOLDER, entry)
    for section in sections:
        first, (source,) = section["offset"]["line"], section["map"]["sourcesContent"]
        assert section["map"]["mappings"].count(";") == len(source.splitlines()) - 1
        for shown, written in zip(lines[first:], source.splitlines(), strict=False):
            assert shown == written.removeprefix("export ") or STATEMENT.match(written) or "import.meta" in written
    assert [line for line in lines if STATEMENT.match(line)] == [lines[-2]]


def test_every_module_is_needed_by_some_page() -> None:
    starts = [*(f"{page}/index.js" for page in ENTRIES), *WORKERS]
    assert {name for entry in starts for name in module_names(FOLDER, entry)} == {
        file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.js")
    }

"""A page's modules in one script: the same modules, in order, each line where it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.web.components.bundle import STATEMENT, BundleError, bundle, module_names
from playground.web.components.loader import FOLDER

ENTRIES = ("main.js", "lanes.js", "thumbnails.js", "term-cards.js", "steps.js")
WORKERS = ("gif-worker.js",)
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
        'import {\n  w,\n} from "./c.js";',
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


def test_a_circle_is_refused(folder: Path) -> None:
    (folder / "c.js").write_text('import { x } from "./b.js";\n' + C)
    with pytest.raises(BundleError, match="imports itself"):
        bundle(folder, "a.js")


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_page_s_bundle_holds_its_modules_line_by_line(entry: str) -> None:
    script, source_map = bundle(FOLDER, entry)
    lines, sections = script.splitlines(), json.loads(source_map)["sections"]
    assert [section["map"]["sources"][0] for section in sections] == module_names(FOLDER, entry)
    for section in sections:
        first, (source,) = section["offset"]["line"], section["map"]["sourcesContent"]
        assert section["map"]["mappings"].count(";") == len(source.splitlines()) - 1
        for shown, written in zip(lines[first:], source.splitlines(), strict=False):
            assert shown == written.removeprefix("export ") or STATEMENT.match(written)
    assert [line for line in lines if STATEMENT.match(line)] == [lines[-2]]


def test_every_module_is_needed_by_some_page() -> None:
    assert {name for entry in ENTRIES + WORKERS for name in module_names(FOLDER, entry)} == {
        file.name for file in FOLDER.glob("*.js")
    }

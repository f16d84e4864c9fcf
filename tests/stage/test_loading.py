"""How the stage's modules come into a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from playground.stage import loading
from playground.stage.loading import loader, needed

ENTRIES = ("main.js", "lanes.js", "thumbnails.js", "steps.js")


def test_what_a_module_needs_is_what_its_imports_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text(
        'import { x } from "./b.js";\nimport {\n  y,\n} from "./c.js";\nexport const from = 1;\n'
    )
    (tmp_path / "b.js").write_text('export { z } from "./c.js";\n')
    (tmp_path / "c.js").write_text("export const y = import('./d.js');\n")
    (tmp_path / "d.js").write_text('import "./a.js";\n')
    (tmp_path / "e.js").write_text('// not from "./f.js" that anybody needs\n')
    monkeypatch.setattr(loading, "FOLDER", tmp_path)
    assert needed("a.js") == ["a.js", "b.js", "c.js", "d.js"]


def test_every_module_is_needed_by_some_page() -> None:
    there = {file.name for file in loading.FOLDER.glob("*.js")}
    assert {name for entry in ENTRIES for name in needed(entry)} == there


def test_another_version_of_any_file_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(loading.FOLDER, tmp_path / "stage")
    monkeypatch.setattr(loading, "FOLDER", tmp_path / "stage")
    before = loader("thumbnails.js")
    assert loader("thumbnails.js") == before
    with open(tmp_path / "stage" / "lanes.css", "a") as file:
        file.write("\n")
    assert loader("thumbnails.js") != before

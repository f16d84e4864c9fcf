"""How the stage's modules come into a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from playground.web.components import loader as loading
from playground.web.components.loader import FOLDER, StageFiles, loader


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StageFiles:
    """A copy of the stage's files, looked at anew each time."""
    shutil.copytree(FOLDER, tmp_path / "static")
    monkeypatch.setattr(loading, "LOOK_SECONDS", 0.0)
    return StageFiles(tmp_path / "static")


@pytest.mark.parametrize("name", ["comparison/comparison.css", "stage/tour.js"])
def test_another_version_of_any_file_is_another_address(
    files: StageFiles, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "FILES", files)
    before = loader("thumbnails/index.js")
    assert loader("thumbnails/index.js") == before
    with open(files.folder / name, "a") as file:
        file.write("\n")
    assert loader("thumbnails/index.js") != before


def test_a_changed_module_is_in_the_next_bundle(files: StageFiles) -> None:
    version, script = files.body("stage/index.bundle.js")
    assert files.body("stage/index.bundle.js") == (version, script)
    with open(files.folder / "stage" / "tour.js", "a") as file:
        file.write("// a change\n")
    changed, other = files.body("stage/index.bundle.js")
    assert changed != version
    assert other is not None
    assert b"// a change" in other


def test_what_is_served_is_the_files_their_bundles_and_nothing_else(files: StageFiles) -> None:
    _, source = files.body("stage/index.js")
    assert source == (FOLDER / "stage" / "index.js").read_bytes()
    assert files.body("stage/index.bundle.js.map")[1]
    for name in (
        "other.bundle.js",
        "stage/index.bundle.css",
        "stage/index.js.map",
        "stage/index.bundle.js.map.map",
        "index.js",
        "../app.py",
        "",
    ):
        assert files.body(name)[1] is None


def test_a_page_loads_the_sheets_that_its_modules_name(files: StageFiles) -> None:
    assert files.sheets("stage/index.js") == ["stage/stage.css"]
    assert files.sheets("comparison/index.js") == ["comparison/comparison.css", "stage/stage.css"]
    assert {
        name
        for entry in ("stage", "comparison", "analysis/step", "thumbnails", "classroom/wall")
        for name in files.sheets(f"{entry}/index.js")
    } == {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.css")}


def test_the_lines_that_travel_are_few() -> None:
    assert len(loader("stage/index.js")) < 900

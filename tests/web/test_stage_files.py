"""The stage's files under an address that holds their version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from playground.datasets import DATASETS
from playground.web.components import loader as loading
from playground.web.components.loader import StageFiles
from playground.web.stage_files import VersionedFiles, dataset_pictures_address, preset_picture_address
from tests.web.test_compression import fetch

OTHER = "0123456789ab"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StageFiles:
    """A folder of one module in a folder and its sheet, looked at anew each time."""
    monkeypatch.setattr(loading, "LOOK_SECONDS", 0.0)
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "main.js").write_text('export const sheet = new URL("../main.css", import.meta.url);\n')
    (tmp_path / "main.css").write_text("p { color: red; }\n")
    return StageFiles(tmp_path)


async def missing(scope: Any, _receive: Any, send: Any) -> None:
    """An app that has nothing."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"from", b"the app")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("root", ["", "/sub", "/sub/path"])
def test_this_version_is_kept_for_good_and_another_is_asked_for_again(files: StageFiles, root: str) -> None:
    app = VersionedFiles(missing, files)
    for name in ("page/main.js", "main.css", "page/main.bundle.js", "page/main.bundle.js.map"):
        path = f"{root}/app/static/{files.version}/{name}"
        status, headers, body = fetch(app, path)
        assert (status, body) == (200, files.body(name)[1])
        assert headers["content-length"] == str(len(body))
        assert "immutable" in headers["cache-control"]
        assert fetch(app, path, if_none_match=headers["etag"])[0] == 304
        assert fetch(app, path, "HEAD")[1:] == (headers, b"")
        older = fetch(app, path.replace(files.version, OTHER))
        assert (older[1]["cache-control"], older[2]) == ("no-cache", body)


def test_a_changed_file_has_another_address_and_tag(files: StageFiles) -> None:
    app = VersionedFiles(missing, files)
    before = files.version
    _, headers, _ = fetch(app, f"/app/static/{before}/main.css")
    (files.folder / "main.css").write_text("p { color: blue; }\n")
    assert files.version != before
    status, changed, body = fetch(app, f"/app/static/{before}/main.css", if_none_match=headers["etag"])
    assert (status, body, changed["cache-control"]) == (200, b"p { color: blue; }\n", "no-cache")


@pytest.mark.parametrize(
    "name", ["app.py", "..%2Fapp.py", "page/main.js.map", "main.js", "none.js", "none.bundle.js", "page/none.json"]
)
def test_nothing_else_of_the_folder_is_served(files: StageFiles, name: str) -> None:
    assert fetch(VersionedFiles(missing, files), f"/app/static/{files.version}/{name}")[0] == 404


@pytest.mark.parametrize("path", ["/app/static/stage/index.js", "/app/static/short/main.js", "/other.js", "/"])
def test_all_else_is_passed_on(files: StageFiles, path: str) -> None:
    assert fetch(VersionedFiles(missing, files), path)[1] == {"from": "the app"}


def test_the_datasets_pictures_hold_every_dataset_of_a_plane(files: StageFiles) -> None:
    status, headers, body = fetch(VersionedFiles(missing, files), "/" + dataset_pictures_address())
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert "immutable" in headers["cache-control"]
    assert set(json.loads(body)) == {name for name in DATASETS if DATASETS[name].domain is not None}


def test_a_presets_picture_has_an_address_that_is_kept_for_good() -> None:
    app = VersionedFiles(missing)
    address = preset_picture_address("spiral", "dark")
    status, headers, body = fetch(app, f"/{address}")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in headers["cache-control"]
    assert body.startswith(b"<svg ")
    assert body != fetch(app, "/" + preset_picture_address("spiral", "light"))[2]
    assert preset_picture_address("nonsense", "dark") == ""
    assert fetch(app, f"/app/static/{OTHER}/preset-nonsense-dark.svg")[0] == 404

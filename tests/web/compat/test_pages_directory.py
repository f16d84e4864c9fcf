"""A folder ``pages/`` beside the app's script is not Streamlit's old page discovery."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager

from playground.web.compat.pages_directory import disable_pages_directory


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The script of an app with such a folder, in a process that has not drawn it yet."""
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    (tmp_path / "pages").mkdir()
    return str(tmp_path / "app.py")


def test_the_folder_is_no_page_discovery(app: str) -> None:
    disable_pages_directory()
    PagesManager(app)
    assert PagesManager.uses_pages_directory is False


def test_streamlit_still_takes_it_for_that(app: str) -> None:
    """Once this fails, ``pages_directory.py`` is not needed any more."""
    PagesManager(app)
    assert PagesManager.uses_pages_directory is True

"""Streamlit's browser side is told where its server is by a global of the page."""

from __future__ import annotations

from playground.web.compat.browser_scripts import streamlit_scripts


def test_streamlit_still_reads_the_address_from_the_page_and_does_not_write_it() -> None:
    """Once this fails, ``server_address.py`` is not needed any more, or changes nothing."""
    scripts = [file.read_text(encoding="utf-8") for file in streamlit_scripts().glob("index.*.js")]
    assert any("window.__streamlit" in script and "BACKEND_BASE_URL" in script for script in scripts)
    assert "BACKEND_BASE_URL" not in (streamlit_scripts().parents[1] / "index.html").read_text(encoding="utf-8")

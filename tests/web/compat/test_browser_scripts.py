"""The parts of Streamlit's browser side that a page is made of are files that can be named."""

from __future__ import annotations

from playground.web.compat.browser_scripts import ELEMENTS, FONT, SCRIPTS_ADDRESS, element_scripts, streamlit_scripts

PAGE = streamlit_scripts().parents[1] / "index.html"


def test_streamlit_has_a_script_for_each_of_the_page_s_elements() -> None:
    for name in ELEMENTS:
        assert len(element_scripts(streamlit_scripts(), (name,))) > 1, name


def test_streamlit_s_page_still_does_not_name_most_of_them() -> None:
    """Once this fails, ``browser_scripts.py`` may not be needed any more."""
    named = PAGE.read_text(encoding="utf-8")
    assert f'"{SCRIPTS_ADDRESS}/' in named
    assert 30 < sum(name not in named for name in element_scripts(streamlit_scripts())) < 80


def test_streamlit_s_page_still_asks_for_its_font_first() -> None:
    assert len(FONT.findall(PAGE.read_bytes())) == 1

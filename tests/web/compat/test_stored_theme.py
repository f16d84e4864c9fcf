"""The browser keeps the theme that a visitor chose under a name that is known."""

from __future__ import annotations

import re

from playground.web.compat.browser_scripts import streamlit_scripts
from playground.web.compat.stored_theme import STORED_THEME


def test_streamlit_still_keeps_the_theme_under_this_name() -> None:
    """Once this fails, ``stored_theme.py`` reads nothing any more."""
    assert "`stActiveTheme-${location.pathname}-v2`" in STORED_THEME
    [script] = [
        text
        for text in (file.read_text(encoding="utf-8") for file in streamlit_scripts().glob("utils.*.js"))
        if "CACHED_THEME_VERSION" in text
    ]
    pattern = r"var (\w+)=2,(\w+)=`stActiveTheme-\$\{window\.location\.pathname\}`,\w+=\{CACHED_THEME_VERSION:\1,"
    assert re.search(pattern, script)

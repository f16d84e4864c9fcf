"""What surrounds every page: title, navigation, style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from playground.ui.language import t
from playground.ui.process import collect_now_and_then

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


EMBEDDED = ".stAppHeader { display: none; } .stApp .stMainBlockContainer { padding: 0.5rem 0.75rem; }"
"""In another page there is the stage and nothing else."""


def navigation() -> st.navigation:  # pyright: ignore[reportInvalidTypeForm]
    """The pages by section; a section appears when it has a page."""
    return st.navigation(
        {
            t("Play"): [
                st.Page("pages/play/playground.py", title=t("Playground"), default=True),
                st.Page("pages/play/gallery.py", title=t("Worth a minute")),
                st.Page("pages/play/your_data.py", title=t("Your data")),
            ],
            t("Keep"): [
                st.Page("pages/keep/share.py", title=t("Share")),
                st.Page("pages/keep/save.py", title=t("Save and load")),
            ],
        },
        position="hidden" if st.context.is_embedded else "top",
    )


def page_frame() -> None:
    """Title, style and housekeeping of every page."""
    ground = "dark" if st.context.theme.type == "dark" else "light"
    st.logo(f"static/logo-{ground}.svg", size="large")
    st.html(f"<style>{STYLE}{EMBEDDED if st.context.is_embedded else ''}</style>")
    collect_now_and_then()

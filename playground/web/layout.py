"""What surrounds every page: title, navigation, style."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

from playground.language import mark, t
from playground.palette import ACCENT_ON_TINT, ACCENT_POINTED_AT, ON_ACCENT, POSITIVE
from playground.web.compat.type_exports import StreamlitPage
from playground.web.glossary import glossary_card
from playground.web.language_switch import language_switch
from playground.web.sections import SECTIONS
from playground.web.theme_choice import follow_theme, scheme

APP_NAME = "Neural Playground"
STAGE_IS_SHOWN = "stage_is_shown"
"""Whether the page that is drawn has had the stage before: a new one begins with all that it needs."""
EMBEDDED = ".stAppHeader { display: none; } .stApp .stMainBlockContainer { padding: 0.5rem 0.75rem; }"
"""In another page there is the stage and nothing else."""


WITH_SIDEBAR = (mark("Playground"),)
"""Pages that have controls in the sidebar."""

NO_SIDEBAR = """@media (min-width: 768px) {
  [data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
}"""
"""Elsewhere it would stand empty until the page that is left is gone; on a narrow screen it holds the navigation."""

PRIMARY_BUTTON = ':is([data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"])'
ON_DARK = (
    f".stMultiSelect [data-tag], .stMultiSelect [data-tag] *, {PRIMARY_BUTTON}, {PRIMARY_BUTTON} * "
    f"{{ color: {ON_ACCENT[True]}; }} {PRIMARY_BUTTON}:hover {{ background: {ACCENT_POINTED_AT}; }}"
)
"""The dark scheme's accent is light: what stands on it is dark, and it grows lighter still under the pointer."""

ON_LIGHT = (
    '[data-variant="segmented_control"][aria-checked="true"] p, [data-variant="pills"][aria-checked="true"] p '
    f"{{ color: {ACCENT_ON_TINT}; }}"
)
"""The chosen one of a row, while it is pointed at, stands on a stronger tint than the accent is legible on."""

NAMELESS = """
// Streamlit's narrow navigation is a list whose entries are not the list's children; as plain links it is read right.
export default function () {
  const plain = () => {
    const items = "[data-testid=stSidebarNavItems]";
    for (const element of document.querySelectorAll(`${items}, ${items} li, ${items} ul`)) {
      if (element.getAttribute("role") !== "none") element.setAttribute("role", "none");
    }
    // A browser's own translation would make words of formulas, code and names of icons, and rewrite what Plotly
    // measures.
    const signs = ".katex, code, pre, .js-plotly-plot, [data-testid=stIconMaterial]";
    for (const element of document.querySelectorAll(`:is(${signs}):not([translate])`)) {
      element.setAttribute("translate", "no");
    }
  };
  const observer = new MutationObserver(plain);
  observer.observe(document.body, { childList: true, subtree: true });
  plain();
  // On a phone Streamlit closes the navigation when a page is chosen; in a narrow window it would go on covering
  // that page.
  const close = (event) => {
    if (!event.target.closest?.("[data-testid=stSidebarNavLink]") || innerWidth >= 768) return;
    const open = "[data-testid=stSidebar][data-collapsed=false]";
    setTimeout(() => document.querySelector(`${open} [data-testid=stSidebarCollapseButton] button`)?.click());
  };
  document.addEventListener("click", close);
  // Another page begins at its top, however far down the one before was read.
  const links = ["stSidebarNavLink", "stTopNavDropdownLink", "stPageLink-NavLink"];
  const selector = links.map((name) => `[data-testid=${name}]`).join(", ");
  const top = (event) => {
    if (event.target.closest?.(selector)) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
  document.addEventListener("click", top);
  return () => {
    observer.disconnect();
    document.removeEventListener("click", close);
    document.removeEventListener("click", top);
  };
}
"""
_nameless = component("plain_navigation", html="<span></span>", js=NAMELESS)


def hide_sidebar() -> None:
    """Show this page without its sidebar, where the window is wide enough to have the navigation elsewhere."""
    st.html(f"<style>{NO_SIDEBAR}</style>")


def navigation() -> StreamlitPage:
    """The pages by section; a section appears when it has a page."""
    page = st.navigation(
        {
            t(SECTIONS["play"]): [
                st.Page("pages/play/playground.py", title=t("Playground"), default=True),
                st.Page("pages/play/gallery.py", title=t("Worth a minute")),
                st.Page("pages/play/your_data.py", title=t("Your data")),
            ],
            t(SECTIONS["learn"]): [
                st.Page("pages/learn/lessons.py", title=t("Lessons")),
                st.Page("pages/learn/lesson_editor.py", title=t("Write a lesson")),
            ],
            t(SECTIONS["understand"]): [
                st.Page("pages/understand/step.py", title=t("Step by step")),
                st.Page("pages/understand/flow.py", title=t("Gradient flow")),
                st.Page("pages/understand/race.py", title=t("Race")),
                st.Page("pages/understand/landscape.py", title=t("Landscape")),
                st.Page("pages/understand/luck.py", title=t("Luck")),
                st.Page("pages/understand/glossary.py", title=t("Glossary")),
            ],
            t(SECTIONS["further"]): [
                st.Page("pages/further/depth.py", title=t("Depth")),
            ],
            t(SECTIONS["class"]): [
                st.Page("pages/class/class.py", title=t("My class")),
                st.Page("pages/class/join.py", title=t("Join a class")),
            ],
            t(SECTIONS["keep"]): [
                st.Page("pages/keep/share.py", title=t("Share")),
                st.Page("pages/keep/save.py", title=t("Save and load")),
            ],
        },
        position="hidden" if st.context.is_embedded else "top",
        expanded=True,
    )
    if page.url_path:  # the first page, which alone has the stage, has none
        st.session_state[STAGE_IS_SHOWN] = False
    return page


def tab_title(page: StreamlitPage) -> str:
    """What the browser's tab says of ``page``; the first page, which has no path, is the app's name alone."""
    return f"{page.title} · {APP_NAME}" if page.url_path else APP_NAME


def css_text(text: str) -> str:
    """``text`` as a string of a style sheet."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ") + '"'


def page_frame(page: StreamlitPage) -> None:
    """Title and style of ``page``."""
    ground = scheme()
    st.logo(f"static/logo-{ground}.svg", size="large")
    accent, embedded = ON_DARK if ground == "dark" else ON_LIGHT, EMBEDDED if st.context.is_embedded else ""
    words = f":root {{ --drawing: {css_text(t('Drawing…'))}; --accent: {POSITIVE[ground == 'dark']}; }}"
    sidebar = "" if page.title in (t(title) for title in WITH_SIDEBAR) else NO_SIDEBAR
    st.html(f"<style>{accent}{embedded}{words}{sidebar}</style>")
    if not st.context.is_embedded:
        _nameless()
        language_switch()
        glossary_card()
        follow_theme()

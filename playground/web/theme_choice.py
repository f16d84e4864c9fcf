"""Light, dark or system, chosen in the page: Streamlit's menu offers it, the browser remembers it, and the page
follows."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

from playground.language import t
from playground.web.compat.type_exports import MenuItems

FOLLOW = """
// The server draws the logo and a few colours for a theme: it draws again when another one is chosen, and is
// asked for each once.
let asked = "";
export default function ({ data, parentElement, setTriggerValue }) {
  const drawn = new TextDecoder().decode(data);
  const host = parentElement.host || parentElement;
  const scheme = getComputedStyle(host).colorScheme.includes("dark") ? "dark" : "light";
  if (scheme === drawn) asked = "";
  else if (asked !== scheme) setTriggerValue("theme", (asked = scheme));
}
"""
_follow = component("theme_choice", html="<span></span>", js=FOLLOW)


def menu_items() -> MenuItems:
    """For ``st.set_page_config``: an app with an entry of its own has a menu, and where there is a menu it offers the
    themes."""
    return {
        "About": t(
            "**Neural Playground**: see a small neural network learn, and ask why. "
            "Every number on the screen is what the model computed at that moment. MIT licence."
        )
    }


def scheme() -> str:
    """``"dark"`` or ``"light"``: what the visitor sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def follow_theme() -> None:
    """Draw the page again once the visitor has chosen another theme."""
    _follow(data=scheme().encode(), key="theme_choice", on_theme_change=lambda: None)

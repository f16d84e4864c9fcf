"""The stage's place on the page: a Streamlit component whose modules are static files."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).resolve().parents[2] / "static" / "stage"


def version() -> str:
    """A name for the present content of the stage's files, so that a browser never mixes two versions."""
    digest = sha256()
    for file in sorted(FOLDER.glob("*")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


LOADER = """
const base = new URL("app/static/stage/", document.baseURI);
const loaded = import(new URL("main.js?v=VERSION", base));
export default function (component) {
  let cleanup = null;
  let gone = false;
  loaded.then((stage) => { if (!gone) cleanup = stage.mount(component); });
  return () => { gone = true; if (cleanup) cleanup(); };
}
"""

_component = st.components.v2.component("stage", html="<div></div>", js=LOADER.replace("VERSION", version()))


def stage(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show the stage with its newest ``message``; the callbacks run when it asks for frames or for a new start."""
    return _component(data=message, key=key, on_want_change=on_want, on_command_change=on_command)

"""The stage's place on the page: a Streamlit component whose modules are static files."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component

FOLDER = Path(__file__).resolve().parents[2] / "static" / "stage"


LOADER = """
// Modules come without a lifetime: asking the server about each once keeps a new version from mixing with an old one.
const base = new URL("app/static/stage/", document.baseURI);
const fresh = window.__stage_FILES_HASH ??= Promise.all(FILES.map((name) => fetch(new URL(name, base), { cache: "no-cache" })));
const loaded = fresh.then(() => import(new URL("MODULE", base)));
export default function (component) {
  let cleanup = null;
  let gone = false;
  const data = Array.isArray(component.data) ? component.data[0] : component.data;
  loaded.then((stage) => { if (!gone) cleanup = stage.mount({ ...component, data }); });
  return () => { gone = true; if (cleanup) cleanup(); };
}
"""


def loader(module: str) -> str:
    """The few lines that travel inline; ``module`` and all that it imports are static files."""
    files = sorted(file.name for file in FOLDER.iterdir() if file.suffix in (".js", ".css"))
    digest = sha256(b"".join((FOLDER / name).read_bytes() for name in files)).hexdigest()[:12]
    return LOADER.replace("FILES_HASH", digest).replace("FILES", json.dumps(files)).replace("MODULE", module)


_component = component("stage", html="<div></div>", js=loader("main.js"))
_lanes = component("lanes", html="<div></div>", js=loader("lanes.js"))
_thumbnails = component("thumbnails", html="<div></div>", js=loader("thumbnails.js"))
_steps = component("steps", html="<div></div>", js=loader("steps.js"))


def _alone(data: dict[str, Any]) -> list[dict[str, Any]]:
    """``data`` as the only one of a list, which the loader takes out again: in a bare dictionary Streamlit looks for data frames, and
    for that loads pandas and pyarrow into the server (45 MB, and half a second before the first picture)."""
    return [data]


def stage(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show the stage with its newest ``message``; the callbacks run when it asks for frames or for a new start."""
    return _component(data=message, key=key, on_want_change=on_want, on_command_change=on_command)


def lanes(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show trainings side by side with their newest ``message``; the callbacks run as those of ``stage`` do."""
    return _lanes(data=message, key=key, on_want_change=on_want, on_command_change=on_command)


def thumbnails(data: dict[str, Any], *, key: str, on_chosen: Callable[[], None]) -> Any:
    """Small pictures to choose a dataset by; ``on_chosen`` runs when one is pressed, its name is in the state's ``chosen``."""
    return _thumbnails(data=_alone(data), key=key, on_chosen_change=on_chosen)


def steps(data: dict[str, Any], *, key: str, on_take: Callable[[], None]) -> Any:
    """One training step to walk through; ``on_take`` runs when it is to be taken, the state's ``take`` tells which."""
    return _steps(data=_alone(data), key=key, on_take_change=on_take)

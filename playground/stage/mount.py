"""The stage's place on the page: a Streamlit component whose modules are static files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from streamlit.components.v2 import component

from playground.stage.loading import JSON, loader


def as_json(data: dict[str, Any]) -> bytes:
    """``data`` for a component that reads JSON."""
    return json.dumps(data, separators=(",", ":")).encode()


_component = component("stage", html="<div></div>", js=loader("main.js"))
_lanes = component("lanes", html="<div></div>", js=loader("lanes.js"))
_thumbnails = component("thumbnails", html="<div></div>", js=loader("thumbnails.js", JSON))
_steps = component("steps", html="<div></div>", js=loader("steps.js", JSON))


def stage(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show the stage with its newest ``message``; the callbacks run when it asks for frames or for a new start."""
    return _component(data=message, key=key, on_want_change=on_want, on_command_change=on_command)


def lanes(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show trainings side by side with their newest ``message``; the callbacks run as those of ``stage`` do."""
    return _lanes(data=message, key=key, on_want_change=on_want, on_command_change=on_command)


def thumbnails(data: bytes, *, key: str, on_chosen: Callable[[], None]) -> Any:
    """Small pictures to choose a dataset by (``data``: ``as_json``); ``on_chosen`` runs when one is pressed, its name is in the state's ``chosen``."""
    return _thumbnails(data=data, key=key, on_chosen_change=on_chosen)


def steps(data: dict[str, Any], *, key: str, on_take: Callable[[], None]) -> Any:
    """One training step to walk through; ``on_take`` runs when it is to be taken, the state's ``take`` tells which."""
    return _steps(data=as_json(data), key=key, on_take_change=on_take)

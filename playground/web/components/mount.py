"""The stage's place on the page: a Streamlit component whose modules are static files."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from streamlit.components.v2 import component

from playground.language import translate_tree
from playground.web.components.loader import BYTES, FILES, JSON, loader


def as_json(data: dict[str, Any]) -> bytes:
    """``data`` for a component that reads JSON, in the visitor's language."""
    return json.dumps(translate_tree(data), separators=(",", ":")).encode()


@lru_cache(maxsize=32)
def _component(name: str, module: str, data: str, _version: str) -> Any:
    """A component of the stage's files as they are in a version: registered anew when another one begins."""
    return component(name, html="<div></div>", js=loader(module, data))


def _mount(key: str, module: str, *, data: bytes, reading: str = BYTES, **arguments: Any) -> Any:
    """The component of ``key``. It is named by it, since that alone the browser is told: what Streamlit calls a
    component's key there (1.67) is another one at each mount, and a player could not go on in its next place."""
    return _component(key, module, reading, FILES.version)(data=data, key=key, **arguments)


def stage(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show the stage with its newest ``message``; the callbacks run when it asks for frames or for a new start."""
    return _mount(key, "stage/index.js", data=message, on_want_change=on_want, on_command_change=on_command)


def lanes(message: bytes, *, key: str, on_want: Callable[[], None], on_command: Callable[[], None]) -> Any:
    """Show trainings side by side with their newest ``message``; the callbacks run as those of ``stage`` do."""
    return _mount(key, "comparison/index.js", data=message, on_want_change=on_want, on_command_change=on_command)


def thumbnails(data: bytes, *, key: str, on_chosen: Callable[[], None]) -> Any:
    """Small pictures to choose a dataset by (``data``: ``as_json``); ``on_chosen`` runs when one is pressed, its name
    is in the state's ``chosen``."""
    return _mount(key, "thumbnails/index.js", data=data, reading=JSON, on_chosen_change=on_chosen)


def steps(data: dict[str, Any], *, key: str, on_take: Callable[[], None], on_rows: Callable[[], None]) -> Any:
    """One training step to walk through; ``on_take`` runs when it is to be taken, the state's ``take`` tells which,
    ``on_rows`` when all rows and columns are to be shown, or few again: ``rows`` tells which."""
    return _mount(
        key, "analysis/step/index.js", data=as_json(data), reading=JSON, on_take_change=on_take, on_rows_change=on_rows
    )


def lesson_memory(data: dict[str, Any], *, key: str, on_stored: Callable[[], None]) -> Any:
    """Ask the browser how far lessons were done in it; ``on_stored`` runs with the answer in the state's ``stored``."""
    return _mount(key, "lessons/index.js", data=as_json(data), reading=JSON, on_stored_change=on_stored)


def term_cards(address: str, *, key: str) -> Any:
    """Have a card open at each word on the page that links to a term; ``address``: of the terms, from the app's
    root."""
    return _mount(key, "glossary/index.js", data=as_json({"address": address}), reading=JSON)


def class_news(data: dict[str, Any], *, key: str, on_news: Callable[[], None]) -> Any:
    """Ask every few seconds, without a run of the page, whether a student of a class has to be told anything; then
    ``on_news`` runs."""
    return _mount(key, "classroom/news/index.js", data=as_json(data), reading=JSON, on_news_change=on_news)


def class_spectator(data: dict[str, Any], *, key: str) -> Any:
    """The teacher's stage, as the students of a class see it."""
    return _mount(key, "classroom/spectator/index.js", data=as_json(data), reading=JSON)


def class_wall(data: dict[str, Any], *, key: str, on_act: Callable[[], None], on_lost: Callable[[], None]) -> Any:
    """The stages of all students; ``on_act`` runs when the teacher does something to one of them, the state's ``act``
    tells what, ``on_lost`` when the server does not know the class any more."""
    return _mount(
        key, "classroom/wall/index.js", data=as_json(data), reading=JSON, on_act_change=on_act, on_lost_change=on_lost
    )

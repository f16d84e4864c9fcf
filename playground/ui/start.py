"""What a server does before its first visitor is there: it loads its libraries and compiles what the page begins with."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def ready_ahead(_server: Any) -> AsyncIterator[None]:
    """While the server lives; its getting ready runs beside it, so that it answers at once."""
    say_that_navigation_is_by_script()
    threading.Thread(target=_get_ready, name="start", daemon=True).start()
    yield


def say_that_navigation_is_by_script() -> None:
    """``st.navigation`` says so at its first call; until then Streamlit takes the folder ``pages/`` for its old
    discovery, and a first visitor who follows a link to a page is told that there is none.

    Where Streamlit's insides are others, that is all that happens.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def _get_ready() -> None:
    try:
        import playground.ui.frame  # the libraries of every page
        import playground.ui.player  # noqa: F401
        from playground.ui.process import process

        process().ahead()
    except Exception:  # the first visitor's page then says what is wrong
        logging.getLogger(__name__).exception("the server could not get ready ahead of its visitors")

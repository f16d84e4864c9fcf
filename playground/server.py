"""What a server does before its first visitor is there: it loads its libraries and compiles what the page begins
with."""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

INTERNET = (socket.AF_INET, socket.AF_INET6)
ERROR_TEXT = (
    "Something went wrong in this page, by a fault of ours; the server's log says what. What you made is "
    "kept: undo the "
    "last change, or open another page and come back."
)
SWITCH_SECONDS = 1e-3
"""How long one thread may compute in Python while others wait; Python's own is 5 ms. While a program is traced, which
takes seconds, each answer of the server waits so long several times."""
MAX_FILES_SEARCHED = 256
"""A server that has just begun has fewer files open."""


@asynccontextmanager
async def ready_ahead(_server: Any) -> AsyncIterator[None]:
    """While the server lives; its getting ready runs beside it, so that it answers at once."""
    say_that_navigation_is_by_script()
    replace_error_text()
    send_small_packets_at_once()
    pass_over_use_warning()
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_get_ready, name="start", daemon=True).start()
    yield


def say_that_navigation_is_by_script() -> None:
    """``st.navigation`` says so at its first call; until then Streamlit takes the folder ``pages/`` for its old
    discovery, and a first visitor who follows a link to a page is told that there is none.

    Where Streamlit's insides are others, that is all that happens.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def replace_error_text() -> None:
    """Have a page that fails by a fault of ours say what its visitor can do; the traceback goes into the server's log.

    Where Streamlit's insides are others, its own sentence stays, which advises the app's developer.
    """
    from streamlit.elements import exception

    if hasattr(exception, "_GENERIC_UNCAUGHT_EXCEPTION_TEXT"):
        setattr(exception, "_GENERIC_UNCAUGHT_EXCEPTION_TEXT", ERROR_TEXT)  # noqa: B010  (a constant of its own)


def pass_over_use_warning() -> None:
    """Streamlit looks whether it runs in a notebook when the first element is drawn; it looks through all modules that
    are loaded for it, 0.1 to 0.5 s of the first visitor's. Where its insides are others, it does."""
    from streamlit import delta_generator

    if hasattr(delta_generator, "_use_warning_has_been_displayed"):
        delta_generator._use_warning_has_been_displayed = True


def send_small_packets_at_once() -> int:
    """Set ``TCP_NODELAY`` on every socket that this process listens on; connections inherit it. The number of sockets.

    asyncio sets it for connections itself, but only where the listening socket was made with its protocol named, which
    Streamlit's is not (1.60): an answer's body then waits until its head is acknowledged, 40 ms on loopback, and of a
    page's many small messages all but the first wait for a round trip.
    """
    count = 0
    for fd in range(MAX_FILES_SEARCHED):
        try:
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                continue
            with socket.socket(fileno=os.dup(fd)) as listening:
                if listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and listening.family in INTERNET:
                    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    count += 1
        except OSError:  # no such file, or one that is no socket of this kind
            continue
    return count


def _get_ready() -> None:
    try:
        import playground.stage.choice_bar
        import playground.stage.controls
        import playground.stage.page  # noqa: F401
        from playground.web.housekeeping import process

        process().ahead()
    except Exception:  # the first visitor's page then says what is wrong
        logging.getLogger(__name__).exception("the server could not get ready ahead of its visitors")

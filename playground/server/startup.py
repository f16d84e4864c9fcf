"""The start of a server: libraries are loaded, and the programs of the first page compiled, before a visitor comes."""

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

from playground.language import mark
from playground.web.compat.error_text import replace_error_text
from playground.web.compat.pages_directory import disable_pages_directory
from playground.web.compat.use_warning import skip_use_warning

INTERNET = (socket.AF_INET, socket.AF_INET6)
ERROR_TEXT = mark(
    "Something went wrong in this page, by a fault of ours; the server's log says what. What you made is kept: undo "
    "the last change, or open another page and come back."
)
SWITCH_SECONDS = 1e-3
"""How long one thread may compute in Python while others wait; Python's own is 5 ms. While a program is traced, which
takes seconds, each answer of the server waits so long several times."""
MAX_FILES_SEARCHED = 256
"""A server that has just begun has fewer files open."""


@asynccontextmanager
async def ready_ahead(_server: Any) -> AsyncIterator[None]:
    """While the server lives; its getting ready runs beside it, so that it answers at once."""
    disable_pages_directory()
    replace_error_text(ERROR_TEXT)
    send_small_packets_at_once()
    skip_use_warning()
    sys.setswitchinterval(SWITCH_SECONDS)
    threading.Thread(target=_get_ready, name="start", daemon=True).start()
    yield


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
        from playground.server.process import process

        process().ahead()
    except Exception:  # the first visitor's page then says what is wrong
        logging.getLogger(__name__).exception("the server could not get ready ahead of its visitors")

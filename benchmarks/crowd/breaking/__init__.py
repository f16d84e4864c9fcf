"""The faults: each breaks one thing about a server, a socket or a browser while somebody plays, and says what should
have held and did not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from benchmarks.crowd.breaking.disk import no_disk
from benchmarks.crowd.breaking.fault import Fault
from benchmarks.crowd.breaking.forgers import forged, unreadable
from benchmarks.crowd.breaking.haste import hasty
from benchmarks.crowd.breaking.pages import switched, two_tabs
from benchmarks.crowd.breaking.servers import killed
from benchmarks.crowd.breaking.sockets import dropped, forgotten, unread
from benchmarks.crowd.breaking.tabs import frozen, frozen_long, hidden

FAULTS: dict[str, Callable[[Fault], Awaitable[None]]] = {
    "dropped": dropped,
    "forgotten": forgotten,
    "killed": killed,
    "unread": unread,
    "frozen": frozen,
    "frozen_long": frozen_long,
    "hidden": hidden,
    "forged": forged,
    "unreadable": unreadable,
    "two_tabs": two_tabs,
    "switched": switched,
    "hasty": hasty,
    "no_disk": no_disk,
}
"""By name, in the order in which they are tried; the first line of each one's docstring is what its row says."""

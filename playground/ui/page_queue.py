"""What a whole run drew reaches the browser before the word that it has ended.

When a fragment runs again while its page's messages still wait for the event loop, Streamlit (1.60) drops from them what that fragment drew, but not the
word that the page's run has ended: the browser then takes the fragment's elements for old ones, removes them, and gets them anew only when the fragment
has ended, up to a second later. Trainings side by side went blank in 1 of 8 openings. Where Streamlit's insides are others, nothing is done.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


def keep_whole_runs() -> None:
    """Have every queue of this process keep what a whole run drew, from now on; done once however often it is called."""
    plain: Any = getattr(ForwardMsgQueue, "clear", None)
    if plain is None or hasattr(plain, "__wrapped__"):
        return

    @wraps(plain)
    def clear(self: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        if fragment_ids_this_run is not None and whole_run_waits(self):
            fragment_ids_this_run = []  # of no fragment: everything is kept
        plain(self, retain_lifecycle_msgs, fragment_ids_this_run)

    ForwardMsgQueue.clear = clear


def whole_run_waits(queue: Any) -> bool:
    """Whether the word that a whole run has ended is still in ``queue``."""
    return any(
        message.WhichOneof("type") == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        for message in getattr(queue, "_queue", ())
    )

"""What a run drew reaches the browser before the word that it has ended.

When a fragment runs again while messages of the run before, of the page or of itself, still wait for the event loop,
Streamlit (1.67) drops from them what that fragment drew, but not the word that the run has ended: the browser then
takes the fragment's elements for old ones, removes them, and gets them anew only when the fragment has ended, up to a
second later. Trainings side by side went blank in 1 of 8 openings; the stage, one core busy, in 6 of 8 strokes of
paint.

Seen in Streamlit 1.67 (``ForwardMsgQueue.clear``). Upstream: streamlit/streamlit#9188 and #9163 are others of its kind;
#9381 brought the dropping by fragments.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
"""Words upon which a browser removes what the run did not draw."""


def keep_ended_runs() -> None:
    """Have every queue of this process keep what a run drew that has ended, from now on; done once however often it is
    called."""
    plain: Any = getattr(ForwardMsgQueue, "clear", None)
    if plain is None or hasattr(plain, "__wrapped__"):
        return

    @wraps(plain)
    def clear(self: Any, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        if fragment_ids_this_run is not None and ended_run_waits(self):
            fragment_ids_this_run = []  # of no fragment: everything is kept
        plain(self, retain_lifecycle_msgs, fragment_ids_this_run)

    ForwardMsgQueue.clear = clear


def ended_run_waits(queue: Any) -> bool:
    """Whether the word that a run has ended is still in ``queue``."""
    return any(
        message.WhichOneof("type") == "script_finished" and message.script_finished in ENDED
        for message in getattr(queue, "_queue", ())
    )

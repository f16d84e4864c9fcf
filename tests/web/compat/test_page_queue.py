"""What a run drew is not taken back by a fragment that runs before it was sent."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from playground.web.compat.page_queue import keep_ended_runs


def drawn(place: int, fragment: str = "") -> ForwardMsg:
    """An element at a place of the page, of a fragment or of none."""
    message = ForwardMsg()
    message.metadata.delta_path[:] = [0, place]
    message.delta.new_element.text.body = f"{place} by {fragment or 'the page'}"
    if fragment:
        message.delta.fragment_id = fragment
    return message


def ended(status: Any) -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = status
    return message


def texts(queue: ForwardMsgQueue) -> list[str]:
    """What the browser will get: elements by their text, the end of a run by "end"."""
    return [one.delta.new_element.text.body if one.HasField("delta") else "end" for one in queue.flush()]


def whole_run(clear: Any = None) -> ForwardMsgQueue:
    """A page with the lanes of one fragment, whose run has ended; then that fragment begins again."""
    queue = ForwardMsgQueue()
    for message in (drawn(0), drawn(1, "lanes"), ended(ForwardMsg.FINISHED_SUCCESSFULLY)):
        queue.enqueue(message)
    (clear or ForwardMsgQueue.clear)(queue, retain_lifecycle_msgs=True, fragment_ids_this_run=["lanes"])
    return queue


@pytest.fixture(autouse=True)
def kept() -> None:
    keep_ended_runs()
    keep_ended_runs()


def test_the_word_that_a_page_is_whole_never_comes_without_what_it_drew() -> None:
    queue = whole_run()
    queue.enqueue(drawn(1, "lanes"))
    assert texts(queue) == ["0 by the page", "1 by lanes", "end", "1 by lanes"]


def test_a_fragment_s_own_end_never_comes_without_what_it_drew() -> None:
    queue = ForwardMsgQueue()
    for message in (drawn(1, "lanes"), ended(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["lanes"])
    assert texts(queue) == ["1 by lanes", "end"]


def test_a_fragment_that_was_overtaken_by_itself_is_still_dropped() -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(drawn(1, "lanes"))
    queue.enqueue(drawn(2, "charts"))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["lanes"])
    assert texts(queue) == ["2 by charts"]


def test_streamlit_still_drops_it() -> None:
    """Once this fails, ``page_queue.py`` is not needed any more."""
    assert texts(whole_run(ForwardMsgQueue.clear.__wrapped__)) == ["0 by the page", "end"]  # pyright: ignore[reportFunctionMemberAccess]

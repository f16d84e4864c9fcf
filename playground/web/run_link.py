"""The link to a visitor's experiment, handout and the log of the run."""

from __future__ import annotations

from collections.abc import Mapping

from playground.experiment import Handout, handout_query, to_query
from playground.experiment.links.parse import PAST_NAME
from playground.language import mark
from playground.live.replay.log import ReplayLog, reason_not_replayable
from playground.live.replay.log_text import MAX_CHARS, encode_log_text, has_changes
from playground.web.lesson_link import lesson_query
from playground.web.session import Session
from playground.web.widget_state import send_address


def link_query(current: Session) -> dict[str, str]:
    """What a link to the experiment, and to the handout around it, holds; a lesson's rules stay with the lesson."""
    handout = Handout() if current.lessons.present else current.handout
    return to_query(current.experiment) | handout_query(handout)


def past_of(current: Session) -> ReplayLog | None:
    """What was done in the run on the way to the step that is shown; None where its settings say all, or where no link
    can tell it."""
    story = None if reason_not_replayable(current.run) else current.run.log_to(current.shown_index)
    return story if story is not None and has_changes(story, current.experiment) else None


def past_text(current: Session) -> str:
    """``past_of`` as a link tells it, "" for none."""
    story = past_of(current)
    return encode_log_text(story) if story is not None else ""


def past_query(current: Session) -> dict[str, str]:
    """``past_text`` as a part of a link."""
    text = past_text(current)
    return {PAST_NAME: text} if 0 < len(text) <= MAX_CHARS else {}


def step_query(current: Session) -> dict[str, str]:
    """The step that is shown, and all that was done on the way to it, as a part of a link; nothing where no link can
    tell it."""
    story = None if reason_not_replayable(current.run) else current.run.log_to(current.shown_index)
    text = encode_log_text(story) if story is not None and story.step > 0 else ""
    return {PAST_NAME: text} if 0 < len(text) <= MAX_CHARS else {}


def not_in_link(current: Session) -> tuple[str, ...]:
    """What of the run that is shown no link can tell, in a few words each; none: whoever opens it gets the same run."""
    return reason_not_replayable(current.run) or (
        (mark("so many changes by hand"),) if len(past_text(current)) > MAX_CHARS else ()
    )


def keep_link(current: Session, page_part: Mapping[str, str] | None = None) -> None:
    """Have the address bar hold the experiment, the handout or the lesson around it, and ``page_part``, what the page
    adds to it."""
    send_address(link_query(current) | lesson_query(current) | dict(page_part or {}))

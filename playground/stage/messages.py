"""The header of a message to the stage: scene, notices, branches, handout, beside the frames."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from playground.live import FrameReply
from playground.live.diagnostics.notices import list_units
from playground.live.protocol.encoding import encode, round_floats
from playground.live.replay.log import encode_log
from playground.live.scheduling.scheduler import SCHEDULER
from playground.stage.diagram import mask_history
from playground.stage.scene import NAMES, points, scene
from playground.stage.settings import settings
from playground.term_links import terms_in

if TYPE_CHECKING:
    from playground.web.session import Session

BRANCH_ROWS = 200


def stage_message(session: Session, chunk: FrameReply, fields: dict[str, Any], *, is_drawn: bool = False) -> bytes:
    """``chunk`` and its header as the stage reads them; ``fields`` go into the header, ``points`` as those of the run
    where they are to be sent. ``is_drawn``: the stage knows what the run is, though that has no frame yet.

    Of several messages only the newest arrives, so each says all that holds: the handout, and whether it plays."""
    run, branches = session.run, session.branches
    handout = handout_message(session)
    header = fields | {"handout": handout, "playing": not session.paused}
    if header.pop("points", False):
        header["points"] = points(run)
    if chunk.scene:
        # Until the first frame the stage asks again and again: what it has drawn already is not sent once more.
        shown = {} if is_drawn else scene(run) | {"handout": handout}
        resumes = session.resumes == run.name
        header |= {"scene": shown, "playing": resumes or not session.paused, "resumes": resumes}
    header |= {
        "story": encode_log(run) | ({"beside": True} if len(branches) > 1 or session.bookmarks else {}),
        "opened": session.opened,
        "switched": mask_history(run),
        "settings": settings(run),
        "branches": branch_curves(session) if chunk.scene or len(branches) > 1 else None,
        "calm": SCHEDULER.client_limits(),
    }
    return encode(chunk, header | NAMES)


def handout_message(session: Session) -> dict[str, Any]:
    """What the handout hides, locks and shows from the start; ``key`` names that and whether it has the stage play, ""
    where it leaves all as it is."""
    handout = session.handout
    lists = {name: list(getattr(handout, name)) for name in ("hide", "lock", "show")}
    plays = handout.is_locked("play") and not session.paused
    key = f"{zlib.crc32(json.dumps([lists, plays]).encode()):08x}" if any(lists.values()) else ""
    return lists | {"key": key}


def notices_by_frame(session: Session, chunk: FrameReply) -> list[dict[str, Any]]:
    """What is to be noticed at the newest frame, and at the one that an empty stage shows, each with its index in the
    run."""
    indices = {session.shown_index, session.run.last} if chunk.scene else {session.run.last}
    return [{"frame": index, "notices": notices_at(session, index)} for index in sorted(indices)]


def notices_at(session: Session, index: int) -> list[dict[str, Any]]:
    """The notices of one frame, each with the words in it that the glossary explains."""
    notices = session.run.notices(index)
    if many := SCHEDULER.overload_count():
        notices.insert(1, list_units(many))
    return [notice.to_dict() | {"terms": terms_in(notice.sentence)} for notice in notices]


def branch_curves(session: Session) -> list[dict[str, Any]]:
    """The branches as the stage draws them: a letter each, and of those that are not shown the losses, and the frame
    from which on they are apart."""
    letters = session.letters
    rows = []
    for name, run in session.branches.items():
        row: dict[str, Any] = {"name": name, "letter": letters[name], "shown": run is session.run}
        if run is not session.run:
            row["fork"] = session.run.past.last_shared(run.past)
            row |= {column: round_floats(values, 4) for column, values in run.curves.downsample(BRANCH_ROWS).items()}
        rows.append(row)
    return rows

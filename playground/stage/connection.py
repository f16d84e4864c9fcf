"""A visitor's stage on the server: requests are answered, commands applied, messages encoded."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from playground.errors import PlaygroundError
from playground.language import mark
from playground.live import FrameReply, FrameRequest, Run, parse_request
from playground.live.protocol.command_log import CommandLog
from playground.live.protocol.encoding import round_floats
from playground.live.protocol.request import DEFAULT_FRAMES_PER_SECOND, clamp_int, request_id, within_limits
from playground.live.replay.log import MAX_STEPS, decode_log
from playground.stage import lesson_commands  # noqa: F401  registers its commands
from playground.stage.commands import COMMANDS, CONTROL_OF, NEED_FRAMES
from playground.stage.lesson_commands import LESSON_MOVES, refuse_move
from playground.stage.lesson_message import MAX_KEY_CHARS, lesson_message
from playground.stage.messages import notices_by_frame, stage_message
from playground.web.opened_run import new_name
from playground.web.session import Reply, Session

NOTICE_SECONDS = 0.5
"""Between two looks for trouble."""
MAX_POSTPONED = 16
"""Commands that wait for a run's first frame; of more the oldest are dropped."""
MAX_SNAPSHOT_ROWS = 200
"""Of the curves in what somebody else sees of the stage."""
LOST_BY_HAND = mark(
    "The server was started again. What was changed by hand in this run cannot be made again, so it starts over."
)
RELOADED_BY_HAND = mark(
    "The page was loaded again. What was changed by hand in this run cannot be made again, so it starts over."
)
LOST_ROWS = mark(
    "The page was loaded again, and your own rows were not kept: give them once more under Your data, and it "
    "can learn them again."
)
LEFT_BEHIND = mark(
    "The page was loaded again: this run goes on where it was, without the branches and moments beside it."
)
FELL_SHORT = mark("This run was too long to be made again in time: it goes on from an earlier step.")
UNKNOWN = "?"
"""Instead of the key of a lesson's words, where the stage has not said yet which it shows."""
FOUND = ("layers", "value", "loss", "error", "pull", "cosine")
"""The arrays in what a closer look found."""


class StageConnection:
    """The stage of ``session``, as the server knows it.

    ``command_log`` is what the stage has said; ``drawn`` the run of which it knows what it is, though that has no frame
    yet; ``lesson_key`` names the words of a lesson that it shows, ``UNKNOWN`` between sending others and hearing of
    them; ``postponed`` are commands, each with its run's name, that wait for that run's first frame; ``noticed_at`` is
    when trouble was looked for last, in seconds."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.command_log = CommandLog()
        self.drawn = ""
        self.postponed: list[tuple[str, dict[str, Any]]] = []
        self.noticed_at = 0.0
        self.lesson_key = ""
        self._message = b""
        self._encoded: Reply | None = None

    def forget_shown(self) -> None:
        """An empty stage stands in its place: it shows nothing yet."""
        self.drawn = self.lesson_key = ""

    @property
    def message(self) -> bytes:
        """The session's newest reply as the stage reads it; encoded once, when it is first asked for."""
        reply = self.session.reply
        if reply is not None and reply is not self._encoded:
            chunk = reply.chunk
            lesson = lesson_message(self.session, self.lesson_key)
            fields = reply.fields | {
                "heard": self.command_log.acknowledged,
                "bookmarks": self.marks(),
                "notices": self._due_notices(chunk),
                "lesson": lesson,
            }
            if lesson is not None and lesson["key"] != self.lesson_key:
                self.lesson_key = UNKNOWN
            is_drawn = not chunk.frames and self.drawn == self.session.run.name
            self._message, self._encoded = stage_message(self.session, chunk, fields, is_drawn=is_drawn), reply
            self.session.track_memory(self)
            if self.session.audience is not None:
                self.session.audience.show(self.session, chunk, self.snapshot)
        return self._message

    def snapshot(self) -> bytes:
        """What the stage shows now as a message of its own, for somebody else's; b"" before the first frame."""
        session, run = self.session, self.session.run
        if not run.has_frames:
            return b""
        index = session.shown_index if session.paused else run.last
        columns = run.curves.until(index)
        stride = max(1, -(-len(columns["step"]) // MAX_SNAPSHOT_ROWS))
        history = {name: column[::stride] for name, column in columns.items()}
        chunk = replace(run.empty_reply(), start=index, frames=(session.frame(index),), scene=True, history=history)
        return stage_message(session, chunk, {"notices": []})

    def _due_notices(self, chunk: FrameReply) -> list[dict[str, Any]] | None:
        """The notices of the newest frame; None when they were sent less than ``NOTICE_SECONDS`` ago and the run has
        not stopped."""
        now = time.monotonic()
        is_told = chunk.state == "ready" and not chunk.scene and now - self.noticed_at < NOTICE_SECONDS
        if not chunk.frames or is_told:
            return [] if chunk.scene else None
        self.noticed_at = now
        try:
            return notices_by_frame(self.session, chunk)
        except PlaygroundError as error:  # a program that makes a frame again could not be compiled
            self.session.notes[:] = [error.sentence]
            self.session.touched = True
            return None

    def memory_by_object(self) -> dict[int, int]:
        """Bytes of the newest message."""
        return {id(self): len(self._message)}

    def answer(self, data: Any) -> None:
        """Have the frames ready that the stage asks for; a want that makes no sense is passed over."""
        want = parse_request(data)
        if want is None:
            return
        self.drawn = str(data.get("drawn"))[:64] if want.mount else ""
        self._note_shown(data)
        story = data.get("story")
        if self.session.opened and want.mount and story is not None:
            is_reloaded = data.get("reloaded") is True
            self._recall(story if within_limits(story) else None, clamp_int(data, "step", 0, 0, MAX_STEPS), is_reloaded)
        elif not want.mount and want.run == self.session.run.name:
            self.session.opened = False  # a stage that asks for another run has not heard yet that it is lost
        try:
            self._answer(want, data)
            self._do_postponed()
        except PlaygroundError as error:  # a program that could not be made
            self.session.notes[:] = [error.sentence]
            self.session.touched = True
            self.session.send(self.session.run.empty_reply(), asked=request_id(data))

    def _recall(self, data: Any, step: int, is_reloaded: bool) -> None:
        """Come again to the step that the stage still shows, of a run that this server has lost, or that it showed
        before its page was loaded again."""
        self.session.opened = False
        story = decode_log(data, step, self.session.experiment)
        if story is None:
            own = isinstance(data, Mapping) and data.get("own") is True
            self.session.notes[:] = [LOST_ROWS if own else RELOADED_BY_HAND if is_reloaded else LOST_BY_HAND]
            self.session.touched = True
            return
        experiment = replace(self.session.experiment, knobs=story.changes[0].knobs)
        run = Run(new_name(), experiment, wait=False, device=self.session.device)
        run.start_replay(story, self.session.experiment)
        self.session.branches = {}
        self.session.show_run(run)
        if is_reloaded and data.get("beside") is True:
            self.session.notes[:] = [LEFT_BEHIND]
            self.session.touched = True

    def _answer(self, want: FrameRequest, data: Mapping[str, Any]) -> None:
        if want.look and want.run == self.session.run.name and not self.session.handout.is_locked(want.look):
            result = self.session.run.inspect(want.look, want.head, want.point)
            self.session.send(
                self.session.run.empty_reply(),
                look=result if result is None else {k: round_floats(v) if k in FOUND else v for k, v in result.items()},
                asked=request_id(data),
            )
            return
        allowed = self._limit_request(want)
        chunk = self.session.run.empty_reply() if allowed is None else self.session.run.answer(allowed)
        if chunk.scene and chunk.frames and self.session.run.fell_short and not self.session.notes:
            self.session.notes[:] = [FELL_SHORT]
            self.session.touched = True
        self.session.send(chunk, asked=request_id(data))

    def _limit_request(self, want: FrameRequest) -> FrameRequest | None:
        """``want`` under the handout: at its speed where that is locked; None where it asks for frames that are
        refused."""
        refuses, run = self.session.handout.is_locked, self.session.run
        if want.mount or want.run != run.name:
            return want
        if want.start - 1 < self.session.least_head:
            return None
        run.mark_shown(min(want.head, want.start - 1))
        if (lesson := self.session.lessons.present) and want.epoch == run.epoch:
            lesson.mark_shown(run, min(want.head, want.start - 1))
        control = "step_one" if want.steps else "step" if want.frames == 1 else "play"
        if (control == "play" and self.session.paused and refuses("play")) or (control != "play" and refuses(control)):
            return None
        if want.steps > 1 and refuses("speed"):
            return None
        return replace(want, pace=DEFAULT_FRAMES_PER_SECOND) if refuses("speed") else want

    def _note_shown(self, data: Any) -> None:
        """Take note of the words of a lesson that the stage shows: they are not sent again."""
        key = data.get("lesson") if isinstance(data, Mapping) else None
        self.lesson_key = str(key or "")[:MAX_KEY_CHARS]

    def command(self, data: Any) -> None:
        """Do what the stage's controls ask for, each command once and in order; what makes no sense is passed over."""
        self._note_shown(data)
        if not self.command_log.apply_new(data, self._do):
            self.session.send(self.session.run.empty_reply(), only_heard=True)

    def _do(self, data: Any) -> None:
        sensible = isinstance(data, dict) and within_limits({k: value for k, value in data.items() if k != "earlier"})
        name = str(data.get("name")) if sensible else ""
        known = COMMANDS.get(name)
        if known is None or self.session.handout.is_locked(CONTROL_OF.get(name, name)):
            return
        if name in LESSON_MOVES and self.session.is_frozen:
            refuse_move(self.session)
        elif name in NEED_FRAMES and not self.session.run.has_frames:
            self.postponed = [*self.postponed, (self.session.run.name, data)][-MAX_POSTPONED:]
        else:
            known(self.session, data)

    def _do_postponed(self) -> None:
        """Do what was asked for before the run had a frame, in order; what was meant for another run is passed over."""
        if self.postponed and self.session.run.has_frames:
            commands, self.postponed = self.postponed, []
            for run, data in commands:
                if run == self.session.run.name or run in self.session.branches:
                    self._do(data)

    def marks(self) -> list[str]:
        """The bookmarks that are set, or will be once there is a frame."""
        postponed = {str(data.get("mark")) for _, data in self.postponed if data.get("name") == "bookmark"}
        return sorted({*self.session.bookmarks, *postponed})


def connection_of(session: Session) -> StageConnection:
    """The connection to the stage of ``session``, made when it is first asked for."""
    if session.stage is None:
        session.stage = StageConnection(session)
    return session.stage

"""Trainings side by side on a page: they play by themselves, and train only while somebody looks.

``comparison_player("race", key, make)`` shows the course of ``make()`` (a ``stream.Simulation`` and its scene) and
keeps it in the session until ``key`` changes. ``caption(lanes)`` says a short sentence under each lane; ``below(held)``
draws under them while they are paused or over, in the same fragment; ``again`` does what "new start" asks for (without
it that button is not there)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.errors import PlaygroundError
from playground.language import current_language, t
from playground.live import ComparisonRun, FrameReply, Simulation, parse_request
from playground.live.diagnostics.notices import list_units
from playground.live.protocol.command_log import CommandLog
from playground.live.protocol.request import clamp_int, request_id
from playground.live.scheduling.scheduler import SCHEDULER
from playground.web import components as stage
from playground.web.markdown import escape_markdown
from playground.web.session import new_name, track_memory

PLAYERS_KEY = "lanes"
MAX_PLAYERS = 2
"""Pages whose lanes a session keeps: the one made last may take its full bounds, the other an eighth."""
Make = Callable[[], tuple[Simulation, dict[str, Any]]]
Caption = Callable[[ComparisonRun], Sequence[str | tuple[float, str, str]]]
"""A sentence a lane; or a step, what is said before it, and what from then on: frames are made before they are seen."""


@dataclass
class PlayerState:
    """The lanes of one page, and what the stage is told next; ``head``: the frame that it showed when it was paused.

    ``command_log``: what the page's stage has said; ``controls``: what the page's controls said when it was drawn;
    ``language``: the one that its scene was described in.
    """

    key: Hashable
    lanes: ComparisonRun
    scene: dict[str, Any]
    caption: Caption | None = None
    paused: bool = False
    head: int = -1
    message: bytes = b""
    command_log: CommandLog = field(default_factory=CommandLog)
    controls: dict[str, Any] = field(default_factory=dict)
    language: str = field(default_factory=current_language)

    @property
    def course(self) -> Any:
        """What is trained."""
        return self.lanes.simulation

    @property
    def shown_index(self) -> int:
        """The frame that is looked at while it is paused."""
        return self.lanes.last if self.head < 0 else min(self.head, self.lanes.last)

    def restart(self) -> None:
        """The same start again."""
        self.lanes, self.paused, self.head = ComparisonRun(new_name(), self.lanes.simulation), True, -1
        self.send(self.lanes.mount())

    def answer(self, data: Any) -> None:
        """Have the frames ready that the stage asks for; a want that makes no sense is passed over."""
        want = parse_request(data)
        if want is not None:
            self.send(self.lanes.answer(want), asked=request_id(data))

    def command(self, data: Any, again: Callable[[], None] | None) -> None:
        """Do what the stage's controls ask for, each command once and in order; what makes no sense is passed over."""
        if not self.command_log.apply_new(data, lambda command: _do(self, command, again)):
            self.send(self.lanes.empty_reply(), only_heard=True)

    def send(self, chunk: FrameReply, **fields: Any) -> None:
        """Make ``chunk`` the stage's newest message; ``fields`` go into its header."""
        header = fields | {"heard": self.command_log.acknowledged, "calm": SCHEDULER.client_limits()}
        if chunk.scene:
            shown = self.scene if chunk.frames else {}  # not yet begun: nothing is drawn
            header |= {"scene": shown, "playing": not self.paused}
        if self.caption is not None and self.lanes.has_begun:
            header["lanes"] = list(self.caption(self.lanes))
        self.message = stage.encode(chunk, header)


def comparison_player(
    place: str,
    key: Hashable,
    make: Make,
    *,
    caption: Caption | None = None,
    below: Callable[[PlayerState], None] | None = None,
    again: Callable[[], None] | None = None,
) -> PlayerState | None:
    """The lanes of page ``place``; None, with a sentence, when the course cannot be made."""
    every: dict[str, PlayerState] = st.session_state.setdefault(PLAYERS_KEY, {})
    state = every.get(place)
    if state is None or state.key != key:
        try:
            course, scene = make()
        except PlaygroundError as error:
            st.info(escape_markdown(t(error.sentence)), icon=":material/info:")
            return None
        if again is None:
            scene["handout"]["hide"].append("new_start")
        before: dict[str, Any] = {} if state is None else {"paused": state.paused, "command_log": state.command_log}
        every.pop(place, None)
        every[place] = state = PlayerState(key, ComparisonRun(new_name(), course), scene, caption, **before)
        for old in list(every)[:-MAX_PLAYERS]:
            del every[old]
        for other in every.values():
            if other is not state:
                other.lanes.reduce_memory()
        state.send(state.lanes.mount())
    state.caption = caption
    if state.language != current_language():
        state.language = current_language()
        state.send(state.lanes.mount(with_past=True))
    state.controls = controls_now()
    _player(place, state, below, again)
    return state


def replace_simulation(place: str, key: Hashable, other: Callable[[Any], Simulation | None]) -> None:
    """Have the lanes of page ``place``, if they are there for ``key``, go on with what ``other`` makes of their course;
    None: as they are."""
    state: PlayerState | None = st.session_state.get(PLAYERS_KEY, {}).get(place)
    if state is None or state.key != key:
        return
    course = other(state.course)
    if course is not None:
        state.lanes.replace_simulation(course)
        state.send(state.lanes.empty_reply())


@st.fragment
def _player(
    place: str, state: PlayerState, below: Callable[[PlayerState], None] | None, again: Callable[[], None] | None
) -> None:
    name = f"lanes_{place}"

    def take_trigger(what: str) -> Any:
        return getattr(st.session_state.get(name), what, None)

    def newest() -> PlayerState:
        """Those that are shown next: a page that is drawn again may have made others since this callback was given."""
        return st.session_state.get(PLAYERS_KEY, {}).get(place, state)

    stage.lanes(
        state.message,
        key=name,
        on_want=lambda: newest().answer(take_trigger("want")),
        on_command=lambda: newest().command(take_trigger("command"), again),
    )
    if not state.lanes.has_begun:
        st.progress(0.0, text=t("Compiling"))
    warn_overload()
    track_memory(state.lanes, lambda: st.session_state.get(PLAYERS_KEY, {}).pop(place, None))
    if below is not None and state.lanes.has_begun and (state.paused or state.lanes.stop_reason()):
        below(state)
    if state.key is GONE or any(st.session_state.get(name, value) != value for name, value in state.controls.items()):
        # A control that was turned in the same moment as the stage asked came with its question, and had this fragment
        # alone run.
        st.rerun()


def warn_overload() -> None:
    """Say so when more people train here than the machine serves at full pace."""
    if many := SCHEDULER.overload_count():
        st.caption(t(list_units(many).sentence))


def controls_now() -> dict[str, Any]:
    """What the page's controls say."""
    plain = (str, int, float, list, tuple, type(None))
    return {str(name): value for name, value in st.session_state.items() if isinstance(value, plain)}


GONE = object()
"""The key of lanes that are to be made anew."""


def _do(state: PlayerState, data: Any, again: Callable[[], None] | None) -> None:
    """Do what the stage's controls ask for; what makes no sense is passed over."""
    if not isinstance(data, Mapping):
        return
    match data.get("name"):
        case "play":
            state.paused = False
        case "pause":
            state.paused = True
            state.head = clamp_int(data, "head", -1, -1, 2**31)
        case "reset":
            state.restart()
        case "new_start" if again is not None:
            again()
            state.key = GONE

"""A page as its visitor has it: what the server's messages have drawn, and what a browser would say of its widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

STAGE = "-stage"
"""A component's id ends in the key that the app gave it."""
OF_CLASS = ("class_news", "class_wall", "class_move")
"""Components of a class, by their keys."""
BUTTONS = ("button", "download_button")


def _slider(element: Any, state: WidgetState) -> None:
    values = list(element.value if element.set_value else element.default)
    if element.type == Slider.SELECT_SLIDER:
        chosen = list(element.raw_value) if element.set_value else []
        state.string_array_value.data.extend(chosen or [element.options[int(one)] for one in values])
    else:
        state.double_array_value.data.extend(values)


def _selectbox(element: Any, state: WidgetState) -> None:
    state.string_value = element.raw_value if element.set_value else element.options[element.default]


def _multiselect(element: Any, state: WidgetState) -> None:
    names = list(element.raw_values) if element.set_value else [element.options[one] for one in element.default]
    state.string_array_value.data.extend(names)


def _text(element: Any, state: WidgetState) -> None:
    state.string_value = element.value if element.set_value else element.default


def _number(element: Any, state: WidgetState) -> None:
    state.double_value = element.value if element.set_value else element.default


def _flag(element: Any, state: WidgetState) -> None:
    state.bool_value = element.value if element.set_value else element.default


SAID: dict[str, Callable[[Any, WidgetState], None]] = {
    "slider": _slider,
    "selectbox": _selectbox,
    "multiselect": _multiselect,
    "text_input": _text,
    "text_area": _text,
    "number_input": _number,
    "checkbox": _flag,
}
"""What a browser says of a widget that it has just drawn, by the kind of element."""


@dataclass
class Page:
    """``states`` by widget, ``stage`` the component's id and ``fragment`` that of its fragment, ``message`` its newest
    bytes.

    ``components`` are of a class, by key, ``buttons`` those with a key, each with its id and its fragment, the former
    with their bytes; ``alerts`` are what was drawn in colour since the last run of the whole
    page. ``runs`` counts scripts that ended,
    ``fragments`` are those that the last one was about (none: the whole page); ``errors`` are what no visitor should
    see."""

    query: str = ""
    script: str = ""
    stage: str = ""
    fragment: str = ""
    message: bytes = b""
    runs: int = 0
    session: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    elements: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    fragments: tuple[str, ...] = ()
    components: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    _drawn: set[str] = field(default_factory=set)

    def accept(self, message: ForwardMsg) -> bool:
        """Take a message over; tells whether it brought the stage new bytes."""
        kind = message.WhichOneof("type")
        if message.metadata.cacheable:
            self.errors.append("a message that a browser keeps, and may have forgotten when it is referred to")
        if kind == "new_session":
            self._drawn, self.fragments = set(), tuple(message.metadata.run.fragment_ids)
            self.alerts = self.alerts if self.fragments else []
            self.script = message.new_session.page_script_hash or self.script
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "script_finished":
            self.runs += 1
            if not self.fragments and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.states = {name: state for name, state in self.states.items() if name in self._drawn}
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("a script that does not compile")
        elif kind == "navigation":
            # Whoever goes on asking for the main script has Streamlit take each run for another page, and forget the
            # stage's state.
            self.script = message.navigation.page_script_hash or self.script
            self.pages = {
                page.url_pathname or page.page_name: page.page_script_hash for page in message.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self.errors.append("a page that is not found")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            return self._draw(message.delta)
        return False

    def _draw(self, delta: Any) -> bool:
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind or "empty")
        if kind == "exception":
            self.errors.append(f"an exception on the page: {element.type}: {element.message}"[:200])
        elif kind == "bidi_component" and element.id.endswith(STAGE):
            # A browser hands a component nothing that it has already.
            fresh = element.bytes != self.message
            self.stage, self.fragment, self.message = element.id, delta.fragment_id, element.bytes
            return fresh
        elif kind == "bidi_component":
            for key in OF_CLASS:
                if element.id.endswith(f"-{key}"):
                    self.components[key] = (element.id, delta.fragment_id, element.bytes)
        elif kind in BUTTONS:
            self.buttons[element.id.rpartition("-")[2]] = (element.id, delta.fragment_id)
        elif kind == "alert":
            self.alerts.append(element.body)
        elif kind in SAID:
            self._drawn.add(element.id)
            self.elements[element.id] = element
            if element.id not in self.states or element.set_value:
                state = self.states[element.id] = WidgetState(id=element.id)
                SAID[kind](element, state)
        return False

    def widget(self, key: str) -> str:
        """The id of the widget with this key; raises ``KeyError`` when there is none."""
        for name in self.states:
            if name.endswith(f"-{key}"):
                return name
        raise KeyError(key)

    def client(self, url: str, fragment: str = "", script: str = "") -> ClientState:
        """What a browser sends with every wish."""
        state = ClientState(query_string=self.query, page_script_hash=script or self.script, fragment_id=fragment)
        state.widget_states.widgets.extend(self.states.values())
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "Europe/Zurich", -60, "en-US"
        context.url, context.is_embedded, context.color_scheme = url, False, "light"
        return state

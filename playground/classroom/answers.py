"""What pages of a class ask for every few seconds, answered without a run of the page: ASGI middleware.

``GET .../_class/<what>?class=CODE`` with the asker's token in a header; ``what`` is ``news`` (a student's page: is
there anything to know), ``wall`` and ``look`` (a teacher's page), ``lecture`` (the teacher's stage). Who does not
belong to the class gets the same 404 as if there were none.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from playground.classroom.classroom import Classroom
from playground.classroom.registry import CLASSROOMS, ClassroomRegistry
from playground.classroom.seat import Seat
from playground.classroom.wall import wall
from playground.language import translate_tree
from playground.web.compression import App, Receive, Scope, Send, send_answer
from playground.web.i18n import header_language

PATH = re.compile(r"/_class/(news|wall|look|lecture)$")
TOKEN_HEADER = b"x-class-token"
NUMBER_HEADER = b"x-class-number"
"""The number of the message in an answer; a page asks for what comes after it."""
MAX_QUERY_CHARS, MAX_TOKEN_CHARS = 200, 64
HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
NOTHING: Answer = (204, [], b"")
NOBODY: Answer = (404, [], b"")


class ClassroomAnswers:
    """ASGI middleware that answers for ``classrooms``; all else is passed on."""

    def __init__(
        self, app: App, classrooms: ClassroomRegistry = CLASSROOMS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._classrooms = classrooms
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        match = scope["type"] == "http" and PATH.search(scope["path"])
        if not match:
            return await self._app(scope, receive, send)
        status, headers, body = self._answer(match[1], scope) if scope["method"] == "GET" else (405, [], b"")
        length = [] if status == 204 else [(b"content-length", str(len(body)).encode())]
        return await send_answer(send, status, [*HEADERS, *headers, *length], body, scope["method"])

    def _answer(self, what: str, scope: Scope) -> Answer:
        query, token = read_query(scope), read_token(scope)
        classroom = self._classrooms.find(query.get("class", ""))
        if classroom is None or not token:
            return NOBODY
        is_teacher = classroom.is_teacher(token)
        seat = None if is_teacher else classroom.seat_of(token)
        if is_teacher:
            classroom.hear_teacher()
            if what == "wall":
                return self._wall(classroom, query, scope)
            if what == "look":
                return look(classroom.watch(to_int(query.get("seat", ""))), to_int(query.get("since", "")))
        if seat is not None and what == "news":
            return as_json({"news": classroom.hear_student(seat)})
        if seat is not None and what == "lecture":
            classroom.hear_student(seat)
            return lecture(classroom, to_int(query.get("since", "")))
        return NOBODY

    def _wall(self, classroom: Classroom, query: dict[str, str], scope: Scope) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        language = header_language(query, headers)
        return as_json(translate_tree(wall(classroom, to_int(query.get("since", "")), self._clock()), language))


def look(seat: Seat | None, since: int) -> Answer:
    """The stage of a student who is looked at, where it is another one than at ``since`` ms of the class's clock."""
    if seat is None:
        return NOBODY
    number = int(seat.encoded_at * 1000)
    if not seat.message or number <= since:
        return NOTHING
    return 200, [(NUMBER_HEADER, str(number).encode())], seat.message


def lecture(classroom: Classroom, since: int) -> Answer:
    """The teacher's stage, where there is a newer message than number ``since``."""
    current = classroom.lecture
    if current is None or current.number == since:
        return NOTHING
    return 200, [(NUMBER_HEADER, str(current.number).encode())], current.message


def as_json(data: object) -> Answer:
    """``data`` as an answer."""
    return 200, [(b"content-type", b"application/json")], json.dumps(data, separators=(",", ":")).encode()


def read_query(scope: Scope) -> dict[str, str]:
    """The names and values of a short query; none of a long one."""
    text = scope.get("query_string", b"")
    return dict(parse_qsl(text.decode("latin-1"))) if len(text) <= MAX_QUERY_CHARS else {}


def read_token(scope: Scope) -> str:
    """The asker's token, "" for none."""
    token = next((value for name, value in scope["headers"] if name.lower() == TOKEN_HEADER), b"")
    return token.decode("ascii", "replace") if len(token) <= MAX_TOKEN_CHARS else ""


def to_int(text: str) -> int:
    """A whole number that is not negative, 0 for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else 0

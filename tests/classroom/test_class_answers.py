"""The requests of a class's pages: who may ask what, and what is answered."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from playground.classroom.answers import MAX_QUERY_CHARS, ClassroomAnswers
from playground.classroom.classroom import Classroom
from playground.classroom.registry import ClassroomRegistry
from playground.classroom.seat import Seat
from playground.classroom.snapshot import Snapshot


class Setting:
    """A class with one student, asked over ASGI."""

    def __init__(self) -> None:
        self.registry = ClassroomRegistry()
        self.classroom = self.registry.open()
        self.seat = self.classroom.join("Anna")
        self.passed_on: list[str] = []
        self.answers = ClassroomAnswers(self.pass_on, self.registry)

    async def pass_on(self, scope: Any, _receive: Any, send: Any) -> None:
        self.passed_on.append(scope["path"])
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    def ask(
        self, what: str, token: str = "", method: str = "GET", path: str = "", **query: object
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        values = {"class": self.classroom.code} | query
        scope = {
            "type": "http",
            "method": method,
            "path": path or f"/_class/{what}",
            "query_string": urlencode(values).encode(),
            "headers": [(b"x-class-token", token.encode())] if token else [],
        }
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {}

        asyncio.run(self.answers(scope, receive, send))
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    @property
    def teacher(self) -> str:
        return self.classroom.teacher_token


@pytest.fixture
def setting() -> Setting:
    return Setting()


def show(classroom: Classroom, seat: Seat, message: bytes = b"stage") -> None:
    stage = Snapshot("r", "Circle", {}, 0.1, step=3, test_loss=0.5, shades=np.zeros((1, 64, 64), np.uint8))
    classroom.show(seat, stage, lambda: message)


def test_other_addresses_are_passed_on(setting: Setting) -> None:
    for path in ("/", "/class", "/_class/", "/_class/other", "/_class/wall/x", "/_stcore/health"):
        assert setting.ask("", path=path)[0] == 299
    assert len(setting.passed_on) == 6
    assert setting.ask("", path="/some/where/_class/wall", token=setting.teacher)[0] == 200


def test_whoever_does_not_belong_hears_the_same_as_of_no_class(setting: Setting) -> None:
    other = setting.registry.open()
    strangers = ["", "x", "x" * 500, "é", other.teacher_token, setting.classroom.key]
    kinds = ("news", "wall", "look", "lecture")
    answers = {setting.ask(what, token)[0] for what in kinds for token in strangers}
    assert answers == {404}
    real, invented = setting.ask("wall", "x"), setting.ask("wall", "x", **{"class": "ZZZZZZ"})
    assert real == invented
    assert setting.ask("wall", setting.teacher, **{"class": ""})[0] == 404


def test_a_student_sees_neither_the_wall_nor_another_stage(setting: Setting) -> None:
    assert setting.ask("wall", setting.seat.token)[0] == 404
    assert setting.ask("look", setting.seat.token, seat=setting.seat.number)[0] == 404
    assert setting.ask("news", setting.seat.token)[0] == 200
    assert setting.ask("news", setting.teacher)[0] == 404


def test_nothing_but_get(setting: Setting) -> None:
    for method in ("POST", "PUT", "DELETE", "HEAD"):
        assert setting.ask("wall", setting.teacher, method=method)[0] == 405


def test_news_tell_that_there_is_something_to_know(setting: Setting) -> None:
    def news() -> str:
        status, headers, body = setting.ask("news", setting.seat.token)
        assert status == 200
        assert headers[b"cache-control"] == b"no-store"
        return json.loads(body)["news"]

    before = news()
    assert news() == before
    setting.classroom.freeze(True)
    assert news() != before


def test_the_wall_comes_whole_and_then_what_has_changed(setting: Setting) -> None:
    show(setting.classroom, setting.seat)
    first = json.loads(setting.ask("wall", setting.teacher)[2])
    assert first["tiles"][0]["nickname"] == "Anna"
    assert "map" in first["tiles"][0]
    again = json.loads(setting.ask("wall", setting.teacher, since=first["count"])[2])
    assert "map" not in again["tiles"][0]


def test_a_look_says_when_there_is_nothing_new(setting: Setting) -> None:
    number = setting.seat.number
    assert setting.ask("look", setting.teacher, seat=number)[0] == 204
    show(setting.classroom, setting.seat)
    status, headers, body = setting.ask("look", setting.teacher, seat=number)
    assert (status, body) == (200, b"stage")
    since = int(headers[b"x-class-number"])
    assert setting.ask("look", setting.teacher, seat=number, since=since)[0] == 204
    assert setting.ask("look", setting.teacher, seat=99)[0] == 404


def test_a_lecture_is_for_those_who_follow(setting: Setting) -> None:
    token = setting.seat.token
    assert setting.ask("lecture", token)[0] == 204
    setting.classroom.follow(True)
    setting.classroom.teach(lambda: b"lesson", dict)
    status, headers, body = setting.ask("lecture", token)
    assert (status, body) == (200, b"lesson")
    assert setting.ask("lecture", token, since=int(headers[b"x-class-number"]))[0] == 204


@pytest.mark.parametrize("since", ["-1", "x", "9" * 40, "1e9", "", "²"])
def test_odd_numbers_are_none(setting: Setting, since: str) -> None:
    assert setting.ask("wall", setting.teacher, since=since)[0] == 200
    assert setting.ask("look", setting.teacher, seat=since)[0] == 404


def test_a_long_query_is_no_query(setting: Setting) -> None:
    assert setting.ask("wall", setting.teacher, x="x" * MAX_QUERY_CHARS)[0] == 404


def test_after_its_end_a_class_answers_nobody(setting: Setting) -> None:
    setting.registry.end(setting.classroom)
    assert setting.ask("wall", setting.teacher)[0] == 404
    assert setting.ask("news", setting.seat.token)[0] == 404


def test_who_was_removed_is_out(setting: Setting) -> None:
    setting.classroom.leave(setting.seat.number)
    assert setting.ask("news", setting.seat.token)[0] == 404

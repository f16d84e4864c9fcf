"""A class: who may join, what a teacher's hands do, who needs help; and the classes of a process."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from playground.classroom.attempts import MAX_FAILURES, MAX_VISITOR_FAILURES, PERIOD_SECONDS, Attempts
from playground.classroom.classroom import (
    ENCODE_SECONDS,
    MAX_STUDENTS,
    MAX_TITLE_CHARS,
    MAX_WORKS,
    RELEASE_SECONDS,
    Classroom,
)
from playground.classroom.registry import EMPTY_SECONDS, MAX_CLASSES, MAX_SECONDS, SILENT_SECONDS, ClassroomRegistry
from playground.classroom.seat import AWAY_SECONDS, STUCK_SECONDS, WATCH_SECONDS, Seat
from playground.classroom.snapshot import LessonPlace, Snapshot
from playground.errors import PlaygroundError


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def classroom(clock: Clock) -> Classroom:
    return Classroom("BCDFGH", clock)


def snapshot(loss: float = 0.5, run: str = "one", **changes: object) -> Snapshot:
    shades = np.full((1, 64, 64), 128, np.uint8)
    begun = Snapshot(run, "Circle", {"dataset": "circle"}, 0.03, step=10, test_loss=loss, state="ready", shades=shades)
    return replace(begun, **changes)  # pyright: ignore[reportArgumentType]


def nothing() -> bytes:
    raise AssertionError("nobody looks: nothing is encoded")


# ---- joining


def test_a_student_has_a_seat_a_name_and_a_token_of_their_own(classroom: Classroom) -> None:
    first, second = classroom.join("Anna"), classroom.join("anna")
    animal = classroom.join("\u200b")
    assert [first.nickname, second.nickname] == ["Anna", "anna 2"]
    assert animal.nickname.isalpha()
    assert len({first.token, second.token, animal.token, classroom.teacher_token, classroom.key}) == 5
    assert classroom.seat_of(second.token) is second
    assert classroom.seat_of("") is None
    assert classroom.seat_of(classroom.teacher_token) is None
    assert not classroom.is_teacher(first.token)
    assert classroom.is_teacher(classroom.teacher_token)


def test_a_full_class_says_so_and_gives_the_seat_of_whoever_is_long_gone(classroom: Classroom, clock: Clock) -> None:
    seats = [classroom.join("") for _ in range(MAX_STUDENTS)]
    assert len({seat.nickname for seat in seats}) == MAX_STUDENTS
    with pytest.raises(PlaygroundError, match=f"all {MAX_STUDENTS} seats"):
        classroom.join("Late")
    clock.now += RELEASE_SECONDS
    for seat in seats[1:]:
        classroom.hear_student(seat)
    assert classroom.join("Late").nickname == "Late"
    assert classroom.seat_of(seats[0].token) is None
    with pytest.raises(PlaygroundError):
        classroom.join("Later")


def test_nobody_comes_in_by_a_closed_door(classroom: Classroom) -> None:
    inside = classroom.join("Inside")
    classroom.open_door(False)
    with pytest.raises(PlaygroundError, match="lets nobody in"):
        classroom.join("Outside")
    assert classroom.seats == [inside]
    classroom.open_door(True)
    classroom.join("Outside")


def test_three_hundred_who_join_at_once_get_the_seats_there_are_and_no_two_the_same(classroom: Classroom) -> None:
    def join(_: int) -> Seat | None:
        try:
            return classroom.join("Kim")
        except PlaygroundError:
            return None

    with ThreadPoolExecutor(32) as pool:
        seats = [seat for seat in pool.map(join, range(300)) if seat]
    assert len(seats) == MAX_STUDENTS == len(classroom.seats)
    assert len({seat.nickname for seat in seats}) == len({seat.number for seat in seats}) == MAX_STUDENTS


def test_an_ended_class_holds_nothing(classroom: Classroom) -> None:
    seat = classroom.join("Anna")
    classroom.show(seat, snapshot(), nothing)
    classroom.pick(seat.number)
    classroom.send("Circle", {"dataset": "circle"}, replaces=False)
    classroom.end()
    assert not classroom.seats
    assert not classroom.works
    assert classroom.assignment is None
    assert classroom.lecture is None
    classroom.open_door(True)
    with pytest.raises(PlaygroundError):
        classroom.join("Anna")


# ---- what students are told, and what the teacher sees


def test_news_differ_whenever_there_is_anything_to_know_and_only_then(classroom: Classroom, clock: Clock) -> None:
    seat, other = classroom.join("Anna"), classroom.join("Bo")
    known = [classroom.hear_student(seat)]
    assert classroom.hear_student(seat) == known[0]
    for change in (
        lambda: classroom.send("Circle", {}, replaces=True),
        lambda: classroom.freeze(True),
        lambda: classroom.freeze(False),
        lambda: classroom.follow(True),
        lambda: classroom.watch(seat.number),
    ):
        change()
        known.append(classroom.hear_student(seat))
    assert len(set(known)) == len(known)
    assert not classroom.hear_student(other).endswith(".1")
    clock.now += WATCH_SECONDS
    assert classroom.hear_student(seat) == known[-2]
    before = classroom.hear_student(seat)
    classroom.freeze(False)
    classroom.show(other, snapshot(), nothing)
    classroom.open_door(False)
    assert classroom.hear_student(seat) == before


def test_a_stage_is_encoded_for_whoever_looks_only_while_they_look(classroom: Classroom, clock: Clock) -> None:
    seat = classroom.join("Anna")
    classroom.show(seat, snapshot(), nothing)
    classroom.watch(seat.number)
    classroom.show(seat, None, lambda: b"one")
    assert seat.message == b"one"
    classroom.show(seat, None, nothing)  # at once again: not so often
    clock.now += ENCODE_SECONDS + 0.1
    classroom.show(seat, None, lambda: b"two")
    assert seat.message == b"two"
    clock.now += WATCH_SECONDS
    classroom.show(seat, None, nothing)
    assert seat.message == b""


def test_the_teachers_stage_is_encoded_only_while_the_class_follows(classroom: Classroom, clock: Clock) -> None:
    classroom.teach(nothing, dict)
    classroom.follow(True)
    classroom.teach(lambda: b"", dict)  # no picture yet
    assert classroom.lecture is None
    classroom.teach(lambda: b"frame", lambda: {"dataset": "xor"})
    assert classroom.lecture is not None
    assert (classroom.lecture.number, classroom.lecture.message) == (1, b"frame")
    classroom.teach(nothing, dict)
    clock.now += ENCODE_SECONDS + 0.1
    classroom.teach(lambda: b"next", lambda: None)
    assert classroom.lecture.number == 2
    assert classroom.lecture.query is None
    classroom.follow(False)
    assert classroom.lecture is None


def test_what_was_shared_is_marked_until_the_teacher_has_looked(classroom: Classroom) -> None:
    seat = classroom.join("Anna")
    classroom.share(seat)
    assert seat.shared_at > 0
    assert classroom.watch(seat.number) is seat
    assert seat.shared_at == 0
    assert classroom.watch(99) is None


def test_what_is_sent_has_a_number_and_a_bound(classroom: Classroom) -> None:
    classroom.send("x" * 500, {"dataset": "xor"}, replaces=False)
    assert classroom.assignment is not None
    assert len(classroom.assignment.title) == MAX_TITLE_CHARS
    classroom.send("Next", {}, replaces=True)
    assert (classroom.assignment.number, classroom.assignment.replaces) == (2, True)


def test_the_gallery_keeps_the_moment_that_was_picked_in_the_teachers_order(classroom: Classroom) -> None:
    seats = [classroom.join(name) for name in "ABC"]
    for seat in seats:
        classroom.show(seat, snapshot(loss=0.1 * seat.number), nothing)
        classroom.pick(seat.number)
    classroom.show(seats[0], snapshot(loss=9.0), nothing)
    classroom.leave(seats[1].number)
    losses = [work.snapshot.test_loss for work in classroom.works]
    assert losses == pytest.approx([0.1, 0.2, 0.3])
    first, second, third = (work.number for work in classroom.works)
    classroom.move_work(third, -1)
    assert [work.number for work in classroom.works] == [first, third, second]
    classroom.move_work(first, -1)
    classroom.move_work(second, 1)
    assert [work.number for work in classroom.works] == [first, third, second]
    classroom.move_work(third, 0)
    classroom.move_work(99, 0)
    assert [work.number for work in classroom.works] == [first, second]


def test_the_gallery_is_bounded_and_takes_nothing_that_has_no_picture(classroom: Classroom) -> None:
    seat = classroom.join("Anna")
    classroom.pick(seat.number)
    classroom.pick(99)
    assert not classroom.works
    classroom.show(seat, snapshot(), nothing)
    for _ in range(MAX_WORKS):
        classroom.pick(seat.number)
    with pytest.raises(PlaygroundError, match=f"{MAX_WORKS} works"):
        classroom.pick(seat.number)


# ---- who needs help


def need(seat: Seat, now: float) -> tuple[int, int, float]:
    return seat.need(now)


def test_progress_is_a_lower_loss_another_experiment_or_a_step_of_a_lesson(classroom: Classroom, clock: Clock) -> None:
    seat = classroom.join("Anna")
    stages = [
        (snapshot(0.5), True),
        (snapshot(0.499), False),
        (snapshot(0.6), False),
        (snapshot(0.4), True),
        (snapshot(0.4, query={"dataset": "xor"}), True),
        (snapshot(0.9, run="two", query={"dataset": "xor"}), True),
        (snapshot(0.9, run="two", query={"dataset": "xor"}, lesson=LessonPlace("L", 0, 3)), True),
        (snapshot(0.9, run="two", query={"dataset": "xor"}, lesson=LessonPlace("L", 1, 3)), True),
        (snapshot(math.nan, run="two", query={"dataset": "xor"}, lesson=LessonPlace("L", 1, 3)), False),
    ]
    for stage, is_progress in stages:
        clock.now += 10
        classroom.show(seat, stage, nothing)
        assert (seat.idle_seconds(clock.now) == 0) == is_progress, stage


def test_whoever_needs_help_comes_first(classroom: Classroom, clock: Clock) -> None:
    shown = {
        "diverged": snapshot(math.nan, state="diverged"),
        "stuck": snapshot(0.5),
        "begun": snapshot(0.5, lesson=LessonPlace("L", 0, 4)),
        "further": snapshot(0.5, lesson=LessonPlace("L", 3, 4)),
        "solved": snapshot(0.01, test_metric=1.0),
        "through": snapshot(0.5, lesson=LessonPlace("L", 4, 4)),
        "away": snapshot(math.nan, state="diverged"),
    }
    seats = {name: classroom.join(name) for name in [*shown, "fresh"]}
    for name, stage in shown.items():
        classroom.show(seats[name], stage, nothing)
    clock.now += STUCK_SECONDS + 1
    for name in ("begun", "further"):
        classroom.show(seats[name], replace(shown[name], test_loss=0.1), nothing)
    clock.now += AWAY_SECONDS
    for name, seat in seats.items():
        if name != "away":
            classroom.hear_student(seat)
    classroom.share(seats["through"])
    assert max(seats, key=lambda name: seats[name].need(clock.now)) == "diverged"
    assert sorted(seats, key=lambda name: seats[name].need(clock.now))[-2] == "through"
    classroom.watch(seats["through"].number)
    ordered = sorted(seats, key=lambda name: seats[name].need(clock.now), reverse=True)
    assert ordered == ["diverged", "stuck", "begun", "further", "solved", "through", "away", "fresh"]


# ---- the classes of a process


def test_a_process_has_so_many_classes_and_ends_those_that_nobody_is_in(clock: Clock) -> None:
    registry = ClassroomRegistry(clock=clock)
    classes = [registry.open() for _ in range(MAX_CLASSES)]
    assert len({classroom.code for classroom in classes}) == MAX_CLASSES
    with pytest.raises(PlaygroundError, match=f"{MAX_CLASSES} classes"):
        registry.open()
    seat = classes[0].join("Anna")
    clock.now += EMPTY_SECONDS + 1
    assert registry.open().code
    assert registry.find(classes[0].code) is classes[0]
    assert registry.find(classes[1].code) is None
    assert classes[1].has_ended
    clock.now += SILENT_SECONDS / 2
    classes[0].hear_student(seat)
    clock.now += SILENT_SECONDS / 2 + 1
    registry.forget_ended()
    assert registry.find(classes[0].code) is classes[0]
    clock.now += SILENT_SECONDS
    registry.forget_ended()
    assert len(registry) == 0


def test_no_class_lasts_for_ever(clock: Clock) -> None:
    registry = ClassroomRegistry(clock=clock)
    classroom = registry.open()
    while clock.now - classroom.opened_at <= MAX_SECONDS:
        assert registry.find(classroom.code) is classroom
        clock.now += SILENT_SECONDS / 2
        classroom.hear_teacher()
        registry.forget_ended()
    assert registry.find(classroom.code) is None


def test_wrong_codes_are_few_but_the_link_lets_in_who_belongs(clock: Clock) -> None:
    registry = ClassroomRegistry(clock=clock)
    classroom = registry.open()
    wrong = "ZZZZZZ" if classroom.code != "ZZZZZZ" else "BBBBBB"
    mine = Attempts(MAX_VISITOR_FAILURES, clock)
    for _ in range(MAX_VISITOR_FAILURES):
        with pytest.raises(PlaygroundError, match="no class"):
            registry.find_typed(wrong, mine)
    for text in (wrong, classroom.code, f"{classroom.code}.{'x' * 12}"):
        with pytest.raises(PlaygroundError, match="too many codes"):
            registry.find_typed(text, mine)
    assert registry.find_typed(f"{classroom.code}.{classroom.key}", mine) is classroom
    assert registry.find_typed(classroom.code.lower(), Attempts(MAX_VISITOR_FAILURES, clock)) is classroom


def test_many_strangers_together_have_not_many_more_guesses(clock: Clock) -> None:
    registry = ClassroomRegistry(clock=clock)
    classroom = registry.open()
    refused = 0
    for _ in range(MAX_FAILURES + 50):
        try:
            registry.find_typed("ZZZZZZ", Attempts(MAX_VISITOR_FAILURES, clock))
        except PlaygroundError as error:
            refused += "too many" in error.sentence
    assert refused == 50
    with pytest.raises(PlaygroundError, match="too many"):
        registry.find_typed(classroom.code, Attempts(MAX_VISITOR_FAILURES, clock))
    assert registry.find_typed(f"{classroom.code}.{classroom.key}", Attempts(1, clock)) is classroom
    clock.now += PERIOD_SECONDS
    assert registry.find_typed(classroom.code, Attempts(1, clock)) is classroom


def test_a_replica_knows_which_codes_are_anothers() -> None:
    assert ClassroomRegistry("A").is_elsewhere("BCDFGH")
    assert not ClassroomRegistry("B").is_elsewhere("BCDFGH")
    assert not ClassroomRegistry().is_elsewhere("BCDFGH")

"""A class over real sockets: students join, play and do what the teacher wants, while sockets break, pages are loaded
again, and strangers guess."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import pytest

from benchmarks.crowd.members import Student, Teacher
from benchmarks.crowd.server import Server, served
from benchmarks.crowd.tally import Tally
from playground.classroom.attempts import MAX_VISITOR_FAILURES
from playground.classroom.classroom import MAX_STUDENTS


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    with served(os.environ["PLAYGROUND_CACHE_DIR"]) as started:
        yield started


def run(visit: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser of other tests may have an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asyncio.wait_for(visit, 300)).result()


@pytest.mark.parametrize("students", [5, pytest.param(30, marks=pytest.mark.long)])
def test_a_class_from_its_code_to_its_end(own_server: Server, students: int) -> None:
    own_server.complaints()
    run(lesson(own_server.url, students))
    assert own_server.complaints() == []


async def all_know(pupils: list[Student]) -> None:
    """Each student's page asks once, and does what there is to do."""
    for pupil in pupils:
        runs = pupil.wire.page.runs
        await pupil.hear_news()
        await pupil.until(lambda pupil=pupil, runs=runs: pupil.wire.page.runs > runs, "the news")


async def settle(pupil: Student) -> int:
    """The newest frame once no more come."""
    last = -2
    while pupil.player.last != last:
        last = pupil.player.last
        await asyncio.sleep(0.7)
    return last


async def lesson(url: str, students: int) -> None:
    tally = Tally()
    async with AsyncExitStack() as stack:
        teacher = await stack.enter_async_context(Teacher(url, tally))
        code = await teacher.open_class()

        # They come at once, by the code.
        pupils = [await stack.enter_async_context(Student(url, tally)) for _ in range(students)]
        joined = await asyncio.gather(*(pupil.join(code, "Kim") for pupil in pupils))
        assert all(joined)
        await teacher.look_at_wall()
        names = {"Kim", *(f"Kim {number}" for number in range(2, students + 1))}
        assert set(teacher.tiles) == names

        # They play; the wall follows.
        for pupil in pupils:
            pupil.player.play(time.monotonic())
        for pupil in pupils:
            await pupil.until(lambda pupil=pupil: pupil.player.last >= 8, "a moment of play")
        await asyncio.gather(*(pupil.hear_news() for pupil in pupils))
        count = teacher.count
        await teacher.look_at_wall()
        assert teacher.count > count
        assert all(tile["step"] > 0 and tile["map"] and not tile["away"] for tile in teacher.tiles.values())

        # A socket breaks in mid-play: the same seat.
        await pupils[0].drop()
        await pupils[0].come_back()
        assert pupils[0].is_member
        # A page is loaded again: another session, the same seat.
        token = pupils[1].data["token"]
        again = Student(url, tally)
        again.wire.cookies["playground_seat"] = f"{code}.{token}"
        await stack.enter_async_context(again)
        assert again.is_member
        assert again.data["token"] == token
        # Nobody else has it.
        forged = Student(url, tally)
        forged.wire.cookies["playground_seat"] = f"{code}.{'x' * 22}"
        await stack.enter_async_context(forged)
        assert not forged.is_member
        await teacher.look_at_wall()
        assert set(teacher.tiles) == names

        # Strangers guess: few times, and in vain; the link still lets in.
        stranger = await stack.enter_async_context(Student(url, tally))
        wrong = "ZZZZZZ" if code != "ZZZZZZ" else "XXXXXX"
        for _ in range(MAX_VISITOR_FAILURES):
            assert not await stranger.join(wrong)
            assert "no class" in stranger.alerts
        assert not await stranger.join(code)
        assert "too many codes" in stranger.alerts

        # The teacher's page is loaded again; a second teacher has the link; a student makes none of it.
        secret = teacher.data["token"]
        second = Teacher(url, tally)
        second.wire.cookies["playground_teacher"] = f"{code}.{secret}"
        await stack.enter_async_context(second)
        await second.visit("class")
        assert second.data["class"] == code
        invited = await stack.enter_async_context(Teacher(url, tally))
        invited.wire.page.query = f"teacher={code}.{secret}"
        await invited.visit("class")
        assert invited.data["token"] == secret
        intruder = await stack.enter_async_context(Teacher(url, tally))
        intruder.wire.page.query = f"teacher={code}.{token}"
        await intruder.visit("class")
        assert "class_wall" not in intruder.wire.page.components
        assert (await pupils[0].ask("wall"))[0] == 404

        # Freeze and release.
        await teacher.press("class_freeze_page")
        await all_know(pupils)
        stood = [await settle(pupil) for pupil in pupils]
        for pupil in pupils:  # they go on asking, in vain
            pupil.player.play(time.monotonic())
        await asyncio.sleep(1.5)
        assert [pupil.player.last for pupil in pupils] == stood
        await teacher.press("class_freeze_page")
        await all_know(pupils)
        for pupil in pupils:
            pupil.player.play(time.monotonic())
        for pupil, last in zip(pupils, stood, strict=True):
            await pupil.until(lambda pupil=pupil, last=last: pupil.player.last > last, "play after the release")

        # The teacher's experiment replaces theirs.
        runs = [pupil.player.run for pupil in pupils]
        await teacher.press("class_replace_page")
        await all_know(pupils)
        for pupil, before in zip(pupils, runs, strict=True):
            await pupil.until(lambda pupil=pupil, before=before: pupil.player.run != before, "what the teacher sent")

        # A student who is removed is out, and told so.
        number = next(tile["seat"] for name, tile in teacher.tiles.items() if name == f"Kim {students}")
        await teacher.wire.tell("class_wall", "act", {"name": "remove", "number": number})
        await teacher.look_at_wall()
        for _ in range(20):
            if len(teacher.tiles) < students:
                break
            await asyncio.sleep(0.1)
            await teacher.look_at_wall()
        assert len(teacher.tiles) == students - 1
        (left,) = [pupil for pupil in pupils if (await pupil.ask("news"))[0] == 404]
        await left.hear_news()
        await left.until(lambda: "not in the class any more" in left.alerts, "that one is out")

        # The end: everybody is told, and nothing is there any more.
        await teacher.press("class_end")
        stayed = [pupil for pupil in pupils if pupil is not left]
        for pupil in stayed:
            await pupil.hear_news()
        for pupil in stayed:
            await pupil.until(lambda pupil=pupil: "The class has ended" in pupil.alerts, "that the class has ended")
        assert (await second.ask("wall"))[0] == 404
        assert not await stranger.join(code)
    assert tally.failures == []


@pytest.mark.long
def test_three_hundred_join_within_a_minute(own_server: Server) -> None:
    own_server.complaints()
    run(rush(own_server.url, 300))
    assert own_server.complaints() == []


async def rush(url: str, visitors: int) -> None:
    """As many want in as five classes hold: so many get in as there are seats, all others are told, calmly."""
    tally = Tally()
    async with Teacher(url, tally) as teacher:
        code = await teacher.open_class()
        limit = asyncio.Semaphore(12)

        async def come(_: int) -> tuple[bool, str]:
            async with limit, Student(url, tally) as student:
                is_in = await student.join(code)
                return is_in, student.alerts

        begun = time.monotonic()
        results = await asyncio.gather(*(come(number) for number in range(visitors)))
        took = time.monotonic() - begun
        await teacher.look_at_wall()
    assert sum(is_in for is_in, _ in results) == MAX_STUDENTS == len(teacher.tiles)
    assert all(f"all {MAX_STUDENTS} seats" in words for is_in, words in results if not is_in)
    assert tally.failures == []
    print(f"{visitors} came within {took:.0f} s")

"""Turns on few cores: longest waiting first, live before jobs, nobody starved, and slices that shrink; by order, not by the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from playground.errors import PlaygroundError
from playground.live.diagnostics.notices import crowd
from playground.live.scheduling.job import Job
from playground.live.scheduling.scheduler import (
    FASTEST,
    LATELY,
    PASSED_OVER,
    REST,
    ROUND_SECONDS,
    SHORTEST,
    SLICE_SECONDS,
    SLOW,
    Slots,
)


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def line_up(slots: Slots, kinds: str, order: list[str]) -> list[threading.Thread]:
    """Threads that ask for turns one after another (``f``: live, ``j``: a job) and write their names into ``order`` as they get them."""
    threads = []
    for i, kind in enumerate(kinds):

        def take(name: str = f"{kind}{i}", job: bool = kind == "j") -> None:
            with slots.turn(name, job=job):
                order.append(name)

        thread = threading.Thread(target=take)
        thread.start()
        while slots.waiting < i + 1:
            thread.join(0.001)
        threads.append(thread)
    return threads


def order_of(kinds: str) -> list[str]:
    """In which order those who wait get the one slot."""
    slots, order = Slots(1), []
    with slots.turn("holder"):
        threads = line_up(slots, kinds, order)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert slots.waiting == 0
    return order


def test_whoever_waits_longest_is_next() -> None:
    assert order_of("fffff") == ["f0", "f1", "f2", "f3", "f4"]


def test_live_frames_go_before_jobs() -> None:
    assert order_of("jfjff") == ["f1", "f3", "f4", "j0", "j2"]


def test_a_job_is_passed_over_only_so_often() -> None:
    order = order_of("j" + "f" * 12)
    assert order.index("j0") == PASSED_OVER


def test_as_many_at_once_as_the_limit() -> None:
    slots, inside, most = Slots(2), 0, 0
    lock, barrier = threading.Lock(), threading.Barrier(2)

    def take(name: int) -> None:
        nonlocal inside, most
        for _ in range(20):
            with slots.turn(name):
                with lock:
                    inside += 1
                    most = max(most, inside)
                if name < 2:
                    barrier.wait(10)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=take, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 2
    assert slots.idle(0)


def test_jobs_leave_one_slot_to_those_who_play() -> None:
    slots, order = Slots(2), []
    with slots.turn("long job", job=True):
        threads = line_up(slots, "j", order)
        with slots.turn("live"):  # at once, though a job waits
            assert order == []
    threads[0].join(10)
    assert order == ["j0"]


def test_an_error_gives_the_turn_back() -> None:
    slots = Slots(1)
    with pytest.raises(ZeroDivisionError), slots.turn("a"):
        raise ZeroDivisionError
    with slots.turn("b"):
        assert not slots.idle(0)
    assert slots.idle(0)


def test_slices_shrink_as_more_train_and_grow_again() -> None:
    clock = Clock()
    slots = Slots(2, clock)

    def given(who: int) -> float:
        with slots.turn(who) as seconds:
            return seconds

    got = [given(who) for who in range(200)]
    assert got[:30] == [SLICE_SECONDS] * 30
    assert got[39] == pytest.approx(ROUND_SECONDS * 2 / 40)
    assert got == sorted(got, reverse=True)
    assert got[-1] == SHORTEST
    assert slots.load() == pytest.approx(200 * SLICE_SECONDS / (2 * ROUND_SECONDS))
    clock.now += LATELY + 1
    assert (slots.training(), given(0)) == (0, SLICE_SECONDS)


def test_stages_rest_only_where_answers_are_long() -> None:
    clock = Clock()
    slots = Slots(2, clock)
    rests = []
    for who in range(12):
        with slots.turn(who):
            pass
        rests.append(("rest" in slots.calm(), slots.films() > 1))
    assert rests == [(False, False)] * 8 + [(True, True)] * 4
    clock.now += LATELY + 1
    assert slots.calm() == {}


def test_a_crowd_is_told_only_where_it_shows() -> None:
    clock = Clock()
    slots = Slots(2, clock)
    for who in range(15):
        with slots.turn(who):
            pass
    assert (slots.training(), slots.crowd()) == (15, 0)
    assert "fastest" not in slots.calm()
    slots._wait = 2 * SLOW  # pyright: ignore[reportPrivateUsage]
    assert slots.crowd() == 15
    assert slots.calm() == {"rest": REST, "fastest": FASTEST}
    clock.now += LATELY + 1
    assert slots.crowd() == 0
    for who in range(34):
        with slots.turn(who):
            pass
    assert slots.crowd() == 34


def test_the_crowd_is_told_in_a_sentence_that_rests() -> None:
    assert crowd(34).sentence == crowd(36).sentence
    assert "About 35 people" in crowd(34).sentence
    assert crowd(3).sentence.startswith("3 people")


def test_a_long_wait_is_noted() -> None:
    clock = Clock()
    slots = Slots(1, clock)

    def held(then: Callable[[], None]) -> None:
        order: list[str] = []
        with slots.turn("holder"):
            threads = line_up(slots, "f", order)
            then()
        threads[0].join(10)

    for _ in range(40):
        held(lambda: setattr(clock, "now", clock.now + 0.4))
    assert slots.crowd() == 2


def test_a_job_takes_a_turn_for_each_piece_of_its_work() -> None:
    turns: list[bool] = []
    slots = Slots(1)

    def work() -> object:
        for i in range(3):
            turns.append(slots.idle(0))
            yield i / 3
        raise PlaygroundError("Enough.")

    from playground.live.scheduling import job as module

    whole = Job("key", (), work)  # pyright: ignore[reportArgumentType]
    before = module.SLOTS
    try:
        module.SLOTS = slots
        whole.finish()
    finally:
        module.SLOTS = before
    assert turns == [False, False, False]
    assert (whole.state, whole.text) == ("failed", "Enough.")
    assert slots.idle(0)

"""Turns on few cores: longest waiting first, live before jobs, nobody starved, and slices that shrink; by order, not by
the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from playground.errors import PlaygroundError
from playground.live.diagnostics.notices import list_units
from playground.live.scheduling.job import Job
from playground.live.scheduling.scheduler import (
    ACTIVE_SECONDS,
    MAX_FRAMES_PER_SECOND,
    MAX_PASSED_OVER,
    MIN_SLICE_SECONDS,
    PAUSE_FACTOR,
    ROUND_SECONDS,
    SLICE_SECONDS,
    SLOW_WAIT_SECONDS,
    Scheduler,
)


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def line_up(slots: Scheduler, kinds: str, order: list[str]) -> list[threading.Thread]:
    """Threads that ask for turns one after another (``f``: live, ``j``: a job) and write their names into ``order`` as
    they get them."""
    threads = []
    for i, kind in enumerate(kinds):

        def take(name: str = f"{kind}{i}", job: bool = kind == "j") -> None:
            with slots.acquire(name, job=job):
                order.append(name)

        thread = threading.Thread(target=take)
        thread.start()
        while slots.waiting < i + 1:
            thread.join(0.001)
        threads.append(thread)
    return threads


def order_of(kinds: str) -> list[str]:
    """In which order those who wait get the one slot."""
    slots, order = Scheduler(1), []
    with slots.acquire("holder"):
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
    assert order.index("j0") == MAX_PASSED_OVER


def test_as_many_at_once_as_the_limit() -> None:
    slots, inside, most = Scheduler(2), 0, 0
    lock, barrier = threading.Lock(), threading.Barrier(2)

    def take(name: int) -> None:
        nonlocal inside, most
        for _ in range(20):
            with slots.acquire(name):
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
    slots, order = Scheduler(2), []
    with slots.acquire("long job", job=True):
        threads = line_up(slots, "j", order)
        with slots.acquire("live"):  # at once, though a job waits
            assert order == []
    threads[0].join(10)
    assert order == ["j0"]


def test_an_error_gives_the_turn_back() -> None:
    slots = Scheduler(1)
    with pytest.raises(ZeroDivisionError), slots.acquire("a"):
        raise ZeroDivisionError
    with slots.acquire("b"):
        assert not slots.idle(0)
    assert slots.idle(0)


def test_slices_shrink_as_more_train_and_grow_again() -> None:
    clock = Clock()
    slots = Scheduler(2, clock)

    def given(who: int) -> float:
        with slots.acquire(who) as seconds:
            return seconds

    got = [given(who) for who in range(200)]
    assert got[:30] == [SLICE_SECONDS] * 30
    assert got[39] == pytest.approx(ROUND_SECONDS * 2 / 40)
    assert got == sorted(got, reverse=True)
    assert got[-1] == MIN_SLICE_SECONDS
    assert slots.load() == pytest.approx(200 * SLICE_SECONDS / (2 * ROUND_SECONDS))
    clock.now += ACTIVE_SECONDS + 1
    assert (slots.training_count(), given(0)) == (0, SLICE_SECONDS)


def test_stages_rest_only_where_answers_are_long() -> None:
    clock = Clock()
    slots = Scheduler(2, clock)
    rests = []
    for who in range(12):
        with slots.acquire(who):
            pass
        rests.append(("rest" in slots.client_limits(), slots.rollouts_per_reply() > 1))
    assert rests == [(False, False)] * 8 + [(True, True)] * 4
    clock.now += ACTIVE_SECONDS + 1
    assert slots.client_limits() == {}


def test_a_crowd_is_told_only_where_it_shows() -> None:
    clock = Clock()
    slots = Scheduler(2, clock)
    for who in range(15):
        with slots.acquire(who):
            pass
    assert (slots.training_count(), slots.overload_count()) == (15, 0)
    assert "fastest" not in slots.client_limits()
    slots._wait = 2 * SLOW_WAIT_SECONDS  # pyright: ignore[reportPrivateUsage]
    assert slots.overload_count() == 15
    assert slots.client_limits() == {"rest": PAUSE_FACTOR, "fastest": MAX_FRAMES_PER_SECOND}
    clock.now += ACTIVE_SECONDS + 1
    assert slots.overload_count() == 0
    for who in range(34):
        with slots.acquire(who):
            pass
    assert slots.overload_count() == 34


def test_the_crowd_is_told_in_a_sentence_that_rests() -> None:
    assert list_units(34).sentence == list_units(36).sentence
    assert "About 35 people" in list_units(34).sentence
    assert list_units(3).sentence.startswith("3 people")


def test_a_long_wait_is_noted() -> None:
    clock = Clock()
    slots = Scheduler(1, clock)

    def held(then: Callable[[], None]) -> None:
        order: list[str] = []
        with slots.acquire("holder"):
            threads = line_up(slots, "f", order)
            then()
        threads[0].join(10)

    for _ in range(40):
        held(lambda: setattr(clock, "now", clock.now + 0.4))
    assert slots.overload_count() == 2


def test_a_job_takes_a_turn_for_each_piece_of_its_work() -> None:
    turns: list[bool] = []
    slots = Scheduler(1)

    def work() -> object:
        for i in range(3):
            turns.append(slots.idle(0))
            yield i / 3
        raise PlaygroundError("Enough.")

    from playground.live.scheduling import job as module

    whole = Job("key", (), work)  # pyright: ignore[reportArgumentType]
    before = module.SCHEDULER
    try:
        module.SCHEDULER = slots
        whole.finish()
    finally:
        module.SCHEDULER = before
    assert turns == [False, False, False]
    assert (whole.state, whole.text) == ("failed", "Enough.")
    assert slots.idle(0)

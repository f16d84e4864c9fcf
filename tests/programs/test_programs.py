"""The line before the compiler: once however many ask, the most urgent first, failures told and not repeated; by order,
not by the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import pytest

from playground.errors import PlaygroundError
from playground.programs import cache as module
from playground.programs.cache import (
    DEFAULT_BYTES,
    KEPT_BYTES,
    LATER,
    MAX_BYTES,
    NEEDED_BYTES,
    NEEDED_BYTES_SHARED,
    RETRY_SECONDS,
    SOON,
    UNUSED_SECONDS,
    ProgramCache,
)
from playground.programs.compiler import Program, aot_compile


class Works:
    """A compiler whose first piece of work stands still until ``gate`` opens; ``made`` tells the order, ``threads`` who
    did it."""

    def __init__(self, **given: Any) -> None:
        self.programs = ProgramCache(**given)
        self.gate, self.begun = threading.Event(), threading.Event()
        self.made: list[str] = []
        self.threads: dict[str, str] = {}
        self.programs.prefetch("first", self.build("first", wait=True))
        assert self.begun.wait(10)

    def build(self, name: str, *, wait: bool = False) -> Callable[[], Program]:
        def make() -> Program:
            if wait:
                self.begun.set()
                assert self.gate.wait(10)
            self.made.append(name)
            self.threads[name] = threading.current_thread().name
            return lambda: name

        return make

    def prepare(self, name: str, urgency: int = SOON) -> None:
        self.programs.prefetch(name, self.build(name), urgency)

    def finish(self) -> list[str]:
        self.gate.set()
        while self.programs.busy:
            threading.Event().wait(0.001)
        return self.made


def test_what_visitors_wait_for_goes_before_what_somebody_may_want() -> None:
    works = Works()
    for name, urgency in (("a", LATER), ("b", SOON), ("c", LATER), ("d", SOON)):
        works.prepare(name, urgency)
    assert works.finish() == ["first", "b", "d", "a", "c"]


def test_a_program_is_made_once_however_often_it_is_wanted_and_goes_forward_when_it_becomes_urgent() -> None:
    works = Works()
    for name, urgency in (("a", LATER), ("b", LATER), ("b", SOON), ("a", LATER), ("b", SOON)):
        works.prepare(name, urgency)
    assert works.finish() == ["first", "b", "a"]
    assert works.programs.compilations == 3


def test_what_nobody_uses_leaves_but_for_the_latest() -> None:
    now = [0.0]
    programs = ProgramCache(clock=lambda: now[0], weigh=lambda program: KEPT_BYTES // 4)
    for i in range(9):
        programs.get(i, lambda i=i: lambda: i)
    assert programs.evict_unused() == 0
    now[0] = UNUSED_SECONDS + 1
    for used in (0, 3):
        programs.get(used, lambda: lambda: -1)
    assert programs.evict_unused() == 5
    assert [i for i in range(9) if not programs.ready(i)] == [1, 2, 4, 5, 6]
    assert programs.get(0, lambda: lambda: -1)() == 0


def test_programs_that_are_all_in_use_have_a_bound_in_memory() -> None:
    programs = ProgramCache(weigh=lambda program: MAX_BYTES // 3)
    for i in range(9):
        programs.get(i, lambda: lambda: 0)
        assert programs.bytes <= MAX_BYTES + MAX_BYTES // 3
    programs.get(8, lambda: lambda: 0)
    assert programs.bytes <= MAX_BYTES
    assert programs.ready(8)


def test_a_program_weighs_what_its_text_says() -> None:
    small, large = (aot_compile(function, jnp.zeros(4)) for function in (jnp.tanh, lambda x: jnp.sort(jnp.tan(x))))
    assert 0 < module.program_bytes(small) < module.program_bytes(large)
    assert module.program_bytes(lambda: 0) == DEFAULT_BYTES


def test_whoever_cannot_wait_comes_next_and_no_two_are_made_at_a_time() -> None:
    works = Works()
    works.prepare("b", SOON)
    works.prepare("a", LATER)
    asking = threading.Thread(target=lambda: works.programs.get("a", works.build("a")), name="asking")
    asking.start()
    while len(works.programs._line) < 3:  # pyright: ignore[reportPrivateUsage]
        threading.Event().wait(0.001)
    assert works.made == []
    works.finish()
    asking.join()
    assert works.finish() == ["first", "a", "b"]


def test_many_that_ask_at_once_make_one_after_another() -> None:
    programs, making, most = ProgramCache(), [], []

    def build() -> Program:
        making.append(1)
        most.append(len(making))
        threading.Event().wait(0.002)
        making.pop()
        return lambda: 0

    threads = [threading.Thread(target=programs.get, args=(i, build)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 12


def test_two_programs_that_need_one_another_s_parts_do_not_wait_for_one_another() -> None:
    programs = ProgramCache()
    begun = threading.Event()

    def outer() -> Program:
        begun.set()
        threading.Event().wait(0.01)
        return programs.get("inner", lambda: lambda: 2)

    thread = threading.Thread(target=lambda: programs.get("outer", outer))
    thread.start()
    assert begun.wait(10)
    programs.prefetch("inner", lambda: lambda: 2)
    thread.join(10)
    assert not thread.is_alive()
    assert programs.get("outer", outer)() == 2


def test_a_program_that_needs_another_one_in_line_does_not_wait_for_itself() -> None:
    programs = ProgramCache()

    def outer() -> Program:
        inner = programs.get("inner", lambda: lambda: 2)
        return lambda: 3 * inner()

    programs.prefetch("outer", outer)
    programs.prefetch("inner", lambda: lambda: 2)
    assert programs.get("outer", outer)() == 6


def test_what_could_not_be_made_is_said_in_a_sentence_and_not_tried_again_for_a_while() -> None:
    now, tried = [0.0], []
    programs = ProgramCache(clock=lambda: now[0])

    def fails() -> Program:
        tried.append(1)
        raise MemoryError("inside")

    for _ in range(3):
        with pytest.raises(PlaygroundError, match="could not be compiled on this machine"):
            programs.get("key", fails)
        programs.prefetch("key", fails)
        assert programs.ready("key")
    assert len(tried) == 1
    now[0] += RETRY_SECONDS + 1
    assert programs.get("key", lambda: lambda: 5)() == 5


def test_an_error_that_names_its_cure_stays_as_it_is() -> None:
    error = PlaygroundError("choose fewer layers.")
    assert module.to_user_error(error) is error


def test_an_error_takes_nothing_away_from_who_came_after() -> None:
    works = Works(capacity=1)
    works.programs.prefetch("other", works.build("other"))  # "first" has left the cache while it is made
    works.programs.prefetch("first", lambda: lambda: "the newer one")
    works.finish()
    assert works.programs.get("first", works.build("first"))() == "the newer one"


def test_memory_is_returned_by_the_thread_that_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    by: list[str] = []
    monkeypatch.setattr(module, "return_memory", lambda: by.append(threading.current_thread().name))
    programs = ProgramCache(capacity=4)
    for key in range(12):
        programs.get(key, lambda: lambda: 0)
        while programs.busy:
            threading.Event().wait(0.001)
    assert len(programs) == 4
    assert len(by) == 2
    assert all(name.startswith("compile") for name in by)


def test_each_is_made_while_the_compiler_holds_its_turn_and_nobody_who_holds_another_waits_for_it() -> None:
    turn = threading.Lock()
    programs, held = ProgramCache(), []
    programs.take_turns(lambda: turn)
    with turn:  # a job's own, say
        programs.prefetch("a", lambda: lambda: "a")
        assert programs.get("a", lambda: lambda: "a")() == "a"
    programs.prefetch("b", lambda: held.append(turn.locked()) or (lambda: "b"))
    assert programs.get("c", lambda: lambda: "c")() == "c"
    for _ in range(1000):
        if programs.ready("b") and not programs.busy:
            break
        threading.Event().wait(0.01)
    assert held == [True]


def test_freed_pages_go_back_after_each_program_that_was_made_in_the_background(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    works, trims = Works(), []
    monkeypatch.setattr(module, "trim", lambda: trims.append(list(works.made)))
    works.prepare("a")
    works.finish()
    assert trims == [["first"], ["first", "a"]]


def test_what_tidying_drops_counts_towards_clearing_the_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    now, cleared = [0.0], []
    monkeypatch.setattr(module, "return_memory", lambda: cleared.append(True))
    programs = ProgramCache(capacity=8, clock=lambda: now[0], weigh=lambda program: KEPT_BYTES // 4)
    for number in range(9):
        programs.get(number, lambda: lambda: 0)
        now[0] += UNUSED_SECONDS + 1
        programs.evict_unused()
    programs.prefetch("one more", lambda: lambda: 0)
    while programs.busy:
        threading.Event().wait(0.001)
    assert cleared == [True]


@pytest.mark.parametrize(("shared", "needed"), [(False, NEEDED_BYTES), (True, NEEDED_BYTES_SHARED)])
def test_where_memory_is_short_a_sentence_takes_the_place_of_the_compiler(shared: bool, needed: int) -> None:
    now, available, compiled = [0.0], [needed - 1], []

    def build() -> Program:
        compiled.append(True)
        return lambda: "program"

    programs = ProgramCache(clock=lambda: now[0], available=lambda: available[0])
    with pytest.raises(PlaygroundError, match="too little memory"):
        programs.get("key", build, shared)
    assert compiled == []
    available[0] = needed
    now[0] += RETRY_SECONDS + 1
    assert programs.get("key", build, shared)() == "program"


def test_a_system_that_does_not_tell_its_memory_compiles() -> None:
    programs = ProgramCache(available=lambda: None)
    assert programs.get("key", lambda: lambda: "program")() == "program"

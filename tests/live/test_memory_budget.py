"""What is said to be held is what is held, and what is not looked at gives way first."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground import Experiment
from playground.analysis.landscape.weight_path import WeightPath
from playground.datasets.tabular.detection import read_table
from playground.datasets.tabular.table import Table
from playground.experiment import OWN_DATA, replace_field
from playground.live import ComparisonRun, FrameRequest, Run
from playground.live.frames.observer import Block, Frame, Observer
from playground.live.memory_budget import MemoryBudget, parts_of
from playground.live.protocol.reply import Stop
from playground.stage.connection import connection_of
from playground.training.data import ARRAY_BYTES, prepare
from playground.web.session import NO_ROOM, Session, new_name


def taken(make: Callable[[], Any]) -> tuple[Any, int]:
    """What ``make`` gives, and the bytes that stay taken, JAX's own memory aside."""
    gc.collect()
    tracemalloc.start()
    made = make()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return made, size


def played(experiment: Experiment, frames: int) -> Run:
    run = Run("r", experiment)
    while run.last < frames:
        run.answer(FrameRequest(run="r", epoch=0, start=run.last + 1, pace=2, head=run.last, frames=24))
    return run


def freed_by(objects: list[Any]) -> int:
    """Bytes that come free when ``objects`` leaves: unlike what was allocated meanwhile, nobody else's are among
    them."""
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    objects.clear()
    gc.collect()
    return before - tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize("rest", [False, True])
def test_a_run_says_what_it_takes(rest: bool) -> None:
    experiment = Experiment.of(hidden=[6, 6], optimizer="adam", samples=60)
    other = played(experiment, 5)  # programs, samples and all that is made once are there
    tracemalloc.start()
    run = played(experiment, 150)
    if rest:
        before = run.memory_by_object()[id(run)]
        run.reduce_memory()
        assert run.memory_by_object()[id(run)] < before / 3
    assert other.trainer.prepared is run.trainer.prepared
    states = run.past.states  # pyright: ignore[reportPrivateUsage]
    live = 0 if states._newest is None else next(iter(states._states.values())).form.live_bytes
    said = run.memory_by_object()[id(run)] - live
    run.observer.reduce_memory()  # its grids are counted apart
    runs = [run]
    del run, states
    size = freed_by(runs)
    tracemalloc.stop()
    assert abs(size - said) < 0.2 * said


class Place(NamedTuple):
    step: np.ndarray
    vector: np.ndarray


class Wandering:
    """A course of many numbers."""

    blocks = (Block("scalars", "f32", (2,)), Block("series", "f32", (20,)), Block("map", "u8", (2000,)))
    recipes = ()

    def first_state(self) -> Place:
        return Place(np.array(0), np.zeros(3000, np.float32))

    def advance(self, state: Place, steps: int) -> Place:
        return Place(state.step + steps, state.vector + steps)

    def frame(self, state: Place) -> Frame:
        return Frame(int(state.step), -1, np.zeros(22, np.float32), np.zeros(2000, np.uint8))

    def stop_reason(self, state: Place) -> Stop | None:
        return None


def wandered(frames: int) -> ComparisonRun:
    lanes = ComparisonRun("w", Wandering())
    lanes.mount()
    while lanes.last < frames:
        lanes.answer(FrameRequest(run="w", epoch=0, start=lanes.last + 1, pace=1, head=lanes.last, frames=24))
    return lanes


def test_lanes_say_what_they_take() -> None:
    wandered(3)
    lanes, size = taken(lambda: wandered(120))
    states = lanes.past.states
    # The newest state is as it came: here of NumPy arrays, which are no more than their numbers.
    said = lanes.memory_by_object()[id(lanes)] - 2 * ARRAY_BYTES
    assert abs(size - said) < 0.2 * said
    lanes.shrink(said // 10)
    assert lanes.memory_by_object()[id(lanes)] <= said // 10
    assert len(states) >= 2
    assert [int(lanes.state(i).vector[0]) for i in (0, 7, lanes.last)] == [0, 7, lanes.last]


def rows(n: int, columns: int) -> Table:
    x = np.random.default_rng(0).normal(size=(n, columns))
    y = (x[:, 0] > 0).astype(np.int64)
    return Table(tuple(f"c{i}" for i in range(columns)), x, y, ("no", "yes"), "classification", "y")


def own(table: Table) -> Experiment:
    return replace_field(Experiment.of(hidden=[2]), "dataset", OWN_DATA, table)


def test_own_rows_are_there_once_and_say_what_they_take() -> None:
    table, size = taken(lambda: rows(4000, 20))
    assert abs(size - table.nbytes) < 0.2 * size
    experiment = own(table)
    prepare(experiment, rows(100, 20))
    prepared, size = taken(lambda: prepare(experiment, table))
    assert prepare(experiment, table) is prepared
    assert prepare(own(table), rows(4000, 20)) is not prepared
    placed, more = taken(lambda: prepared.on(None))
    assert prepared.on(None) is placed
    assert more < 0.1 * size, "on the processor the programs take the very same numbers"
    said = prepared.nbytes - 6 * ARRAY_BYTES
    assert abs(size - said) < 0.2 * size
    numbers = placed.train.x
    assert numbers.unsafe_buffer_pointer() == prepared.data.train.x.ctypes.data


def test_an_observer_at_rest_holds_its_rows_alone_and_shows_the_same() -> None:
    run = played(Experiment.of(hidden=[6, 6], optimizer="adam", samples=60), 5)
    frame = run.frame(3)
    held = run.observer.memory_by_object()
    prepared = run.trainer.prepared
    assert sum(held.values()) > prepared.nbytes > 0
    run.observer.reduce_memory()
    assert id(prepared) not in run.observer.memory_by_object()
    assert sum(run.observer.memory_by_object().values()) < 0.7 * sum(held.values())
    again = run.frame(3)
    assert again.floats.tobytes() == frame.floats.tobytes()
    assert again.bytes.tobytes() == frame.bytes.tobytes()


def test_a_table_of_too_many_numbers_gets_a_sentence() -> None:
    text = ",".join(f"c{i}" for i in range(21)) + "\n" + "\n".join(["1," * 20 + str(i % 2) for i in range(20_000)])
    assert read_table(text).table().x.size == 400_000
    wide = read_table("\n".join(line + ",1" if i else line + ",more" for i, line in enumerate(text.splitlines())))
    with pytest.raises(Exception, match=r"20,000 rows of 21 features are 420,000 numbers; keep at most 400,000"):
        wide.table()


@dataclass
class Found:
    """What a job found."""

    heights: np.ndarray
    places: list[np.ndarray] = field(default_factory=list)
    words: str = ""


Found.__module__ = "playground.analysis.found"


def test_what_was_found_is_weighed_whoever_knows_nothing_of_itself() -> None:
    found, size = taken(lambda: Found(np.zeros((100, 100)), [np.ones(500) for _ in range(30)], "x" * 5000))
    assert abs(size - sum(parts_of(found).values())) < 0.2 * size
    view = Found(found.heights[:3], [found.heights[5:], found.heights.T])
    assert sum(parts_of(view).values()) < 1.2 * found.heights.nbytes, "the same numbers count once"


@dataclass(eq=False)
class Holding:
    """Holds so many bytes, of which ``least`` cannot leave."""

    size: int
    least: int = 0
    shared: dict[int, int] = field(default_factory=dict)

    def memory_by_object(self) -> dict[int, int]:
        return {id(self): self.size} | self.shared

    def shrink(self, most: int) -> None:
        self.size = max(self.least, most - sum(self.shared.values()))


def test_what_was_not_looked_at_for_longest_shrinks_first_and_what_is_shown_last() -> None:
    budget = MemoryBudget(100)
    shown, *others = (Holding(30, 5) for _ in range(4))
    for one in (*others, shown):
        budget.touch(one)
    budget.enforce(shown)
    assert [one.size for one in others] == [10, 30, 30]
    budget.touch(others[0])
    shown.size = 90
    budget.enforce(shown)
    assert ([one.size for one in others], shown.size) == ([5, 5, 5], 85)
    shown.size = 30
    others[0].size = 90
    budget.enforce(shown)
    assert (others[0].size, shown.size) == (60, 30)


def test_who_cannot_shrink_leaves_but_for_what_is_looked_at() -> None:
    budget = MemoryBudget(100)
    left: list[int] = []
    held: dict[int, Holding] = {}

    def leave(i: int) -> None:
        left.append(i)
        del held[i]

    for i in range(4):
        held[i] = Holding(40, 40)
        budget.touch(held[i], lambda i=i: leave(i))
        budget.enforce(held[0])
    assert left == [1, 2]
    assert budget.used_bytes == 80


def test_what_is_shared_counts_once_and_what_is_gone_not_at_all() -> None:
    budget, shared = MemoryBudget(1000), {1: 100}
    one, other = Holding(10, shared=shared), Holding(20, shared=shared)
    budget.touch(one)
    budget.touch(other)
    assert budget.used_bytes == 130
    del one
    assert budget.used_bytes == 120


def test_a_program_that_is_there_holds_no_samples() -> None:
    experiment = Experiment.of(hidden=[3], samples=70)
    observer = Observer(Run("r", experiment).trainer)
    alive = weakref.ref(observer.trainer.prepared)
    observer.program()
    del observer
    gc.collect()
    assert alive() is None


BOUND = 3_000_000
TABLE = rows(2000, 20)
"""Of a visitor's own; what the least that stays of a run takes beside it is less than the bound."""
SMALL = Experiment.of(hidden=[2], samples=60)
DOES = ("play", "branch", "back", "paint", "mark", "table", "load", "lanes", "job", "descent", "rate")


class Visitor:
    """A session, and the pages beside it as the app keeps them."""

    def __init__(self) -> None:
        run = Run(new_name(), SMALL)
        self.session = Session(SMALL, run)
        self.session.budget.most = BOUND
        self.session.show_run(run)
        self.session.send(run.mount())
        self.pages: dict[str, object] = {}

    def page(self, name: str, thing: object) -> None:
        self.pages[name] = thing
        self.session.track_memory(thing, lambda: self.pages.pop(name, None))

    def do(self, what: str, size: int) -> None:
        session, run = self.session, self.session.run
        match what:
            case "play":
                for _ in range(size):
                    want = {"run": run.name, "epoch": run.epoch, "from": run.last + 1, "head": run.last}
                    connection_of(session).answer(want | {"frames": 24, "pace": 1})
            case "branch":
                session.branch(run.last)
            case "back":
                session.choose_branch(next(iter(session.branches)))
            case "paint" if session.experiment.problem.dataset == SMALL.problem.dataset:
                connection_of(session).command({"name": "paint", "add": [[0.1 * size, 0.2, 1]], "head": run.last})
            case "mark":
                session.bookmark("ab"[size % 2], run.last)
            case "table":
                session.start(own(TABLE), table=TABLE)
            case "load":
                session.start(SMALL)
            case "lanes":
                lanes = ComparisonRun(new_name(), Wandering())
                lanes.mount()
                for _ in range(3 * size):
                    lanes.answer(FrameRequest(lanes.name, 0, lanes.last + 1, 1, lanes.last, 24))
                self.page(f"lanes {size % 2}", lanes)
            case "job":
                self.page(f"job {size % 3}", Found(np.zeros(10_000 * size)))
            case "descent":
                descent = WeightPath(run, run.last)
                for _ in descent.fetch_all():
                    pass
                self.page("descent", descent)
            case "rate":
                session.change("learning_rate", 0.01 * size)


@pytest.fixture(scope="module")
def compiled() -> None:
    Run("a", SMALL)
    Run("b", own(TABLE), TABLE)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(DOES), st.integers(1, 9)), min_size=5, max_size=16))
def test_all_that_is_held_is_within_the_bound(compiled: None, does: list[tuple[str, int]]) -> None:
    visitor = Visitor()
    for what, size in does:
        visitor.do(what, size)
        session = visitor.session
        assert session.budget.used_bytes <= BOUND
        assert session.run is session.branches[session.run.name]
        assert session.frame(session.run.last // 2).step <= session.frame(session.run.last).step


def test_a_branch_for_which_there_is_no_room_leaves_with_a_sentence(compiled: None) -> None:
    visitor = Visitor()
    session = visitor.session
    for _ in range(3):
        visitor.do("play", 2)
        visitor.do("branch", 1)
    assert len(session.branches) == 4
    session.budget.most = 1
    session.send(session.run.mount())
    assert list(session.branches) == [session.run.name]
    assert NO_ROOM in session.notes

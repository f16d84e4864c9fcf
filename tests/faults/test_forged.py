"""What a forged socket sends: nothing breaks, nothing is lost, no step runs backwards."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.datasets import DATASETS, Table
from playground.errors import PlaygroundError
from playground.experiment import Experiment, from_query, handout_of, replace_field, to_query
from playground.experiment.handout import HANDOUT_RULES
from playground.experiment.links.parse import open_link
from playground.experiment.links.query import MAX_NAMES, RULES
from playground.live import Run, parse_request
from playground.live.protocol.request import MAX_FRAMES_PER_REQUEST, MAX_FRAMES_PER_SECOND, within_limits
from playground.stage.commands import COMMANDS
from playground.stage.connection import connection_of
from playground.training.weights import from_bytes, to_bytes
from playground.web.components import decode
from playground.web.session import Session, new_name
from tests.faults.often import often

HUGE = 10**400
"""JSON knows whole numbers of any length; a float ends at 1.8e308."""
NUMBERS = st.one_of(st.integers(-3, 12), st.sampled_from([HUGE, -HUGE, 2**31, 1e308]), st.floats(), st.booleans())
VALUES = st.recursive(
    st.one_of(st.none(), NUMBERS, st.text(max_size=6), st.sampled_from(["unit", "link", "layer", "a", "relu", "x1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from([*RULES, "x"]), inner, max_size=2)
    ),
    max_leaves=6,
)
KEYS = ("layer", "source", "unit", "value", "on", "head", "by", "name_of", "mark", "branch", "kind", "changes", "add")
FORGED = st.fixed_dictionaries(
    {"name": st.sampled_from([*COMMANDS, "nonsense"])},
    optional=dict.fromkeys((*KEYS, "erase", "clear"), VALUES),
)


def visitor(experiment: Experiment, table: Table | None = None, *, wait: bool = True) -> Session:
    """A session as the page makes it."""
    run = Run(new_name(), experiment, table, wait=wait)
    return Session(experiment, run, table, branches={run.name: run})


@pytest.fixture(scope="module")
def tiny() -> Session:
    made = visitor(Experiment.of(hidden=[2], samples=50))
    made.run.compile()
    return made


@settings(
    max_examples=often(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FORGED)
def test_no_forged_command_breaks_a_session(data: dict[str, Any]) -> None:
    # A network that compiles anew is none of this test's business.
    if data["name"] in ("resize", "activate", "feature", "new_samples"):
        data = {**data, "layer": None, "by": 0, "name_of": "nonsense"}
    session = visitor(Experiment.of(hidden=[2], samples=50))
    connection_of(session).command(data)
    assert Experiment.from_json(session.experiment.to_json()) == session.experiment
    assert session.run.experiment == session.experiment
    assert len(session.experiment.problem.painted) <= 300
    if connection_of(session).message:
        decode(connection_of(session).message)


@settings(
    max_examples=often(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("epoch", "from", "pace", "head", "frames", "steps", "mount", "look"), VALUES)
    )
)
def test_no_forged_want_runs_backwards(tiny: Session, data: dict[str, Any]) -> None:
    connection_of(tiny).answer({"run": tiny.run.name, **data})
    header, blocks = decode(connection_of(tiny).message)
    if header["n"]:
        steps = blocks["scalars"][:, 0]
        assert (np.diff(steps) >= 0).all()
        assert header["start"] + header["n"] - 1 == tiny.run.last, "a frame is called by its own index"


@settings(max_examples=often(200), deadline=None)
@given(st.one_of(VALUES, st.dictionaries(st.text(max_size=5), VALUES), st.fixed_dictionaries({"run": st.text()})))
def test_a_want_is_in_its_ranges_or_none(data: Any) -> None:
    want = parse_request(data)
    assert want is None or (
        0 <= want.pace <= MAX_FRAMES_PER_SECOND and 1 <= want.frames <= MAX_FRAMES_PER_REQUEST and len(want.run) <= 64
    )


@pytest.mark.parametrize(
    "data",
    [
        {"name": "edit", "layer": 0, "source": 0, "unit": 0, "value": HUGE},
        {"name": "paint", "add": [[HUGE, 0, 0]]},
        {"name": "paint", "erase": [[0, 0, float("nan")]]},
        {"name": "change", "changes": {"painted": [[1, 1, HUGE]]}},
        {"name": "change", "changes": {"features": 5}},
    ],
    ids=str,
)
def test_numbers_that_are_none_change_nothing(data: dict[str, Any]) -> None:
    for experiment in (
        Experiment.of(painted=[[1, 1, 0]]),
        replace_field(Experiment.of(dataset="wine"), "axes", ("ash", "hue")),
    ):
        session = visitor(experiment, wait=False)
        connection_of(session).command(data)
        assert session.experiment == experiment


def test_own_rows_have_no_plane_to_paint_on() -> None:
    rng = np.random.default_rng(0)
    table = Table(("a", "b", "c"), rng.normal(size=(20, 3)), np.arange(20) % 2, ("x", "y"), "classification", "t", ())
    session = visitor(replace_field(Experiment(), "dataset", "table", table), table, wait=False)
    before = session.experiment
    for data in ({"name": "paint", "add": [[1, 1, 0]]}, {"name": "change", "changes": {"painted": [[1, 1, 0]]}}):
        connection_of(session).command(data)
        assert session.experiment == before
        assert "paint" in session.notes[0]


def test_nothing_is_there_to_remember_before_the_first_frame() -> None:
    run = Run(new_name(), Experiment.of(hidden=[3]), wait=True)
    run._begun = False
    session = Session(run.experiment, run, branches={run.name: run})
    connection_of(session).command({"name": "bookmark", "mark": "a", "head": 0})
    assert session.bookmarks == {}


def test_a_trigger_is_no_larger_than_the_stage_ever_sends() -> None:
    points = [[1.0, 1.0, 0]] * 300
    assert within_limits({"name": "paint", "add": points, "erase": points, "head": 3})
    assert not within_limits({"name": "change", "changes": {"hidden": [0] * 10_000}})
    assert not within_limits({"name": "x" * 30_000})
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    assert not within_limits({"name": deep})


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["nan", "inf", "-1", "1e999", "9" * 3000, "1,2,3", "tanh,relu", "true", "1,1,0;" * 500, "<script>"]
    ),
    st.sampled_from([*DATASETS, "x1**2", "9**9**9", "__import__('os')", "table"]),
)
QUERIES = st.dictionaries(st.one_of(st.sampled_from([*RULES, *HANDOUT_RULES]), st.text(max_size=8)), TEXTS, max_size=8)


@settings(max_examples=often(500), deadline=None)
@given(QUERIES)
def test_every_link_opens_an_experiment_or_is_answered_in_sentences(query: dict[str, str]) -> None:
    handout, odd = handout_of(query)
    experiment, complaints = from_query({name: text for name, text in query.items() if name not in HANDOUT_RULES})
    assert all(isinstance(one, str) and one for one in [*odd, *complaints])
    again, left = from_query(to_query(experiment))
    assert (again, left) == (experiment, [])
    assert len(handout.title) <= 120
    assert len(handout.words) <= 1000


@settings(max_examples=often(200), deadline=None)
@given(
    st.one_of(st.text(max_size=80), QUERIES.map(lambda q: "http://x/?" + "&".join(f"{a}={b}" for a, b in q.items())))
)
def test_any_text_as_a_link_is_opened_or_refused(text: str) -> None:
    with suppress(PlaygroundError):
        assert open_link(text).experiment


def test_a_link_of_thousands_of_names_costs_no_more_than_a_hundred() -> None:
    _, complaints = from_query({f"name{i}": "1" for i in range(5000)})
    assert len(complaints) <= MAX_NAMES + 1
    _, odd = handout_of({"hide": ",".join(f"name{i}" for i in range(5000))})
    assert len(odd) == 1


def test_mutilated_weight_files_are_refused_or_are_numbers() -> None:
    session = visitor(Experiment.of(hidden=[2], samples=50))
    whole = to_bytes(session.run.trainer.init())
    chance = random.Random(0)
    for _ in range(often(2000)):
        content = bytearray(whole[: chance.randrange(len(whole) + 1)] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(4) if content else 0):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with suppress(PlaygroundError):
            params, stats = from_bytes(bytes(content), "weights")
            session.run.trainer.begin_with(params, stats)

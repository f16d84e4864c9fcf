"""A link tells what was done in a run on the way to its step, and whoever opens it comes to that step, bit for bit;
what it cannot tell is said."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment
from playground.experiment import replace_field
from playground.experiment.links.parse import open_link
from playground.live import Run
from playground.live.history.segment import Edit
from playground.live.replay.log import log_from_turns, logged_changes
from playground.live.replay.log_text import MAX_CHARS, decode_log_text, encode_log_text
from playground.nn.masks import full_masks
from playground.training.knobs import KNOB_NAMES
from playground.web.opened_run import run_of_link
from playground.web.run_link import link_query, not_in_link, past_query
from playground.web.session import Session
from playground.workspace.share import link_words
from tests.experiment.links.wrappers import WRAPPERS
from tests.live.test_replay_log import SPEC, lived, same, touched, want

OWN = "https://playground.example.org/?"


def session_of(run: Run) -> Session:
    session = Session(run.experiment, run)
    session.show_run(run)
    return session


def link_of(session: Session) -> str:
    return OWN + urlencode(link_query(session) | past_query(session))


def opened(link: str) -> Run:
    run, notes = run_of_link(open_link(link))
    assert notes == ()
    for _ in range(100):
        if run.mount().state != "returning":
            return run
    raise AssertionError("it never arrives")


@pytest.mark.parametrize("life", [lived, touched])
def test_whoever_opens_the_link_of_a_run_gets_the_same_run(life: Callable[[], Run]) -> None:
    session = session_of(life())
    run = opened(link_of(session))
    assert same(run.state(run.last), session.run.state(session.run.last))
    assert run.experiment == session.experiment
    assert link_of(session_of(run)) == link_of(session)
    assert f"step {run.past.steps[-1]:,}" in link_words(session)
    assert "same run" in link_words(session)
    onward = [one.answer(want(one, one.last + 1, frames=1)).frames[-1].floats for one in (run, session.run)]
    assert (onward[0] == onward[1]).all()


def test_the_link_of_a_run_on_its_way_is_the_one_that_it_came_by() -> None:
    link = link_of(session_of(touched()))
    run, _ = run_of_link(open_link(link))
    assert not run.has_frames
    assert link_of(session_of(run)) == link
    assert "same run" in link_words(session_of(run))


def test_a_link_opens_the_step_that_was_shown() -> None:
    session = session_of(lived())
    session.head = 2
    run = opened(link_of(session))
    assert same(run.state(run.last), session.run.state(2))


@pytest.mark.parametrize("wrapper", ["Safe Links", "HTML", "soft wrapped", "encoded twice", "full stop"])
def test_its_past_survives_what_carries_it(wrapper: str) -> None:
    session = session_of(touched())
    run = opened(WRAPPERS[wrapper](link_of(session)))
    assert same(run.state(run.last), session.run.state(session.run.last))


def test_a_run_of_its_settings_alone_has_no_past_in_its_link() -> None:
    run = Run("r", Experiment.of(**SPEC))
    run.compile()
    run.answer(want(run, 1))
    session = session_of(run)
    assert past_query(session) == {}
    assert "from its first step" in link_words(session)
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.3))
    session.experiment = run.experiment
    assert past_query(session) == {"past": f"0;{run.past.steps[-1]}"}, "what holds now is in the settings"


def test_what_no_link_tells_is_said() -> None:
    run = lived()
    run.intervene(run.last, experiment=replace_field(run.experiment, "painted", [[1, 1, 0]]))
    session = session_of(run)
    assert not_in_link(session)
    assert past_query(session) == {}
    assert "gets another run" in link_words(session)
    assert "points were painted" in link_words(session)
    many = lived()
    for i in range(200):
        many.intervene(many.last, edits=(Edit(0, 1, 2, 0.123456789 * i), Edit(1, 0, 0, -0.123456789 * i)))
    session = session_of(many)
    assert len(link_of(session)) < MAX_CHARS
    assert "gets another run" in link_words(session)


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "0", "0;", "0;x", "1;5", "0;5;3;9", "0,learning_rate:9999;5", "0,learning_rate:nan;5"),
        *("0,what:1;5", "0,u9.9;5", "0,u1;5", "0,l0.0;5", "0,f9;5", "0,w0.0.0;5", "0,u0.0:1;5", "0,b0.0:1e9;5"),
        *("0;99999999999", "0,f0" * 3000 + ";5", ";".join(map(str, range(80))), "0,f\u0661;5", "0,,;5", "0;5.0"),
    ],
)
def test_a_past_that_makes_no_sense_is_passed_over(text: str) -> None:
    experiment = Experiment.of(**SPEC)
    assert decode_log_text(text, experiment) is None
    link = open_link(OWN + urlencode({"hidden": "3", "past": text}))
    run, notes = run_of_link(link)
    assert run.experiment.structure.hidden == (3,)
    assert [note[:16] for note in (*link.notes, *notes)] == ["past is left out"] * bool(text)


TEXTS = st.text("0123456789,;:.-ulfwbe+_" + "learningrate", max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXTS | st.text(max_size=60))
def test_any_past_is_read_or_passed_over(text: str) -> None:
    story = decode_log_text(text, Experiment.of(**SPEC))
    assert story is None or story.changes[0].step == 0


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(KNOB_NAMES), st.sampled_from([0.125, 0.1, 0.3, 0.499]), max_size=4),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), max_size=3, unique=True),
    st.floats(-5, 5),
)
def test_what_is_written_is_read(knobs: dict[str, float], units: list[tuple[int, int]], weight: float) -> None:
    knobs = {name: value for name, value in knobs.items() if name not in ("schedule_steps", "patience")}
    run = Run("r", Experiment.of(**(SPEC | {"features": ["x1", "x2", "x1_x2"]} | knobs)), wait=False)
    masks = full_masks(run.trainer.network)
    for layer, unit in units:
        masks.units[layer][unit] = 0
    segment = run.past.current_segment
    run.past.start_segment(type(segment)(0, segment.knobs, segment.observer, masks, (Edit(0, 2, 1, weight),)))
    written = log_from_turns(logged_changes(run), 0, run.experiment)
    assert written is not None
    text = encode_log_text(written)
    story = decode_log_text(text, run.experiment)
    assert story is not None
    assert sorted(story.changes[0].by_hand.units) == sorted(units)
    assert story.changes[0].by_hand.edits == (Edit(0, 2, 1, weight),)
    assert all(getattr(story.changes[0].knobs, name) == getattr(run.knobs, name) for name in ("l1", "momentum"))

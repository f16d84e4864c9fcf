"""A damaged field of a link costs that field alone, and is said; beyond a limit the limit is taken, and is said."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.experiment import Experiment, Handout, field_value, from_query, handout_of, handout_query, to_query
from playground.experiment.fields import Choice, Flag, Integer, Number, OneOrEach, Several, Text
from playground.experiment.handout import HANDOUT_RULES
from playground.experiment.links.parse import SHORTENERS, open_address, open_link
from playground.experiment.links.query import RULES, to_text
from playground.experiment.links.tensorflow_playground import from_tensorflow_playground
from tests.experiment.links.wrappers import WRAPPERS
from tests.experiment.test_experiment import experiments

OWN = "https://playground.example.org/?"
PEER = "https://playground.tensorflow.org/#"
WHOLE = {"features": "x1,x2,x1*x2", "hidden": "8,8", "optimizer": "adam", "noise": "0.2", "activation": "relu"}
NONSENSE = ["", " ", "@@", "<b>", "nan", "1;2;three", "%zz", "\x00", "ε", "null", "[]", "x" * 3000]


def is_said_once(notes: Any) -> bool:
    return len(set(notes)) == len(notes) and all(note.endswith((".", "?")) and "\n" not in note for note in notes)


def test_a_plus_that_became_a_space_is_a_plus() -> None:
    experiment, notes = from_query({"features": "x1,x2,x1 x2,sin(x1) x2 -1", "hidden": "8,8", "optimizer": "adam"})
    assert experiment.problem.features == ("x1", "x2", "x1+x2", "sin(x1)+x2+-1")
    assert (experiment.structure.hidden, experiment.structure.optimizer) == ((8, 8), "adam")
    assert len(notes) == 2
    raw = open_link(OWN + "features=x1,x2,x1+x2&hidden=8,8&optimizer=adam")
    assert raw.experiment.problem.features == ("x1", "x2", "x1+x2")
    assert raw.experiment.structure.hidden == (8, 8)


@settings(max_examples=150, deadline=None)
@given(experiments(), st.data(), st.sampled_from(NONSENSE))
def test_any_damaged_field_costs_that_field_alone(experiment: Experiment, data: st.DataObject, nonsense: str) -> None:
    query = to_query(experiment)
    assume(query)
    name = data.draw(st.sampled_from(list(query)))
    damaged, notes = from_query(query | {name: nonsense})
    without, _ = from_query({other: text for other, text in query.items() if other != name})
    if isinstance(RULES[name], Several | OneOrEach) and nonsense in ("", " ", "[]", "null"):
        return  # a list of nothing may be meant
    assert damaged == without
    assert any(note.startswith(f"{name} is left out") for note in notes)
    assert is_said_once(notes)


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "features"])
@pytest.mark.parametrize(
    "read", [lambda query: open_address([*query.items()]), lambda query: open_link(OWN + urlencode(query))]
)
def test_in_the_address_and_pasted_alike(read: Any, name: str) -> None:
    opened = read(WHOLE | {name: "@@"})
    rest = from_query({other: text for other, text in WHOLE.items() if other != name})[0]
    assert opened.experiment == rest
    assert [note for note in opened.notes if note.startswith(f"{name} is left out")]


LIMITED = {name: rule for name, rule in RULES.items() if isinstance(rule, Number | Integer)}


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("side", ["low", "high"])
def test_beyond_a_limit_the_limit_is_taken(name: str, side: str) -> None:
    limit = getattr(LIMITED[name], side)
    beyond = {"low": limit - 1, "high": limit * 1000 + 1}[side]
    dataset = {"dataset": "blobs"} if name == "classes" else {}
    experiment, notes = from_query(dataset | {name: repr(beyond)})
    expected = {("classes", "low"): 2, ("classes", "high"): 8}.get((name, side), limit)
    value = field_value(experiment, name)
    assert value == expected or (
        name == "classes"
        and side == "high"
        and value == field_value(from_query({"dataset": "blobs", "classes": str(value)})[0], "classes")
    )
    assert notes
    assert all(note.startswith(f"{name} is taken as ") for note in notes)
    assert is_said_once(notes)


def test_lists_beyond_a_limit_are_cut_there() -> None:
    experiment, notes = from_query({"hidden": ",".join(["100"] * 10), "activation": ",".join(["relu"] * 10)})
    assert experiment.structure.hidden == (64,) * 8
    assert experiment.structure.activations == ("relu",) * 8
    assert is_said_once(notes)
    painted = ";".join(f"{i % 7},{i % 5},{i % 2}" for i in range(400))
    experiment, notes = from_query({"painted": painted})
    assert (len(experiment.problem.painted), len(notes)) == (300, 1)
    handout, notes = handout_of({"title": "x" * 500, "words": "y" * 5000})
    assert (len(handout.title), len(handout.words), len(notes)) == (120, 1000, 2)


def test_what_issues_a_wrong_number_of_sentences() -> None:
    _, notes = from_query({f"name{i}": "1" for i in range(50)})
    assert len(notes) == 1
    _, notes = from_query({"features": ",".join(f"q{i}" for i in range(60)) + ",x1"})
    assert len(notes) == 1
    assert "59 more" in notes[0]


def test_a_wrong_point_is_left_out_alone() -> None:
    experiment, notes = from_query({"painted": "1,1,0;2,2,7;a,b,c;3;300,-300,1"})
    assert experiment.problem.painted == ((1, 1, 0), (100, -100, 1))
    assert is_said_once(notes)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", "0,1", 0.1),
        ("learning_rate", "1e-3", 0.001),
        ("learning_rate", "1e\u22123", 0.001),
        ("learning_rate", " 0.1 ", 0.1),
        ("noise", "10%", 0.1),
        ("noise", "10 %", 0.1),
        ("samples", "1,000", 1000),
        ("samples", "1 000", 1000),
        ("samples", "1'000", 1000),
        ("samples", "1e3", 1000),
        ("schedule_steps", "1e 3", 1000),
        ("hidden", "8 8", (8, 8)),
        ("hidden", "8x8", (8, 8)),
        ("hidden", "[8, 8]", (8, 8)),
        ("hidden", "8%2C8", (8, 8)),
        ("activation", "ReLU", "relu"),
        ("activation", "Leaky-ReLU", "leaky_relu"),
        ("residual", "True", True),
        ("residual", "1", True),
        ("features", "x1; x2", ("x1", "x2")),
        ("features", "x1,x1,x2", ("x1", "x2")),
        ("features", "x1,whatever,x2", ("x1", "x2")),
    ],
)
def test_what_can_mean_one_thing_alone_is_read_so(name: str, text: str, value: Any) -> None:
    experiment, notes = from_query({name: text})
    assert field_value(experiment, name) == value
    assert is_said_once(notes)
    assert not [note for note in notes if "left out" in note]


def test_a_number_that_may_be_two_is_left_out() -> None:
    experiment, notes = from_query({"schedule_steps": "1,000"})
    assert experiment == Experiment()
    assert notes[0].startswith("schedule_steps is left out")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("noise=2000", "noise", 0.5),
        ("noise=-5", "noise", 0.0),
        ("percTrainData=500", "train_fraction", 1.0),
        ("percTrainData=0", "train_fraction", 0.1),
        ("learningRate=1000", "learning_rate", 10.0),
        ("batchSize=1000000", "batch_size", 5000),
        ("batchSize=0", "batch_size", 1),
        ("networkShape=4,4,4,4,4,4,4,4,4,4", "hidden", (4,) * 8),
        ("networkShape=400,4", "hidden", (64, 4)),
        ("regularization=L2&regularizationRate=99", "l2", 10.0),
        ("activation=ReLU", "activation", "relu"),
        ("learningRate=0,1", "learning_rate", 0.1),
        ("learningrate=0.1", "learning_rate", 0.1),
    ],
)
def test_limits_and_repairs_of_a_link_of_tensorflow_playground(text: str, field: str, value: Any) -> None:
    opened = from_tensorflow_playground(PEER + text + "&dataset=spiral&xTimesY=true")
    assert field_value(opened.experiment, field) == value
    assert opened.experiment.problem.dataset == "spiral"
    assert "x1_x2" in opened.experiment.problem.features
    assert len(opened.notes) == (text != "learningrate=0.1")


def test_a_share_of_tensorflow_playground_is_said_in_per_cent() -> None:
    notes = from_tensorflow_playground(PEER + "noise=2000&percTrainData=5").notes
    assert [note.partition(":")[0] for note in notes] == ["noise is taken as 50 %", "percTrainData is taken as 10 %"]


PEER_FIELDS = (
    *("activation", "batchSize", "dataset", "learningRate", "regularization", "regularizationRate", "noise"),
    *("networkShape", "percTrainData", "problem", "initZero", "xTimesY", "discretize", "playButton_hide"),
)
PEER_LINK = {
    "activation": "relu",
    "batchSize": "30",
    "dataset": "spiral",
    "learningRate": "0.1",
    "regularization": "L2",
    "regularizationRate": "0.01",
    "noise": "35",
    "networkShape": "8,6",
    "percTrainData": "70",
    "seed": "0.5",
    "problem": "classification",
    "initZero": "true",
    "xTimesY": "true",
    "discretize": "true",
    "playButton_hide": "true",
}


@pytest.mark.parametrize("key", PEER_FIELDS)
@pytest.mark.parametrize("nonsense", ["@@", "nan", "<b>"])
def test_a_damaged_key_of_tensorflow_playground_costs_that_key_alone(key: str, nonsense: str) -> None:
    def opened(values: dict[str, str]) -> Any:
        return from_tensorflow_playground(PEER + "&".join(f"{name}={quote(text)}" for name, text in values.items()))

    damaged, without = opened(PEER_LINK | {key: nonsense}), opened({k: v for k, v in PEER_LINK.items() if k != key})
    assert (damaged.experiment, damaged.handout) == (without.experiment, without.handout)
    assert [note for note in damaged.notes if note.startswith(f"{key} is left out")]
    assert is_said_once(damaged.notes)


@settings(max_examples=150, deadline=None)
@given(experiments(), st.sampled_from([name for name in WRAPPERS if name != "settings encoded"]))
def test_every_experiment_survives_every_wrapper(experiment: Experiment, wrapper: str) -> None:
    query = to_query(experiment)
    assume(query)
    assert open_link(WRAPPERS[wrapper](OWN + urlencode(query))).experiment == experiment


PLAIN = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="%&+\\"), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(PLAIN, PLAIN)
def test_a_handout_s_words_are_not_put_right(title: str, words: str) -> None:
    handout = Handout(title=title, words=words, lock=("noise",))
    query = handout_query(handout)
    assert open_link(OWN + urlencode(query)).handout == handout
    assert open_address([*query.items()]).handout == handout


@pytest.mark.parametrize("text", [*(f"https://{host}/abc" for host in sorted(SHORTENERS)), OWN + "z=1broken"])
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(PlaygroundError, match=r"forwards|short link"):
        open_link(text)


def test_a_wrapper_that_hides_its_link_is_no_default_experiment() -> None:
    with pytest.raises(PlaygroundError):
        open_link("https://protect-eu.mimecast.com/s/" + "AbCdEf0123456789" * 5)


def test_on_the_command_line_too() -> None:
    text = WRAPPERS["Safe Links"](OWN + "noise=2000&hidden=8,8")
    done = subprocess.run(
        [sys.executable, "-m", "playground", "link", text], capture_output=True, text=True, check=True, timeout=120
    )
    assert Experiment.from_json(done.stdout) == Experiment.of(noise=0.5, hidden=[8, 8])
    assert [line[:6] for line in done.stderr.splitlines()] == ["note: "] * 2


def test_rules_that_can_be_damaged_are_all_known() -> None:
    """Another kind of rule needs an answer to what a damaged value of it becomes."""
    assert {type(rule) for rule in (*RULES.values(), *HANDOUT_RULES.values())} >= {Number, Integer, Choice, Flag, Text}
    assert to_text((1, 2)) == "1,2"

"""Links of TensorFlow Playground, key by key, and whatever else somebody may paste."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.experiment import Experiment, Handout, handout_of, handout_query, to_query
from playground.experiment.links.parse import open_link
from playground.experiment.links.tensorflow_playground import HIDDEN, from_tensorflow_playground

SITE = "https://playground.tensorflow.org/#"
WHOLE = (
    "activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&regularizationRate=0&noise=0"
    "&networkShape=4,2&seed=0.87412&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
    "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false&problem=classification"
    "&initZero=false&hideText=false"
)


def opened(text: str) -> dict[str, Any]:
    """All fields of the experiment that a link gives, without a word of complaint."""
    found = from_tensorflow_playground(SITE + text)
    assert found.notes == ()
    parts = found.experiment.to_dict()
    return {name: value for part in parts.values() for name, value in part.items()}


def test_the_link_that_the_site_itself_begins_with() -> None:
    fields = opened(WHOLE)
    expected = {
        "dataset": "circle",
        "samples": 500,
        "noise": 0,
        "train_fraction": 0.5,
        "features": ["x1", "x2"],
        "hidden": [4, 2],
        "activation": "tanh",
        "output_activation": "tanh",
        "initializer": "tf_playground",
        "loss": "mse",
        "optimizer": "sgd",
        "batch_size": 10,
        "learning_rate": 0.03,
        "l1": 0,
        "l2": 0,
    }
    assert {name: fields[name] for name in expected} == expected
    assert {name: opened("")[name] for name in expected} == expected, "its defaults"


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("activation=relu", "activation", "relu"),
        ("activation=sigmoid", "activation", "sigmoid"),
        ("activation=linear", "activation", "identity"),
        ("regularization=L1&regularizationRate=0.01", "l1", 0.01),
        ("regularization=L2&regularizationRate=0.3", "l2", 0.3),
        ("regularization=none&regularizationRate=0.3", "l2", 0),
        ("batchSize=30", "batch_size", 30),
        ("dataset=xor", "dataset", "xor"),
        ("dataset=gauss", "dataset", "gauss"),
        ("dataset=spiral", "dataset", "spiral"),
        ("problem=regression", "dataset", "plane"),
        ("problem=regression&regDataset=reg-gauss", "dataset", "six_bumps"),
        ("problem=regression", "samples", 1200),
        ("problem=regression", "output_activation", "identity"),
        ("problem=regression&dataset=spiral", "dataset", "plane"),
        ("learningRate=3", "learning_rate", 3),
        ("learningRate=0.00001", "learning_rate", 1e-5),
        ("noise=35", "noise", 0.35),
        ("networkShape=8,8,8,8,8,8", "hidden", [8] * 6),
        ("networkShape=", "hidden", []),
        ("percTrainData=70", "train_fraction", 0.7),
        ("x=false", "features", ["x2"]),
        ("y=false", "features", ["x1"]),
        ("xSquared=true", "features", ["x1", "x2", "x1_squared"]),
        ("ySquared=true", "features", ["x1", "x2", "x2_squared"]),
        ("xTimesY=true", "features", ["x1", "x2", "x1_x2"]),
        ("cosX=true", "features", ["x1", "x2", "cos_x1"]),
        ("sinX=true", "features", ["x1", "x2", "sin_x1"]),
        ("cosY=true", "features", ["x1", "x2", "cos_x2"]),
        ("sinY=true", "features", ["x1", "x2", "sin_x2"]),
        ("initZero=true", "initializer", "zeros"),
    ],
)
def test_each_key_sets_its_field(key: str, field: str, value: object) -> None:
    assert opened(key)[field] == value


def test_a_seed_is_a_text_there_and_the_same_number_here_each_time() -> None:
    first, again, other = (opened(f"seed={seed}") for seed in ("0.5", "0.5", "abc"))
    assert first["seed"] == again["seed"] == first["init_seed"]
    assert first["seed"] != other["seed"]


def test_what_is_shown_and_hidden_becomes_a_handout() -> None:
    found = from_tensorflow_playground("showTestData=true&discretize=true&playButton_hide=true&dataset_hide=false")
    assert found.handout == Handout(hide=("play",), show=("test", "discretize"))
    for control, ours in HIDDEN.items():
        hidden = from_tensorflow_playground(f"{control}_hide=true")
        assert set(hidden.handout.hide) == set(ours)
        assert bool(hidden.notes) == (not ours)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("collectStats=true", "collectStats"),
        ("tutorial=dp1", "tutorial"),
        ("hideText=true", "hideText"),
        ("problem=regression&regDataset=reg-argmax", "reg-argmax"),
        ("activation=swish", "swish"),
        ("learningRate=NaN", "learningRate"),
        ("batchSize=-1", "batchSize"),
        ("networkShape=4,x", "networkShape"),
        ("networkShape=1,1,1,1,1,1,1,1,1", "networkShape"),
        ("what=1", "what"),
        ("x=false&y=false", "feature"),
        ("regularizationRate=1e999", "regularizationRate"),
        ("nothing_hide=true", "nothing_hide"),
    ],
)
def test_what_has_no_counterpart_or_makes_no_sense_is_named(text: str, named: str) -> None:
    found = from_tensorflow_playground(SITE + text)
    assert len(found.notes) == 1
    assert named in found.notes[0]


def test_our_own_links_open_too() -> None:
    experiment = Experiment.of(dataset="spiral", hidden=[8, 8], l2=0.01)
    handout = Handout(title="A & B", words="Solve it.", hide=("noise",), lock=("hidden",), playing=True)
    text = "http://localhost:8501/?" + urlencode(to_query(experiment) | handout_query(handout) | {"embed": "true"})
    found = open_link(text)
    assert (found.experiment, found.handout, found.notes) == (experiment, handout, ())
    assert open_link("https://example.org/").experiment == Experiment()


@pytest.mark.parametrize(
    "text", ["", "hello", "<script>", "https://example.org/?q=1", "x" * 30_000, "http://[", "javascript:alert(1)"]
)
def test_what_is_no_link_is_answered_in_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError):
        open_link(text)


@given(st.text(max_size=200))
def test_any_text_gives_an_experiment_or_a_sentence(text: str) -> None:
    for link in (text, SITE + text, "http://localhost/?" + text):
        with suppress(PlaygroundError):
            assert isinstance(open_link(link).experiment, Experiment)


KEYS = st.sampled_from(
    ["dataset", "networkShape", "noise", "seed", "x", "learningRate", "play_hide", "problem", "regDataset", "hide"]
)


@given(st.dictionaries(KEYS, st.text(max_size=12)))
def test_any_values_of_known_keys_give_an_experiment(values: dict[str, str]) -> None:
    text = SITE + "&".join(f"{name}={value}" for name, value in values.items())
    assert isinstance(from_tensorflow_playground(text).experiment, Experiment)


def test_a_handout_passes_over_controls_that_do_not_exist() -> None:
    handout, complaints = handout_of({"hide": "noise,nosie", "lock": "hidden", "playing": "maybe", "title": "x" * 500})
    assert (handout.hide, handout.lock, handout.title, handout.playing) == (("noise",), ("hidden",), "x" * 120, False)
    assert len(complaints) == 3
    assert any("'nosie'" in one and "noise" in one for one in complaints)

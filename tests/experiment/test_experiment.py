"""Experiments: partial specs are filled in, bad ones answered in one sentence, and JSON and link give the same back."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment, PlaygroundError
from playground.datasets import DATASETS
from playground.experiment import PARTS, from_query, replace_field, schema, to_query
from playground.experiment.fields import Number
from playground.experiment.links.query import RULES
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES, fitting_losses
from playground.objectives.optimizers import OPTIMIZERS


def test_default_is_what_tensorflow_playground_opens_with() -> None:
    default = Experiment()
    assert (default.problem.dataset, default.problem.samples, default.problem.train_fraction) == ("circle", 500, 0.5)
    assert (default.structure.hidden, default.structure.activation, default.structure.batch_size) == (
        (4, 2),
        "tanh",
        10,
    )
    assert default.knobs.learning_rate == 0.03
    assert Experiment.from_dict({}) == default


def test_json_gives_the_same_experiment_back() -> None:
    experiment = Experiment.of(
        dataset="wine", hidden=[8, 3], activation=["relu", "tanh"], loss="softmax_cross_entropy", l2=0.01
    )
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert json.loads(experiment.to_json()).keys() == PARTS.keys()


def test_what_is_left_out_suits_what_is_given() -> None:
    assert Experiment.of(dataset="iris").problem.features == DATASETS["iris"].columns
    assert Experiment.of(dataset="iris").problem.standardize
    assert Experiment.of(dataset="plane").structure.output_activation == "identity"
    assert Experiment.of(loss="binary_cross_entropy").structure.output_activation == "identity"
    assert Experiment.of(optimizer="adam").knobs.learning_rate == 0.001
    assert Experiment.of(optimizer="adam", learning_rate=0.5).knobs.learning_rate == 0.5


def test_a_problems_loss_and_output_are_its_defaults_until_others_are_chosen() -> None:
    def recipe(experiment: Experiment) -> tuple[str, str]:
        return experiment.structure.loss, experiment.structure.output_activation

    usual = Experiment()
    assert recipe(Experiment.of(dataset="blobs", classes=5)) == ("softmax_cross_entropy", "identity")
    assert recipe(usual) == ("mse", "tanh"), "as TensorFlow Playground has it"
    plane = replace_field(usual, "dataset", "plane")
    assert recipe(plane) == ("mse", "identity"), "a tanh could not reach the targets"
    blobs = replace_field(replace_field(plane, "dataset", "blobs"), "classes", 5)
    assert recipe(blobs) == ("softmax_cross_entropy", "identity")
    assert recipe(replace_field(blobs, "dataset", "circle")) == ("mse", "tanh")
    chosen = replace_field(replace_field(usual, "loss", "huber"), "output_activation", "sine")
    assert recipe(replace_field(chosen, "dataset", "spiral")) == ("huber", "sine")
    assert recipe(replace_field(chosen, "dataset", "plane")) == ("huber", "identity"), "no sine fits a regression"
    bounded = replace_field(plane, "output_activation", "tanh")
    assert recipe(replace_field(bounded, "dataset", "six_bumps")) == ("mse", "tanh"), "chosen, and it fits"


BAD = {
    "unknown loss": ({"structure": {"loss": "mes"}}, "mse"),
    "unknown dataset": ({"problem": {"dataset": "spirl"}}, "spiral"),
    "unknown part": ({"problems": {}}, "problem"),
    "unknown field": ({"knobs": {"learning_rat": 1}}, "learning_rate"),
    "wide layer": ({"structure": {"hidden": [9999]}}, "64"),
    "many layers": ({"structure": {"hidden": [1] * 9}}, "0 to 8"),
    "not a list": ({"structure": {"hidden": 4}}, "list"),
    "nan": ({"knobs": {"learning_rate": math.nan}}, "0 to 10"),
    "infinite": ({"knobs": {"l2": math.inf}}, "0 to 10"),
    "huge integer": ({"knobs": {"l2": 10**400}}, "0 to 10"),
    "text": ({"knobs": {"l2": "much"}}, "number"),
    "true is no number": ({"knobs": {"l2": True}}, "number"),
    "fraction of samples": ({"problem": {"samples": 100.5}}, "whole"),
    "too few samples": ({"problem": {"samples": 10}}, "50"),
    "activation count": ({"structure": {"hidden": [2, 2], "activation": ["relu"]}}, "one a layer"),
    "classes": ({"problem": {"dataset": "circle", "classes": 3}}, "classes"),
    "task": ({"problem": {"dataset": "circle", "task": "regression"}}, "classification"),
    "features": ({"problem": {"features": ["x1", "x1_squard"]}}, "x1_squared"),
    "no features": ({"problem": {"features": []}}, "1 to 64"),
    "one feature twice": ({"problem": {"features": ["x1", "x1"]}}, "once"),
    "hinge on a regression": ({"problem": {"dataset": "plane"}, "structure": {"loss": "hinge"}}, "mse"),
    "tanh before cross-entropy": (
        {"structure": {"loss": "binary_cross_entropy", "output_activation": "tanh"}},
        "identity",
    ),
    "batch norm of one": ({"structure": {"normalization": "batch", "batch_size": 1}}, "batch_size"),
    "a list": ([], "object"),
    "nothing": (None, "object"),
    "part is a list": ({"knobs": [1]}, "knobs"),
    "unhashable name": ({"structure": {"optimizer": ["adam"]}}, "optimizer"),
}


@pytest.mark.parametrize(("data", "cure"), BAD.values(), ids=BAD.keys())
def test_bad_input_gets_one_sentence_with_the_cure(data: object, cure: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        Experiment.from_dict(data)
    message = str(caught.value)
    assert cure in message
    assert "\n" not in message
    assert len(message) < 700


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, "nul", '{"knobs": {"l2": NaN}}', b"\xff\xfe", '{"knobs": "' + "x" * 2_000_000 + '"}'],
)
def test_text_that_is_no_experiment(text: str | bytes) -> None:
    with pytest.raises(PlaygroundError):
        Experiment.from_json(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*PARTS, *RULES]) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_anything_is_an_experiment_or_a_sentence(data: object) -> None:
    try:
        experiment = Experiment.from_dict(data)
    except PlaygroundError:
        return
    assert Experiment.from_dict(experiment.to_dict()) == experiment


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    dataset = draw(st.sampled_from(list(DATASETS)))
    entry = DATASETS[dataset]
    classes = draw(st.integers(entry.classes[1], entry.classes[2]))
    task = "regression" if entry.task == "regression" else "binary" if classes == 2 else "multiclass"
    knobs = {
        name: draw(st.floats(rule.low, rule.high))
        for name, rule in RULES.items()
        if isinstance(rule, Number) and name in ("l1", "l2", "learning_rate", "dropout") and draw(st.booleans())
    }
    loss = draw(st.sampled_from(fitting_losses(task)))
    return Experiment.of(
        dataset=dataset,
        classes=classes,
        hidden=draw(st.lists(st.integers(1, 64), max_size=8)),
        activation=draw(st.sampled_from(list(ACTIVATIONS))),
        loss=loss.name,
        output_activation=draw(st.sampled_from(loss.output_activations[task])),
        optimizer=draw(st.sampled_from(list(OPTIMIZERS))),
        seed=draw(st.integers(0, 2**31 - 1)),
        noise=draw(st.sampled_from([0.0, 0.1, 0.5])),
        **knobs,
    )


@settings(max_examples=200, deadline=None)
@given(experiments())
def test_link_gives_the_same_experiment_back(experiment: Experiment) -> None:
    again, complaints = from_query(to_query(experiment))
    assert complaints == []
    assert again == experiment


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*RULES, "evil"]),
        st.text(max_size=30) | st.sampled_from(["nan", "1e999", "-1", "9999", "a,b"]),
        max_size=6,
    )
)
def test_hostile_links_give_an_experiment_and_sentences(query: dict[str, str]) -> None:
    experiment, complaints = from_query(query)
    assert isinstance(experiment, Experiment)
    assert all(isinstance(one, str) and one for one in complaints)


def test_a_link_of_a_hundred_thousand_characters_gives_the_default_and_a_sentence() -> None:
    experiment, complaints = from_query({"hidden": "9" * 100_000})
    assert experiment == Experiment()
    assert len(complaints) == 1
    assert len(complaints[0]) < 200


@settings(max_examples=150, deadline=None)
@given(experiments(), st.data())
def test_every_offered_change_is_allowed(experiment: Experiment, data: st.DataObject) -> None:
    dataset = data.draw(st.sampled_from(list(DATASETS)))
    after = replace_field(experiment, "dataset", dataset)
    assert after.problem.dataset == dataset
    optimizer = data.draw(st.sampled_from(list(OPTIMIZERS)))
    assert replace_field(after, "optimizer", optimizer).structure.optimizer == optimizer
    loss = data.draw(st.sampled_from(fitting_losses(after.task)))
    assert replace_field(after, "loss", loss.name).structure.loss == loss.name


def test_schema_names_every_field_and_its_default_is_allowed() -> None:
    parts = schema()["properties"]
    for part, kind in PARTS.items():
        assert parts[part]["properties"].keys() == kind.__dataclass_fields__.keys()
    assert set(parts["structure"]["properties"]["loss"]["enum"]) == set(LOSSES)


def test_a_name_like_no_other_is_answered_by_four_at_most() -> None:
    for field in ("dataset", "optimizer", "activation"):
        with pytest.raises(PlaygroundError) as refused:
            Experiment.of(**{field: "12"})
        listed = str(refused.value).partition("choose one of ")[2].partition(" or others")[0].split(", ")
        assert 1 <= len(listed) <= 4
        assert len(str(refused.value)) < 120

"""An error about a field names it in ``field``: nobody has to look for it in the sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.datasets.splitting import split
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.experiment import nest
from playground.experiment.links.query import RULES
from playground.training.data import prepare

OF_NO_KIND = {"nothing": "of any kind"}
"""No field's value."""


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    "value", [OF_NO_KIND, "no such name", float("nan"), [OF_NO_KIND], [1e9] * 999, -1e30, "x" * 9999]
)
def test_a_value_that_is_not_allowed_is_an_error_of_its_field(name: str, value: Any) -> None:
    errors: list[PlaygroundError] = []
    try:
        Experiment.from_dict(nest({name: value}))
    except PlaygroundError as error:
        errors.append(error)
    assert [error.field for error in errors] in ([name], [])
    assert errors or value is not OF_NO_KIND, "every field refuses it"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("axes", {"dataset": "wine", "features": ["alcohol", "hue"], "axes": ["alcohol"]}),
        ("axes", {"dataset": "wine", "features": ["alcohol", "hue"], "axes": ["alcohol", "ash"]}),
        ("task", {"dataset": "wine", "task": "regression"}),
        ("classes", {"dataset": "circle", "classes": 7}),
        ("features", {"dataset": "circle", "features": ["x1", "x3"]}),
        ("features", {"dataset": "circle", "features": ["x1", "sin("]}),
        ("painted", {"dataset": "wine", "painted": [[0, 0, 1]]}),
        ("painted", {"dataset": "circle", "painted": [[0, 0, 5]]}),
        ("only_painted", {"dataset": "circle", "only_painted": True}),
        ("dataset", {"dataset": "table"}),
        ("activation", {"hidden": [2, 2], "activation": ["relu"]}),
        ("batch_size", {"normalization": "batch", "batch_size": 1}),
        ("loss", {"dataset": "plane", "loss": "hinge"}),
        ("output_activation", {"dataset": "circle", "loss": "binary_cross_entropy", "output_activation": "tanh"}),
    ],
)
def test_a_contradiction_is_an_error_of_one_of_its_fields(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(PlaygroundError) as raised:
        Experiment.from_dict(nest(values))
    assert raised.value.field == field


def test_what_only_the_data_show_is_an_error_of_a_field_as_well() -> None:
    with pytest.raises(PlaygroundError) as raised:
        prepare(Experiment.of(dataset="circle", features=["x1", "1/(x1-x1)"]))
    assert raised.value.field == "features"
    with pytest.raises(PlaygroundError) as raised:
        split(None, np.zeros(3), 0.0)
    assert raised.value.field == "train_fraction"

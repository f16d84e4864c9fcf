"""Every choice says what it is: a sentence, a formula, a source, and knobs that exist."""

from __future__ import annotations

import dataclasses

import pytest

from playground.experiment import Knobs
from playground.nn.activations import ACTIVATIONS
from playground.nn.initializers import INITIALIZERS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.objectives.schedules import SCHEDULES
from playground.registry import Entry

REGISTRIES = (ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES)
ENTRIES = [pytest.param(entry, id=f"{r.noun}-{entry.name}") for r in REGISTRIES for entry in r.values()]
KNOBS = {field.name for field in dataclasses.fields(Knobs)}


@pytest.mark.parametrize("entry", ENTRIES)
def test_words(entry: Entry) -> None:
    assert entry.label.strip() == entry.label != ""
    assert entry.explanation.endswith(".")
    assert entry.explanation[0].isupper()
    assert ". " not in entry.explanation, "one sentence"
    assert len(entry.source) > 3


@pytest.mark.parametrize("entry", ENTRIES)
def test_formula_is_balanced_tex(entry: Entry) -> None:
    tex = entry.formula
    assert tex
    assert "$" not in tex
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left(") == tex.count(r"\right)")
    assert "\t" not in tex, "a \\t that was not raw"


@pytest.mark.parametrize("entry", ENTRIES)
def test_knobs_exist(entry: Entry) -> None:
    assert set(entry.knobs) <= KNOBS


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.noun)
def test_labels_differ(registry) -> None:
    labels = [entry.label for entry in registry.values()]
    assert len(set(labels)) == len(labels)

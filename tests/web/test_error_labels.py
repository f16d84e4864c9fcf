"""An error about a field is shown under the label that the page gives the field."""

from __future__ import annotations

import pytest

from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.experiment.experiment import nest
from playground.experiment.links.query import RULES
from playground.web.session import with_label

OF_NO_KIND = {"nothing": "of any kind"}
"""No field's value."""


@pytest.mark.parametrize("name", RULES)
def test_the_page_says_the_field_s_label(name: str) -> None:
    with pytest.raises(PlaygroundError) as raised:
        Experiment.from_dict(nest({name: OF_NO_KIND}))
    sentence = str(raised.value)
    if " must " in sentence:
        assert with_label(raised.value) == sentence.replace(f"{name} must ", f"{RULES[name].label} must ", 1)
    else:
        assert with_label(raised.value) == sentence


def test_the_page_labels_no_sentence_on_another_thing() -> None:
    assert with_label(PlaygroundError("dataset must come from you.")) == "dataset must come from you."
    assert with_label(PlaygroundError("classes contradict it.", field="classes")) == "classes contradict it."

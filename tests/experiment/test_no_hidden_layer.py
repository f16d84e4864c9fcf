"""However somebody says that there is no hidden layer, there is none; what is no size is refused in words that fit the
page."""

from __future__ import annotations

import json

import pytest

from playground.errors import PlaygroundError
from playground.experiment import Experiment, from_query, replace_field
from playground.experiment.links.hidden_text import parse_hidden
from playground.experiment.links.parse import open_link
from playground.live import Run
from playground.web.session import Session, new_name

LINKS = ("?hidden=", "?hidden=0")
PEERS = ("networkShape=0", "networkShape=")


@pytest.mark.parametrize("value", [[], 0, [0], "", "0", None])
def test_in_a_file_and_on_the_command_line(value: object) -> None:
    data = json.loads(json.dumps({"structure": {"hidden": value}}))
    assert Experiment.from_dict(data).structure.hidden == ()


@pytest.mark.parametrize("text", ["", "0", " 0 ", "[]", "[0]", "none"])
def test_in_the_field(text: str) -> None:
    assert replace_field(Experiment(), "hidden", parse_hidden(text)).structure.hidden == ()


@pytest.mark.parametrize("query", LINKS)
def test_in_a_link(query: str) -> None:
    opened = open_link(f"http://localhost:8501/{query}")
    assert (opened.experiment.structure.hidden, opened.notes) == ((), ())
    name, _, value = query.removeprefix("?").partition("=")
    assert from_query({name: value}) == (opened.experiment, [])


@pytest.mark.parametrize("fragment", PEERS)
def test_in_a_link_of_tensorflow_playground(fragment: str) -> None:
    opened = open_link(f"https://playground.tensorflow.org/#{fragment}")
    assert (opened.experiment.structure.hidden, opened.notes) == ((), ())


@pytest.mark.parametrize("value", [[4, 0], [65], [-1], "4, 0", False])
def test_what_is_no_size_is_refused(value: object) -> None:
    with pytest.raises(PlaygroundError, match=r"^hidden must"):
        replace_field(Experiment(), "hidden", value)


@pytest.mark.parametrize(("name", "value"), [("hidden", [4, 0]), ("learning_rate", 99.0), ("samples", 1)])
def test_a_sentence_of_limits_names_what_the_page_shows(name: str, value: object) -> None:
    experiment = Experiment.of(samples=60, hidden=[2])
    session = Session(experiment, Run(new_name(), experiment, wait=False))
    session.change(name, value)
    label = {"hidden": "Hidden layers", "learning_rate": "Learning rate", "samples": "Samples"}[name]
    (note,) = session.notes
    assert note.startswith(f"{label} must ")
    assert name not in note

"""A link cannot hold one's own rows: it opens what it says it does, and the file with the experiment's JSON is the same
run."""

from __future__ import annotations

import pytest

from playground import Experiment
from playground.datasets import Table, read_csv
from playground.experiment import OWN_DATA, replace_field
from playground.experiment.links.query import from_query, to_query
from playground.live import Run
from playground.web.session import Session
from playground.workspace.share import link_words, opens_words

TARGETS = {
    "two classes": lambda i: "ab"[i % 2],
    "three classes": lambda i: "abc"[i % 3],
    "a number": lambda i: f"{i * 1.5}",
}


def table_of(name: str) -> Table:
    return read_csv("size,weight,target\n" + "".join(f"{i},{i % 7},{TARGETS[name](i)}\n" for i in range(30)))


def session_of(experiment: Experiment, table: Table | None = None) -> Session:
    return Session(experiment, Run("r", experiment, table, wait=False), table)


@pytest.mark.parametrize("name", TARGETS)
def test_a_link_of_own_rows_opens_the_network_and_the_training_on_the_first_data(name: str) -> None:
    table = table_of(name)
    first = Experiment.of(hidden=[5, 3], optimizer="sgd", learning_rate=0.3)
    own = replace_field(first, "dataset", OWN_DATA, table)
    opened, complaints = from_query(to_query(own))
    assert not complaints
    assert opened == first
    said = link_words(session_of(own, table))
    assert "on Circle" in said
    assert said != opens_words(session_of(own, table)), "no sentence stands twice on the page"
    assert "same run," in link_words(session_of(first))
    assert "cannot" not in link_words(session_of(first))
    assert Experiment.from_json(own.to_json(), table) == own

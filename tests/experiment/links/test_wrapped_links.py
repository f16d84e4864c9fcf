"""A link survives whatever carries it: mail programs, chats, searches, quotation marks, line breaks."""

from __future__ import annotations

from itertools import product
from urllib.parse import urlencode

import pytest

from playground.experiment import Experiment, Handout, field_value, handout_query, to_query
from playground.experiment.links.parse import open_address, open_link
from playground.experiment.links.short_link import pack_query
from tests.experiment.links.wrappers import WRAPPERS

EXPERIMENT = Experiment.of(
    dataset="spiral", features=["x1", "x2", "x1+x2", "sin(2*x1)"], hidden=[8, 8], optimizer="adam", learning_rate=1e-3
)
HANDOUT = Handout(title="Groesser & kleiner: 50% von #1?", words="Try it.\n\n- Why?", lock=("noise",), playing=True)
OWN = "https://playground.example.org/?"
LINKS = {
    "own": OWN + urlencode(to_query(EXPERIMENT)),
    "own with a handout": OWN + urlencode(to_query(EXPERIMENT) | handout_query(HANDOUT)),
    "own, short": OWN + urlencode(pack_query(to_query(EXPERIMENT) | handout_query(HANDOUT))),
    "TensorFlow Playground": "https://playground.tensorflow.org/#activation=relu&batchSize=30&dataset=spiral&regDataset="
    "reg-plane&learningRate=0.1&regularization=L2&regularizationRate=0.001&noise=35&networkShape=8,6,4&seed=0.87412"
    "&showTestData=true&discretize=false&percTrainData=70&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false"
    "&cosX=false&sinX=true&cosY=false&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false"
    "&playButton_hide=true",
}


AMBIGUOUS = {("settings encoded", "own with a handout")}
"""Of which nothing tells an ampersand in the title from those between settings."""


@pytest.mark.parametrize(("wrapper", "kind"), [pair for pair in product(WRAPPERS, LINKS) if pair not in AMBIGUOUS])
def test_a_link_survives(wrapper: str, kind: str) -> None:
    plain = open_link(LINKS[kind])
    assert plain.notes == ()
    text = WRAPPERS[wrapper](LINKS[kind])
    opened = open_link(text)
    assert (opened.experiment, opened.handout) == (plain.experiment, plain.handout)
    assert len(opened.notes) <= 1, "what was undone is said in one sentence"


LINK_IN_WORDS = "Compare https://playground.tensorflow.org/#dataset=xor&networkShape=8,8&noise=5 with this."


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (OWN + "dataset=spiral?hidden=8,8", {"dataset": "spiral", "hidden": (8, 8)}),
        (OWN + "dataset=spiral&&hidden=8,8&", {"dataset": "spiral", "hidden": (8, 8)}),
        (OWN.replace("?", "#") + "dataset=spiral&hidden=8,8", {"dataset": "spiral", "hidden": (8, 8)}),
        (OWN.replace("?", "") + "dataset=spiral&hidden=8,8", {"dataset": "spiral", "hidden": (8, 8)}),
        (OWN + "Dataset=Spiral&HIDDEN=3", {"dataset": "spiral", "hidden": (3,)}),
        (OWN + "noise=0.1&noise=0.2", {"noise": 0.2}),
        (OWN + "hidden=8%EF%BC%8C8", {"hidden": (8, 8)}),
        (OWN + "hidden=8,8&learning_rate=0.0\u2026", {"hidden": (8, 8), "learning_rate": 0.03}),
        ("dataset=xor&hidden=8,8", {"dataset": "xor", "hidden": (8, 8)}),
        ("?hidden=8,8", {"hidden": (8, 8)}),
        ("#networkShape=8,8&dataset=xor", {"dataset": "xor", "hidden": (8, 8)}),
        ("playground.tensorflow.org/#dataset=xor", {"dataset": "xor"}),
        ("https://playground.tensorflow.org/#noise=5\u00aeDataset=reg-plane&problem=regression", {"dataset": "plane"}),
        (OWN + "networkShape=8,8&dataset=xor", {"dataset": "xor", "hidden": (8, 8)}),
        (OWN + urlencode({"hidden": "8,8", "words": LINK_IN_WORDS}), {"dataset": "circle", "hidden": (8, 8)}),
    ],
)
def test_other_damage(text: str, fields: dict[str, object]) -> None:
    experiment = open_link(text).experiment
    assert {name: field_value(experiment, name) for name in fields} == fields


@pytest.mark.parametrize(
    "pairs",
    [
        [("dataset", "spiral"), ("amp;hidden", "8,8")],
        [("dataset", "spiral&hidden=8,8")],
        [("dataset", "spiral?hidden=8,8")],
        [("url", OWN + "dataset=spiral&hidden=8,8")],
        [("noise", "0.2"), ("dataset", "spiral"), ("hidden", "8,8"), ("noise", "0"), ("z", "1broken")],
    ],
    ids=str,
)
def test_the_page_s_own_address_is_read_in_the_same_way(pairs: list[tuple[str, str]]) -> None:
    opened = open_address(pairs)
    assert opened.experiment == Experiment.of(dataset="spiral", hidden=[8, 8])
    assert opened.notes

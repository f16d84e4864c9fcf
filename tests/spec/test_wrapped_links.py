"""A link survives whatever carries it: mail programs, chats, searches, quotation marks, line breaks."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from playground.spec import Experiment, Lesson, lesson_query, to_query
from playground.spec.any_link import open_link
from playground.spec.short_link import pack_query
from tests.spec.wrappers import WRAPPERS

EXPERIMENT = Experiment.of(
    dataset="spiral", features=["x1", "x2", "x1+x2", "sin(2*x1)"], hidden=[8, 8], optimizer="adam", learning_rate=1e-3
)
LESSON = Lesson(title="Groesser & kleiner: 50% von #1?", words="Try it.\n\n- Why?", lock=("noise",), playing=True)
OWN = "https://playground.example.org/?"
LINKS = {
    "own": OWN + urlencode(to_query(EXPERIMENT)),
    "own with a lesson": OWN + urlencode(to_query(EXPERIMENT) | lesson_query(LESSON)),
    "own, short": OWN + urlencode(pack_query(to_query(EXPERIMENT) | lesson_query(LESSON))),
    "TensorFlow Playground": "https://playground.tensorflow.org/#activation=relu&batchSize=30&dataset=spiral&regDataset="
    "reg-plane&learningRate=0.1&regularization=L2&regularizationRate=0.001&noise=35&networkShape=8,6,4&seed=0.87412"
    "&showTestData=true&discretize=false&percTrainData=70&x=true&y=true&xTimesY=true&xSquared=false&ySquared=false"
    "&cosX=false&sinX=true&cosY=false&sinY=true&collectStats=false&problem=classification&initZero=false&hideText=false"
    "&playButton_hide=true",
}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_link_survives(wrapper: str, kind: str) -> None:
    if (wrapper, kind) == ("settings encoded", "own with a lesson"):
        pytest.skip("its title holds an ampersand, which cannot be told from the others any more")
    plain = open_link(LINKS[kind])
    assert plain.notes == ()
    text = WRAPPERS[wrapper](LINKS[kind])
    opened = open_link(text)
    assert (opened.experiment, opened.lesson) == (plain.experiment, plain.lesson)
    assert len(opened.notes) <= 1, "what was undone is said in one sentence"

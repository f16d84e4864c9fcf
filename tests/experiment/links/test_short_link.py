"""The short link: whatever is packed comes back, and whatever else comes is answered in a sentence, in bounded room."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.experiment import Experiment, Handout, handout_of, handout_query, to_query
from playground.experiment.handout_areas import RULE_SETS, controls_of
from playground.experiment.links.parse import open_link
from playground.experiment.links.short_link import DICTIONARY, MAX_BYTES, NAME, pack_query, unpack_query

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
HANDED_OUT = "1g6ZDBkhOYoAkEwYLHQtIMkW1FZqw3YsObzs8P7XIHgA"
WORDS = "Turn the learning rate until the loss falls fastest.\n\n- Which is **too high**?\n- Why?"


@given(st.dictionaries(TEXT.filter(lambda name: name != NAME), TEXT, max_size=8))
def test_what_is_packed_comes_back(query: dict[str, str]) -> None:
    packed = pack_query(query)
    assert unpack_query(packed) == query
    assert urlencode(packed) == "&".join(f"{name}={value}" for name, value in packed.items()), "nothing to escape"


@given(st.text(max_size=200) | st.from_regex(r"\A1[\w-]{0,120}\Z"))
def test_whatever_else_comes_is_read_or_refused_in_a_sentence_alone(value: str) -> None:
    try:
        found = unpack_query({NAME: value, "noise": "0.1"})
    except PlaygroundError:
        return
    assert found["noise"] == "0.1"


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 50_000_000])
def test_what_unpacks_to_more_than_any_link_holds_is_refused(size: int) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    bomb = base64.urlsafe_b64encode(deflate.compress(b"x\0" * (size // 2 + 1)) + deflate.flush()).rstrip(b"=").decode()
    with pytest.raises(PlaygroundError, match="short link"):
        unpack_query({NAME: "1" + bomb})


def test_a_link_that_was_handed_out_stays_readable() -> None:
    """Made by the first version of the format: another dictionary would be another version."""
    assert unpack_query({NAME: HANDED_OUT}) == {
        "dataset": "spiral",
        "hidden": "8,8",
        "lock": "~data,~network",
        "title": "Größer?",
    }


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_usual_handout_s_link_is_under_200_characters(name: str) -> None:
    hide, lock = controls_of(RULE_SETS[name])
    handout = Handout(title="Which learning rate?", words=WORDS, hide=hide, lock=lock, playing=True)
    experiment = Experiment.of(dataset="spiral", hidden=[8, 8], optimizer="adam", learning_rate=0.01)
    link = "https://playground.example.org/?" + urlencode(pack_query(to_query(experiment) | handout_query(handout)))
    assert len(link) < 200
    opened = open_link(link)
    assert (opened.experiment, opened.handout, opened.notes) == (experiment, handout, ())
    assert handout_of(handout_query(handout)) == (handout, [])

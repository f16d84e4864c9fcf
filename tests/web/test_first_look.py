"""What is seen before Streamlit's scripts have run."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from playground.experiment import Experiment
from playground.web.first_look import MAX_QUERY_CHARS, first_look


def drawing(html: str) -> ElementTree.Element:
    """The network's drawing, which is XML."""
    return ElementTree.fromstring(
        html[html.index("<svg") : html.index("</svg>") + 6].replace("class=off", 'class="off"')
    )


@pytest.mark.parametrize(
    ("query", "nodes", "links"),
    [
        ("", 2 + 6 + 1, 2 * 4 + 4 * 2 + 2),
        ("hidden=3,5&features=x1", 1 + 8 + 1, 3 + 15 + 5),
        ("hidden=&features=x1,x2,radius", 3 + 1, 3),
        ("dataset=iris&hidden=2", 4 + 2 + 3, 4 * 2 + 2 * 3),
        ("hidden=64,64,64,64,64,64,64,64", 2 + 8 * 64 + 1, 0),
    ],
)
def test_the_links_network_is_drawn(query: str, nodes: int, links: int) -> None:
    assert len(first_look(query)) < 100_000
    svg = drawing(first_look(query))
    assert (len(svg.findall("rect")), len(svg.findall("g/path"))) == (nodes, links)


def test_what_the_link_chooses_is_said_and_what_its_handout_hides_is_not() -> None:
    assert Experiment().knobs.learning_rate == 0.03
    for words in ("Circle", "Tanh", "Half squared error", "SGD", "0.03", "4 - 2, Glorot uniform"):
        assert f">{words}<" in first_look("")
    other = first_look("dataset=spiral&optimizer=adam&learning_rate=0.1&hide=loss")
    for words in ("Spiral", "Adam", "0.1"):
        assert f"<i>{words}</i>" in other
    assert "Half squared error" not in other


@pytest.mark.parametrize(
    "query",
    [
        "hidden=<script>alert(1)</script>",
        "features=<b>,x1&title=<img+src=x>&words=<i>y</i>",
        "hidden=9999,-1&dataset=nothing&noise=nan",
        "%ff%00&&&===",
        "dataset=own",
        "x=" + MAX_QUERY_CHARS * "<",
    ],
)
def test_whatever_a_link_holds_is_no_markup_and_no_failure(query: str) -> None:
    html = first_look(query)
    assert html.startswith('<div id="first-look"')
    for markup in ("<script>alert", "<b>,", "<img", "<i>y", "<<"):
        assert markup not in html


def test_an_embedded_stage_has_none_and_another_page_its_frame() -> None:
    assert first_look("embed=true&hidden=3") == ""
    assert "<svg" not in first_look(None)
    assert "Neural Playground" in first_look(None)

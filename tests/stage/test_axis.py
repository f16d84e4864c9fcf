"""Ticks of a log axis: at least two, inside of it, and never so near that their labels touch."""

from __future__ import annotations

import json
from itertools import pairwise, product
from math import log10
from pathlib import Path

from tests.stage.scripts import run_module

AXIS = (Path(__file__).parents[2] / "static" / "charts" / "axis.js").as_uri()
LABEL = 12
"""Height of a label in CSS pixels."""


def test_log_axes_have_two_ticks_or_more_that_do_not_touch() -> None:
    lows = [m * 10.0**e for m in (1, 2, 5) for e in (-10, -4, -1, 0, 3)]
    cases = [
        [low, low * span, length]
        for low, span, length in product(lows, (4.9, 5, 10, 12, 40, 100, 130, 1e3, 3e5, 1e10), (32, 60, 150, 400))
    ]
    found = run_module(
        f"import {{ logTicks }} from {json.dumps(AXIS)};"
        f"console.log(JSON.stringify({json.dumps(cases)}.map((one) => logTicks(...one))));"
    )
    for (low, high, length), ticks in zip(cases, found, strict=True):
        assert len(ticks) >= 2, (low, high, length)
        assert low * 0.998 <= ticks[0]
        assert ticks[-1] <= high * 1.002
        gaps = [log10(b / a) / log10(high / low) * length for a, b in pairwise(ticks)]
        assert len(ticks) == 2 or min(gaps) >= LABEL, (low, high, length, ticks)

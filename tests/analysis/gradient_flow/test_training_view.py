"""What stands below a lane of Gradient flow: a name, and a number that fits it."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from playground.analysis.gradient_flow.simulation import MEASURES
from playground.analysis.gradient_flow.training_view import verdict_lines
from playground.analysis.gradient_flow.variants import gradient_words
from playground.live.diagnostics.layer_health import KINDS, VANISHING_DECADES, kind

DEPTH = 5


def lanes(*ratios: float) -> Any:
    """Lanes of one variant whose first layer's gradient is so many times smaller, frame by frame."""
    rows = np.zeros((len(ratios), len(MEASURES)))
    for row, ratio in zip(rows, ratios, strict=True):
        norms = np.geomspace(1 / ratio, 1.0, DEPTH)
        row[[MEASURES.index(name) for name in ("first", "last", "slope", "kind")]] = (
            norms[0],
            norms[-1],
            -np.log10(ratio) / (DEPTH - 1),
            KINDS.index(kind(norms)),
        )
    flow = SimpleNamespace(trainer=SimpleNamespace(network=SimpleNamespace(depth=DEPTH)))
    return SimpleNamespace(history=lambda: {"series": rows}, simulation=SimpleNamespace(flows=[flow]))


def times(said: str) -> float:
    """How many times smaller the first layer's gradient is called."""
    found = re.search(r"about ([\d.,]+) times smaller than", said)
    assert found, said
    return float(found[1].replace(",", ""))


@pytest.mark.parametrize("latest", [15.0, 400.0])
def test_a_name_that_is_kept_through_single_frames_has_a_number_that_makes_it_true(latest: float) -> None:
    (said,) = verdict_lines(lanes(*[300.0] * 9, latest))
    assert said.startswith("Vanishing gradients.")
    assert times(said) >= 10**VANISHING_DECADES
    (said,) = verdict_lines(lanes(*[20.0] * 9, latest))
    assert said.startswith("Healthy.")
    assert times(said) < 10**VANISHING_DECADES


def test_the_sentence_of_a_network_measures_what_names_it() -> None:
    norms = np.array([1 / 90, 0.003, 0.03, 0.3, 1.0])  # its ends alone are less than two decades apart
    assert kind(norms) == "vanishing"
    assert times(gradient_words(norms)) >= 10**VANISHING_DECADES

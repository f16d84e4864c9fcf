"""Short words of the stage are explained where they stand: ``gradient-histogram.js`` and ``help.js``, in Node."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.analysis.step.payload import feature_words
from playground.experiment import Experiment
from tests.stage.scripts import run_module

STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.mark.parametrize("full", [False, True])
def test_what_is_said_of_a_layer_is_explained_at_its_panel(full: bool) -> None:
    lines, words = run_module(f"""
    import {{ helpOf }} from "{(STATIC / "stage/help.js").as_uri()}";
    import {{ trouble }} from "{(STATIC / "stage/gradient-histogram.js").as_uri()}";
    import {{ Words }} from "{(STATIC / "lib/i18n.js").as_uri()}";
    const {{ t }} = new Words();
    const full = {str(full).lower()};
    const lines = [trouble(0.67, 0, t, full), trouble(0, 0.97, t, full), trouble(0, 0, t, true)];
    console.log(JSON.stringify([lines, helpOf(".panel.bins")]));
    """)
    assert lines == ["67 % dead", f"97 % {'saturated' if full else 'sat.'}", ""]
    for line in lines[:2]:
        assert line.split(" % ")[1].lower() in words.lower()


def test_the_plane_s_coordinates_say_their_direction_and_columns_keep_their_names() -> None:
    assert feature_words(Experiment.of(features=["x1", "x2", "sin_x1"])) == [
        "x₁ (horizontal)",
        "x₂ (vertical)",
        "sin x₁",
    ]

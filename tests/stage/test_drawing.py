"""What is drawn into a saved picture (``static/stage/capture/drawing.js``, in Node)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.stage.scripts import run_module

DRAWING = Path(__file__).resolve().parents[2] / "static/stage/capture/drawing.js"


def test_a_colour_without_blue_is_no_colour_without_opacity() -> None:
    """The orange of the negative weights ends in a zero, as a transparent colour does."""
    colours = ["rgb(213, 94, 0)", "rgb(0, 0, 0)", "rgba(213, 94, 0, 0.5)", "rgba(0, 0, 0, 0)", "transparent"]
    script = f"""
    import {{ isTransparent }} from "{DRAWING.as_uri()}";
    console.log(JSON.stringify({json.dumps(colours)}.map(isTransparent)));
    """
    assert run_module(script) == [False, False, False, True, True]

"""How links are drawn (``static/stage/network/links.js``, in Node, on a canvas that writes down its strokes)."""

from __future__ import annotations

from pathlib import Path

from tests.stage.scripts import run_module

LINKS = Path(__file__).resolve().parents[2] / "static/stage/network/links.js"


def test_links_of_a_constant_feature_are_dashed_and_pale() -> None:
    """Whatever they weigh; those of the same weight that do change the picture are whole."""
    strokes = run_module(
        f"""
        globalThis.matchMedia = () => ({{ matches: true }});
        const {{ Links }} = await import("{LINKS.as_uri()}");
        const strokes = [];
        const context = {{ globalAlpha: 1, dash: [], setLineDash(dash) {{ this.dash = dash; }},
          beginPath() {{ this.many = 0; }},
          moveTo() {{ this.many++; }}, bezierCurveTo() {{}}, lineTo() {{}},
          stroke() {{ if (this.many) strokes.push([this.many, this.dash.length > 0, this.globalAlpha]); }} }};
        const links = new Links();
        const link = (constant, unit) => ({{ layer: 0, source: 0, unit, from: [0, 0], to: [9, 9], constant }});
        const theme = {{ ground: [0, 0, 0], negative: [9, 0, 0], positive: [0, 0, 9], ink: [9, 9, 9] }};
        links.use([link(true, 0), link(false, 1), link(false, 2)], theme);
        links.paint(context, () => 2, () => false, null, null);
        console.log(JSON.stringify(strokes));
        """
    )
    assert sorted(strokes) == [[1, True, 0.5], [2, False, 1]]

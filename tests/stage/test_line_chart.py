"""How much of the curves is drawn, and what is worth a mark on them (``static/charts/line-chart.js``,
``curves-panel.js``), in
Node."""

from __future__ import annotations

from pathlib import Path

from tests.stage.scripts import run_module

STATIC = Path(__file__).resolve().parents[2] / "static"


def test_what_was_seen_stays_drawn_when_the_curves_are_drawn_anew_at_an_earlier_frame() -> None:
    drawn = run_module(f"""
    const {{ LineChart }} = await import("{(STATIC / "charts/line-chart.js").as_uri()}");
    const state = {{ drawn: 0, key: "", flags: [], drawnRows: [], cover() {{}} }};
    const lines = Object.assign(Object.create(LineChart.prototype), state);
    lines.redraw = function (data, to) {{ this.drawn = to; this.drawnRows.push(to); }};
    lines.extend = (data, to) => to === lines.drawn;
    const theme = {{}};
    lines.paint({{ key: "a", steps: [], shown: 3, seen: 3, lines: [] }}, theme);
    lines.paint({{ key: "a", steps: [], shown: 8, seen: 8, lines: [] }}, theme);
    lines.paint({{ key: "a", steps: [], shown: 2, seen: 8, lines: [] }}, theme);  // gone back
    lines.paint({{ key: "b", steps: [], shown: 2, seen: 8, lines: [] }}, theme);  // the axis is linear now
    lines.data.shown = 5;
    lines.theme = theme;
    lines.drawn = 0;
    lines.redrawAll();
    console.log(JSON.stringify(lines.drawnRows));
    """)
    assert drawn == [3, 8, 8, 8]


def marked(losses: list[float]) -> list[int | None]:
    """The step that is marked as the best at each of the frames."""
    return run_module(f"""
    globalThis.document = {{ createElement: () => ({{ }}) }};
    const {{ CurvesPanel }} = await import("{(STATIC / "stage/curves-panel.js").as_uri()}");
    const {{ Words }} = await import("{(STATIC / "lib/i18n.js").as_uri()}");
    const losses = {losses}, marks = [];
    const columns = {{ step: losses.map((_, i) => i), train_loss: losses, test_loss: losses }};
    const charts = Object.assign(Object.create(CurvesPanel.prototype), {{
      scene: {{}}, theme: {{ classes: [] }}, colours: [], kind: "loss", isLog: true, branches: [],
      words: new Words(),
      lines: {{ paint: (data) => marks.push(data.marks[0]?.step ?? null) }},
    }});
    const curves = {{ columns, norms: [], version: 0, rowsUntil: (step) => step + 1 }};
    losses.forEach((_, step) => charts.paint({{ step }}, step, curves));
    console.log(JSON.stringify(marks));
    """)


def test_the_best_test_loss_is_marked_when_it_is_past_and_not_for_every_flutter_of_a_falling_loss() -> None:
    falling = [1.0 / (1 + step) + (1e-5 if step % 3 else 0.0) for step in range(200)]
    assert marked(falling)[60:] == [None] * 140
    rises_again = [1.0 + abs(step - 80) / 100 for step in range(200)]
    assert marked(rises_again)[-1] == 80


def test_an_axis_of_time_has_room_before_the_first_step() -> None:
    """From 0 to 0 the time line has no track: every share of it is NaN."""
    ends = run_module(f"""
    const {{ reach }} = await import("{(STATIC / "charts/axis.js").as_uri()}");
    console.log(JSON.stringify([reach(0, 0), reach(0, 10), reach(9, 10), reach(90, 10)]));
    """)
    assert ends[:3] == [10, 10, 10]
    assert ends[3] > 90

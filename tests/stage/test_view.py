"""What the stage's panels paint, and of which run."""

from __future__ import annotations

from pathlib import Path

from tests.stage.scripts import run_module

VIEW = Path(__file__).resolve().parents[2] / "static/stage/view.js"


def test_a_run_without_a_frame_is_not_painted_with_the_frames_of_the_run_before() -> None:
    painted = run_module(f"""
    const {{ StageView }} = await import("{VIEW.as_uri()}");
    const panel = new Proxy({{}}, {{ get: () => () => {{}} }});
    const view = Object.assign(Object.create(StageView.prototype), {{
      notices: panel, transport: panel, branches: panel, curves: panel, lesson: panel, model: panel, restored: true,
      last: ["a frame of another run"], painted: [],
      begin() {{}},
      paint(...place) {{ this.painted.push(place); }},
    }});
    view.show({{ network: {{}} }}, {{}});
    view.applyHeader({{ branches: [{{ name: "a" }}] }});
    console.log(JSON.stringify(view.painted));
    """)
    assert painted == []

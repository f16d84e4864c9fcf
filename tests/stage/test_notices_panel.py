"""A notice belongs to the frames that it was told of."""

from __future__ import annotations

from pathlib import Path

from tests.stage.scripts import run_module

NOTICES = Path(__file__).resolve().parents[2] / "static/stage/notices.js"


def test_what_is_noticed_goes_with_the_frame_that_is_shown() -> None:
    shown = run_module(f"""
    const element = {{ setAttribute() {{}}, append() {{}}, replaceChildren() {{}}, dataset: {{}}, style: {{}} }};
    globalThis.document = {{ createElement: () => element }};
    const {{ Notices }} = await import("{NOTICES.as_uri()}");
    const notices = Object.assign(Object.create(Notices.prototype), {{ show(found) {{ this.shown = found; }} }});
    const seen = [];
    const see = (index) => (notices.paint(index), seen.push(notices.shown));
    notices.clear();
    notices.add([{{ frame: 0, notices: [] }}, {{ frame: 9, notices: ["risen"] }}]);
    for (const index of [3, 9, 12, 3]) see(index);
    notices.add([{{ frame: 5, notices: ["dead"] }}]);
    for (const index of [4, 9]) see(index);
    notices.clear();
    see(9);
    console.log(JSON.stringify(seen));
    """)
    assert shown == [[], ["risen"], ["risen"], [], [], ["dead"], []]

"""A lesson's words become elements and text, never HTML."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stage.scripts import address, run_module

SCRIPT = """
class Element {{
  constructor(tag) {{ this.tag = tag; this.children = []; }}
  append(...parts) {{ this.children.push(...parts); }}
  replaceChildren(...parts) {{ this.children = parts; }}
  setAttribute() {{}}
}}
globalThis.HTMLElement = Element;
globalThis.document = {{ createElement: (tag) => new Element(tag) }};
const {{ blocks }} = await import("{module}");
const plain = (part) => (typeof part === "string" ? part : [part.tag, ...part.children.map(plain)]);
console.log(JSON.stringify(blocks({source}).map(plain)));
"""


def blocks(source: str) -> Any:
    return run_module(SCRIPT.format(module=address("stage/lesson/rich-text.js"), source=repr(source)))


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("Turn the **learning rate** up.", [["p", "Turn the ", ["strong", "learning rate"], " up."]]),
        ("*Play*, then `step`", [["p", ["em", "Play"], ", then ", ["code", "step"]]]),
        ("**all *of* it**", [["p", ["strong", "all ", ["em", "of"], " it"]]]),
        ("one\ntwo\n\nthree", [["p", "one two"], ["p", "three"]]),
        ("- a\n- **b**", [["ul", ["li", "a"], ["li", ["strong", "b"]]]]),
        ("<b>no</b> [x](http://y)", [["p", "<b>no</b> [x](http://y)"]]),
        ("2 * 3 * 4 and \\*", [["p", "2 * 3 * 4 and ", "*"]]),
        ("", []),
    ],
)
def test_words(source: str, parts: list[Any]) -> None:
    assert blocks(source) == parts

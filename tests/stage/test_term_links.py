"""Words of the glossary in the sentences that the browser makes: linked as the pages' texts link theirs, and as
text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.term_links import term_names, terms_in
from tests.stage.scripts import run_module

TERMS = Path(__file__).resolve().parents[2] / "static/glossary/term-links.js"
SENTENCES = [
    "Loss: its gradient, and the learning rate that each gradient is multiplied by.",
    "Batch normalisation: training takes mean and deviation of this very batch, evaluation the running ones.",
    "sub-weights, #loss and glossary are no terms; weights are",
    "Each unit sums what comes in, weighted, adds its bias, and bends the sum by its activation.",
    "nothing at all",
]
DOCUMENT = """
globalThis.Node = { TEXT_NODE: 3 };
globalThis.document = { createElement: (tag) => ({
  tag, parts: [], attributes: {},
  setAttribute(name, value) { this.attributes[name] = value; },
  append(...parts) { this.parts.push(...parts); },
  replaceChildren(...parts) { this.parts = parts; },
}) };
"""


def linked(sentences: list[str]) -> list[dict[str, str]]:
    """What is linked in each of ``sentences``, which stand beneath one another; all of a sentence stays as it is."""
    paragraphs = run_module(f"""{DOCUMENT}
    const {{ linkFirstMentions, makeFinder }} = await import("{TERMS.as_uri()}");
    const names = {json.dumps(term_names())}, seen = new Set();
    console.log(JSON.stringify({json.dumps(sentences)}.map((sentence) => {{
      const made = document.createElement("p");
      linkFirstMentions(made, sentence, makeFinder(names), names, seen);
      return made.parts.map((part) => typeof part === "string" ? part : [part.textContent, part.attributes.href]);
    }})));
    """)
    for sentence, parts in zip(sentences, paragraphs, strict=True):
        assert "".join(part if isinstance(part, str) else part[0] for part in parts) == sentence
    return [
        {part[0]: part[1].removeprefix("#term-") for part in parts if not isinstance(part, str)} for parts in paragraphs
    ]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_linked_as_on_the_pages(sentence: str) -> None:
    assert linked([sentence]) == [terms_in(sentence)]


def test_each_term_is_linked_once_and_what_others_wrote_stays_text() -> None:
    first, second = linked(["The loss of <b>loss</b> <img src=x onerror=alert(1)>", "The loss again, and weights"])
    assert first == {"loss": "loss"}
    assert second == {"weights": "weight"}

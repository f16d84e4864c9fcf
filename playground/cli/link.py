"""``python -m playground link``: the experiment of a link as JSON."""

from __future__ import annotations

import sys

from playground.experiment.links.parse import open_link
from playground.language import t


def link(text: str) -> None:
    """Print the experiment of the link ``text``, notes on standard error; raises ``PlaygroundError`` for what is no
    link."""
    opened = open_link(text)
    for note in opened.notes:
        print(t("note: {note}", note=note), file=sys.stderr)
    if opened.past:
        print(
            t(
                "note: the link also tells what was done on the way to the step that it opens; the experiment's JSON "
                "holds what holds from there on."
            ),
            file=sys.stderr,
        )
    print(opened.experiment.to_json())

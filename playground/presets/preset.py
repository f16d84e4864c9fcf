"""What a preset is, and the gallery of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playground.experiment import Experiment
from playground.registry import Entry, Registry


@dataclass(frozen=True, kw_only=True)
class Preset(Entry):
    """An experiment worth a minute: ``label`` is its title, ``explanation`` two sentences on what to watch and why.

    ``steps``: after how many its words hold. ``why_bad``: for one that is meant to go wrong, the reason; else empty.
    """

    group: str
    experiment: Experiment
    steps: int
    why_bad: str = ""

    TRANSLATED = (*Entry.TRANSLATED, "group", "why_bad")


PRESETS: Registry[Preset] = Registry("preset")


def preset(
    name: str, title: str, words: str, *, group: str, steps: int, source: str, why_bad: str = "", **fields: Any
) -> Preset:
    """Add a preset whose experiment has these fields."""
    return PRESETS.register(
        Preset(
            name=name,
            label=title,
            explanation=words,
            formula="",
            source=source,
            group=group,
            experiment=Experiment.of(**fields),
            steps=steps,
            why_bad=why_bad,
        )
    )

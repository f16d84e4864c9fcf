"""What is counted of a phase, and the numbers that tell it in a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that at least ``share`` of them do not exceed; NaN for none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(values: Sequence[float], scale: float = 1.0, digits: int = 0) -> str:
    """Median, 95th and 99th percentile."""
    if not values:
        return "–"
    return " / ".join(f"{percentile(values, share) * scale:.{digits}f}" for share in (0.5, 0.95, 0.99))


@dataclass
class Tally:
    """Seconds: ``widgets`` from a turned knob to its answer, ``effects`` to the first frame under it, ``structures``
    from a new network to its first picture, ``begins`` from Play to its first frame, ``gaps`` between chunks of frames
    while playing, ``trips`` from a question of the stage to its answer. ``rates``: frames a second of each visitor;
    ``states``: how often the stage was told what."""

    widgets: list[float] = field(default_factory=list)
    effects: list[float] = field(default_factory=list)
    structures: list[float] = field(default_factory=list)
    begins: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    asked_again: int = 0

    def told(self, state: str, text: str) -> None:
        """Count what a message said of how it stands."""
        self.states[state] = self.states.get(state, 0) + 1
        if text:
            self.words.add(text)

    def fail(self, what: str) -> None:
        """Count a failure."""
        self.failures.append(what)

"""What a run was, in so few words that the stage carries them: enough for a server that knows nothing of it to make it again, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.errors import PlaygroundError
from playground.spec import Experiment, Knobs
from playground.training.knobs import KNOB_NAMES

if TYPE_CHECKING:
    from playground.stream.run import Run

MOST_TURNS = 64
LONGEST = 2**31
DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(Knobs)}


@dataclass(frozen=True)
class Story:
    """``step`` to come to, under the knobs of each of ``turns`` from its step on; the first one's is 0."""

    step: int
    turns: tuple[tuple[int, Knobs], ...]


@lru_cache(maxsize=256)
def fingerprint(experiment: Experiment) -> str:
    """Eight letters that tell an experiment's problem and structure from others; knobs are no part of it."""
    return sha256(replace(experiment, knobs=Knobs()).to_json().encode()).hexdigest()[:8]


def told(run: Run) -> dict[str, Any]:
    """The story of ``run`` as plain JSON values; ``whole``: whether it tells all, which weights, masks, points by hand and own rows it does not."""
    turns: dict[int, dict[str, float]] = {}
    for step, knobs in run.turns():
        values = {name: float(str(value)) for name, value in zip(KNOB_NAMES, knobs, strict=True)}
        turns[step] = {name: value for name, value in values.items() if np.float32(DEFAULTS[name]) != np.float32(value)}
    whole = run.repeatable and len(turns) <= MOST_TURNS
    story = {"of": fingerprint(run.experiment), "whole": whole, "turns": list(turns.items()) if whole else []}
    return story | ({"own": True} if run.table is not None else {})


def heard(data: Any, step: int, experiment: Experiment) -> Story | None:
    """The story of ``experiment`` that the stage tells, up to ``step``; None when it is not whole, or none at all."""
    if not isinstance(data, Mapping) or data.get("of") != fingerprint(experiment) or data.get("whole") is not True:
        return None
    given = data.get("turns")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_TURNS or not 0 < step < LONGEST:
        return None
    turns: list[tuple[int, Knobs]] = []
    try:
        for at, values in given:
            if type(at) is not int or not (at > turns[-1][0] if turns else at == 0):
                return None
            turns.append((at, Knobs(**values)))
            replace(experiment, knobs=turns[-1][1])
    except (PlaygroundError, TypeError, ValueError):
        return None
    return Story(step, tuple(turn for turn in turns if turn[0] < step))

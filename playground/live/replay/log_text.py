"""What was done in a run on the way to its step, as the value ``past`` of a link: ``0;500,learning_rate:0.3;1200``.

Turns are set apart by semicolons, the step to come to is the last; what holds from a turn's step on follows it, set
apart by commas: knobs that are not the defaults, ``u1.2`` for a unit that is off, ``l0.1.2`` for a link, ``f0`` for a
layer that does not learn, ``w0.1.2:0.5`` and ``b0.2:0.5`` for weights and biases that were set at that step.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np

from playground.experiment import Experiment
from playground.language import mark_plural
from playground.live.replay.hand_edits import encode_hand_edits
from playground.live.replay.log import LoggedChange, ReplayLog, changed_knobs, log_from_turns
from playground.training.knobs import KNOB_NAMES, knob_vector

MAX_CHARS = 6000
PARTS = {"u": ("units", 2), "l": ("links", 3), "f": ("frozen", 1), "w": ("edits", 3), "b": ("edits", 2)}
"""What a letter stands for, and how many whole numbers follow it."""
PART = re.compile(r"([ulfwb])(\d{1,4}(?:\.\d{1,4}){0,2})(?::([-+.\de]{1,30}))?", re.ASCII)


def encode_log_text(story: ReplayLog) -> str:
    """``story`` as the text of a link."""
    return ";".join([*map(_encode_change, story.changes), str(story.step)])


def log_changes(story: ReplayLog) -> list[str]:
    """What was done on the way, in a few words each, with figures."""
    turned = sum(before.knobs != after.knobs for before, after in pairwise(story.changes))
    edits = sum(len(turn.by_hand.edits) for turn in story.changes)
    switched = sum(before.by_hand.off != after.by_hand.off for before, after in pairwise(story.changes))
    switched += story.changes[0].by_hand.switches > 0
    texts = {
        mark_plural("knobs turned at {count:,} step", "knobs turned at {count:,} steps", turned): turned,
        mark_plural("{count:,} weight set by hand", "{count:,} weights set by hand", edits): edits,
        mark_plural(
            "units, links or layers switched at {count:,} step",
            "units, links or layers switched at {count:,} steps",
            switched,
        ): switched,
    }
    return [text for text, count in texts.items() if count]


def has_changes(story: ReplayLog, experiment: Experiment) -> bool:
    """Whether ``story`` is another run than ``experiment`` trained from its start."""
    final = knob_vector(experiment.knobs)
    is_turned = story.step > 0 and not all(np.array_equal(knob_vector(turn.knobs), final) for turn in story.changes)
    return is_turned or any(turn.by_hand.switches or turn.by_hand.edits for turn in story.changes)


def _encode_change(turn: LoggedChange) -> str:
    parts = [f"{name}:{value!r}" for name, value in changed_knobs(knob_vector(turn.knobs)).items()]
    for name, places in encode_hand_edits(turn.by_hand).items():
        for place in places:
            if name == "edits":
                layer, source, unit, value = place
                parts.append(f"b{layer}.{unit}:{value!r}" if source < 0 else f"w{layer}.{source}.{unit}:{value!r}")
            else:
                parts.append(name[0] + ".".join(map(str, place if isinstance(place, list) else [place])))
    return ",".join([str(turn.step), *parts])


def decode_log_text(text: str, experiment: Experiment) -> ReplayLog | None:
    """The story that ``encode_log_text`` wrote into a link of ``experiment``; None for what makes no sense."""
    if len(text) > MAX_CHARS:
        return None
    *turns, step = text.split(";")
    if not step.isdecimal() or len(step) > 10:
        return None
    entries = [_decode_change(turn) for turn in turns]
    return None if None in entries else log_from_turns(entries, int(step), experiment)


def _decode_change(text: str) -> list[Any] | None:
    step, *parts = text.split(",")
    if not step.isdecimal() or len(step) > 10:
        return None
    knobs: dict[str, float] = {}
    by_hand: dict[str, list[Any]] = {}
    for part in parts:
        name, _, text = part.partition(":")
        if name in KNOB_NAMES:
            value = _number(text)
            if value is None:
                return None
            knobs[name] = value
            continue
        match = PART.fullmatch(part)
        if match is None:
            return None
        letter, place, weight = match.groups()
        value = _number(weight)
        if (letter in "wb") == (value is None):
            return None
        kind, count = PARTS[letter]
        at = [int(index) for index in place.split(".")]
        if len(at) != count:
            return None
        if kind == "edits":
            by_hand.setdefault(kind, []).append([at[0], at[1] if count == 3 else -1, at[-1], value])
        else:
            by_hand.setdefault(kind, []).append(at if count > 1 else at[0])
    return [int(step), knobs, *([by_hand] if by_hand else [])]


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None

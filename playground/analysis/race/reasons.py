"""Sentences on why a race ended as it did, from what was measured of each contestant's loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np

from playground.analysis.race.significance import first_reached
from playground.number_format import format_brief, format_precise

STUCK_RATIO = 1.05
"""A loss that stayed within this ratio over the second half of the race is called stuck."""
SWING_RATIO = 2.0
"""A loss that rose to this many times what it had been, in the second half of the race, is called swinging."""
FALLING_RATIO = 0.95
"""A loss that ended at this share of what it was in the middle of the race, or lower, was still falling."""
MIN_LOOKS = 6
"""Looks in the second half of a race, below which nothing is said about its shape."""
BehaviourKind = Literal["diverged", "stuck", "swinging", "falling", "slow"]
KINDS: tuple[BehaviourKind, ...] = get_args(BehaviourKind)


class Behaviour(NamedTuple):
    """What a loss did in the second half of a race, from ``start`` to the end.

    ``kind``: one of ``KINDS``; ``low`` and ``high`` its ends; of a swing, the largest rise ``(step, loss)`` to ``(step,
    loss)``; of who diverged, ``start`` is the first look after that.
    """

    kind: BehaviourKind
    start: int
    low: float
    high: float
    first: float
    last: float
    rise: tuple[tuple[int, float], tuple[int, float]]


def behaviour_of(steps: np.ndarray, losses: np.ndarray) -> Behaviour | None:
    """What ``losses (T,)`` after ``steps (T,)`` did; None where there are too few to tell."""
    steps = np.asarray(steps, int)
    broken = ~np.isfinite(losses)
    if broken.any():
        place = int(broken.argmax())
        return Behaviour("diverged", int(steps[place]), np.inf, np.inf, np.inf, np.inf, ((0, 0.0), (0, 0.0)))
    late = steps >= steps[-1] / 2
    if late.sum() < MIN_LOOKS:
        return None
    steps, losses = steps[late], np.asarray(losses, float)[late]
    low, high, first, last = float(losses.min()), float(losses.max()), float(losses[0]), float(losses[-1])
    lowest = np.minimum.accumulate(losses)
    top = int((losses / np.maximum(lowest, 1e-300)).argmax())
    bottom = int(losses[: top + 1].argmin())
    rise = (int(steps[bottom]), float(losses[bottom])), (int(steps[top]), float(losses[top]))
    if high <= STUCK_RATIO * low:
        kind = "stuck"
    elif losses[top] >= SWING_RATIO * losses[bottom]:
        kind = "swinging"
    else:
        kind = "falling" if last <= FALLING_RATIO * first else "slow"
    return Behaviour(kind, int(steps[0]), low, high, first, last, rise)


def race_reasons(steps: np.ndarray, losses: np.ndarray, names: Sequence[str], goal: float) -> list[str]:
    """Sentences on a race with ``losses (T, K)`` after ``steps (T,)``: who was first, and why the others were not
    there."""
    at = first_reached(steps, losses, goal)
    sentences = []
    arrived = np.flatnonzero(np.isfinite(at))
    if len(arrived):
        best = at[arrived].min()
        leaders = [name for name, arrival in zip(names, at, strict=True) if arrival == best]
        sentences.append(
            f"{join_names(leaders)} {'was' if len(leaders) == 1 else 'were'} at {format_brief(goal)} first, "
            f"{step_words(best)}."
        )
    for k, name in enumerate(names):
        behaviour = behaviour_of(steps, losses[:, k])
        if behaviour is None:
            continue
        sentence = arrived_words(name, behaviour, goal) if np.isfinite(at[k]) else absent_words(name, behaviour)
        if sentence:
            sentences.append(sentence)
    return sentences


def absent_words(name: str, behaviour: Behaviour) -> str:
    """What kept somebody from the goal, as far as the loss shows it."""
    start, low, high = f"step {behaviour.start:,}", behaviour.low, behaviour.high
    match behaviour.kind:
        case "diverged":
            return f"{name} diverged by {start}."
        case "stuck":
            return f"{name} is stuck: since {start} its loss has stayed {range_words(low, high)}."
        case "swinging":
            return f"{name} swings: {rise_words(behaviour)}."
        case "falling":
            return (
                f"{name} is still on its way: {format_precise(behaviour.first)} at {start}, "
                f"{format_precise(behaviour.last)} now."
            )
    return f"{name} hardly gets on: since {start} its loss has been {range_words(low, high)}."


def arrived_words(name: str, behaviour: Behaviour, goal: float) -> str:
    """What is worth saying of somebody who was at the goal: that the loss went above it again."""
    if behaviour.kind == "diverged":
        return f"{name} reached the goal, and diverged by step {behaviour.start:,}."
    (_, below), (_, above) = behaviour.rise
    if behaviour.kind == "swinging" and below <= goal < above:
        return f"{name} swings: {rise_words(behaviour)}, above the goal again."
    return ""


def rise_words(behaviour: Behaviour) -> str:
    """``"its loss rose from 0.01 at step 500 to 0.2 at step 600"``."""
    (early, below), (later, above) = behaviour.rise
    return f"its loss rose from {format_precise(below)} at step {early:,} to {format_precise(above)} at step {later:,}"


def repeat_reasons(steps: np.ndarray, losses: np.ndarray, names: Sequence[str], goal: float) -> list[str]:
    """Sentences on who did not arrive in races with ``losses (T, N, K)``: in how many, and what the losses did
    there."""
    sentences = []
    races = losses.shape[1]
    for k, name in enumerate(names):
        absent = np.flatnonzero(~np.isfinite(first_reached(steps, losses[:, :, k], goal)))
        if not len(absent):
            continue
        behaviours = [behaviour_of(steps, losses[:, n, k]) for n in absent]
        parts = []
        for kind in KINDS:
            ends = [behaviour.last for behaviour in behaviours if behaviour is not None and behaviour.kind == kind]
            if ends:
                parts.append(f"{len(ends)} {kind_words(kind, ends)}")
        if parts:
            sentences.append(f"{name} did not arrive in {len(absent)} of {races} races: {', '.join(parts)}.")
    return sentences


def kind_words(kind: BehaviourKind, ends: Sequence[float]) -> str:
    """What the losses that end at ``ends`` did."""
    if kind == "diverged":
        return kind
    adjective = {"stuck": "stuck", "swinging": "swinging", "falling": "still on the way", "slow": "hardly getting on"}[
        kind
    ]
    low, high = format_precise(min(ends), 2), format_precise(max(ends), 2)
    return f"{adjective} (loss {low})" if low == high else f"{adjective} (loss {low} to {high})"


def range_words(low: float, high: float) -> str:
    """``"at 0.500"``, or ``"between 0.490 and 0.510"`` where three digits tell them apart."""
    ends = format_precise(low), format_precise(high)
    return f"at {ends[0]}" if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def step_words(step: float) -> str:
    """``"at step 120"``."""
    return f"at step {step:,.0f}"


def join_names(names: Sequence[str]) -> str:
    """``"A, B and C"``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

"""Sentences on why a race ended as it did, from what was measured of each contestant's loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from playground.analysis.race.significance import first_reached
from playground.language import join_items, mark
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
        values = {"goal": format_brief(goal), "step": float(best)}
        sentences.append(
            mark("{name} was at {goal} first, at step {step:,.0f}.", name=leaders[0], **values)
            if len(leaders) == 1
            else mark("{names} were at {goal} first, at step {step:,.0f}.", names=join_items(leaders, "and"), **values)
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
    low, high = format_precise(behaviour.low), format_precise(behaviour.high)
    values = {"name": name, "step": behaviour.start, "low": low, "high": high}
    match behaviour.kind:
        case "diverged":
            return mark("{name} diverged by step {step:,}.", **values)
        case "stuck" if low == high:
            return mark("{name} is stuck: since step {step:,} its loss has stayed at {low}.", **values)
        case "stuck":
            return mark("{name} is stuck: since step {step:,} its loss has stayed between {low} and {high}.", **values)
        case "swinging":
            return mark(
                "{name} swings: its loss rose from {below} at step {early:,} to {above} at step {later:,}.",
                name=name,
                **rise_values(behaviour),
            )
        case "falling":
            return mark(
                "{name} is still on its way: {first} at step {step:,}, {last} now.",
                first=format_precise(behaviour.first),
                last=format_precise(behaviour.last),
                **values,
            )
    if low == high:
        return mark("{name} hardly gets on: since step {step:,} its loss has been at {low}.", **values)
    return mark("{name} hardly gets on: since step {step:,} its loss has been between {low} and {high}.", **values)


def arrived_words(name: str, behaviour: Behaviour, goal: float) -> str:
    """What is worth saying of somebody who was at the goal: that the loss went above it again."""
    if behaviour.kind == "diverged":
        return mark("{name} reached the goal, and diverged by step {step:,}.", name=name, step=behaviour.start)
    (_, below), (_, above) = behaviour.rise
    if behaviour.kind == "swinging" and below <= goal < above:
        return mark(
            "{name} swings: its loss rose from {below} at step {early:,} to {above} at step {later:,}, above the goal "
            "again.",
            name=name,
            **rise_values(behaviour),
        )
    return ""


def rise_values(behaviour: Behaviour) -> dict[str, Any]:
    """The largest rise, as values of a sentence: a loss ``below`` at step ``early``, ``above`` at step ``later``."""
    (early, below), (later, above) = behaviour.rise
    return {"early": early, "below": format_precise(below), "later": later, "above": format_precise(above)}


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
                parts.append(kind_words(kind, ends))
        if parts:
            sentences.append(
                mark(
                    "{name} did not arrive in {absent} of {races} races: {parts}.",
                    name=name,
                    absent=len(absent),
                    races=races,
                    parts=join_items(parts),
                )
            )
    return sentences


def kind_words(kind: BehaviourKind, ends: Sequence[float]) -> str:
    """How many losses did what, and where they end."""
    low, high = format_precise(min(ends), 2), format_precise(max(ends), 2)
    loss = mark("loss {low}", low=low) if low == high else mark("loss {low} to {high}", low=low, high=high)
    values = {"count": len(ends), "loss": loss}
    match kind:
        case "diverged":
            return mark("{count} diverged", count=len(ends))
        case "stuck":
            return mark("{count} stuck ({loss})", **values)
        case "swinging":
            return mark("{count} swinging ({loss})", **values)
        case "falling":
            return mark("{count} still on the way ({loss})", **values)
    return mark("{count} hardly getting on ({loss})", **values)

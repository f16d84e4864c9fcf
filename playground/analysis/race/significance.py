"""Who is first how often, and whether the difference is more than chance (sign test, intervals)."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np

from playground.analysis.intervals import share_words, sign_test, wilson_interval
from playground.language import join_items, mark

SURE = 0.05
"""A difference that luck alone makes more often than this is called luck."""


def first_reached(steps: np.ndarray, values: np.ndarray, goal: float) -> np.ndarray:
    """At which of ``steps (T,)`` each column of ``values (T, K)`` was first at ``goal`` or below (K,); infinite where
    never."""
    reached = values <= goal
    return np.where(reached.any(axis=0), np.asarray(steps, float)[reached.argmax(axis=0)], np.inf)


def wins(at: np.ndarray) -> np.ndarray:
    """How often each of K was first alone (K,), by the step ``at (N, K)`` at which it was there."""
    best = at.min(axis=1, keepdims=True)
    is_first = (at == best) & np.isfinite(best)
    return (is_first & (is_first.sum(axis=1, keepdims=True) == 1)).sum(axis=0)


def ties(at: np.ndarray) -> np.ndarray:
    """How often each of K was first together with others (K,)."""
    best = at.min(axis=1, keepdims=True)
    return ((at == best) & np.isfinite(best)).sum(axis=0) - wins(at)


def duel(first: np.ndarray, other: np.ndarray) -> tuple[int, int]:
    """How often ``first (N,)`` was before ``other (N,)``, and the reverse; draws count for neither."""
    return int((first < other).sum()), int((other < first).sum())


def quartiles(at: np.ndarray) -> np.ndarray:
    """Lower quartile, median and upper quartile of each column of ``at (N, K)``: (3, K), infinite where that many never
    arrived."""
    ordered = np.sort(at, axis=0)
    places = [round(share * (len(at) - 1)) for share in (0.25, 0.5, 0.75)]
    return ordered[places]


class Verdict(NamedTuple):
    """Who leads, how often it was ``first`` alone and ``level`` with another at the front, of ``trials``, and who
    cannot be told from it: (index, races won against it, lost, chance)."""

    leader: int
    first: int
    level: int
    trials: int
    equals: tuple[tuple[int, int, int, float], ...]


def verdict(at: np.ndarray) -> Verdict | None:
    """What races with arrivals ``at (N, K)`` tell; None when nobody ever arrived.

    Each of the others is compared with the leader; since several comparisons give luck several chances, each must be as
    many times less likely to be luck (Bonferroni's bound).
    """
    if not np.isfinite(at).any():
        return None
    won, tied, middle = wins(at), ties(at), quartiles(at)[1]
    leader = int(np.lexsort((middle, -tied, -won))[0])
    others = [k for k in range(at.shape[1]) if k != leader]
    duels = [(k, *duel(at[:, leader], at[:, k])) for k in others]
    chances = [(k, w, lost, sign_test(w, lost)) for k, w, lost in duels]
    equals = tuple(chance for chance in chances if chance[3] > SURE / len(others) or chance[1] < chance[2])
    return Verdict(leader, int(won[leader]), int(tied[leader]), len(at), equals)


def verdict_words(result: Verdict | None, names: list[str]) -> tuple[str, str]:
    """The answer in a sentence, no surer than the count allows, and what else is to be said of it."""
    if result is None:
        return mark("Nobody reached the goal: make it easier, or give them more steps."), ""
    name = names[result.leader]
    share = share_words(result.first, result.trials)
    if not result.first:
        sentence = mark(
            "Nobody is first alone in any of {races} races; {name} is level with another in {level}.",
            races=result.trials,
            name=name,
            level=result.level,
        )
    elif result.level:
        sentence = mark(
            "{name} is first alone in {share}, and level with another in {level} more.",
            name=name,
            share=share,
            level=result.level,
        )
    else:
        sentence = mark("{name} is first in {share}.", name=name, share=share)
    if len(names) < 2:
        return sentence, ""
    if not result.equals:
        sure = mark("It beats each of the others more often than luck would (sign test, 5 % over all comparisons).")
        return sentence, sure
    return sentence, luck_words(result, names)


def luck_words(result: Verdict, names: list[str]) -> str:
    """How the leader stands with those who cannot be told from it."""
    name = names[result.leader]
    decided = [
        mark("{name} {won}:{lost} (p = {chance:.2g})", name=names[k], won=won, lost=lost, chance=chance)
        for k, won, lost, chance in result.equals
        if won + lost
    ]
    level = [names[k] for k, won, lost, _ in result.equals if not won + lost]
    sentences = []
    if decided:
        sentences += [
            mark(
                "That may be luck. Races decided between {name} and {others}: only below p = {limit:.2g} would a sign "
                "test call it more than luck.",
                name=name,
                others=join_items(decided),
                limit=SURE / (len(names) - 1),
            )
        ]
    if level:
        others = level[-1]
        for other in reversed(level[:-1]):
            others = mark("{first} or {last}", first=other, last=others)
        sentences += [mark("No race between {name} and {others} was decided.", name=name, others=others)]
    low, _ = wilson_interval(result.first, result.trials)
    if decided and result.trials < 64 and low <= 0.5:
        sentences += [mark("More starts would tell.")]
    return reduce(lambda first, second: mark("{first} {second}", first=first, second=second), sentences)

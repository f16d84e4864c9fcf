"""Optimizers spelled out: their state before and after a step, every number by its symbol, in float64 NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Values = dict[str, np.ndarray]
"""Vectors (parameters,) by symbol, in the order in which a step makes them; the last is the update."""
Rule = Callable[[np.ndarray, np.ndarray, Mapping[str, np.ndarray], int, Mapping[str, float]], Values]
UPDATE = "Δθ"


def sgd(p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]) -> Values:
    """v <- momentum v + g; the update is -rate v."""
    v = k["momentum"] * old["trace"] + g
    return {"v before": old["trace"], "v": v, UPDATE: -k["rate"] * v}


def nesterov(p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]) -> Values:
    """As ``sgd``, looking ahead: the update is -rate (g + momentum v) (Sutskever et al. 2013)."""
    v = k["momentum"] * old["trace"] + g
    return {"v before": old["trace"], "v": v, UPDATE: -k["rate"] * (g + k["momentum"] * v)}


def rmsprop(p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]) -> Values:
    """v <- decay v + (1 - decay) g^2; the update is momentum u - rate g / sqrt(v + epsilon) (Tieleman & Hinton
    2012)."""
    v = k["decay"] * old["nu"] + (1 - k["decay"]) * g**2
    u = k["momentum"] * old["trace"] - k["rate"] * g / np.sqrt(v + k["epsilon"])
    return {"v before": old["nu"], "v": v, "u before": old["trace"], UPDATE: u}


def moments(g: np.ndarray, m: np.ndarray, v: np.ndarray, k: Mapping[str, float]) -> Values:
    """m <- beta1 m + (1 - beta1) g and v <- beta2 v + (1 - beta2) g^2."""
    return {
        "m before": m,
        "v before": v,
        "m": k["beta1"] * m + (1 - k["beta1"]) * g,
        "v": k["beta2"] * v + (1 - k["beta2"]) * g**2,
    }


def adam(p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]) -> Values:
    """The update is -rate m̂ / (sqrt(v̂) + epsilon), m̂ = m / (1 - beta1^t), v̂ = v / (1 - beta2^t) (Kingma & Ba
    2015)."""
    update = moments(g, old["mu"], old["nu"], k)
    m, v = update["m"] / (1 - k["beta1"] ** t), update["v"] / (1 - k["beta2"] ** t)
    return update | {"m̂": m, "v̂": v, UPDATE: -k["rate"] * m / (np.sqrt(v) + k["epsilon"])}


def adamw(p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]) -> Values:
    """As ``adam``, and all parameters shrink by rate times weight decay (Loshchilov & Hutter 2019)."""
    update = adam(p, g, old, t, k)
    return update | {UPDATE: update[UPDATE] - k["rate"] * k["weight_decay"] * p}


def textbook_adam(
    p: np.ndarray, g: np.ndarray, old: Mapping[str, np.ndarray], t: int, k: Mapping[str, float]
) -> Values:
    """The update is -rate m / sqrt(v + epsilon): no bias correction, epsilon inside the root.

    m̂ and v̂ are shown for what bias correction would have changed; the update does not use them.
    """
    update = moments(g, old["m"], old["v"], k)
    update |= {"m̂": update["m"] / (1 - k["beta1"] ** t), "v̂": update["v"] / (1 - k["beta2"] ** t)}
    return update | {UPDATE: -k["rate"] * update["m"] / np.sqrt(update["v"] + k["epsilon"])}


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (sgd, nesterov, rmsprop, adam, adamw, textbook_adam)}
"""The optimizers that are spelled out; of the others, the state before and after and the update are shown."""

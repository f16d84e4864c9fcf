"""What the letters in formulas stand for, by what the formula belongs to."""

from __future__ import annotations

import re

SYMBOLS: dict[str, dict[str, str]] = {
    "loss": {
        "o": "the output",
        "t": "the target",
        "p": "the probability that the true class gets",
        "p_t": "the probability that the true class gets",
        "k": "a class",
        "j": "any class",
        r"\sigma": "the sigmoid, which makes a probability of an output",
        r"\gamma": "the focus",
        r"\delta": "Huber's delta",
    },
    "activation": {
        "z": "the weighted sum of a unit's inputs, plus its bias",
        r"\Phi": "the probability that a normal variable is smaller",
        r"\lambda": "1.0507",
        r"\alpha": "1.6733",
    },
    "optimizer": {
        r"\theta": "a parameter",
        r"\theta_l": "a layer's parameters",
        "l": "a layer",
        r"\eta": "the learning rate",
        "g": "its gradient",
        "t": "the step's number",
        "m": "the moving mean of gradients",
        "v": "the moving mean of squared gradients, or the velocity",
        "s": "the moving mean of squared surprises",
        "u": "the step before it is scaled",
        "u_l": "a layer's step before it is scaled",
        "G": "the sum of squared gradients",
        "G_0": "where that sum begins",
        "H": "the inverse curvature as it was learned",
        "r_t": "how far the mean of squares may be trusted",
        r"\rho_t": "how many gradients it has seen in effect",
        r"\mu": "the momentum",
        r"\beta_1": "beta 1",
        r"\beta_2": "beta 2",
        r"\rho": "the decay",
        r"\epsilon": "epsilon, a small number",
        r"\lambda": "the weight decay",
        r"\alpha": "the step's length",
        r"\Delta": "the step",
        r"\hat": "corrected for its start at 0",
        r"\bar": "the largest so far",
    },
    "regularizer": {
        r"\lambda": "the rate",
        "w": "a weight",
        r"\theta": "a parameter",
        r"\eta": "the learning rate",
        "h": "a unit's output",
        "m": "1 for a unit that stays, 0 for one that is off",
        "p": "the share that is off",
        "t": "the target",
        "s": "the smoothing",
        "k": "the number of classes",
        "L": "the loss",
        "n": "the patience",
    },
}
SYMBOL = re.compile(r"\\(?:[a-zA-Z]+)(?:_\w)?|[a-zA-Z](?:_\w)?")
TEXT = re.compile(r"\\text\{[^}]*\}|_\{[^}]*\}")
NO_SYMBOLS = {
    *(
        rf"\{name}"
        for name in ("leftarrow", "quad", "left", "right", "frac", "tfrac", "sqrt", "sum", "max", "min", "ln")
    ),
    *(rf"\{name}" for name in ("tanh", "sin", "cosh", "cdot", "le", "ge", "lVert", "rVert", "sim")),
    "e",
}
"""Operations and the number e."""


def symbols_in(tex: str) -> list[str]:
    """The letters of a formula in TeX that stand for something, each once, in their order: ``\\theta``, ``p_t``,
    ``\\hat``.

    A letter with a class's index is the letter: ``o_k`` is ``o``.
    """
    known = (name for name in SYMBOL.findall(TEXT.sub("", tex)))
    names = (re.sub(r"_[kj]$", "", name) for name in known)
    return [name for name in dict.fromkeys(names) if re.sub(r"_\w$", "", name) not in NO_SYMBOLS]


def legend(noun: str, tex: str) -> str:
    """What the letters of ``tex`` are, in Markdown: one after another; empty where nothing is known of them."""
    meanings = SYMBOLS.get(noun, {})
    return "; ".join(f"${_letter(name)}$ {meanings[name]}" for name in symbols_in(tex) if name in meanings)


def _letter(name: str) -> str:
    return rf"{name}{{\,\cdot\,}}" if name in (r"\hat", r"\bar") else name

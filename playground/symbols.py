"""What the letters in formulas stand for, by what the formula belongs to."""

from __future__ import annotations

import re

from playground.language import NumberText, mark

SYMBOLS: dict[str, dict[str, str]] = {
    "loss": {
        "o": mark("the output"),
        "t": mark("the target"),
        "p": mark("the probability that the true class gets"),
        "p_t": mark("the probability that the true class gets"),
        "k": mark("a class"),
        "j": mark("any class"),
        r"\sigma": mark("the sigmoid, which makes a probability of an output"),
        r"\gamma": mark("the focus"),
        r"\delta": mark("Huber's delta"),
    },
    "activation": {
        "z": mark("the weighted sum of a unit's inputs, plus its bias"),
        r"\Phi": mark("the probability that a normal variable is smaller"),
        r"\lambda": NumberText("1.0507"),
        r"\alpha": NumberText("1.6733"),
    },
    "optimizer": {
        r"\theta": mark("a parameter"),
        r"\theta_l": mark("a layer's parameters"),
        "l": mark("a layer"),
        r"\eta": mark("the learning rate"),
        "g": mark("its gradient"),
        "t": mark("the step's number"),
        "m": mark("the moving mean of gradients"),
        "v": mark("the moving mean of squared gradients, or the velocity"),
        "s": mark("the moving mean of squared surprises"),
        "u": mark("the step before it is scaled"),
        "u_l": mark("a layer's step before it is scaled"),
        "G": mark("the sum of squared gradients"),
        "G_0": mark("where that sum begins"),
        "H": mark("the inverse curvature as it was learned"),
        "r_t": mark("how far the mean of squares may be trusted"),
        r"\rho_t": mark("how many gradients it has seen in effect"),
        r"\mu": mark("the momentum"),
        r"\beta_1": mark("beta 1"),
        r"\beta_2": mark("beta 2"),
        r"\rho": mark("the decay"),
        r"\epsilon": mark("epsilon, a small number"),
        r"\lambda": mark("the weight decay"),
        r"\alpha": mark("the step's length"),
        r"\Delta": mark("the step"),
        r"\hat": mark("corrected for its start at 0"),
        r"\bar": mark("the largest so far"),
    },
    "regularizer": {
        r"\lambda": mark("the rate"),
        "w": mark("a weight"),
        r"\theta": mark("a parameter"),
        r"\eta": mark("the learning rate"),
        "h": mark("a unit's output"),
        "m": mark("1 for a unit that stays, 0 for one that is off"),
        "p": mark("the share that is off"),
        "t": mark("the target"),
        "s": mark("the smoothing"),
        "k": mark("the number of classes"),
        "L": mark("the loss"),
        "n": mark("the patience"),
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
    known = [f"${_letter(name)}$ " + meanings[name] for name in symbols_in(tex) if name in meanings]
    text = known.pop() if known else ""
    for meaning in reversed(known):
        text = mark("{first}; {rest}", first=meaning, rest=text)
    return text


def _letter(name: str) -> str:
    return rf"{name}{{\,\cdot\,}}" if name in (r"\hat", r"\bar") else name

"""Formulas of one's own: what they compute against Python itself, and that nothing but arithmetic can be said in
them."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import Experiment, Trainer
from playground.datasets.formula import FUNCTIONS, parse_formula
from playground.errors import PlaygroundError
from playground.experiment import from_query, to_query

X1, X2 = np.meshgrid(np.linspace(-3, 3, 13) + 0.01, np.linspace(-3, 3, 13) + 0.02)
ORACLE: dict[str, Any] = {name: getattr(np, name) for name in FUNCTIONS if name != "relu"} | {
    "relu": lambda z: np.maximum(z, 0),
    "r": np.hypot(X1, X2),
    "theta": np.arctan2(X2, X1),
    "pi": math.pi,
    "e": math.e,
    "x1": X1,
    "x2": X2,
}


def expected(text: str) -> Any:
    """What Python makes of the same text: for tests alone."""
    with np.errstate(all="ignore"):
        return eval(text.replace("^", "**"), {"__builtins__": {}}, ORACLE)


@pytest.mark.parametrize(
    "text",
    [
        "x1**3 - x2",
        "sin(2*x1)",
        "exp(-r**2)",
        "x1^2 + x2^2",
        "-x1**2",
        "2**3 * x1",
        "(x1 + x2) * (x1 - x2) / 4",
        "x1 > x2",
        "abs(x1) <= 1",
        "1",
        "theta / pi",
        "e ** -1 * x1",
        "1.5e-3 * x1",
        "+x1 - -x2",
        "x1 / 0",
        *(f"{name}(x1)" for name in FUNCTIONS),
    ],
)
def test_a_formula_is_what_python_makes_of_it(text: str) -> None:
    formula = parse_formula(text)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(formula(np, X1, X2), expected(text) + 0 * X1, rtol=1e-12)
        np.testing.assert_allclose(formula(jnp, X1, X2), expected(text) + 0 * X1, rtol=2e-5, atol=2e-5)
    assert parse_formula(formula.text) == formula
    assert formula.tex()


NUMBERS = st.sampled_from(["x1", "x2", "r", "theta", "pi", "2", "0.5", "3"])
EXPRESSIONS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda one: f"sin({one})"),
        inner.map(lambda one: f"(-{one})"),
        inner.map(lambda one: f"({one})**2"),
    ),
    max_leaves=5,
)


@given(EXPRESSIONS)
def test_any_expression_is_what_python_makes_of_it(text: str) -> None:
    if len(text) > 80:
        return
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(parse_formula(text)(np, X1, X2), expected(text) + 0 * X1, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x3",
        "x1 +",
        "(x1",
        "__import__('os').system('true')",
        "x1.real",
        "().__class__",
        "lambda: 1",
        "[x1]",
        "{x1}",
        "x1 if x2 else 1",
        "x1 := 2",
        "(y := x1)",
        "'text'",
        "f'{x1}'",
        "None",
        "True",
        "1j",
        "x1; x2",
        "x1, x2",
        "9**9**9",
        "x1**x2",
        "x1**99",
        "10000000",
        "1e999",
        "9" * 80,
        "sin(x1, x2)",
        "sin(*x1)",
        "sin(z=x1)",
        "sin",
        "eval(x1)",
        "x1 and x2",
        "not x1",
        "~x1",
        "x1 % 2",
        "x1 // 2",
        "x1 @ x2",
        "x1 << 2",
        "0 < x1 < 1",
        "x1 == x2",
        "(" * 30 + "x1" + ")" * 30 + "+",
        "-" * 30 + "x1",
        "x1" * 100,
        "х1",
        "x\u00b2",
        "x1\n+x2",
        "\x00",
        "import os",
    ],
)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(PlaygroundError):
        parse_formula(text)


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_sentence(text: str) -> None:
    try:
        formula = parse_formula(text)
    except PlaygroundError:
        return
    with np.errstate(all="ignore"):
        assert np.shape(formula(np, X1, X2)) == X1.shape


def test_an_experiment_holds_formulas_and_so_does_its_link() -> None:
    experiment = Experiment.of(features=["x1", "x1 ** 3 - x2", "sin(2*x1)", "x1**3-x2"])
    assert experiment.problem.features == ("x1", "x1**3-x2", "sin(2*x1)"), "equal formulas are one feature"
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert from_query(to_query(experiment)) == (experiment, [])
    trainer = Trainer(experiment)
    split = trainer.prepared.data.train
    x = split.x[: int(split.n)]
    np.testing.assert_allclose(x[:, 2], np.sin(2 * x[:, 0]), atol=1e-5)
    state = trainer.advance(trainer.init(), 20)
    assert trainer.scores(state).step == 20


@pytest.mark.parametrize("text", ["log(x1)", "sqrt(x1)", "exp(x1**20)", "1/(x1-x1)"])
def test_a_formula_that_is_no_number_somewhere_is_named_with_the_place(text: str) -> None:
    with pytest.raises(PlaygroundError, match="x1 = "):
        Trainer(Experiment.of(features=["x1", text]))

"""PyTorch, Keras and TeX: scripts for every choice, and the equation that is the network. That scripts train the same
is in ``test_same_run.py``."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.datasets import FEATURES
from playground.errors import PlaygroundError
from playground.export import export
from playground.export.equation import number
from playground.nn.activations import ACTIVATIONS
from playground.nn.network import forward
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS

BASE: dict[str, Any] = {"samples": 60, "hidden": [3], "noise": 0.1}


@pytest.mark.parametrize("target", ["torch", "keras"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_script_of_every_optimizer_is_python(target: str, optimizer: str) -> None:
    text = export(target, Experiment.of(**BASE, optimizer=optimizer, clip_norm=1.0, weight_decay=0.01, l2=0.1))
    compile(text, "script.py", "exec")


@pytest.mark.parametrize("target", ["torch", "keras"])
def test_a_script_of_every_loss_and_activation_is_python(target: str) -> None:
    for loss in LOSSES.values():
        dataset = {"binary": "circle", "multiclass": "blobs", "regression": "plane"}[
            next(iter(loss.output_activations))
        ]
        compile(export(target, Experiment.of(**BASE, loss=loss.name, dataset=dataset)), "script.py", "exec")
    for activation in ACTIVATIONS:
        compile(export(target, Experiment.of(**BASE, activation=activation)), "script.py", "exec")


TEX = {r"\left": "", r"\right": "", r"\cdot": "*", r"\tanh": "tanh", r"\sigma": "sigma", r"\sin": "sin", r"\max": "max"}


def evaluated(tex: str, x1: float, x2: float) -> float:
    """A small interpreter of the equation: its lines, from top to bottom, as arithmetic."""
    known: dict[str, float] = {}
    functions = {"tanh": math.tanh, "sigma": lambda z: 1 / (1 + math.exp(-z)), "sin": math.sin, "max": max}
    value = math.nan
    for line in tex.split("\n")[1:-2]:
        name, _, text = line.removesuffix("\\\\").strip().partition(" &= ")
        if name.startswith(("P(", r"\text")):
            continue
        text = re.sub(r"10\^\{(-?\d+)\}", r"10**(\1)", text.replace(r"\\", ""))
        text = re.sub(r"\\frac\{(.*)\}\{(.*)\}$", r"(\1)/(\2)", text)
        for one, plain in TEX.items():
            text = text.replace(one, plain)
        for symbol, amount in sorted(known.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(f" {symbol}", f" * ({amount!r})").replace(symbol, f"({amount!r})")
        text = text.replace("x_1", f"({x1!r})").replace("x_2", f"({x2!r})").replace("^2", "**2").replace(r"\,", "*")
        text = re.sub(r"\)\s*\(", ")*(", text)
        text = re.sub(r"(\d) \(", r"\1 * (", text)
        value = known[name] = eval(text, {"__builtins__": {}}, functions)
    return value


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"standardize": True},
        {"activation": "relu", "hidden": [3, 2]},
        {"hidden": []},
        {"hidden": [2, 2], "residual": True, "activation": "sigmoid", "loss": "binary_cross_entropy"},
        {"normalization": "batch"},
        {"features": ["x1", "x1_squared"]},
    ],
    ids=str,
)
def test_the_equation_is_the_network(given: dict[str, Any]) -> None:
    experiment = Experiment.of(**(BASE | given))
    trainer = Trainer(experiment)
    state = trainer.advance(trainer.init(), 40)
    tex = export("tex", experiment, weights=(state.params, state.stats))
    prepared = trainer.prepared
    for place in ([1.5, -2.0], [-3.0, 0.25]):
        at = np.array([place])
        raw = np.stack([FEATURES[name].fn(np, at[:, 0], at[:, 1]) for name in experiment.problem.features], axis=1)
        x = ((raw - prepared.plane.mean) / prepared.plane.deviation).astype(np.float32)
        mine = float(forward(trainer.network, state.params, state.stats, x)[-1].h[0, 0])  # pyright: ignore[reportArgumentType]
        assert evaluated(tex, *place) == pytest.approx(mine, abs=0.05)


@pytest.mark.parametrize(("value", "unit"), [(2019.3456, 1.25), (-101325.0, 7.0), (0.5, 300.0), (1e6, 1.0), (0.0, 1.0)])
def test_a_mean_is_written_as_exactly_as_its_unit_needs(value: float, unit: float) -> None:
    mantissa, _, exponent = number(value, unit).replace("}", "").partition(r" \cdot 10^{")
    assert float(mantissa) * 10 ** int(exponent or 0) == pytest.approx(value, abs=unit / 500, rel=1e-12)


def test_a_network_too_large_to_read_is_refused_in_a_sentence() -> None:
    with pytest.raises(PlaygroundError, match="too many to read"):
        export("tex", Experiment.of(hidden=[20, 20]))
    with pytest.raises(PlaygroundError, match="layer normalisation"):
        export("tex", Experiment.of(hidden=[3], normalization="layer"))
    with pytest.raises(PlaygroundError, match="export"):
        export("matlab", Experiment())

"""A branch's letter, and with it its colour, is its own as long as it is there; the colours are told apart by all
eyes."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from playground import Experiment
from playground.live import Run
from playground.palette import LANES
from playground.stage.messages import branch_curves
from playground.web.session import MAX_BRANCHES, Session, new_name
from tests.stage.scripts import run_module

THEME = (Path(__file__).parents[2] / "static" / "lib" / "theme.js").as_uri()
EYES = {
    "usual": np.eye(3),
    "without red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "without green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
"""Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB."""
APART = 10.0
"""Of two colours, as CIE 1976 difference: what is clearly another colour beside it."""


def test_letters_stay_while_branches_come_and_go() -> None:
    experiment = Experiment.of(samples=60, hidden=[2])
    session = Session(experiment, Run(new_name(), experiment))
    session.show_run(session.run)
    known: dict[str, str] = {}
    for _ in range(MAX_BRANCHES + 3):
        session.branch(0)
        told = {one["name"]: one["letter"] for one in branch_curves(session)}
        assert len(set(told.values())) == len(told) <= MAX_BRANCHES
        assert set(told.values()) <= set("ABCD")
        assert {name: told[name] for name in known if name in told} == {n: k for n, k in known.items() if n in told}
        known = told


def lab(colour: list[int], eye: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of an sRGB colour as ``eye`` sees it."""
    share = np.array(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    seen = np.clip(eye @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.cbrt(np.maximum(xyz / np.array([0.9505, 1, 1.089]), 0.008856))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def colours_on(ground: str, expression: str) -> list[list[int]]:
    """The stage's colours on a ground, by an expression of its theme."""
    style = f"{{ getPropertyValue: (name) => name === '--st-background-color' ? '{ground}' : '' }}"
    return run_module(
        f"globalThis.getComputedStyle = () => ({style});"
        f"const {{ readTheme, branchColour }} = await import({json.dumps(THEME)}); const theme = readTheme(null);"
        f"console.log(JSON.stringify({expression}));"
    )


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("ground", ["#ffffff", "#0e1117"])
def test_branches_test_curve_and_ink_are_told_apart(ground: str, eye: str) -> None:
    found = colours_on(
        ground,
        "[...'ABCD'].map((one) => branchColour(theme, one)).concat([theme.negative, theme.ink, theme.ground])",
    )
    seen = [lab(colour, EYES[eye]) for colour in found]
    for (i, a), (j, b) in combinations(enumerate(seen), 2):
        assert np.linalg.norm(a - b) > APART, (found[i], found[j])


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("dark", [False, True])
def test_trainings_side_by_side_are_told_apart(dark: bool, eye: str) -> None:
    """As many as a race of optimizers begins with."""
    colours = [[int(one[i : i + 2], 16) for i in (1, 3, 5)] for one in LANES[dark][:6]]
    for a, b in combinations([lab(colour, EYES[eye]) for colour in colours], 2):
        assert np.linalg.norm(a - b) > APART


@pytest.mark.parametrize("ground", ["#ffffff", "#0e1117"])
def test_branches_are_seen_on_their_ground(ground: str) -> None:
    """By 3 to 1, as WCAG 2.1 asks of what is no text (1.4.11)."""
    *branches, paper = colours_on(ground, "[...'ABCD'].map((one) => branchColour(theme, one)).concat([theme.ground])")
    for colour in branches:
        low, high = sorted(luminance(one) + 0.05 for one in (colour, paper))
        assert high / low >= 3, colour


def luminance(colour: list[int]) -> float:
    """Relative, of an sRGB colour."""
    share = np.array(colour) / 255
    return float(np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

"""Benchmark functions of two coordinates to minimise, with formula, minima and start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.datasets.formula import Formula, parse_formula
from playground.errors import PlaygroundError
from playground.language import mark
from playground.registry import Entry, Registry

OWN = "own"
OWN_FORMULA = "(x1**2-3)**2/9+x2**2+x1*x2/2"


@dataclass(frozen=True, kw_only=True)
class Surface(Entry):
    """A height over the plane: ``text`` as the formulas of features are written.

    ``corner``: the picture's lower left end; ``span``: its width, which is its height too. ``start``: where descents
    begin. ``rate``: a learning rate that plain gradient descent survives. ``minima (m, 2)`` and their height
    ``lowest``, NaN where it is not known beforehand."""

    text: str
    corner: tuple[float, float]
    span: float
    start: tuple[float, float]
    rate: float
    minima: tuple[tuple[float, float], ...] = ()
    lowest: float = float("nan")

    @property
    def height(self) -> Formula:
        """The height as a function of the array module and of the coordinates."""
        return parse_formula(self.text)

    @property
    def xlim(self) -> tuple[float, float]:
        """The picture's ends from left to right."""
        return self.corner[0], self.corner[0] + self.span

    @property
    def ylim(self) -> tuple[float, float]:
        """The picture's ends from below."""
        return self.corner[1], self.corner[1] + self.span

    def heights(self, size: int) -> np.ndarray:
        """Heights ``(size, size)`` at the cells' centres, the top row first; NaN where they are not finite."""
        at = (np.arange(size) + 0.5) / size * self.span
        return self._heights(self.corner[0] + at, self.ylim[1] - at)

    def _heights(self, x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            z = np.asarray(self.height(np, *np.meshgrid(x1, x2)), float)
        return np.where(np.isfinite(z), z, np.nan)

    @property
    def floor(self) -> float:
        """The lowest height: the known one, else the lowest in the picture, found by looking ever closer around the
        lowest cell."""
        if np.isfinite(self.lowest):
            return self.lowest
        (left, low), reach = self.corner, self.span
        best = np.inf
        for _ in range(4):
            at = np.linspace(0, reach, 97)
            x1, x2 = np.clip(left + at, *self.xlim), np.clip(low + at, *self.ylim)
            z = self._heights(x1, x2)
            row, column = np.unravel_index(np.nanargmin(z), z.shape)
            best = min(best, float(z[row, column]))
            reach /= 32
            left, low = x1[column] - reach / 2, x2[row] - reach / 2
        return best


SURFACES: Registry[Surface] = Registry("surface")


def own_surface(text: str, half: float, start: tuple[float, float]) -> Surface:
    """One's own formula of x1 and x2, from ``-half`` to ``half``.

    Raises ``PlaygroundError`` when it is none, or has no finite height in the picture.
    """
    formula = parse_formula(text)
    surface = Surface(
        name=OWN,
        label=mark("Own formula"),
        explanation=mark("A height of your own."),
        formula=formula.tex(),
        source=mark("you"),
        text=formula.text,
        corner=(-half, -half),
        span=2 * half,
        start=start,
        rate=0.01,
    )
    heights = surface.heights(32)
    if not np.isfinite(heights).any():
        raise PlaygroundError(mark("this formula has no finite height in the picture; try x1**2 + x2**2."))
    return surface


ROOT2 = 2**0.5
for surface in (
    Surface(
        name="ravine",
        label="Ravine",
        explanation="Forty times steeper across than along: what a large step gains along, it loses across.",
        formula=r"\tfrac{1}{20} x_1^2 + 2 x_2^2",
        source=mark("a quadratic with condition number 40"),
        text="x1**2/20+2*x2**2",
        corner=(-10, -10),
        span=20,
        start=(-9, 4),
        rate=0.3,
        minima=((0, 0),),
        lowest=0,
    ),
    Surface(
        name="rosenbrock",
        label="Rosenbrock",
        explanation="A bent valley, quickly found and slowly followed to its lowest place at (1, 1).",
        formula=r"(1 - x_1)^2 + 100 (x_2 - x_1^2)^2",
        source="Rosenbrock 1960",
        text="(1-x1)**2+100*(x2-x1**2)**2",
        corner=(-2, -1),
        span=4,
        start=(-1.2, 1),
        rate=0.0007,
        minima=((1, 1),),
        lowest=0,
    ),
    Surface(
        name="beale",
        label="Beale",
        explanation="Flat plains and steep walls: gradients differ by many orders of magnitude.",
        formula=r"(1.5 - x_1 + x_1 x_2)^2 + (2.25 - x_1 + x_1 x_2^2)^2 + (2.625 - x_1 + x_1 x_2^3)^2",
        source="Beale 1958",
        text="(1.5-x1+x1*x2)**2+(2.25-x1+x1*x2**2)**2+(2.625-x1+x1*x2**3)**2",
        corner=(-4.5, -4.5),
        span=9,
        start=(1, 1.5),
        rate=0.002,
        minima=((3, 0.5),),
        lowest=0,
    ),
    Surface(
        name="himmelblau",
        label="Himmelblau",
        explanation="Four lowest places of the same height: which of them is found depends on the way there.",
        formula=r"(x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2",
        source="Himmelblau 1972",
        text="(x1**2+x2-11)**2+(x1+x2**2-7)**2",
        corner=(-5, -5),
        span=10,
        start=(-0.5, -1.5),
        rate=0.003,
        minima=((3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)),
        lowest=0,
    ),
    Surface(
        name="saddle",
        label="Saddle",
        explanation="Level at the origin, yet no valley: who gets away from there, and how soon?",
        formula=r"x_1^2 - x_2^2 + \tfrac{1}{4} x_2^4",
        source=mark("a saddle between two valleys"),
        text="x1**2-x2**2+x2**4/4",
        corner=(-2, -2),
        span=4,
        start=(1.6, 0.001),
        rate=0.03,
        minima=((0, ROOT2), (0, -ROOT2)),
        lowest=-1,
    ),
    Surface(
        name="rastrigin",
        label="Rastrigin",
        explanation="A bowl full of dents: each one is a valley, and only the middle one is the lowest.",
        formula=r"20 + \sum_i \left( x_i^2 - 10 \cos 2 \pi x_i \right)",
        source="Rastrigin 1974",
        text="20+x1**2-10*cos(2*pi*x1)+x2**2-10*cos(2*pi*x2)",
        corner=(-5.12, -5.12),
        span=10.24,
        start=(3.4, 2.6),
        rate=0.003,
        minima=((0, 0),),
        lowest=0,
    ),
):
    SURFACES.register(surface)

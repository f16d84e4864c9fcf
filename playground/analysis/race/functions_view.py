"""The view of benchmark functions, or of a formula of the visitor's: paths, optimizer states, and the surface in
3-D."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.race import entrants as ways
from playground.analysis.race.benchmark_functions import OWN, OWN_FORMULA, SURFACES, Surface, own_surface
from playground.analysis.race.entrants import Entrant
from playground.analysis.race.entrants_view import choose_factor, choose_kind, choose_names, entrant_label
from playground.analysis.race.function_descent import DescentState, FunctionDescent, surface_entrants, surface_rates
from playground.analysis.race.page import columns_for
from playground.analysis.race.significance import first_reached
from playground.errors import PlaygroundError
from playground.language import NumberText, mark, t
from playground.live import ComparisonRun
from playground.web.comparison_player import PlayerState, comparison_player
from playground.web.components import lanes_scene
from playground.web.fields import format_number

CELLS = 96
"""Cells of a surface's picture along one side."""
BANDS = 18
"""Bands of height: their edges are the contour lines."""
DARKEST = 190
FACTORS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
HALVES = (1.0, 2.0, 3.0, 5.0, 10.0)
START_WORDS = {"x1": mark("Start at x₁ (horizontal)"), "x2": mark("Start at x₂ (vertical)")}
GOAL = 0.01
"""Height above the lowest place, as a share of the start's, at which a descent has arrived."""


def functions_section() -> None:
    """Choose a surface, a start and contestants; watch them descend."""
    chosen = choose_surface()
    if chosen is None:
        return
    surface, start = chosen
    entered = entries(surface)
    if not entered:
        st.info(t("Nobody descends: choose at least one contestant."), icon=":material/info:")
        return
    goal = float(surface.height(np, *map(np.float64, start))) - surface.floor

    def make() -> tuple[FunctionDescent, dict]:
        course = FunctionDescent(surface, entered, start)
        return course, scene_of(course)

    comparison_player(
        "surfaces",
        (surface, start, tuple(entered)),
        make,
        caption=lambda run: lane_captions(run, GOAL * goal),
        below=lambda player: draw_in_space(player),
    )
    st.caption(
        t(
            "The arrow is the velocity that an optimizer remembers, the dashed ellipse the root of its mean squared "
            "gradient: "
            "where the ellipse is long, steps are cut short. Both are drawn to a scale of their own. The colour is the "
            "height, on a logarithmic scale."
        )
    )


def choose_surface() -> tuple[Surface, tuple[float, float]] | None:
    """The surface and where to start; None, with a sentence, for a formula that is none."""
    boxes = st.columns([2, 1, 1], vertical_alignment="bottom")
    names = [*SURFACES, OWN]
    name = boxes[0].selectbox(
        t("Surface"),
        names,
        index=names.index("rosenbrock"),
        format_func=lambda option: t("Own formula") if option == OWN else t(SURFACES[option].label),
        key="surface",
        help=t("A function of two numbers whose lowest place is known."),
    )
    if name == OWN:
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        text = left.text_input(
            t("Height as a formula of x1 (horizontal) and x2 (vertical)"),
            OWN_FORMULA,
            max_chars=80,
            key="surface_formula",
            help=t("For example `x1**2 + 3*x2**2`."),
        )
        half = right.select_slider(
            t("From the middle to the edge"),
            HALVES,
            value=3.0,
            key="surface_half",
            help=t("How much of the surface is shown."),
        )
        try:
            surface = own_surface(text, half, (0.8 * half, 0.8 * half))
        except PlaygroundError as error:
            st.info(t(error.sentence).replace("$", r"\$"), icon=":material/info:")
            return None
    else:
        surface = SURFACES[name]
        words = t("{explanation} ({source})", explanation=surface.explanation, source=surface.source)
        st.caption(f"$f(x_1, x_2) = {surface.formula}$ · {words}")
    start = []
    for box, axis, (low, high), value in zip(
        boxes[1:], ("x1", "x2"), (surface.xlim, surface.ylim), surface.start, strict=True
    ):
        key = f"surface_{axis}_{surface.name}_{surface.span:g}"
        ends = float(low), float(high), float(value), surface.span / 1000
        start.append(box.slider(t(START_WORDS[axis]), *ends, key=key, help=t("Where every descent begins.")))
    return surface, (start[0], start[1])


def entries(surface: Surface) -> list[Entrant]:
    """Who descends."""
    kind = choose_kind("surface", ("optimizers", "rates"))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    if kind == "optimizers":
        names = choose_names(
            left, "surface", mark("Contestants"), list(ways.RACING), list(ways.USUAL_RATES), entrant_label
        )
        return surface_entrants(surface, names, choose_factor(right, "surface"))
    name = right.selectbox(
        t("Optimizer"),
        ways.RACING,
        format_func=entrant_label,
        key="surface_of",
        help=t("The one whose learning rates are compared."),
    )
    chosen = choose_names(
        left, "surface", mark("Times the usual learning rate"), list(FACTORS), list(FACTORS[:5]), format_number
    )
    return surface_rates(surface, name, sorted(chosen))


def shades(surface: Surface) -> np.ndarray:
    """Heights ``(CELLS, CELLS)`` as uint8: bands of equal steps of the logarithm, the low ones pale."""
    above = surface.heights(CELLS) - surface.floor
    top = np.nanmax(above)
    unit = max(np.nanmedian(above) / 30, 1e-12)
    share = np.log1p(np.maximum(above, 0) / unit) / np.log1p(max(top, 1e-12) / unit)
    banded = np.floor(np.nan_to_num(share, nan=1.0) * BANDS) / BANDS
    return np.clip(DARKEST * banded, 0, DARKEST).astype(np.uint8)


def scene_of(course: FunctionDescent) -> dict:
    """What the stage must know of descents."""
    surface, names = course.surface, [entrant.name for entrant in course.ways]
    charts = [
        {
            "title": title,
            "lines": [{"name": name, "series": 2 * k + place, "lane": k} for k, name in enumerate(names)],
            "log": log,
        }
        for place, (title, log) in enumerate(
            ((mark("height above the lowest place"), True), (mark("distance from the start"), False))
        )
    ]
    return lanes_scene(
        [
            {
                "name": entrant.name,
                "hint": mark("learning rate {rate:.3g}", rate=entrant.knobs.learning_rate),
                "series": 2 * k,
            }
            for k, entrant in enumerate(course.ways)
        ],
        {
            "kind": "growing",
            "rows": CELLS,
            "cols": CELLS,
            "xlim": surface.xlim,
            "ylim": surface.ylim,
            "shared": True,
        },
        charts,
        course.series,
        backdrop=shades(surface),
        path=True,
        epochs=False,
        pace=2,
        columns=columns_for(len(names)),
    )


def lane_captions(run: ComparisonRun, goal: float) -> list[str | tuple[float, str, str]]:
    """What is said under each lane."""
    course: FunctionDescent = run.simulation  # pyright: ignore[reportAssignmentType]
    past = run.history()
    at = first_reached(past["step"], past["series"][:, ::2], goal)
    state: DescentState = run.state(run.last)
    captions = []
    for k, entrant in enumerate(course.ways):
        rate = NumberText(f"{entrant.knobs.learning_rate:.2g}")
        yet = mark("rate {rate}", rate=rate)
        if np.isfinite(at[k]):
            arrived = mark("rate {rate} · down by 99 % at step {step:,.0f}", rate=rate, step=at[k])
            captions.append((at[k], yet, arrived))
        elif (bad := int(state.bad_step[k])) >= 0:
            captions.append((bad, yet, mark("rate {rate} · diverged at step {step:,}", rate=rate, step=bad)))
        else:
            captions.append(yet)
    return captions


def draw_in_space(player: PlayerState) -> None:
    """The surface in three dimensions with the paths, on request."""
    if not st.toggle(
        t("In 3-D"), key="surface_space", help=t("The same descents over the surface as a relief that can be turned.")
    ):
        return
    from playground.analysis.race.function_figures import descent_figure

    course: FunctionDescent = player.course
    many = len(course.ways)
    stride = max(1, player.lanes.last // 150)
    chosen = [*range(0, player.lanes.last, stride), player.lanes.last]
    paths = np.stack([player.lanes.frame(i).part(course.blocks, "path").reshape(many, 2) for i in chosen])
    figure = descent_figure(
        course.surface, paths, [entrant.name for entrant in course.ways], dark=st.context.theme.type == "dark"
    )
    st.plotly_chart(figure, width="stretch", theme=None, key="surface_figure")

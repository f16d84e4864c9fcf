"""The variants in training: a lane each with its layers' gradients and outputs, and curves over all variants."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import streamlit as st

from playground.analysis.gradient_flow.job import InitialSignalJob
from playground.analysis.gradient_flow.simulation import MEASURES, FlowSimulation
from playground.analysis.gradient_flow.variants import TITLES, ends_words, variant_words
from playground.language import mark, t
from playground.live import ComparisonRun
from playground.live.diagnostics.layer_health import KINDS, steady_label
from playground.web.comparison_player import PlayerState, comparison_player
from playground.web.components import lanes_scene

CHARTS = (
    (mark("Gradient norm of the first layer"), "first", {"floor": 1e-12}),
    (mark("Gradient norm of the output layer"), "last", {"floor": 1e-12}),
    (mark("Train loss"), "loss", {}),
    (mark("First layer: size of a step over size of its weights"), "moved", {"floor": 1e-12}),
    (mark("Slope: powers of ten a layer on the way back"), "slope", {"log": False}),
    (mark("Share of dead hidden units"), "dead", {"log": False, "unit": True}),
    (mark("Share of saturated hidden outputs"), "saturated", {"log": False, "unit": True}),
)
LATEST = 25
"""Frames of which the number beside a label is the median."""


def training_lanes(starts: InitialSignalJob) -> None:
    """Watch them learn."""
    st.subheader(t("And while it learns"))
    st.caption(
        t(
            "A row a layer, the first on top. Left half: how large its gradients are, from 10⁻¹⁰ to 10²; right half: "
            "its outputs, from −2 to 2. "
            "A unit is dead when no sample makes it fire, so that no gradient reaches it; an output is saturated at an "
            "end of its activation, where the slope is almost 0."
        )
    )

    def make() -> tuple[FlowSimulation, dict[str, Any]]:
        course = FlowSimulation(starts.flows)
        return course, scene_of(course, starts)

    comparison_player("flow", starts, make, caption=verdict_lines, below=lambda player: paused_layers(player, starts))


def scene_of(course: FlowSimulation, starts: InitialSignalJob) -> dict[str, Any]:
    """What the stage must know of the variants."""
    names = [variant.name for variant in starts.variants]
    each = len(MEASURES)
    depths = [flow.trainer.network.depth for flow in course.flows]
    return lanes_scene(
        [
            {"name": name, "hint": variant_words(experiment), "series": each * k}
            for k, (name, experiment) in enumerate(zip(names, starts.experiments, strict=True))
        ],
        {
            "kind": "growing",
            "rows": course.deepest,
            "cols": course.columns,
            "xlim": [0, 1],
            "ylim": [0, 1],
            "smooth": False,
            "ratio": 0.62,
        },
        [
            {
                "title": title,
                "lines": [
                    {"name": name, "series": each * k + MEASURES.index(measure), "lane": k}
                    for k, name in enumerate(names)
                ],
            }
            | options
            for title, measure, options in CHARTS
        ],
        [f"{measure} {name}" for name in names for measure in MEASURES],
        rowNames=[[*(str(i + 1) for i in range(depth - 1)), mark("out")] for depth in depths],
        columns=len(names),
    )


def verdict_lines(run: ComparisonRun) -> list[str]:
    """What is found of each variant at the newest frame."""
    history = run.history()["series"]
    numbers = history.reshape(len(history), -1, len(MEASURES))
    lines = []
    for rows, flow in zip(numbers.swapaxes(0, 1), cast(FlowSimulation, run.simulation).flows, strict=True):
        kinds = rows[:, MEASURES.index("kind")].astype(int)
        name = KINDS[int(steady_label(kinds.tolist()))]
        if KINDS[kinds[-1]] == "broken":
            name = "broken"
        # Of the latest frames that are what they are called: one alone may be of another kind.
        alike = rows[-LATEST:][kinds[-LATEST:] == KINDS.index(name)]
        line: str = TITLES[name]
        if len(alike) and name not in ("shallow", "broken"):
            first, back = np.median(alike[:, [MEASURES.index("first"), MEASURES.index("slope")]], axis=0)
            line = mark(
                "{verdict}. {comparison}.",
                verdict=line,
                comparison=ends_words(float(first), float(back), flow.trainer.network.depth),
            )
        lines.append(line)
    return lines


def paused_layers(player: PlayerState, starts: InitialSignalJob) -> None:
    """The layers at the frame that it was paused at."""
    from playground.analysis.gradient_flow.figures import slopes_figure, strips_figure

    course: FlowSimulation = player.course
    state = player.lanes.state(player.shown_index)
    layers, dark = course.layers(state), st.context.theme.type == "dark"
    names = [t(variant.name) for variant in starts.variants]
    st.markdown(f"**{t('Each layer at step {step:,}', step=int(state.step))}**")
    left, right = st.columns([2, 3])
    left.plotly_chart(slopes_figure(names, layers, dark=dark), width="stretch", theme=None, key="flow_slopes_now")
    right.plotly_chart(strips_figure(names, layers, dark=dark), width="stretch", theme=None, key="flow_strips_now")

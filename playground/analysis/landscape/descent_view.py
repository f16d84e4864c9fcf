"""The live descent: on the plane that is shown, or with a plane that moves along; its learning rate can be changed."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import streamlit as st

from playground.analysis.landscape.descent_simulation import LIVE_SIDE, SERIES, DescentSimulation, log_range, shades_of
from playground.analysis.landscape.jobs import PlaneJob
from playground.analysis.landscape.plane import Plane, flat
from playground.language import mark, t
from playground.live import ComparisonRun
from playground.web.comparison_player import comparison_player, replace_simulation
from playground.web.components import lanes_scene

PLACE = "landscape"
LINES = (mark("train loss"), mark("test loss"))
STARTS = {"first": mark("its first weights"), "present": mark("where it stands")}
RATES = [round(m * 10.0**e, 8) for e in range(-4, 1) for m in (1, 2, 3, 5)] + [10.0]


def keep_choices() -> None:
    """Keep what was chosen for the lane, also while there is none: Streamlit forgets what is not drawn."""
    for name in [str(key) for key in st.session_state if str(key).startswith("live_")]:
        st.session_state[name] = st.session_state[name]


def draw_descent(terrain: PlaneJob, shown: Plane, key: Hashable) -> None:
    """The lane on the plane ``shown``, and what can be chosen for it."""
    st.subheader(t("Watch it descend"))
    descent, experiment = terrain.descent, terrain.descent.experiment
    boxes = st.columns([1.2, 1.2, 1.6], vertical_alignment="bottom")
    begin = boxes[0].segmented_control(
        t("From"),
        list(STARTS),
        format_func=lambda option: t(STARTS[option]),
        default="first",
        required=True,
        key="live_from",
        help=t("Where on the landscape the descent begins."),
    )
    moving = boxes[1].toggle(
        t("The plane goes along"),
        key="live_moving",
        help=t("The plane is kept around the point: you see what the loss is like right where it stands."),
    )
    own = experiment.knobs.learning_rate
    rate = boxes[2].select_slider(
        t("Learning rate"),
        sorted({*RATES, own}),
        value=own,
        key=f"live_rate_{own:g}",
        help=t("For this view alone, also while it plays: raise it until the sharpness stands above what it allows."),
    )

    def make() -> tuple[DescentSimulation, dict[str, Any]]:
        start = descent.run.state(0) if begin == "first" else descent.start
        start = start._replace(bad_step=start.bad_step * 0 - 1)
        plane = center_plane(shown) if moving else shown
        course = DescentSimulation(descent.run.observer, experiment, descent.masks, start, plane, moving)
        return course.with_learning_rate(rate), scene_of(terrain, plane, moving)

    lane_key = (key, begin, moving)
    replace_simulation(
        PLACE,
        lane_key,
        lambda course: None if course.experiment.knobs.learning_rate == rate else course.with_learning_rate(rate),
    )
    comparison_player(PLACE, lane_key, make, caption=describe_frame)


def center_plane(plane: Plane) -> Plane:
    """``plane`` with its centre in the middle of the picture, as far to all sides."""
    (left, right), (low, high) = plane.span
    across, up = (right - left) / 2, (high - low) / 2
    return replace(plane, span=((-across, across), (-up, up)))


def scene_of(terrain: PlaneJob, plane: Plane, moving: bool) -> dict[str, Any]:
    """What the stage must know of the lane."""
    picture: dict[str, Any] = {"kind": "growing", "ratio": 0.62}
    options: dict[str, Any] = {"path": True}
    side = LIVE_SIDE if moving else terrain.landscape.side
    if not moving:
        options["backdrop"] = shades_of(terrain.heights, *log_range(terrain.heights))
    picture |= {"rows": side, "cols": side, "xlim": list(plane.span[0]), "ylim": list(plane.span[1])}
    loss = [{"name": name, "series": i, "lane": i} for i, name in enumerate(LINES)]
    sharp = [
        {"name": mark("sharpness"), "series": 2, "lane": 0},
        {"name": mark("2 / learning rate"), "series": 3, "lane": 1},
    ]
    charts = [{"title": mark("Sharpness"), "lines": sharp}, {"title": mark("Loss"), "lines": loss}]
    lane = {
        "name": mark("Training loss"),
        "hint": mark("darker blue: higher loss, on a logarithmic scale"),
        "series": 0,
    }
    return lanes_scene([lane], picture, charts, SERIES, **options)


def describe_frame(run: ComparisonRun) -> list[str]:
    """A sentence on the newest frame."""
    course, state = run.simulation, run.state(run.last)
    assert isinstance(course, DescentSimulation)
    if course.moving:
        return [mark("The plane is kept around the point: what you see is what the next steps meet.")]
    off = course.distance_from_plane(state)
    if not math.isfinite(off) or int(state.step) == int(course.start.step):
        return [""]
    at = course.plane.coordinates(flat(state)[None])[0][0]
    if any(not low <= place <= high for place, (low, high) in zip(at, course.plane.span, strict=True)):
        return [mark("It has left the picture: have the plane go along, or choose the plane of a longer way.")]
    return [mark("{share:.0f} % of the way since its start lies off this plane.", share=100 * off)]

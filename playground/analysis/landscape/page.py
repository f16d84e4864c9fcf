"""The landscape page: the loss on a plane, the live descent, the sharpness along the path, the line to another
network."""

from __future__ import annotations

from typing import Any

import streamlit as st

from playground.analysis.landscape.connectivity_view import draw_connectivity
from playground.analysis.landscape.descent_view import draw_descent, keep_choices
from playground.analysis.landscape.jobs import PlaneJob, PlaneKind
from playground.analysis.landscape.sharpness_view import draw_sharpness
from playground.analysis.landscape.weight_path import AHEAD, WeightPath
from playground.language import Translatable, join_sentences, mark, mark_plural, t
from playground.live.scheduling.job import Job
from playground.web.jobs import get_or_start_job, show_job
from playground.web.question import wait_for_first_frame
from playground.web.session import Session, track_memory

PATH_KEY = "descent"
KINDS: dict[PlaneKind, str] = {"path": mark("Its own way"), "random": mark("Random"), "hessian": mark("Sharpest")}
NAMES = {
    "path": (mark("1st direction"), mark("2nd direction")),
    "random": (mark("random direction"), mark("another one")),
    "hessian": (mark("sharpest"), mark("second sharpest")),
}
MEANING = {
    "random": mark(
        "Each unit's weights are moved in random directions by as much as they are long: 1 is as far as the "
        "weights themselves reach."
    ),
    "hessian": mark(
        "The two directions in which the loss curves most at the present weights. What bends upwards here is "
        "what limits the learning rate."
    ),
}

WAYS = (
    mark("The plane in which the way from the first weights is spread most."),
    mark("The way is straight: across it lies the direction in which the loss curves most."),
    mark("The weights do not move, and so span no plane: these are the two directions in which the loss curves most."),
)
"""What the plane of a way means, by how many of its directions are the sharpest ones."""


def landscape(current: Session) -> None:
    """The plane and its choice, then live, then the sharpness, then the line; each begins when the one before it is
    there."""
    if not wait_for_first_frame(current):
        return
    boxes = st.columns([4, 1.4, 1], vertical_alignment="bottom")
    kind: PlaneKind = boxes[0].segmented_control(
        t("Plane"),
        list(KINDS),
        format_func=lambda option: t(KINDS[option]),
        default="path",
        required=True,
        key="plane",
        help=t("Which flat cut through all weights is shown."),
    )
    seed = st.session_state.setdefault("plane_seed", 0)
    if kind == "random" and boxes[1].button(t("Other directions"), key="other_directions", width="stretch"):
        seed = st.session_state["plane_seed"] = seed + 1
    log = boxes[2].toggle(
        t("Log"), value=True, key="plane_log", help=t("Logarithmic heights: valleys keep their shape.")
    )

    descent = path_of(current)  # after what there is to choose, which need not wait for it

    def begin() -> tuple[Job, PlaneJob]:
        terrain = PlaneJob(descent, kind, seed)
        return Job(key, terrain.recipes, terrain.work), terrain

    key = (st.session_state[PATH_KEY][0], kind, seed if kind == "random" else 0)
    job_and_result = get_or_start_job("terrain", key, begin)
    if job_and_result is None:
        return
    show_job("terrain", job_and_result, lambda terrain: draw_plane(terrain, log))
    if job_and_result[0].going:
        keep_choices()
        return
    if job_and_result[1].plane is not None:
        draw_descent(job_and_result[1], job_and_result[1].plane, key)
    job = draw_sharpness(descent, st.session_state[PATH_KEY][0])
    if job is not None and not job.going:
        draw_connectivity(descent, st.session_state[PATH_KEY][0])


def path_of(current: Session) -> WeightPath:
    """The way to the frame that is looked at, held until the run or that frame changes."""
    run, head = current.run, current.shown_index
    key = (run.name, run.epoch, head, int(run.curves.until(head + 1)["step"][-1]))
    entry: tuple[Any, WeightPath] | None = st.session_state.get(PATH_KEY)
    if entry is None or entry[0] != key:
        entry = st.session_state[PATH_KEY] = (key, WeightPath(run, head))
    track_memory(entry[1], lambda: st.session_state.pop(PATH_KEY, None))
    return entry[1]


def draw_plane(terrain: PlaneJob, log: bool) -> None:
    """The plane from above and as a relief, and what is to be known of it."""
    from playground.analysis.landscape.figures import relief_figure, terrain_figure

    plane = terrain.plane
    if plane is None:
        return
    dark, descent = st.context.theme.type == "dark", terrain.descent
    first, second = (t(name) for name in axis_names(terrain))
    drawn_of = (plane.axes(terrain.landscape.side), terrain.heights, terrain.at, descent.steps, (first, second))
    look = {"present": descent.present, "log": log, "dark": dark}
    left, right = st.columns(2)
    left.plotly_chart(terrain_figure(*drawn_of, **look), width="stretch", theme=None, key="terrain_above")
    right.plotly_chart(relief_figure(*drawn_of, **look), width="stretch", theme=None, key="terrain_relief")
    st.markdown(f"**{t(off_words(terrain.off))}**  \n{t(meaning(terrain))}")
    st.caption(path_words(terrain))


def axis_names(terrain: PlaneJob) -> tuple[str, str]:
    """What the plane's two directions are called: the way's own, then the sharpest ones that it borrows."""
    own = 2 - terrain.sharpest if terrain.kind == "path" else 2
    names = (*NAMES[terrain.kind][:own], *NAMES["hessian"])
    return names[0], names[1]


def meaning(terrain: PlaneJob) -> str:
    """What the plane's directions mean, in a sentence."""
    return MEANING[terrain.kind] if terrain.kind != "path" else WAYS[terrain.sharpest]


def off_words(off: float) -> str:
    """How much of the way the plane shows, in a sentence; what is off it is never rounded to nothing."""
    if off < 5e-6:
        return mark("All of the way lies on this plane.")
    if off < 0.0005:
        return mark("More than 99.9 % of the way lies on this plane.")
    if off < 0.1:
        return mark("{on:.1f} % of the way lies on this plane, {off:.1f} % off it.", on=100 * (1 - off), off=100 * off)
    if off > 0.995:
        return mark("Hardly any of the way lies on this plane: what you see of it is its shadow.")
    return mark("{off:.0f} % of the way lies off this plane.", off=100 * off)


def path_words(terrain: PlaneJob) -> str:
    """Whose way it is, and from what it was drawn."""
    descent, side = terrain.descent, terrain.landscape.side
    now = int(descent.steps[descent.present])
    first = int(descent.steps[0])
    words: list[str] = [
        mark(
            "The ring is the weights at step {first:,}, which were loaded, the dot the present ones, at step {now:,}.",
            first=first,
            now=now,
        )
        if first
        else mark("The ring is the first weights, the dot the present ones, at step {now:,}.", now=now)
    ]
    if descent.ahead:
        words.insert(0, ahead_words(now - first, descent.ahead, loaded=first > 0))
        end = int(descent.steps[-1])
        words.append(mark("Dotted is the copy's way, to the square at step {step:,}.", step=end))
    words.append(
        mark(
            "{side} × {side} points of the training loss on all train samples; shares of the way are of squared "
            "distances.",
            side=side,
        )
    )
    if descent.ahead < AHEAD and descent.stopped:
        words.append(descent.stopped)
    return t(join_sentences(words))


def ahead_words(gone: int, ahead: int, *, loaded: bool) -> Translatable:
    """Why a copy went ``ahead`` steps ahead of a network that has gone so few, since it was ``loaded`` or begun."""
    if gone:
        return mark_plural(
            "Your network has moved little in {count:,} step: for this page a copy of it went {ahead:,} steps ahead.",
            "Your network has moved little in {count:,} steps: for this page a copy of it went {ahead:,} steps ahead.",
            gone,
            ahead=ahead,
        )
    if loaded:
        return mark(
            "Your network has not been trained here yet: for this page a copy of it went {ahead:,} steps ahead.",
            ahead=ahead,
        )
    return mark(
        "Your network has not been trained yet: for this page a copy of it went {ahead:,} steps ahead.", ahead=ahead
    )

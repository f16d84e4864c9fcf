"""The race page: lanes, a table of arrivals, and each contestant to open in the Playground."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.race.entrants import RACING
from playground.analysis.race.entrants_view import choose_entrants, find_rates
from playground.analysis.race.reasons import race_reasons
from playground.analysis.race.significance import first_reached
from playground.analysis.race.simulation import SCORES, Contestant, RaceSimulation
from playground.experiment.links.query import RULES
from playground.language import NumberText, Translatable, join_items, join_sentences, mark, t
from playground.live import ComparisonRun
from playground.number_format import format_brief, format_precise
from playground.objectives.optimizers import OPTIMIZERS
from playground.web.comparison_player import PlayerState, comparison_player
from playground.web.components import lane_points, lanes_scene
from playground.web.field_names import FieldName
from playground.web.fields import format_number
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session

STEPS = (200, 500, 1000, 2000, 5000, 10_000, 20_000)
GOALS = (0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.001, 1e-4, 1e-5)
LOSSES = {"train_loss": mark("train loss"), "test_loss": mark("test loss")}


R_SQUARED = (mark("train R²"), mark("test R²"))
ACCURACY = (mark("train accuracy"), mark("test accuracy"))
VIEWS = {"one": mark("One race"), "many": mark("Many starts"), "surface": mark("Known surfaces")}
VARIED = {
    "optimizers": mark(
        "Here several optimizers train your network, each at the learning rate that suited it best in the same sweep."
    ),
    "usual": mark(
        "Here several optimizers train your network, each at its usual learning rate, since the search for a better "
        "one was stopped."
    ),
    "rates": mark("Here one optimizer trains your network at several learning rates."),
    "schedules": mark(
        "Here one optimizer trains your network under several schedules of its learning rate, each from the rate "
        "that suited it best in the same sweep."
    ),
    "usual schedules": mark(
        "Here one optimizer trains your network under several schedules of its usual learning rate."
    ),
}
"""What differs between those that race."""
ALIKE = {
    "one": mark("All have the same start and the same batches."),
    "many": mark("All have the same start and the same batches in a race, and each race another start."),
}
"""What does not."""
SURFACE_WORDS = {
    "optimizers": mark(
        "Here several optimizers descend one known surface from the same point, each at the learning rate "
        "that usually suits it there. "
        "There are no samples and no batches: what you see is the optimizer alone."
    ),
    "rates": mark(
        "Here one optimizer descends one known surface from the same point at several learning rates. There are "
        "no samples and no batches."
    ),
}


def comparison_words(view: str, kind: str, searched: bool = True) -> Translatable:
    """What a view compares, and what is alike; ``searched``: learning rates come from the sweep, which nobody
    stopped."""
    if view == "surface":
        return SURFACE_WORDS[kind]
    if not searched:
        kind = {"optimizers": "usual", "schedules": "usual schedules"}.get(kind, kind)
    return join_sentences([VARIED[kind], ALIKE[view]])


def choose_comparison() -> Translatable:
    """``comparison_words`` of what the page's controls say, also before they are drawn."""
    view = st.session_state.get("race_view") or "one"
    kind = st.session_state.get("surface_kind" if view == "surface" else "race_kind") or "optimizers"
    sweep = st.session_state.get("job_race_rates")
    return comparison_words(view, kind, sweep is None or sweep[0].state != "cancelled")


def choose_view() -> str:
    """Which of the three the page shows: only that one is computed."""
    return st.segmented_control(
        t("Look at"),
        list(VIEWS),
        default="one",
        required=True,
        format_func=lambda key: t(VIEWS[key]),
        key="race_view",
        label_visibility="collapsed",
        help=t("One race in detail, many races from other starts, or descents on a known surface."),
    )


def race(current: Session) -> None:
    """One race to watch."""
    entered = entries(current)
    if entered is None:
        return
    contestants, steps, name, goal = entered
    experiment, table = current.experiment, current.table_used

    def make() -> tuple[RaceSimulation, dict]:
        course = RaceSimulation(contestants, table, steps)
        return course, scene_of(course)

    def again() -> None:
        current.change("init_seed", (experiment.problem.init_seed + 1) % 2**31)

    comparison_player(
        "race",
        (tuple(contestants), steps, table is None or id(table)),
        make,
        caption=lambda run: draw_notes(run, name, goal),
        below=lambda player: draw_finish(current, player, name, goal),
        again=again,
    )


def entries(current: Session) -> tuple[list[Contestant], int, str, float] | None:
    """Who races, over how many steps, to which goal: a score's name and its value; None while nobody does, with a
    sentence, or while their learning rates are being found."""
    experiment = current.experiment
    if experiment.structure.optimizer not in RACING:
        name = OPTIMIZERS[experiment.structure.optimizer].label
        st.info(
            t(
                "{name} sees all samples at once, so it cannot race on the same batches; the others race on your "
                "experiment.",
                name=name,
            ),
            icon=":material/info:",
        )
    chosen, factor = choose_entrants(experiment)
    boxes = st.columns(3, vertical_alignment="bottom")
    steps = boxes[0].select_slider(
        t("Steps"), STEPS, value=2000, key="race_steps", help=t("How long the race is, in updates of the weights.")
    )
    name = boxes[1].selectbox(
        t("Who is first at a"),
        list(LOSSES),
        format_func=lambda key: t(LOSSES[key]),
        key="race_score",
        help=t("The loss that decides who is first."),
    )
    goal = boxes[2].select_slider(
        t("of at most"),
        GOALS,
        value=0.05,
        format_func=format_number,
        key="race_goal",
        help=t("The loss at which a contestant has arrived."),
    )
    if not chosen:
        st.info(t("Nobody races: choose at least one contestant."), icon=":material/info:")
        return None
    contestants = [entrant.contestant(experiment) for entrant in chosen]
    if factor is not None:
        contestants = find_rates(contestants, current.table_used, steps, name, goal, factor)
    return None if contestants is None else (contestants, steps, name, goal)


def scene_of(course: RaceSimulation) -> dict:
    """What the stage must know of a race."""
    picture, task = course.trainer.prepared.picture, course.trainer.experiment.task
    names = [contestant.name for contestant in course.contestants]
    each = len(SCORES)
    side = round(course.blocks[-1].shape[-1] ** 0.5)
    has_test = int(course.trainer.prepared.data.test.n) > 0
    titles = [*LOSSES.values(), *(R_SQUARED if task == "regression" else ACCURACY)]
    charts = [
        {
            "title": title,
            "lines": [{"name": name, "series": each * k + place, "lane": k} for k, name in enumerate(names)],
            "log": place < 2,
            "unit": place >= 2 and task != "regression",
        }
        for place, title in enumerate(titles)
        if has_test or place % 2 == 0
    ]
    return lanes_scene(
        [
            {"name": contestant.name, "hint": hint_of(contestant), "series": each * k}
            for k, contestant in enumerate(course.contestants)
        ],
        {
            "kind": "categorical" if course.planes == 2 else "diverging",
            "rows": side,
            "cols": side,
            "xlim": picture.xlim,
            "ylim": picture.ylim,
            "classes": len(course.trainer.prepared.class_names),
        },
        charts,
        course.series,
        points=lane_points(picture, task == "regression", most=300 if len(names) < 4 else 120),
        columns=columns_for(len(names)),
    )


def columns_for(many: int) -> int:
    """How many lanes stand side by side where there is room: all of them up to six, else in two rows."""
    return 4 if many > 6 else max(3, many)


def counting_words(step: int, past: np.ndarray) -> str:
    """How exactly arrivals are counted, in a race that was looked at after the steps ``past (T,)``."""
    if len(past) < 2:
        return mark("Not started yet: press Play.")
    pace = int(np.median(np.diff(past)))
    if pace == 1:
        return mark("Step {step:,}. The goal is looked for after every step.", step=step)
    return mark(
        "Step {step:,}. The goal is looked for every {pace} steps: a slower speed counts more exactly.",
        step=step,
        pace=pace,
    )


def hint_of(contestant: Contestant) -> Translatable:
    """The contestant's knobs in a line."""
    structure, knobs = contestant.experiment.structure, contestant.experiment.knobs.as_dict()
    used = OPTIMIZERS[structure.optimizer].knobs
    return join_items(
        mark(
            "{name} {value}", name=FieldName(name.replace("_", " "), RULES[name].label), value=format_brief(knobs[name])
        )
        for name in used
    )


def draw_arrivals(run: ComparisonRun, name: str, goal: float, index: int) -> np.ndarray:
    """The step at which each contestant was first at the goal, up to frame ``index`` (K,); infinite while it was
    not."""
    past = run.history(index + 1)
    scores = past["series"].reshape(len(past["step"]), -1, len(SCORES))
    return first_reached(past["step"], scores[:, :, SCORES.index(name)], goal)


def draw_notes(run: ComparisonRun, name: str, goal: float) -> list[str | tuple[float, str, str]]:
    """What is said under each lane: its learning rate, and how far it came."""
    course: RaceSimulation = run.simulation  # pyright: ignore[reportAssignmentType]
    sentences: list[str | tuple[float, str, str]] = []
    state = run.state(run.last)
    over = run.stop_reason() is not None
    at = draw_arrivals(run, name, goal, run.last)
    for contestant, arrival, bad in zip(course.contestants, at, state.bad_step, strict=True):
        rate = format_brief(contestant.experiment.knobs.learning_rate)
        yet = mark("rate {rate} · not there yet", rate=rate)
        if np.isfinite(arrival):
            arrived = mark("rate {rate} · goal at step {step:,.0f}", rate=rate, step=arrival)
            sentences.append((float(arrival), yet, arrived))
        elif bad >= 0:
            sentences.append((float(bad), yet, mark("rate {rate} · diverged at step {step:,}", rate=rate, step=bad)))
        elif over:
            sentences.append((float(state.step), yet, mark("rate {rate} · never at the goal", rate=rate)))
        else:
            sentences.append(yet)
    return sentences


def draw_finish(current: Session, player: PlayerState, name: str, goal: float) -> None:
    """The table of arrivals at the frame that is shown, and who is to be opened."""
    course: RaceSimulation = player.course
    index = player.shown_index if player.paused else player.lanes.last
    scores = player.lanes.frame(index).part(course.blocks, "series").reshape(-1, len(SCORES))
    at = draw_arrivals(player.lanes, name, goal, index)
    state = player.lanes.state(index)
    order = sorted(range(len(at)), key=lambda k: (at[k], np.nan_to_num(scores[k, 0], nan=np.inf)))
    history = player.lanes.history(index + 1)
    past = history["step"]
    losses = history["series"].reshape(len(past), -1, len(SCORES))[:, :, SCORES.index(name)]
    names = [contestant.name for contestant in course.contestants]
    if reasons := race_reasons(past, losses, names, goal):
        st.markdown(escape_markdown(t(join_sentences(reasons))))
    rows = [
        {
            t("Contestant"): t(course.contestants[k].name),
            t("Learning rate"): format_number(course.contestants[k].experiment.knobs.learning_rate),
            t("Goal at step"): t(NumberText(f"{at[k]:,.0f}")) if np.isfinite(at[k]) else "–",
            t("Train loss now"): t(format_precise(scores[k, 0])),
            t("Test loss now"): t(format_precise(scores[k, 1])),
            t("Diverged at step"): t(NumberText(f"{state.bad_step[k]:,}")) if state.bad_step[k] >= 0 else "–",
            t("Settings"): t(hint_of(course.contestants[k])),
        }
        for k in order
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key="race_table")
    st.caption(t(counting_words(int(state.step), past)))
    st.markdown(f"**{t('Open one in the Playground')}**")
    for box, k in zip((st.columns(min(4, len(order))) * 2)[: len(order)], order, strict=True):
        shown_contestant = course.contestants[k]
        # By name: a press on its way while the contestants change means whom its label named.
        if box.button(
            escape_markdown(t(shown_contestant.name)), key=f"race_open_{shown_contestant.name}", width="stretch"
        ):
            if current.adopt(shown_contestant.experiment):
                current.notes[:] = [
                    mark(
                        "This is {name} of the race. Press Play: at step {step:,} its train loss is {loss}.",
                        name=shown_contestant.name,
                        step=int(state.step),
                        loss=format_precise(scores[k, 0]),
                    )
                ]
            st.switch_page(PLAYGROUND)

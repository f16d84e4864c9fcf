"""Who races: what differs between the contestants, and which of them there are."""

from __future__ import annotations

import streamlit as st

from playground.analysis import ways
from playground.analysis.ways import Way
from playground.objectives.schedules import SCHEDULES
from playground.spec import Experiment
from playground.training.contest import MOST
from playground.ui.language import t

KINDS = {"optimizers": "Optimizers", "rates": "Learning rates", "schedules": "Schedules"}
FACTORS = {0.1: "÷ 10", 0.3: "÷ 3", 1.0: "as usual", 3.0: "× 3", 10.0: "× 10"}
SCHEDULE_STEPS = (200, 500, 1000, 2000, 5000, 10_000)


def kind_chosen(place: str, kinds: tuple[str, ...] = tuple(KINDS)) -> str:
    """What differs."""
    chosen = st.segmented_control(
        t("What differs"), kinds, default=kinds[0], format_func=lambda one: t(KINDS[one]), key=f"{place}_kind"
    )
    return chosen or kinds[0]


def factor_chosen(box: object, place: str) -> float:
    """By what all usual learning rates are multiplied."""
    return box.select_slider(  # pyright: ignore[reportAttributeAccessIssue]
        t("Learning rates"),
        list(FACTORS),
        value=1.0,
        format_func=lambda one: t(FACTORS[one]),
        key=f"{place}_factor",
        help=t(
            "Each optimizer has a learning rate of its own that usually suits it; this turns all of them up or down. Who still wins?"
        ),
    )


def names_chosen(box: object, place: str, label: str, options: list, default: list, format_func: object) -> list:
    """Up to eight of some options."""
    return box.multiselect(  # pyright: ignore[reportAttributeAccessIssue]
        t(label), options, default=default, format_func=format_func, max_selections=MOST, key=f"{place}_{label}"
    )


def contenders(experiment: Experiment) -> list[Way]:
    """The ways of learning that the visitor lets race on their own experiment."""
    kind = kind_chosen("race")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    if kind == "optimizers":
        own = ways.own_name(experiment)
        usual = list(ways.USUAL) if own in ways.USUAL else [*ways.USUAL, own]
        names = names_chosen(left, "race", "Contestants", list(ways.RACING), usual, ways.label_of)
        return ways.optimizers(experiment, names, factor_chosen(right, "race"))
    name = right.selectbox(
        t("Optimizer"),
        ways.RACING,
        index=ways.RACING.index(ways.own_name(experiment)),
        format_func=ways.label_of,
        key=f"race_{kind}_of",
    )
    if kind == "rates":
        (mine,) = ways.optimizers(experiment, [name])
        rate = mine.knobs.learning_rate
        values = sorted({*ways.RATES, rate})
        near = [one for one in values if rate / 11 <= one <= 34 * rate][:MOST]
        chosen = names_chosen(left, f"race_{name}", "Learning rates", values, near, lambda one: f"{one:g}")
        return ways.rates(experiment, name, sorted(chosen))
    every = list(SCHEDULES)
    chosen = names_chosen(left, "race", "Schedules", every, every[:4], lambda one: SCHEDULES[one].label)
    length = right.select_slider(t("Schedule's length"), SCHEDULE_STEPS, value=1000, key="race_length")
    return ways.schedules(experiment, name, chosen, length)

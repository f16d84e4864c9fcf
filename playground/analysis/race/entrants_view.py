"""Controls of a race: what differs between its contestants, which there are, and their learning rates."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from playground.analysis.race import entrants as ways
from playground.analysis.race.entrants import Entrant
from playground.analysis.race.paired_training import MAX_CONTESTANTS
from playground.analysis.race.rate_sweep import (
    FINALISTS,
    FIRST_STARTS,
    LATE_FACTOR,
    MORE_STARTS,
    SWEEP_RATES,
    RateSweep,
    at_rate,
    sweep_entrant,
)
from playground.analysis.race.simulation import Contestant
from playground.datasets import Table
from playground.experiment import Experiment
from playground.language import NumberText, mark, t
from playground.live.scheduling.job import Job
from playground.number_format import format_brief
from playground.objectives.schedules import SCHEDULES
from playground.web.fields import format_number
from playground.web.jobs import get_or_start_job, show_job

KINDS = {"optimizers": mark("Optimizers"), "rates": mark("Learning rates"), "schedules": mark("Schedules")}
FACTORS = {0.1: "÷ 10", 0.3: "÷ 3", 1.0: mark("as usual"), 3.0: "× 3", 10.0: "× 10"}
BEST_FACTORS = FACTORS | {1.0: mark("each at its best")}
USUAL_HELP = mark(
    "Each optimizer has a learning rate that usually suits it; this turns all of them up or down. Who still wins?"
)
BEST_HELP = mark(
    "Each optimizer races at the best of the same learning rates for all, found from other starts; "
    "this turns all of them up or down. Who still wins?"
)
FINDING = mark("Finding each contestant's best learning rate, from other starts than the race's.")
NOT_FOUND = mark(
    "Stopped, so no best learning rates are known: each races at the usual rate of its optimizer, which may "
    "suit one better than another."
)
SCHEDULE_STEPS = (200, 500, 1000, 2000, 5000, 10_000)


def choose_kind(place: str, kinds: tuple[str, ...] = tuple(KINDS)) -> str:
    """What differs."""
    return st.segmented_control(
        t("What differs"),
        kinds,
        default=kinds[0],
        required=True,
        format_func=lambda key: t(KINDS[key]),
        key=f"{place}_kind",
        help=t("Contestants are alike in all but this."),
    )


def choose_factor(box: object, place: str, factors: Mapping[float, str] = FACTORS, words: str = USUAL_HELP) -> float:
    """By what all learning rates are multiplied."""
    return box.select_slider(  # pyright: ignore[reportAttributeAccessIssue]
        t("Learning rates"),
        list(factors),
        value=1.0,
        format_func=lambda factor: t(factors[factor]),
        key=f"{place}_factor",
        help=t(words),
    )


def entrant_label(name: str) -> str:
    """One of ``RACING`` as it is shown."""
    return t(ways.label_of(name))


def choose_names(box: object, place: str, label: str, options: list, default: list, format_func: object) -> list:
    """Up to eight of some options."""
    return box.multiselect(  # pyright: ignore[reportAttributeAccessIssue]
        t(label),
        options,
        default=default,
        format_func=format_func,
        max_selections=MAX_CONTESTANTS,
        placeholder=t("Choose options"),
        key=f"{place}_{label}",
        help=t("Up to eight, side by side."),
    )


def choose_entrants(experiment: Experiment) -> tuple[list[Entrant], float | None]:
    """The ways of learning that the visitor lets race on their own experiment, and by what their best learning rates
    are multiplied; None where the rates are what differs."""
    kind = choose_kind("race")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    if kind == "optimizers":
        own = ways.own_name(experiment)
        usual = list(ways.USUAL_RATES) if own in ways.USUAL_RATES else [*ways.USUAL_RATES, own]
        names = choose_names(left, "race", mark("Contestants"), list(ways.RACING), usual, entrant_label)
        return ways.optimizers(experiment, names), choose_factor(right, "race", BEST_FACTORS, BEST_HELP)
    name = right.selectbox(
        t("Optimizer"),
        ways.RACING,
        index=ways.RACING.index(ways.own_name(experiment)),
        format_func=entrant_label,
        key=f"race_{kind}_of",
        help=t("The one whose learning rates or schedules are compared."),
    )
    if kind == "rates":
        rate = ways.first_rate(experiment, name)
        values = sorted({*ways.RATES, rate})
        near = [value for value in values if rate / 11 <= value <= 34 * rate][:MAX_CONTESTANTS]
        chosen = choose_names(left, f"race_{name}", mark("Learning rates"), values, near, format_number)
        return ways.rates(experiment, name, sorted(chosen)), None
    every = list(SCHEDULES)
    chosen = choose_names(left, "race", mark("Schedules"), every, every[:4], lambda entry: t(SCHEDULES[entry].label))
    length = right.select_slider(
        t("Schedule's length"),
        SCHEDULE_STEPS,
        value=1000,
        key="race_length",
        help=t("Steps in which each schedule runs its course."),
    )
    return ways.schedules(experiment, name, chosen, length), 1.0


def find_rates(
    contestants: list[Contestant], table: Table | None, steps: int, name: str, goal: float, factor: float
) -> list[Contestant] | None:
    """``contestants`` at the learning rates that a sweep gives them, times ``factor``; None while it goes on.

    Where the sweep was stopped they keep their usual ones, times ``factor``.
    """

    def begin() -> tuple[Job, RateSweep]:
        before = st.session_state.get("job_race_rates")
        known = before[1].curves if before is not None and before[0].key[2:] == key[2:] else None
        sweep = RateSweep(contestants, table, steps=steps, name=name, goal=goal, known=known)
        return Job(key, sweep.recipes, sweep.work), sweep

    key = (tuple(map(sweep_entrant, contestants)), goal, steps, name, id(table))
    job_and_result = get_or_start_job("race_rates", key, begin)
    if job_and_result is None:
        return None
    job, sweep = job_and_result
    if sweep.is_finished:
        rates = sweep.best_rates()
        with st.expander(t("How the learning rates were chosen")):
            explain_rates(sweep, contestants)
    else:
        if job.going:
            st.caption(t(FINDING))
        show_job("race_rates", job_and_result, lambda _: None, stopped=NOT_FOUND)
        if job.state != "cancelled":
            return None
        rates = [contestant.experiment.knobs.learning_rate for contestant in contestants]
    rates = [ways.scale_rate(rate, factor) for rate in rates]
    return [at_rate(contestant, rate) for contestant, rate in zip(contestants, rates, strict=True)]


def explain_rates(sweep: RateSweep, contestants: list[Contestant]) -> None:
    """The rule, and what it was applied to."""
    st.markdown(
        t(
            "Each contestant was trained at each of these {rates} learning rates from the same {first} starts, and at "
            "its "
            "best {finalists} of them from {more} others; none of these starts races. It races at the one of the "
            "{finalists} with the fewest steps to the goal on average, where who never arrives "
            "counts as {late:g} times the race's length; of equals, at that with the lowest loss on the way. "
            "All other settings are the usual ones, but those of your own optimizer, which are yours.",
            rates=len(SWEEP_RATES),
            first=FIRST_STARTS,
            finalists=FINALISTS,
            more=MORE_STARTS,
            late=LATE_FACTOR,
        )
    )
    rows = [
        {t("Contestant"): t(contestant.name)}
        | {t(format_brief(rate)): t(NumberText(f"{at:,.0f}")) for rate, at in zip(SWEEP_RATES, row, strict=True)}
        for contestant, row in zip(contestants, sweep.arrivals(), strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key="race_rates_table")
    st.caption(t("Mean steps to the goal, by learning rate."))

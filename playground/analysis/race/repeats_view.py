"""The view of a race repeated: share of wins, spread, and a warning where the difference is within chance."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.race.page import entries
from playground.analysis.race.reasons import repeat_reasons
from playground.analysis.race.repeats import Repeats
from playground.analysis.race.significance import first_reached, quartiles, ties, verdict, verdict_words, wins
from playground.language import NumberText, join_sentences, t
from playground.live.scheduling.job import Job
from playground.number_format import format_brief, format_precise
from playground.web.jobs import get_or_start_job, show_job
from playground.web.markdown import escape_markdown
from playground.web.session import Session

MIN_RACES = 8
"""Races below which luck alone could make any score that there is."""
RACES = (8, 16, 32, 64, 128)


def repeats(current: Session) -> None:
    """Controls, the verdict, a table and a chart."""
    entered = entries(current)
    if entered is None:
        return
    contestants, steps, name, goal = entered
    races = st.select_slider(
        t("Races, each from another start"),
        RACES,
        value=16,
        key="race_races",
        help=t("More races tell luck from skill more surely."),
    )

    def begin() -> tuple[Job, Repeats]:
        repeats = Repeats(contestants, current.table_used, races=races, steps=steps, name=name)
        return Job(key, repeats.recipes, repeats.work), repeats

    key = (tuple(contestants), steps, name, races, id(current.table_used))
    job_and_result = get_or_start_job("repeats", key, begin)
    if job_and_result is not None:
        job = job_and_result[0]
        show_job("repeats", job_and_result, lambda repeats: draw_results(repeats, goal, going=job.going))


def draw_results(repeats: Repeats, goal: float, *, going: bool = False) -> None:
    """What is known of the races that are run; no verdict while more are to come, or after too few."""
    from playground.analysis.race.figures import arrivals_figure

    if not repeats.finished:
        return
    names = [runner.name for runner in repeats.race.contestants]
    losses = repeats.finished_losses
    at = np.stack([first_reached(repeats.steps, losses[:, n], goal) for n in range(repeats.finished)])
    races = len(repeats.seeds)
    if going or repeats.finished < min(MIN_RACES, races):
        st.subheader(t("{run} of {races} races are run", run=repeats.finished, races=races))
        if not going:
            st.write(t("Too few for a verdict: it takes {races} at least.", races=MIN_RACES))
    else:
        first, explanation = verdict_words(verdict(at), names)
        st.subheader(escape_markdown(t(first)))
        if explanation:
            st.write(escape_markdown(t(explanation)))
        if reasons := repeat_reasons(repeats.steps, losses, names, goal):
            st.write(escape_markdown(t(join_sentences(reasons))))
    rates = [contestant.experiment.knobs.learning_rate for contestant in repeats.race.contestants]
    st.dataframe(table(names, rates, at, losses[-1]), hide_index=True, width="stretch", key="repeats_table")
    dark = st.context.theme.type == "dark"
    st.plotly_chart(
        arrivals_figure(at, names, float(repeats.steps[-1]), dark=dark),
        width="stretch",
        theme=None,
        key="repeats_figure",
    )
    st.caption(
        t(
            "Each race has the same samples and batches and other initial weights; the first one is that which you can "
            "watch. The goal is looked for every {every} steps.",
            every=repeats.every,
        )
    )


def table(names: list[str], rates: list[float], at: np.ndarray, final: np.ndarray) -> list[dict[str, str]]:
    """A row for each contestant, the one that wins most often first."""
    won, tied, (low, middle, high) = wins(at), ties(at), quartiles(at)
    rows = []
    for k in np.lexsort((middle, -tied, -won)):
        fine = final[:, k][np.isfinite(final[:, k])]
        rows.append(
            {
                t("Contestant"): t(names[k]),
                t("Learning rate"): t(format_brief(rates[k])),
                t("First alone"): f"{won[k]} / {len(at)}",
                t("Level at the front"): f"{tied[k]} / {len(at)}",
                t("Arrived"): f"{int(np.isfinite(at[:, k]).sum())} / {len(at)}",
                t("Steps to the goal: median"): steps_text(middle[k]),
                t("Quartiles"): f"{steps_text(low[k])} – {steps_text(high[k])}",
                t("Final loss: median"): t(format_precise(np.median(fine))) if len(fine) else "–",
                t("Diverged"): str(len(final) - len(fine)),
            }
        )
    return rows


def steps_text(value: float) -> str:
    """A number of steps, or that there is none."""
    return t(NumberText(f"{value:,.0f}")) if np.isfinite(value) else t("never")

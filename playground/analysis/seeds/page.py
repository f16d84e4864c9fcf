"""The page of many seeds: share of networks that solve the problem, spread of their losses, where they disagree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from playground.analysis.intervals import share_words, wilson_interval
from playground.analysis.seeds.seed_ensemble import FEWEST, MOST, SeedEnsemble, quantiles, rank_networks, solved_mask
from playground.datasets.labels import class_label
from playground.language import Translatable, join_sentences, mark, t
from playground.live.scheduling.job import Job
from playground.number_format import format_precise
from playground.training.projection_units import picture_units
from playground.web.compat.type_exports import DeltaGenerator
from playground.web.jobs import get_or_start_job, show_job
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session

NETWORKS = (8, 16, 32, 64, 128, 256, 512, MOST)
STEPS = (200, 500, 1000, 2000, 5000, 10_000, 20_000)
GOALS = {"regression": 0.9}

FIT_STRIDE = 10
"""Cells from one drawn place of a fitted curve to the next."""
RARE = 0.1
"""Who fails, or succeeds, less often than this does so hardly ever."""
MAX_WIDTH = 0.35
"""Of an interval that tells anything."""
MEANINGS = {
    "hopeless": mark(
        "Solved in {share}: hardly any start gets there, one in ten at most. Another network or goal helps more than "
        "another seed."
    ),
    "rare": mark(
        "Solved in {share}: fewer than half of the starts get there. Another network or goal helps more than another "
        "seed."
    ),
    "luck": mark("Solved in {share}: some starts get there and some do not: one run alone tells little."),
    "usual": mark("Solved in {share}: more than half of the starts get there. Where one fails, another seed may do."),
    "safe": mark("Solved in {share}: nearly every start gets there, nine in ten at least."),
    "unclear": mark("Solved in {share}: too few networks to tell more; train more of them."),
}
"""What a share of starts that get there means, from few to all; no sentence denies what its neighbours say."""
CLAIMS = {
    "hopeless": (0.0, RARE),
    "rare": (0.0, 0.5),
    "luck": (RARE, 1 - RARE),
    "usual": (0.5, 1.0),
    "safe": (1 - RARE, 1.0),
    "unclear": (0.0, 1.0),
}
"""Between which shares each of ``MEANINGS`` is true: the whole interval that supports it lies there."""

assert NETWORKS[0] >= FEWEST


def luck(current: Session) -> None:
    """Controls, the verdict, four charts, and three runs to open."""
    experiment = current.experiment
    boxes = st.columns(4, vertical_alignment="bottom")
    networks = boxes[0].select_slider(
        t("Networks"),
        NETWORKS,
        value=64,
        key="luck_networks",
        help=t("How many are trained, each from a start of its own."),
    )
    steps = boxes[1].select_slider(
        t("Steps each"), STEPS, value=2000, key="luck_steps", help=t("How long each of them is trained.")
    )
    metric = "R²" if experiment.task == "regression" else "accuracy"
    solved = t("Solved from R²") if experiment.task == "regression" else t("Solved from accuracy")
    goal = boxes[2].slider(
        solved,
        0.5,
        1.0,
        GOALS.get(experiment.task, 0.95),
        0.01,
        key=f"luck_goal_{metric}",
        help=t("On the test set; on the train set where there is no test set."),
    )
    own = boxes[3].toggle(
        t("Other samples too"),
        key="luck_own",
        help=t("Each network also learns samples of its own, drawn, split and shuffled by another seed."),
    )

    def begin() -> tuple[Job, SeedEnsemble]:
        many = SeedEnsemble(
            experiment, current.table_used, networks=networks, steps=steps, own_samples=own, device=current.device
        )
        return Job(key, many.recipes, many.work), many

    key = (experiment, networks, steps, own, current.device)
    job_and_result = get_or_start_job("luck", key, begin)
    if job_and_result is not None:
        job = job_and_result[0]
        show_job("luck", job_and_result, lambda many: draw_results(current, many, goal, going=job.going))


def draw_results(current: Session, many: SeedEnsemble, goal: float, *, going: bool = False) -> None:
    """What is known of the networks that are finished; what it means is said when no more are to come."""
    from playground.analysis.seeds.figures import final_figure, quantile_bands_figure

    outcome, task, dark = many.outcome, many.experiment.task, st.context.theme.type == "dark"
    if not outcome.finished:
        return
    done = solved_mask(outcome, task, goal)
    successes, trials = int(done.sum()), outcome.finished
    so_far = t("Solved in {share} so far", share=share_words(successes, trials))
    st.subheader(so_far if going else verdict(successes, trials))
    has_test = bool(np.isfinite(outcome.final("test_loss")).any())
    label = t("test loss") if has_test else t("train loss")
    loss = outcome.final("test_loss" if has_test else "train_loss")
    st.write(t(details(loss, outcome.bad_step[: outcome.finished], label)))
    row = 1 if has_test else 0
    top, bottom = st.columns(2), st.columns(2)
    bands = quantile_bands_figure(
        outcome.steps, quantiles(outcome.curves[:, row, : outcome.finished]), label, dark=dark
    )
    draw_titled(top[0], mark("Loss on the way"), bands, "bands")
    draw_titled(top[1], mark("Where they ended"), final_figure(loss, done, label, dark=dark), "final")
    if not len(outcome.mean):
        return
    draw_answers(many, bottom, dark)
    openers(current, many)


def draw_answers(many: SeedEnsemble, boxes: Sequence[DeltaGenerator], dark: bool) -> None:
    """What the networks say and where they disagree: maps, or with one input the fitted curve of each start."""
    from playground.figures.fitted_curve import fits_figure, spread_figure
    from playground.figures.heatmap import picture_figure

    outcome, prepared = many.outcome, many.trainer.prepared
    picture, regression, units = prepared.picture, many.experiment.task == "regression", prepared.target
    spread = units.deviation * outcome.disagreement
    if picture.curve:
        fits = heights(many)[:, ::FIT_STRIDE]
        title = mark("The fitted curve of each start")
        if len(fits) < outcome.finished:
            title = mark("The fitted curves of the first {n} starts", n=len(fits))
        draw_titled(boxes[0], title, fits_figure(fits, picture, outcome.seeds[: len(fits)], dark=dark), "mean")
        name = t("spread of {target}", target=units.label) if regression else t("disagreement")
        draw_titled(
            boxes[1],
            mark("Where they disagree"),
            spread_figure(spread[::FIT_STRIDE], picture, name, dark=dark),
            "disagreement",
        )
        return
    scale, classes = prepared.scale if regression else 1.0, [class_label(name) for name in prepared.class_names]
    draw_titled(
        boxes[0],
        mark("What they say on average"),
        picture_figure(
            units.in_units(outcome.mean),
            picture,
            dark=dark,
            limit=units.deviation * scale,
            zero=units.mean,
            name=t(units.label) if regression else t("output"),
            ends=None if regression else (t(classes[0]), t(classes[-1])),
        ),
        "mean",
    )
    limit = float(spread.max() or 1.0) if regression else 1.0
    draw_titled(
        boxes[1],
        mark("Where they disagree"),
        picture_figure(
            spread[:, None],
            picture,
            dark=dark,
            low=0.0,
            limit=limit,
            name=t("spread of {target}", target=units.label) if regression else t("disagreement"),
            ends=None if regression else (t("all agree"), t("evenly split")),
        ),
        "disagreement",
    )


def heights(many: SeedEnsemble) -> np.ndarray:
    """The fitted curves (f, cells) as the picture's vertical axis has them: in the target's units, or as
    probabilities."""
    units = picture_units(many.experiment, many.trainer.prepared)
    return units.zero + units.unit * many.outcome.fits / many.trainer.prepared.scale


def draw_titled(box: DeltaGenerator, title: str, figure: object, key: str) -> None:
    """A chart under its title."""
    box.markdown(f"**{t(title)}**")
    box.plotly_chart(figure, width="stretch", theme=None, key=f"luck_{key}")


def verdict(successes: int, trials: int) -> str:
    """The answer in words, no surer than the count allows."""
    return t(str(MEANINGS[meaning(successes, trials)]), share=share_words(successes, trials))


def meaning(successes: int, trials: int) -> str:
    """Which of ``MEANINGS`` the 95 % interval of ``successes`` of ``trials`` supports: it lies in what that claims.

    "unclear" where the interval is too wide to tell, or all counted alike are too few for more.
    """
    low, high = wilson_interval(successes, trials)
    too_wide = high - low > MAX_WIDTH or successes in (0, trials)
    names = ("hopeless", "safe") if too_wide else ("hopeless", "safe", "luck", "rare", "usual")
    for name in names:
        least, most = CLAIMS[name]
        if least <= low and high <= most:
            return name
    return "unclear"


def details(loss: np.ndarray, bad_step: np.ndarray, label: str) -> Translatable:
    """Spread and divergences in a sentence."""
    diverged = int((bad_step >= 0).sum())
    low, middle, high = quantiles(loss, (0.05, 0.5, 0.95))
    sentence = mark(
        "Median {loss} {middle}; nine of ten lie between {low} and {high}.",
        loss=label,
        middle=loss_text(middle),
        low=loss_text(low),
        high=loss_text(high),
    )
    if diverged == len(loss):
        sentence = mark("All of them diverged: turn the learning rate down.")
    if diverged:
        first = int(bad_step[bad_step >= 0].min())
        others = mark("{count} diverged, the first at step {step:,}.", count=diverged, step=first)
        sentence = join_sentences([sentence, others])
    return sentence


def loss_text(loss: float) -> str:
    """A loss in words; that of a network that diverged has no number."""
    return format_precise(loss) if np.isfinite(loss) else mark("diverged")


RANKS = {"best": mark("best"), "median": mark("median"), "worst": mark("worst")}
OPENER_LABELS = {
    "best": mark("Best: start {start}, loss {loss}"),
    "median": mark("Median: start {start}, loss {loss}"),
    "worst": mark("Worst: start {start}, loss {loss}"),
}


def opened_words(rank: str, count: int, step: int, loss: float) -> Translatable:
    """What is said of a network that was opened: which of ``count`` it is, and its ``loss`` after ``step`` steps."""
    if not np.isfinite(loss):
        return mark(
            "This is the {rank} of {count} networks. Press Play: at step {step:,} it has diverged.",
            rank=RANKS[rank],
            count=count,
            step=step,
        )
    return mark(
        "This is the {rank} of {count} networks. Press Play: at step {step:,} its loss is {loss}.",
        rank=RANKS[rank],
        count=count,
        step=step,
        loss=format_precise(loss),
    )


def openers(current: Session, many: SeedEnsemble) -> None:
    """The best, the median and the worst network, to open in the Playground."""
    st.markdown(f"**{t('Open one in the Playground')}**")
    outcome = many.outcome
    for box, (name, k) in zip(st.columns(3), rank_networks(outcome).items(), strict=True):
        loss = outcome.final("test_loss")[k]
        loss = loss if not np.isnan(loss) else outcome.final("train_loss")[k]
        label = t(OPENER_LABELS[name], start=outcome.seeds[k], loss=loss_text(loss))
        if box.button(label, key=f"luck_open_{name}", width="stretch"):
            if current.adopt(many.member_experiment(k)):
                current.notes[:] = [opened_words(name, outcome.finished, int(outcome.steps[-1]), loss)]
            st.switch_page(PLAYGROUND)

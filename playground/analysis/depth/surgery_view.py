"""Layers to take out of trained networks, or to exchange, with a click, and what becomes of these."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.analysis.depth.study import KINDS, DepthStudy
from playground.analysis.depth.surgery import LayerSurgery, remove_layers, reverse_layers
from playground.analysis.intervals import MedianInterval, median_interval
from playground.language import Translatable, mark, t
from playground.live.scheduling.job import Job
from playground.number_format import format_percent, format_precise
from playground.web.jobs import get_or_start_job, show_job

MODES = {"remove": mark("Take them out"), "reverse": mark("Exchange them")}
KIND_TITLES = {"plain": mark("Plain"), "residual": mark("With skip connections")}
CHANCE_MARGIN = 0.1
"""Share of right answers above chance from which a network has learned something that can break."""
BENT, BROKEN = 0.3, 0.7
"""Of what a network knows, the share that one that bends loses at most, and one that breaks at least."""


def surgery_section(study: DepthStudy, depth: int) -> None:
    """What becomes of the newest networks of ``depth`` layers without some of them."""
    key = (study.settings, id(study), study.looks, depth)

    def begin() -> tuple[Job, LayerSurgery]:
        surgery = LayerSurgery(study, depth)
        return Job(key, surgery.recipes, surgery.work), surgery

    job_and_result = get_or_start_job("surgery", key, begin)
    if job_and_result is not None:
        show_job("surgery", job_and_result, lambda surgery: draw_surgery(surgery, still=not job_and_result[0].going))


def draw_surgery(surgery: LayerSurgery, *, still: bool) -> None:
    """The row of layers with what a click does, and the charts of every layer taken out by itself and of many."""
    from playground.analysis.depth.figures import surgery_figure

    if still and surgery.is_finished:
        st.markdown(f"**{t(surgery_title(surgery))}**")
        st.write(" ".join(map(t, surgery_words(surgery))))
        layer_row(surgery)
    if np.isnan(surgery.without[:, 0]).any():
        return
    dark = st.context.theme.type == "dark"
    left, right = st.columns(2)
    left.markdown(f"**{t('Without one layer')}**")
    left.plotly_chart(
        surgery_figure(
            range(2, surgery.depth + 1),
            surgery.without[:, 0],
            surgery.intact[0],
            t("the layer that is taken out"),
            t("train loss"),
            dark=dark,
        ),
        width="stretch",
        theme=None,
        key="depth_without",
    )
    if surgery.is_finished:
        right.markdown(f"**{t('Without several')}**")
        right.plotly_chart(
            surgery_figure(
                surgery.counts,
                surgery.several[:, 0],
                surgery.intact[0],
                t("layers taken out at random"),
                t("train loss"),
                dark=dark,
            ),
            width="stretch",
            theme=None,
            key="depth_several",
        )
    st.caption(t("Dashed: as they were trained. Bands hold the median's interval over the starts."))


def layer_row(surgery: LayerSurgery) -> None:
    """Layers to click, and both kinds of network before and after."""
    numbers = list(range(2, surgery.depth + 1))
    chosen = st.pills(
        t("Click layers"),
        numbers,
        selection_mode="multi",
        default=[numbers[len(numbers) // 2]],
        key=f"depth_layers_{surgery.depth}",
        help=t("The first layer stays: it alone knows the inputs."),
    )
    mode = st.segmented_control(
        t("What to do with them"),
        list(MODES),
        default="remove",
        required=True,
        format_func=lambda name: t(MODES[name]),
        key="depth_mode",
        label_visibility="collapsed",
        help=t("Take the chosen layers out, or have them stand in each other's places, the first in the last one's."),
    )
    layers = {number - 2 for number in chosen or ()}
    change = remove_layers if mode == "remove" else reverse_layers
    after = surgery.route_scores(change(surgery.depth, layers))
    for box, kind in zip(st.columns(2), range(len(KINDS)), strict=True):
        box.metric(
            t(KIND_TITLES[KINDS[kind]]),
            t(
                "{before} → {after} right",
                before=accuracy_text(surgery.intact[1, kind]),
                after=accuracy_text(after[1, kind]),
            ),
            border=True,
        )
        box.caption(
            t(
                "Train loss {before} → {after}, medians of {count} starts",
                before=format_precise(median_interval(surgery.intact[0, kind]).middle),
                after=interval_words(median_interval(after[0, kind])),
                count=after.shape[2],
            )
        )


def accuracy_text(shares: np.ndarray) -> Translatable:
    """The median share of right answers."""
    return format_percent(median_interval(shares).middle)


def interval_words(interval: MedianInterval) -> Translatable:
    """A median with its interval."""
    return mark(
        "{loss} ({confidence:.0f} % interval {low} to {high})",
        loss=format_precise(interval.middle),
        confidence=100 * interval.confidence,
        low=format_precise(interval.low),
        high=format_precise(interval.high),
    )


def lost_shares(surgery: LayerSurgery) -> np.ndarray:
    """Of what each network had learned beyond chance, the share that is lost without one layer, on average over the
    layers (2, networks); NaN where it had learned nothing."""
    chance = 1 / surgery.study.samples.classes
    before, after = surgery.intact[1], surgery.without[:, 1].mean(axis=0)
    known = before - chance
    return np.where(known > CHANCE_MARGIN, (before - after) / np.where(known > CHANCE_MARGIN, known, 1.0), np.nan)


def surgery_title(surgery: LayerSurgery) -> Translatable:
    """Who breaks and who bends; none is told where the intervals do not tell."""
    intervals = [lost_interval(row) for row in lost_shares(surgery)]
    plain, residual = intervals
    if plain is None or residual is None:
        return mark("Too few of these networks have learned anything that could break")
    if residual.high < plain.low:
        if residual.high < BENT and plain.low > BROKEN:
            return mark("The plain networks break, the residual ones bend")
        return mark("The plain networks lose more than the residual ones")
    if plain.high < residual.low:
        return mark("Here the residual networks lose more")
    return mark("No difference that these starts can tell")


def lost_interval(shares: np.ndarray) -> MedianInterval | None:
    """The median of what is lost; None where fewer than half of the networks had learned something."""
    known = shares[np.isfinite(shares)]
    return median_interval(known) if 2 * len(known) > len(shares) else None


def surgery_words(surgery: LayerSurgery) -> list[Translatable]:
    """What is lost of each kind, in a sentence each."""
    sentences = []
    for kind, shares in zip(KINDS, lost_shares(surgery), strict=True):
        interval = lost_interval(shares)
        title = KIND_TITLES[kind]
        if interval is None:
            sentences.append(mark("{kind}: most of them answer hardly better than chance.", kind=title))
            continue
        sentences.append(
            mark(
                "{kind}: without one of the {layers} layers behind the first {lost} of what they know beyond chance is "
                "lost ({confidence:.0f} % interval {low} to {high}).",
                kind=title,
                layers=surgery.depth - 1,
                lost=format_percent(interval.middle),
                confidence=100 * interval.confidence,
                low=format_percent(interval.low),
                high=format_percent(interval.high),
            )
        )
    return sentences

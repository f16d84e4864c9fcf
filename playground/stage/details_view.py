"""A closer look while it is paused: history, the output in 3-D, what is right and wrong, two moments compared."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from playground.datasets.labels import class_label
from playground.language import join_items, mark, t
from playground.live.inspection.metrics import confusion_matrix, r_squared, recall, root_mean_square_error
from playground.number_format import format_percent, format_precise
from playground.training.projection_units import picture_units
from playground.training.readout import decide_classes
from playground.web.session import Session

View = Callable[[Session, bool], None]
AGAIN = 0.5
"""Seconds between two looks whether a view's program is compiled."""


def details(current: Session) -> None:
    """A choice of views; plotly is heavy, so nothing is drawn until one is chosen."""
    name = st.segmented_control(
        t("Look closer"),
        list(VIEWS),
        format_func=t,
        key="closer",
        help=t("One more view of this moment, below the stage."),
    )
    if name is not None:
        VIEWS[name](current, st.context.theme.type == "dark")


def history(current: Session, dark: bool) -> None:
    """Loss, metric and gradient norms over all steps so far."""
    from playground.stage.figures.history import history_figure

    run = current.run
    log = st.toggle(
        t("Logarithmic steps"), key="history_log", help=t("The first steps get as much room as all that come after.")
    )
    metric = "R²" if run.experiment.task == "regression" else t("Accuracy")
    figure = history_figure(run.curves.until(run.last + 1), metric, dark=dark, log_steps=log)
    st.plotly_chart(figure, width="stretch", theme=None, key="history")


def in_depth(current: Session, dark: bool) -> None:
    """The output as a surface; of one input, as its curve."""
    from playground.figures.fitted_curve import curve_figure
    from playground.stage.figures.surface import surface_figure

    prepared = current.run.trainer.prepared
    frame = current.frame(current.shown_index)
    units = picture_units(current.run.experiment, prepared)
    map_ = frame.part(current.run.observer.blocks, "map")
    if prepared.picture.curve:
        figure = curve_figure(map_, prepared.picture, zero=units.zero, unit=units.unit, dark=dark)
    else:
        figure = surface_figure(map_, prepared.picture, zero=units.zero, unit=units.unit, name=t(units.name), dark=dark)
    # The wheel scrolls the page: over a surface it would push it out of sight.
    st.plotly_chart(figure, width="stretch", theme=None, key="surface", config={"scrollZoom": False})


def right_and_wrong(current: Session, dark: bool) -> None:
    """Confusion matrix and recall, or R², over the train and the test set."""
    from playground.stage.figures.confusion import confusion_figure

    run = current.run
    predictions = run.inspect("samples", current.shown_index)
    if predictions is None:
        st.fragment(_prepare_picture, run_every=AGAIN)(current)
        return
    prepared = run.trainer.prepared
    value, truth, train = predictions["value"], prepared.targets, prepared.picture.train
    names = [class_label(name) for name in prepared.class_names]
    columns = st.columns(2)
    for box, name, rows in zip(columns, SETS, (train, ~train), strict=True):
        if not rows.any():
            continue
        if run.experiment.task == "regression":
            both = truth[rows], value[rows, 0]
            box.metric(t("R², {set}", set=name), t(format_precise(r_squared(*both))))
            box.metric(
                t("RMSE of {target}, {set}", target=prepared.target.label, set=name),
                t(format_precise(root_mean_square_error(*both))),
            )
            continue
        matrix = confusion_matrix(truth[rows].astype(int), decide_classes(value[rows]), len(names))
        box.plotly_chart(
            confusion_figure(matrix, [t(label) for label in names], dark=dark),
            width="stretch",
            theme=None,
            key=f"confusion_{name}",
        )
        shares = [
            mark("{name} {share}", name=class_name, share=format_percent(share, 1))
            for class_name, share in zip(names, recall(matrix), strict=True)
        ]
        box.text(
            t(
                "{set}: accuracy {accuracy}; recall {shares}",
                set=name,
                accuracy=format_percent(np.trace(matrix) / matrix.sum(), 1),
                shares=join_items(shares),
            )
        )


def _prepare_picture(current: Session) -> None:
    st.caption(t("A moment: this is being prepared."))
    if current.run.inspect("samples", current.shown_index) is not None:
        st.rerun()


SETS = (mark("train"), mark("test"))
"""What the two sets of samples are called."""
MOMENTS = {"a": "1", "b": "2"}
"""What the two moments are called, by their marks: numbers, since letters are branches."""


def two_moments(current: Session, dark: bool) -> None:
    """The moments that are marked, side by side."""
    from playground.stage.figures.compare import compare_figure

    missing = [mark for mark in MOMENTS if mark not in current.bookmarks]
    if missing:
        st.info(t("Press 1, then 2, beside the transport, at the two moments that you want to compare."))
        return
    marks = [current.bookmarks[mark] for mark in MOMENTS]
    parts = [{name: moment.frame.part(moment.observer.blocks, name) for name in ("map", "weights")} for moment in marks]
    figure = compare_figure(
        [part["map"] for part in parts],
        [part["weights"] for part in parts],
        [moment.frame.layers(moment.observer.trainer.network.depth)[:, 0] for moment in marks],
        [
            t(
                "Moment {name}: branch {branch}, step {step:,}",
                name=name,
                branch=moment.branch,
                step=moment.frame.step,
            )
            for name, moment in zip(MOMENTS.values(), marks, strict=True)
        ],
        curves=[moment.observer.trainer.prepared.picture.curve for moment in marks],
        dark=dark,
    )
    st.plotly_chart(figure, width="stretch", theme=None, key="compare")
    columns = st.columns(2)
    for box, name, moment in zip(columns, MOMENTS.values(), marks, strict=True):
        box.text(
            t(
                "Moment {name}: {title}; train loss {train_loss}, test loss {test_loss}",
                name=name,
                title=moment.title,
                train_loss=format_precise(moment.frame.scalar("train_loss")),
                test_loss=format_precise(moment.frame.scalar("test_loss")),
            )
        )


VIEWS: dict[str, View] = {
    mark("History"): history,
    mark("Output in 3-D"): in_depth,
    mark("Right and wrong"): right_and_wrong,
    mark("Compare two moments"): two_moments,
}

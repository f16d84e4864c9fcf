"""The choices that matter, in one row above the stage: problem, data, activation, loss, optimizer, rates, batch."""

from __future__ import annotations

import streamlit as st

from playground.datasets import DATASETS
from playground.experiment import OWN_DATA
from playground.experiment.links.query import RULES
from playground.experiment.regularization import active_kinds, kinds, strengths
from playground.language import join_items, mark, t
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import fitting_losses
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.web.field_help import entry_help, rule_help, with_brief
from playground.web.fields import choice, field_text, initial_value, locked_field, number, step_slider
from playground.web.session import Session
from playground.web.summaries import experiment_summary
from playground.web.widget_state import skip_outdated

FOLD = "choices_open"
PROBLEMS = {"classification": mark("Classification"), "regression": mark("Regression")}
BATCH_SIZES = (1, 2, 5, 10, 20, 30, 50, 100, 200, 512)
SEVERAL = "+".join


def choice_bar(session: Session) -> None:
    """The row; on a narrow screen a line that says what is chosen, and opens it."""
    st.fragment(_fold)(experiment_summary(session.experiment, session.handout.hide))
    with st.container(horizontal=True, key="choices"):
        _problem(session)
        dataset(session)
        activation(session)
        loss = [entry.name for entry in fitting_losses(session.experiment.task)]
        choice(session, "loss", loss)
        choice(session, "optimizer")
        optimizer = OPTIMIZERS[session.experiment.structure.optimizer]
        if optimizer.line_search:
            locked_field("learning_rate", RULES["learning_rate"].label, t("by line search"), icon="")
        else:
            number(session, "learning_rate")
        _regularization(session)
        if optimizer.full_batch:
            locked_field("batch_size", RULES["batch_size"].label, t("all samples"), icon="")
        else:
            step_slider(session, "batch_size", BATCH_SIZES)


def _fold(summary: str) -> None:
    """Opens and closes the row on a narrow screen; nothing but the browser's style asks whether it is on."""
    st.toggle(summary, key=FOLD)


def _problem(session: Session) -> None:
    """Classes or numbers: another kind of problem brings its first dataset, or reads one's own target so."""
    if "dataset" in session.handout.hide:
        return
    kind = "regression" if session.experiment.task == "regression" else "classification"
    if session.handout.is_locked("dataset"):
        locked_field("problem", mark("Problem"), t(PROBLEMS[kind]))
        return
    st.selectbox(
        t("Problem"),
        list(PROBLEMS),
        format_func=lambda name: t(PROBLEMS[name]),
        help=t("Classes to tell apart, or a number to predict."),
        on_change=skip_outdated("problem", lambda: _choose_problem(session), PROBLEMS),
        **initial_value("problem", kind, options=list(PROBLEMS)),
    )


def _choose_problem(session: Session) -> None:
    kind = st.session_state["problem"]
    if session.experiment.problem.dataset == OWN_DATA:
        session.change("task", kind)
    else:
        is_regression = kind == "regression"
        suitable = (name for name in DATASETS if (DATASETS[name].task == "regression") == is_regression)
        session.change("dataset", next(suitable))


def dataset(session: Session) -> None:
    """The datasets by name, and one's own where there is one."""
    own = {} if session.table is None else {OWN_DATA: session.table.label}
    choice(session, "dataset", [*DATASETS, *own], own)


def activation(session: Session) -> None:
    """The activation of all hidden layers; where layers differ, choosing one gives it to all."""
    structure = session.experiment.structure
    names = list(dict.fromkeys(structure.activations))
    if isinstance(structure.activation, str):
        choice(session, "activation")
        return
    if session.handout.is_locked("activation"):
        if "activation" not in session.handout.hide:
            locked_field("activation", RULES["activation"].label, field_text("activation", structure.activations))
        return
    options, common = ["", *ACTIVATIONS], names[0] if len(names) == 1 else ""
    st.selectbox(
        t(RULES["activation"].label),
        options,
        format_func=lambda name: t(ACTIVATIONS[name].label) if name else t("by layer"),
        help=rule_help(RULES["activation"]),
        on_change=skip_outdated("mixed_activation", lambda: _choose_activation(session), options),
        **initial_value("mixed_activation", common, options=options),
    )


def _choose_activation(session: Session) -> None:
    if name := st.session_state["mixed_activation"]:
        session.change("activation", name)


def _regularization(session: Session) -> None:
    """Which kind acts, and how strongly; where several act, each has its slider among the rarer choices."""
    experiment, handout = session.experiment, session.handout
    names = [name for name in kinds(experiment) if name not in handout.hide]
    active = active_kinds(experiment)
    if not names:
        return
    if any(name in handout.lock for name in names):
        values = [
            f"{t(REGULARIZERS[name].label)} {field_text(name, getattr(experiment.knobs, name))}" for name in active
        ]
        locked_field("regularization", mark("Regularization"), t(join_items(values)) or t("none"))
        return
    options = ["", *names, *([SEVERAL(active)] if len(active) > 1 else [])]
    st.selectbox(
        with_brief(t("Regularization"), REGULARIZERS[active[0]] if len(active) == 1 else None),
        options,
        format_func=lambda name: (
            " + ".join(t(REGULARIZERS[kind].label) for kind in name.split("+") if kind) or t("None")
        ),
        help="\n\n".join(
            (
                t("What keeps the network simple."),
                *(entry_help(REGULARIZERS[name], REGULARIZERS.noun) for name in active),
            )
        ),
        on_change=skip_outdated("regularization", lambda: _choose_regularization(session), options),
        **initial_value("regularization", SEVERAL(active), options=options),
    )
    if len(active) == 1:
        number(session, active[0], label=mark("Rate"), key=f"bar_{active[0]}")
    else:
        locked_field("rate", mark("Rate"), t("each by itself") if active else t("none"), icon="")


def _choose_regularization(session: Session) -> None:
    chosen = [name for name in st.session_state["regularization"].split("+") if name]
    session.change_fields(strengths(session.experiment, chosen))

"""The controls beside the stage, what is rarer: data, network, training, regularization."""

from __future__ import annotations

import secrets
from functools import lru_cache

import streamlit as st

from playground.analysis.hypergradient.view import hypergradient_panel
from playground.datasets import DATASETS
from playground.experiment import OWN_DATA
from playground.experiment.links.hidden_text import parse_hidden
from playground.experiment.links.query import RULES
from playground.experiment.regularization import kinds
from playground.language import mark, t
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.stage.device_select import device_select
from playground.web.components import as_json, thumbnails
from playground.web.field_help import entry_help, rule_help
from playground.web.fields import choice, choice_label, flag, initial_value, integer, locked_field, multiselect, number
from playground.web.markdown import escape_markdown
from playground.web.session import Session
from playground.web.stage_files import dataset_pictures_address
from playground.web.summaries import data_summary, network_summary, regularization_summary, training_summary
from playground.web.widget_state import set_widget_value, skip_outdated

PICTURES = "dataset_pictures"
IN_CHOICE_BAR = {
    *("dataset", "task", "activation", "loss", "optimizer", "learning_rate", "batch_size"),
    *("l1", "l2", "weight_decay", "dropout"),
    *("features", "hidden", "painted", "only_painted", "axes"),
}
"""Fields with a control in the row above the stage or in it, or only for tables and painted points."""


def controls(session: Session) -> None:
    """What is chosen less often, folded by section; each section's line says what it holds."""
    history(session)
    pictures(session)
    for title, summary, section in SECTIONS:
        line = summary(session.experiment, session.handout.hide)
        with st.expander(f"**{t(title)}**  {escape_markdown(line)}", key=f"section_{title.lower()}"):
            section(session)
    hypergradient_panel(session)


def needs_sidebar(session: Session) -> bool:
    """Whether there is anything to choose in it: in a lesson that leaves none of its fields free the stage has the
    room, unless the step points there."""
    opened = session.lessons.present
    step = opened.progress.present if opened else None
    if step is None:
        return True
    rarer = {*RULES, "new_samples"} - IN_CHOICE_BAR
    is_free = any(not session.handout.is_locked(name) for name in rarer)
    return is_free or step.point in {*rarer, "undo", "which_way"}


def history(session: Session) -> None:
    """Back from the last change of the experiment, forward again, and to the defaults."""
    if session.handout.is_locked("undo"):
        return
    is_default = session.experiment == session.defaults
    buttons = (
        (mark("Undo"), "undo", session.undo_label, session.undo),
        (mark("Redo"), "redo", session.redo_label, session.redo),
        (
            mark("Defaults"),
            "restart_alt",
            "" if is_default else mark("every choice as the page began with it"),
            session.reset,
        ),
    )
    with st.container(horizontal=True, key="undo_history"):
        for label, icon, what, act in buttons:
            st.button(
                t(label),
                key=f"history_{label.lower()}",
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=not what,
                help=t("{action}: {what}", action=label, what=escape_markdown(t(what))) if what else None,
                on_click=act,
            )


def data(session: Session) -> None:
    """How many samples, which features, how they are split."""
    problem = session.experiment.problem
    own = problem.dataset == OWN_DATA
    dataset = None if own else DATASETS[problem.dataset]
    if dataset and dataset.classes[2] > dataset.classes[1]:
        classes(session, dataset.classes[1], dataset.classes[2])
    columns = session.table.columns if own and session.table else problem.choices
    multiselect(
        session,
        "features",
        [*dict.fromkeys((*columns, *problem.features))],
        lambda name: choice_label("features", name),
    )
    if not problem.tabular and not session.handout.is_locked("features"):
        st.text_input(
            t("Own feature"),
            key="own_feature",
            placeholder="sin(2*x1)",
            help=t(
                "A formula of x1 and x2, such as `x1**3 - x2` or `exp(-r**2)`; "
                "r is the distance from the origin, theta the angle."
            ),
            on_change=skip_outdated("own_feature", _own_feature),
            args=(session,),
        )
    if dataset:
        number(session, "samples", step=10, high=dataset.max_samples)
        number(session, "noise")
    number(session, "train_fraction", high=0.9)
    if not session.handout.is_locked("new_samples"):
        st.button(
            t("New samples"),
            on_click=lambda: session.change("seed", secrets.randbelow(2**31)),
            help=t("Draw other samples of the same kind, with another split; the start stays."),
            width="stretch",
        )
    flag(session, "standardize")
    if problem.painted:
        flag(session, "only_painted")
    if problem.tabular and len(problem.features) > 2:
        _axes(session)
    integer(session, "seed")
    integer(session, "init_seed")


def classes(session: Session, least: int, most: int) -> None:
    """How many classes the dataset is to have."""
    problem, handout, label = session.experiment.problem, session.handout, RULES["classes"].label
    if handout.is_locked("classes"):
        if "classes" not in handout.hide:
            locked_field("classes", label, str(problem.classes))
        return
    st.slider(
        t(label),
        least,
        most,
        **initial_value("field_classes", problem.classes),
        on_change=skip_outdated("field_classes", lambda: session.change("classes", st.session_state["field_classes"])),
        help=rule_help(RULES["classes"]),
    )


@lru_cache(maxsize=64)
def _tiles(labels: tuple[str, ...], chosen: str) -> bytes:
    """What the pictures are called and where they are: encoded once, and not at every run of the page."""
    named = zip(DATASETS, labels, strict=True)
    return as_json(
        {
            "address": dataset_pictures_address(),
            "tiles": [
                {"name": name, "label": label, "drawn": DATASETS[name].domain is not None} for name, label in named
            ],
            "regression": [name for name in DATASETS if DATASETS[name].task == "regression"],
            "chosen": chosen,
        }
    )


def pictures(session: Session) -> None:
    """The datasets as small pictures, where one may be chosen."""
    if session.handout.is_locked("dataset"):
        return
    labels = tuple(t(DATASETS[name].label) for name in DATASETS)
    thumbnails(
        _tiles(labels, session.experiment.problem.dataset),
        key=PICTURES,
        on_chosen=lambda: session.change("dataset", getattr(st.session_state.get(PICTURES), "chosen", None)),
    )


def network(session: Session) -> None:
    """What is trained."""
    structure = session.experiment.structure
    choose_hidden_layers(session)
    if structure.hidden and not session.handout.is_locked("activation"):
        activations(session)
    choice(session, "initializer")
    choice(session, "normalization")
    flag(session, "residual")
    loss, task = LOSSES[structure.loss], session.experiment.task
    if len(loss.output_activations[task]) > 1 and not loss.logits:
        choice(session, "output_activation", loss.output_activations[task])


def choose_hidden_layers(session: Session) -> None:
    """The hidden layers' widths."""
    handout, rule, units = session.handout, RULES["hidden"], session.experiment.structure.hidden
    text = ", ".join(map(str, units))
    if handout.is_locked("hidden"):
        if "hidden" not in handout.hide:
            locked_field("hidden", rule.label, text or t("none"))
        return
    st.text_input(
        t(rule.label),
        **initial_value("field_hidden", session.typed.get("hidden", text)),
        help=rule_help(rule) + "\n\n" + t("For example `4, 2`; leave it empty for none."),
        placeholder=t("none"),
        on_change=skip_outdated("field_hidden", _draw_hidden_layers),
        args=(session,),
    )


def activations(session: Session) -> None:
    """Whether each hidden layer has an activation of its own, and which."""
    structure = session.experiment.structure
    st.toggle(
        t("One activation a layer"),
        **initial_value("each_activation", not isinstance(structure.activation, str)),
        help=t("Choose the activation of every hidden layer by itself."),
        on_change=skip_outdated("each_activation", _each_activation),
        args=(session,),
    )
    if isinstance(structure.activation, str):
        return
    for i, name in enumerate(structure.activation):
        st.selectbox(
            t("Activation of layer {number}", number=i + 1),
            list(ACTIVATIONS),
            format_func=lambda entry: t(ACTIVATIONS[entry].label),
            **initial_value(f"activation_{i}", name, options=list(ACTIVATIONS)),
            help=entry_help(ACTIVATIONS[name], ACTIVATIONS.noun),
            on_change=skip_outdated(f"activation_{i}", _layer_activation, ACTIVATIONS),
            args=(session, i),
        )


def training(session: Session) -> None:
    """How it is trained."""
    structure = session.experiment.structure
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    for knob in (*optimizer.knobs, *loss.knobs):
        if knob != "learning_rate":
            number(session, knob, step=0.001 if knob.startswith("beta") or knob == "momentum" else 0.01)
    choice(session, "schedule")
    for knob in schedule.knobs:
        if knob != "learning_rate":
            is_steps = knob == "warmup_steps"
            number(session, knob, step=10.0 if is_steps else 0.01, high=2000 if is_steps else None)
    number(session, "clip_norm", step=0.1, high=10)
    flag(session, "shuffle")
    device_select(session)


def regularization(session: Session) -> None:
    """What keeps it simple."""
    for name in kinds(session.experiment):
        number(session, name)
    if session.experiment.task != "regression":
        number(session, "label_smoothing")
    number(session, "patience", step=1.0, high=500)


SECTIONS = (
    (mark("Data"), data_summary, data),
    (mark("Network"), network_summary, network),
    (mark("Training"), training_summary, training),
    (mark("Regularization"), regularization_summary, regularization),
)
"""Each section's title, the line that says what it holds, and its controls, in the order in which data flows."""


def _draw_hidden_layers(session: Session) -> None:
    text = str(st.session_state["field_hidden"])
    session.typed.pop("hidden", None)
    session.change("hidden", parse_hidden(text))
    if session.notes:
        session.typed["hidden"] = text[:200]


def _own_feature(session: Session) -> None:
    text = str(st.session_state["own_feature"])
    if not text.strip():
        return
    session.change("features", [*session.experiment.problem.features, text])
    if not session.notes:
        set_widget_value("own_feature", "")


def _each_activation(session: Session) -> None:
    activations = session.experiment.structure.activations
    if activations:  # else the layers went while the toggle was on its way
        session.change("activation", activations if st.session_state["each_activation"] else activations[0])


def _layer_activation(session: Session, layer: int) -> None:
    names = list(session.experiment.structure.activations)
    if layer < len(names):
        names[layer] = st.session_state[f"activation_{layer}"]
        session.change("activation", names)


def _axes(session: Session) -> None:
    problem = session.experiment.problem
    components = t("principal components")
    options = ["", *problem.features]
    first, second = problem.axes or ("", "")
    for i, (label, shown) in enumerate(((t("Picture, across"), first), (t("Picture, up"), second))):
        st.selectbox(
            label,
            options,
            format_func=lambda name: name.replace("_", " ") or components,
            **initial_value(f"axis_{i}", shown, options=options),
            help=rule_help(RULES["axes"]),
            on_change=_take_axes,
            args=(session, i),
        )


def _take_axes(session: Session, turned: int) -> None:
    features = session.experiment.problem.features
    chosen = [st.session_state["axis_0"], st.session_state["axis_1"]]
    if not chosen[turned]:
        session.change("axes", ())
        return
    other = 1 - turned
    if not chosen[other] or chosen[other] == chosen[turned]:
        chosen[other] = next(name for name in features if name != chosen[turned])
    session.change("axes", tuple(chosen))

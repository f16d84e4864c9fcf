"""The controls beside the stage, in the order in which data flows: data, network, training, regularization."""

from __future__ import annotations

import secrets
from functools import lru_cache

import streamlit as st

from playground.datasets import DATASETS, FEATURES, feature_of
from playground.nn.activations import ACTIVATIONS
from playground.objectives.losses import LOSSES, fitting_losses
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.schedules import SCHEDULES
from playground.spec import OWN_DATA
from playground.spec.link import RULES
from playground.stage import as_json, thumbnails
from playground.ui.computing import computing
from playground.ui.explain import entry_help, rule_help
from playground.ui.fields import beginning, choice, flag, number, several, show, taken, whole
from playground.ui.language import t
from playground.ui.session import Session
from playground.ui.stage_files import dataset_pictures_address
from playground.ui.which_way import which_way

MORE = "More"
PICTURES = "dataset_pictures"


def controls(session: Session) -> None:
    """All controls of an experiment."""
    data(session)
    network(session)
    training(session)
    regularization(session)


def heading(text: str) -> None:
    """A section's name."""
    st.markdown(f"###### {t(text)}")


def data(session: Session) -> None:
    """What to learn."""
    heading("Data")
    problem = session.experiment.problem
    own = problem.dataset == OWN_DATA
    dataset = None if own else DATASETS[problem.dataset]
    pictures(session)
    choice(session, "dataset", [*DATASETS, *([OWN_DATA] if session.table is not None else [])])
    if dataset and dataset.classes[2] > dataset.classes[1] and "classes" not in session.lesson.hide:
        st.slider(
            t("Classes"),
            dataset.classes[1],
            dataset.classes[2],
            **beginning("field_classes", problem.classes),
            on_change=taken("field_classes", lambda: session.change("classes", st.session_state["field_classes"])),
            help=rule_help(RULES["classes"]),
            disabled="classes" in session.lesson.lock,
        )
    names = {} if problem.tabular else {name: feature_of(name).label for name in (*FEATURES, *problem.features)}
    columns = session.table.columns if own and session.table else problem.choices
    several(
        session,
        "features",
        [*dict.fromkeys((*columns, *problem.features))],
        lambda one: names.get(one, one.replace("_", " ")),
    )
    if not problem.tabular and not session.lesson.refuses("features"):
        st.text_input(
            t("Own feature"),
            key="own_feature",
            placeholder="sin(2*x1)",
            help=t(
                "A formula of x1 and x2, such as `x1**3 - x2` or `exp(-r**2)`; r is the distance from the origin, theta the angle."
            ),
            on_change=taken("own_feature", _own_feature),
            args=(session,),
        )
    if dataset:
        number(session, "samples", step=10, high=dataset.max_samples)
        number(session, "noise", percent=True)
    number(session, "train_fraction", percent=True, high=0.9)
    if "new_samples" not in session.lesson.hide:
        st.button(
            t("New samples"),
            on_click=lambda: session.change("seed", secrets.randbelow(2**31)),
            help=t("Draw other samples of the same kind, with another split; the start stays."),
            width="stretch",
            disabled="new_samples" in session.lesson.lock,
        )
    with st.expander(t(MORE)):
        flag(session, "standardize")
        if problem.painted:
            flag(session, "only_painted")
        if problem.tabular and len(problem.features) > 2:
            _axes(session)
        whole(session, "seed")
        whole(session, "init_seed")


@lru_cache(maxsize=64)
def _tiles(labels: tuple[str, ...], chosen: str, locked: bool) -> bytes:
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
            "locked": locked,
        }
    )


def pictures(session: Session) -> None:
    """The datasets as small pictures."""
    if "dataset" in session.lesson.hide:
        return
    labels = tuple(t(DATASETS[name].label) for name in DATASETS)
    thumbnails(
        _tiles(labels, session.experiment.problem.dataset, "dataset" in session.lesson.lock),
        key=PICTURES,
        on_chosen=lambda: session.change("dataset", getattr(st.session_state.get(PICTURES), "chosen", None)),
    )


def network(session: Session) -> None:
    """What is trained."""
    heading("Network")
    structure = session.experiment.structure
    if "hidden" not in session.lesson.hide:
        hidden(session)
    if "activation" not in session.lesson.hide:
        activation(session)
    choice(session, "initializer")
    with st.expander(t(MORE)):
        if structure.hidden and not session.lesson.refuses("activation"):
            st.toggle(
                t("One activation a layer"),
                **beginning("each_activation", not isinstance(structure.activation, str)),
                help=t("Choose the activation of every hidden layer by itself."),
                on_change=taken("each_activation", _each_activation),
                args=(session,),
            )
        choice(session, "normalization")
        flag(session, "residual")


def hidden(session: Session) -> None:
    """The hidden layers' widths."""
    structure = session.experiment.structure
    st.text_input(
        t("Hidden layers"),
        **beginning("field_hidden", session.typed.get("hidden", ", ".join(map(str, structure.hidden)))),
        help=rule_help(RULES["hidden"]) + "\n\n" + t("For example `4, 2`; leave it empty for none."),
        placeholder=t("none"),
        on_change=taken("field_hidden", _hidden),
        args=(session,),
        disabled="hidden" in session.lesson.lock,
    )


def activation(session: Session) -> None:
    """The activation of all hidden layers, or of each."""
    structure = session.experiment.structure
    locked = "activation" in session.lesson.lock
    if isinstance(structure.activation, str):
        st.selectbox(
            t("Activation"),
            list(ACTIVATIONS),
            format_func=lambda one: ACTIVATIONS[one].label,
            **beginning("field_activation", structure.activation, options=list(ACTIVATIONS)),
            help=rule_help(RULES["activation"]) + "\n\n" + entry_help(ACTIVATIONS[structure.activation]),
            on_change=taken(
                "field_activation", lambda: session.change("activation", st.session_state["field_activation"])
            ),
            disabled=locked,
        )
    else:
        for i, name in enumerate(structure.activation):
            st.selectbox(
                t("Activation of layer") + f" {i + 1}",
                list(ACTIVATIONS),
                format_func=lambda one: ACTIVATIONS[one].label,
                **beginning(f"activation_{i}", name, options=list(ACTIVATIONS)),
                help=entry_help(ACTIVATIONS[name]),
                on_change=taken(f"activation_{i}", _layer_activation),
                args=(session, i),
                disabled=locked,
            )


def training(session: Session) -> None:
    """How it is trained."""
    heading("Training")
    which_way(session)
    structure = session.experiment.structure
    loss, optimizer, schedule = LOSSES[structure.loss], OPTIMIZERS[structure.optimizer], SCHEDULES[structure.schedule]
    task = session.experiment.task
    choice(session, "loss", [one.name for one in fitting_losses(task)])
    if len(loss.output_activations[task]) > 1 and not loss.logits:
        choice(session, "output_activation", loss.output_activations[task])
    choice(session, "optimizer")
    if not optimizer.line_search:
        number(session, "learning_rate")
    if not optimizer.full_batch:
        number(session, "batch_size", high=512 if structure.batch_size > 100 else 100)
    for knob in (*optimizer.knobs, *loss.knobs):
        if knob != "learning_rate":
            number(session, knob, step=0.001 if knob.startswith("beta") or knob == "momentum" else 0.01)
    with st.expander(t(MORE)):
        choice(session, "schedule")
        for knob in schedule.knobs:
            if knob != "learning_rate":
                number(
                    session,
                    knob,
                    step=10.0 if knob == "warmup_steps" else 0.01,
                    high=2000 if knob == "warmup_steps" else None,
                )
        number(session, "clip_norm", step=0.1, high=10)
        flag(session, "shuffle")


def regularization(session: Session) -> None:
    """What keeps it simple."""
    heading("Regularization")
    number(session, "l1")
    number(session, "l2")
    number(session, "dropout", percent=True)
    with st.expander(t(MORE)):
        if "weight_decay" not in OPTIMIZERS[session.experiment.structure.optimizer].knobs:
            number(session, "weight_decay")
        if session.experiment.task != "regression":
            number(session, "label_smoothing")
        number(session, "patience", step=1.0, high=500)
        computing(session)


def _hidden(session: Session) -> None:
    text = str(st.session_state["field_hidden"])
    session.typed.pop("hidden", None)
    parts = text.replace(";", ",").replace("-", ",").replace(" ", ",").split(",")
    units = [int(part) if part.strip().isdecimal() and len(part) < 6 else part for part in parts if part.strip()]
    session.change("hidden", units)
    if session.notes:
        session.typed["hidden"] = text[:200]


def _own_feature(session: Session) -> None:
    text = str(st.session_state["own_feature"])
    if not text.strip():
        return
    session.change("features", [*session.experiment.problem.features, text])
    if not session.notes:
        show("own_feature", "")


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
            format_func=lambda one: one.replace("_", " ") or components,
            **beginning(f"axis_{i}", shown, options=options),
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

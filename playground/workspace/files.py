"""Files to keep and to bring back: experiment, weights, data, history, code."""

from __future__ import annotations

import streamlit as st

from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.export import EXPORTS, export_file
from playground.language import join_sentences, mark, t
from playground.training.data import samples_of
from playground.training.train_loop import TrainState
from playground.training.weights import from_bytes, read_step, to_bytes
from playground.web.csv_text import to_csv
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session

MEDIA_TYPES = {"html": "text/html", "onnx": "application/octet-stream"}
"""Of exports that are not plain text."""


def downloads(current: Session) -> None:
    """What can be taken along of the run, as it was at the frame that is shown."""
    state = shown_state(current)
    st.subheader(t("Take it along"))
    st.caption(
        t(
            join_sentences(
                [
                    mark(
                        "The experiment is a few lines of JSON; weights are safetensors, which hold numbers and "
                        "nothing that runs."
                    ),
                    mark(
                        "Weights and history are those of step {step:,}, which the stage shows.", step=int(state.step)
                    ),
                ]
            )
        )
    )
    first, second, third, fourth = st.columns(4)
    first.download_button(
        t("Experiment (JSON)"), current.experiment.to_json(), "experiment.json", "application/json", width="stretch"
    )
    second.download_button(
        t("Weights (safetensors)"), to_bytes(state), "weights.safetensors", "application/octet-stream", width="stretch"
    )
    third.download_button(t("History (CSV)"), history_csv(current), "history.csv", "text/csv", width="stretch")
    fourth.download_button(t("Data (CSV)"), data_csv(current), "data.csv", "text/csv", width="stretch")


def shown_state(current: Session) -> TrainState:
    """The state of the frame that the stage shows; before the first one, the start."""
    run = current.run
    return current.state(current.shown_index) if run.has_frames else run.trainer.init()


def history_csv(current: Session) -> str:
    """The run's curves up to the frame that is shown, as CSV: a row a kept frame."""
    columns = dict(current.run.curves.until(current.shown_index + 1))
    norms = columns.pop("gradient_norm")
    columns |= {f"gradient_norm_{i + 1}": norms[:, i] for i in range(norms.shape[1])}
    return to_csv(list(columns), zip(*columns.values(), strict=True))


def data_csv(current: Session) -> str:
    """The samples as CSV: coordinates (or columns), target, and which set each is in."""
    trainer = current.run.trainer
    raw, names, target = samples_of(trainer.experiment, trainer.table)
    sets = ("train" if is_train else "test" for is_train in trainer.prepared.picture.train)
    labels = [trainer.prepared.class_names[int(y)] if trainer.prepared.class_names else float(y) for y in target]
    return to_csv(
        [*names, trainer.prepared.target.name, "set"],
        ((*map(float, row), y, part) for row, y, part in zip(raw, labels, sets, strict=True)),
    )


def loading(current: Session) -> None:
    """An experiment, and weights for it, brought back."""
    st.subheader(t("Bring it back"))
    left, right = st.columns(2)
    spec = left.file_uploader(
        t("Experiment (JSON)"),
        type="json",
        key="load_spec",
        help=t("An experiment saved here before, or printed by the command line."),
    )
    weights = right.file_uploader(
        t("Weights (safetensors), if you have them"),
        type="safetensors",
        key="load_weights",
        help=t("Training goes on from these weights."),
    )
    if not (spec or weights) or not st.button(t("Load"), type="primary", key="load_go"):
        return
    try:
        experiment = Experiment.from_json(spec.getvalue(), current.table) if spec else current.experiment
        content = weights.getvalue() if weights else b""
        step = read_step(content)
        current.start(experiment, from_bytes(content, weights.name) if weights else None, step)
    except PlaygroundError as error:
        st.error(escape_markdown(t(error.sentence)))
        return
    st.success(t(loaded_words(step)))
    st.page_link(PLAYGROUND, label=t("Go to the playground"))


def loaded_words(step: int) -> str:
    """What was loaded, from a run after ``step`` steps."""
    if not step:
        return mark("Loaded. It waits for you in the playground.")
    return mark(
        "Loaded, at step {step:,}: its curves begin there, and the optimizer remembers no gradients of before. "
        "It waits for you in the playground.",
        step=step,
    )


def code(current: Session) -> None:
    """The experiment as a program, or as an equation."""
    st.subheader(t("As code, or as an equation"))
    st.caption(
        t("Scripts start from the weights that the stage shows, and hold the data: they run without this playground.")
    )
    name = st.segmented_control(
        t("Target"),
        list(EXPORTS),
        default="jax",
        required=True,
        format_func=lambda export_name: t(EXPORTS[export_name].label),
        key="export_target",
        help=t("The library that the code is written for."),
    )
    st.caption(t(EXPORTS[name].explanation))
    state = shown_state(current)
    try:
        content = export_file(
            name, current.experiment, current.table_used, (state.params, state.stats), int(state.step)
        )
    except PlaygroundError as error:
        st.info(escape_markdown(t(error.sentence)))
        return
    st.download_button(
        t("Download"),
        content,
        f"experiment_{name}.{EXPORTS[name].ending}",
        MEDIA_TYPES.get(name, "text/plain"),
        key="export_save",
    )
    if EXPORTS[name].binary:
        return
    text = content.decode()
    if name == "tex":
        st.latex(text)
    with st.expander(t("Look at it")):
        st.code(text, language={"tex": "latex", "html": "html"}.get(name, "python"))

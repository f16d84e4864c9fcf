"""One's own rows: what was understood is shown, then confirmed or corrected, then learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from playground.datasets.labels import column_label
from playground.datasets.tabular.choices import (
    DECIMALS,
    DELIMITERS,
    MISSING_RULES,
    RARE_DELIMITERS,
    THOUSANDS,
    ReadingChoices,
)
from playground.datasets.tabular.column_kinds import Kind
from playground.datasets.tabular.detection import Reading, read_table
from playground.datasets.tabular.encoding import ENCODINGS, title_of
from playground.datasets.tabular.notes import Note
from playground.errors import PlaygroundError
from playground.experiment import OWN_DATA, replace_field
from playground.language import mark, t
from playground.web.markdown import escape_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session
from playground.workspace.kept_upload import Upload, forget_upload, keep_upload, kept_upload

DETECT = mark("automatic")
MAX_READINGS, READING_SECONDS = 2, 600
"""Readings that the process keeps, of whichever visitor, and for how long: each holds its file's text."""


@dataclass(frozen=True)
class Choice:
    """A choice about the file that a list of options offers: its ``label``, the value of ``ReadingChoices`` by option,
    and what it is for."""

    label: str
    options: Mapping[str, Any]
    help: str

    def option_of(self, value: Any) -> str:
        """The option that stands for a value."""
        return next((option for option, known in self.options.items() if known == value), DETECT)


CHOICES = {
    "delimiter": Choice(
        mark("Cells are parted by"),
        {DETECT: None} | DELIMITERS | RARE_DELIMITERS,
        mark("What stands between two cells of a row."),
    ),
    "header": Choice(
        mark("The first row holds names"),
        {DETECT: None, mark("yes"): True, mark("no"): False},
        mark("No: the columns are numbered."),
    ),
    "decimal": Choice(mark("Decimal sign"), {DETECT: None} | DECIMALS, mark("What stands before the tenths.")),
    "thousands": Choice(
        mark("Thousands are set apart by"),
        {DETECT: None} | THOUSANDS,
        mark("As the point in 1.234 where decimals have a comma."),
    ),
    "encoding": Choice(
        mark("Letters are written in"),
        {DETECT: None} | {title_of(name): name for name in ENCODINGS},
        mark("The encoding of the file; wrong letters mean that it is another."),
    ),
}
"""What may be chosen about the file, by the field of ``ReadingChoices``; the widget's key is ``own_`` and the
field."""
OPTION_LABELS = {
    "comma": mark("comma"),
    "semicolon": mark("semicolon"),
    "tab": mark("tab"),
    "bar": mark("bar"),
    "space": mark("space"),
    "colon": mark("colon"),
    "caret": mark("caret"),
    "tilde": mark("tilde"),
    "point": mark("point"),
    "apostrophe": mark("apostrophe"),
    "none": mark("none"),
}
"""Names of signs as they are shown; the command line has them as they are."""
KINDS: dict[Kind, str] = {
    "number": mark("number"),
    "category": mark("category"),
    "text": mark("text"),
    "date": mark("date"),
    "empty": mark("empty"),
}
"""What a column's cells are."""
MISSING = {"drop": mark("leave those rows out"), "mean": mark("fill with the column's mean")}
TASKS = {DETECT: None, mark("classification"): "classification", mark("regression"): "regression"}


def own_data(current: Session) -> None:
    """From a file or a paste to a table that is learned."""
    upload = get_upload()
    if upload is None:
        return
    reading = read(upload)
    upload.keep_choices()
    if reading is not None:
        confirm(current, reading, upload)


def get_upload() -> Upload | None:
    """The file or paste that is there now, or was when the page was left; None when there is nothing."""
    before = kept_upload()
    if before is not None and not before.name and "own_paste" not in st.session_state:
        st.session_state["own_paste"] = before.content
    left, right = st.columns(2)
    file = left.file_uploader(
        t("A CSV file: drop it here"),
        type=["csv", "tsv", "txt", "dat", "tab", "data"],
        key="own_file",
        max_upload_size=5,
        on_change=forget_emptied,
        args=("own_file",),
        help=t("Rows with a header, parted by commas, semicolons or tabs; up to 5 MB."),
    )
    pasted = right.text_area(
        t("Or paste rows from a spreadsheet"),
        key="own_paste",
        height=130,
        placeholder="x\ty\tclass\n1.2\t3.4\tred",
        on_change=forget_emptied,
        args=("own_paste",),
        help=t("Copied cells, the names of the columns first."),
    )
    if file is not None:
        return keep_upload(file.name or "file", file.getvalue())
    if pasted:
        return keep_upload("", pasted)
    if before is not None and before.name:
        message_box, forget = left.columns([4, 1], vertical_alignment="center")
        message_box.text(t("{file} · still here", file=before.name[:80]))
        forget.button(t("Forget it"), key="own_forget", on_click=forget_upload, width="stretch")
    return before


def forget_emptied(key: str) -> None:
    """Keep nothing of what was taken away by hand."""
    if not st.session_state.get(key):
        forget_upload()


def file_choices(state: Any) -> ReadingChoices:
    """What the page's widgets, by key, say about the file. Raises ``PlaygroundError``."""
    chosen: dict[str, Any] = {
        field: choice.options.get(state.get(f"own_{field}", DETECT)) for field, choice in CHOICES.items()
    }
    marks = tuple(mark.strip() for mark in str(state.get("own_marks") or "").split(",") if mark.strip())
    first_row = state.get("own_first_row")
    return ReadingChoices(
        encoding=chosen["encoding"],
        delimiter=chosen["delimiter"],
        decimal=chosen["decimal"],
        thousands=chosen["thousands"],
        header=chosen["header"],
        first_row=int(first_row) if first_row else None,
        missing_marks=marks,
        kinds=tuple(dict(state.get("own_kinds") or {}).items()),
    )


def read(upload: Upload) -> Reading | None:
    """What was understood, with what may be corrected; None when it cannot be read."""
    for field, column in zip(("delimiter", "header", "decimal", "thousands"), st.columns(4), strict=True):
        select(column, field)
    with st.expander(t("More about the file")):
        left, middle, right = st.columns(3)
        select(left, "encoding")
        middle.number_input(
            t("The table begins in row"),
            1,
            2**20,
            value=None,
            key="own_first_row",
            placeholder=t(DETECT),
            help=t("Rows above it are passed over."),
        )
        right.text_input(
            t("Texts that count as missing, by commas"),
            key="own_marks",
            max_chars=200,
            help=t("Such as -999 or n/a, beside empty cells."),
        )
    try:
        return understand(upload, file_choices(st.session_state))
    except PlaygroundError as error:
        st.error(escape_markdown(t(error.sentence)))
        return None


def select(place: Any, field: str) -> None:
    """A list of options for one of ``CHOICES``."""
    choice = CHOICES[field]
    place.selectbox(
        t(choice.label), list(choice.options), format_func=option_label, key=f"own_{field}", help=t(choice.help)
    )


def option_label(option: str) -> str:
    """An option of ``CHOICES`` as it is shown."""
    return t(OPTION_LABELS.get(option, option))


def understand(upload: Upload, choices: ReadingChoices) -> Reading:
    """The reading; kinds that were chosen for columns which are not there any more are dropped. Raises
    ``PlaygroundError``."""
    try:
        return read_upload(upload.digest, choices, upload)
    except PlaygroundError:
        if not choices.kinds:
            raise
        reading = read_upload(upload.digest, replace(choices, kinds=()), upload)
    st.session_state.pop("own_kinds", None)
    return reading


@st.cache_resource(max_entries=MAX_READINGS, ttl=READING_SECONDS, show_spinner=False)
def read_upload(digest: bytes, choices: ReadingChoices, _upload: Upload) -> Reading:
    """The reading of the upload with this ``digest``, kept for a while: each click on the page asks for it. Raises
    ``PlaygroundError``."""
    return read_table(_upload.content, choices)


def confirm(current: Session, reading: Reading, upload: Upload) -> None:
    """Show what was understood, pick target and columns, and go."""
    understood = st.container()
    left, middle, right = st.columns(3)
    names = list(reading.names)
    target = left.selectbox(
        t("Target: what to learn"),
        names,
        index=names.index(reading.target),
        format_func=own_label,
        key=f"own_target_{hash(reading.names)}",
        help=t("The column that the network predicts from the others."),
    )
    task = middle.selectbox(
        t("Task"),
        list(TASKS),
        format_func=t,
        key="own_task",
        help=t("Classes to tell apart, or a number to predict; automatic: told from the target."),
    )
    missing = right.selectbox(
        t("Rows with missing values"),
        MISSING_RULES,
        format_func=lambda rule: t(MISSING[rule]),
        key="own_missing",
        help=t("What is done with rows that have an empty cell."),
    )
    usual = list(reading.decide(target=target, columns=None).learned)
    columns_key = f"own_columns_{hash((reading.names, target))}"
    chosen = st.multiselect(
        t("Columns to learn from"),
        [name for name in names if name != target],
        default=usual,
        format_func=own_label,
        placeholder=t("Choose options"),
        key=columns_key,
        help=t("The network's inputs."),
    )
    upload.keep_choices()
    decided = reading.decide(
        target=target, columns=None if chosen == usual else tuple(chosen), missing=missing, task=TASKS[task]
    )
    with understood:
        show(decided, columns_key)
    if not st.button(t("Learn this"), type="primary", key="own_go"):
        return
    try:
        table = replace(decided.table(), name=upload.name)
        experiment = replace_field(current.experiment, "dataset", OWN_DATA, table)
        current.halt()
        current.start(experiment, table=table)
    except PlaygroundError as error:
        st.error(escape_markdown(t(error.sentence)))
        return
    current.notes[:] = table.notes
    st.switch_page(PLAYGROUND)


def own_label(column: str) -> str:
    """A column of the file as it is shown: in the file's own words."""
    return column_label(OWN_DATA, column)


def show(reading: Reading, columns_key: str) -> None:
    """What was understood, each sentence with its other readings a click away, and the first rows as they are
    read."""
    for i, note in enumerate(reading.notes):
        show_note(note, i, columns_key)
    rows = {
        t("{column} · {kind}", column=own_label(column.name), kind=KINDS[column.kind]): [
            reading.value(column.name, cells[k]) for cells in reading.preview
        ]
        for k, column in enumerate(reading.columns)
    }
    st.dataframe(rows, hide_index=True, width="stretch")


def show_note(note: Note, at: int, columns_key: str) -> None:
    """A sentence, and a button for each other reading."""
    if not note.alternatives:
        st.text(t(note.text))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(t(note.text), width="content")
        for k, other in enumerate(note.alternatives):
            st.button(
                escape_markdown(t(other.label)),
                key=f"own_other_{at}_{k}",
                on_click=choose,
                args=(other.choices, columns_key),
                width="content",
            )


def choose(choices: Mapping[str, Any], columns_key: str) -> None:
    """Set the widgets that make these choices."""
    for field, value in choices.items():
        if field in CHOICES:
            st.session_state[f"own_{field}"] = CHOICES[field].option_of(value)
        elif field == "columns":
            st.session_state[columns_key] = list(value)
        elif field == "missing_marks":
            st.session_state["own_marks"] = ", ".join(value)
        elif field == "kinds":
            st.session_state["own_kinds"] = dict(value)
        elif field == "task":
            st.session_state["own_task"] = next(name for name, task in TASKS.items() if task == value)
        else:
            st.session_state[f"own_{field}"] = value

"""One's own rows: what was detected is shown, then confirmed or corrected, then learned."""

from __future__ import annotations

import streamlit as st

from playground.datasets.reading import MISSING_RULES, Reading, detect, table_of
from playground.errors import PlaygroundError
from playground.spec import OWN_DATA, changed
from playground.ui.language import t
from playground.ui.plain import plain
from playground.ui.session import Session
from playground.ui.upload import Upload, forget_upload, keep_upload, kept_upload

PLAYGROUND = "pages/play/playground.py"
DETECT = "detected"
DELIMITERS = {DETECT: None, "comma": ",", "semicolon": ";", "tab": "\t", "bar |": "|"}
HEADERS = {DETECT: None, "yes": True, "no": False}
DECIMALS = {DETECT: None, "point": ".", "comma": ","}
MISSING = {"drop": "leave those rows out", "mean": "fill with the column's mean"}
TASKS = {DETECT: None, "classification": "classification", "regression": "regression"}


def own_data(current: Session) -> None:
    """From a file or a paste to a table that is learned."""
    upload = brought()
    if upload is None:
        return
    reading = read(upload.content)
    if reading is not None:
        confirm(current, reading, upload)


def brought() -> Upload | None:
    """The file or paste that is there now, or was when the page was left; None when there is nothing."""
    before = kept_upload()
    if before is not None and not before.name and "own_paste" not in st.session_state:
        st.session_state["own_paste"] = before.content
    left, right = st.columns(2)
    file = left.file_uploader(
        t("A CSV file: drop it here"),
        type=["csv", "tsv", "txt"],
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
        said, forget = left.columns([4, 1], vertical_alignment="center")
        said.text(f"{before.name[:80]} · {t('still here')}")
        forget.button(t("Forget it"), key="own_forget", on_click=forget_upload, width="stretch")
    return before


def forget_emptied(key: str) -> None:
    """Keep nothing of what was taken away by hand."""
    if not st.session_state.get(key):
        forget_upload()


def read(content: bytes | str) -> Reading | None:
    """What was detected, with what may be corrected; None when it cannot be read."""
    columns = st.columns(3)
    told = [
        box.selectbox(
            t(label),
            list(options),
            format_func=t,
            key=key,
            help=t("How the text is read; the table below shows what comes of it."),
        )
        for box, label, options, key in zip(
            columns,
            ("Cells are parted by", "The first row holds names", "Decimal sign"),
            (DELIMITERS, HEADERS, DECIMALS),
            ("own_delimiter", "own_header", "own_decimal"),
            strict=True,
        )
    ]
    try:
        reading = detect(content, delimiter=DELIMITERS[told[0]], header=HEADERS[told[1]], decimal=DECIMALS[told[2]])
    except PlaygroundError as error:
        st.error(plain(t(str(error))))
        return None
    for sentence in reading.sentences:
        st.text(t(sentence))
    rows = {name: [row[i] for row in reading.cells[:8]] for i, name in enumerate(reading.names)}
    st.dataframe(rows, hide_index=True, width="stretch")
    return reading


def confirm(current: Session, reading: Reading, upload: Upload) -> None:
    """Pick target and columns, and go."""
    left, middle, right = st.columns(3)
    names = list(reading.names)
    target = left.selectbox(
        t("Target: what to learn"),
        names,
        index=len(names) - 1,
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
        format_func=lambda one: t(MISSING[one]),
        key="own_missing",
        help=t("What is done with rows that have an empty cell."),
    )
    usable = [column.name for column in reading.columns if column.name != target and column.kind != "text"]
    chosen = st.multiselect(
        t("Columns to learn from"),
        [one for one in names if one != target],
        default=usable,
        key=f"own_columns_{hash((reading.names, target))}",
        help=t("The network's inputs."),
    )
    upload.keep_choices()
    if not st.button(t("Learn this"), type="primary", key="own_go"):
        return
    try:
        table = table_of(reading, target=target, columns=chosen, missing=missing, task=TASKS[task])
        experiment = changed(current.experiment, "dataset", OWN_DATA, table)
        current.paused = True
        current.start(experiment, table=table)
    except PlaygroundError as error:
        st.error(plain(t(str(error))))
        return
    current.notes[:] = table.notes
    st.switch_page(PLAYGROUND)

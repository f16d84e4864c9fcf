"""Bring your own rows: a file, or what you copy from a spreadsheet."""

import streamlit as st

from playground.language import t
from playground.web.session import session
from playground.workspace.upload import own_data

current = session()
st.title(t("Your data"))
st.write(
    t("A table of your own becomes a dataset like the others: bring it, say which column is to be learned, and go.")
)
st.caption(
    t(
        "Rows stay in this session: they are in no link and on no disk. Up to 20,000 rows, 64 features, "
        "400,000 numbers, 5 MB; "
        "many rows leave less room for what is kept of a run."
    )
)
own_data(current)

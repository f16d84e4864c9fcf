"""Why does it stop learning?"""

import streamlit as st

from playground.analysis.gradient_flow.page import flow
from playground.language import mark, t
from playground.web.question import question, try_this
from playground.web.session import session

current = session()
question(
    current,
    mark("Why does it stop learning?"),
    mark(
        "On its way back through a network a gradient is multiplied layer by layer: if each factor is a little "
        "too small or too large, "
        "the first layers get next to nothing, or far too much. Here variants of your experiment are compared, "
        "measured and cured."
    ),
)
flow(current)
try_this(
    mark(
        "Take eight sigmoid layers and cure them one way at a time: which cure brings the first layer's gradient back?"
    ),
    mark("Choose *How deep?*: a layer costs the same at every depth, and only depth makes it fatal."),
    mark(
        "Give ReLU layers Glorot's weights and compare with He's: theory predicts the factor between them, a half "
        "in each layer."
    ),
)
st.caption(
    t("Measured on your own samples, over 32 draws of the first weights; the first draw is your experiment's own.")
)

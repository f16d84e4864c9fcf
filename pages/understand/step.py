"""What happens in one training step?"""

import streamlit as st

from playground.analysis.step.page import one_step, subject
from playground.language import mark, t
from playground.web.question import question, try_this
from playground.web.session import session

current = session()
question(
    current,
    mark("What happens in one training step?"),
    mark(
        "Samples go forward through the network, their loss comes back as a derivative for every weight, and the "
        "optimizer moves each weight a little. "
        "Here is the very next step of a run with all of its numbers: point at any of them to see where it came from."
    ),
    subject(),
)
one_step(current)
try_this(
    mark(
        "Choose the whole batch instead of one sample: the derivative of a weight is then the sum over its "
        "samples, each pulling its own way."
    ),
    mark("Take a few dozen steps with Adam and watch its bias correction lose its meaning as m and v fill up."),
    mark(
        "Turn on dropout or batch normalisation in the Playground and come back: the same sample gives one answer "
        "in training and another in evaluation."
    ),
)
st.caption(
    t(
        "Our numbers are made in float64 by the formulas shown; jax.grad and the compiled step work in "
        "float32, so the last digits differ."
    )
)

"""What is it descending?"""

import streamlit as st

from playground.analysis.landscape.page import landscape
from playground.language import mark, t
from playground.web.question import question, try_this
from playground.web.session import session

current = session()
question(
    current,
    mark("What is it descending?"),
    mark(
        "The loss is a landscape over all weights at once, and training walks downhill in it without ever seeing "
        "more than the slope under its feet. "
        "Here you see planes cut through that landscape, the way your network took, and how steep it may become "
        "before the steps overshoot."
    ),
)
landscape(current)
try_this(
    mark(
        "Let it play above and raise the learning rate: from which rate on does the sharpness stand above the "
        "dashed line, and what does the loss do then?"
    ),
    mark(
        "Compare the way's own plane with random directions: most of what happens in training lies in very few "
        "directions."
    ),
    mark(
        "Make the network wider in the Playground and come back: is there still a wall between two networks whose "
        "units are matched?"
    ),
)
st.caption(t("Every number here is of your own network and its training set, computed just now."))

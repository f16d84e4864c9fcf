"""Would it have worked with another seed?"""

import streamlit as st

from playground.analysis.seeds.page import luck
from playground.language import mark, t
from playground.web.question import question, try_this
from playground.web.session import session

current = session()
question(
    current,
    mark("Would it have worked with another seed?"),
    mark(
        "A network starts from random weights, and where it starts decides where it can end. "
        "Here many networks of your experiment are trained at once, alike in all but their start."
    ),
)
luck(current)
try_this(
    mark(
        "Give the network more units in the Playground and come back: does the success rate rise, or only the "
        "best one's accuracy?"
    ),
    mark("Vary the samples as well: what spreads further now is what the network owes to the data it happened to see."),
    mark(
        "Look where the networks disagree: there is no sample to tell them what is right. One network alone would "
        "not have told you."
    ),
)
st.caption(t("Every number here is of networks trained just now, from the weights that these seeds draw."))

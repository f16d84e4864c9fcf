"""Why do residuals help?"""

import streamlit as st

from playground.analysis.depth.page import depth_page, subject_words
from playground.analysis.depth.settings_view import address_part
from playground.language import mark, t
from playground.web.question import question, try_this
from playground.web.session import session

address = address_part()
question(
    session(),
    mark("Why do residuals help?"),
    mark(
        "A deeper network can do all that a shallower one can: its further layers need only pass on what they get. "
        "Yet plain networks learn their own train set worse the deeper they become. A skip connection makes passing on "
        "the easy part: a layer then only adds to its input."
    ),
    subject_words(),
    address,
)
depth_page()
try_this(
    mark("Choose real images and take layers out one by one: how many can the residual network spare?"),
    mark("Let residual layers begin at full size with ReLU, then turn batch normalisation on: who needs it, and why?"),
    mark("Look back to the first steps: which depths have begun to learn by then, with and without skip connections?"),
)
st.caption(t("Every number here is of networks trained just now. Points are synthetic; digits come with scikit-learn."))

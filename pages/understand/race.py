"""Which optimizer, and why?"""

import streamlit as st

from playground.analysis.race.functions_view import functions_section
from playground.analysis.race.page import choose_comparison, choose_view, race
from playground.analysis.race.repeats_view import repeats
from playground.language import join_sentences, mark, t
from playground.web.question import question, try_this
from playground.web.session import session

current = session()
question(
    current,
    mark("Which optimizer, and why?"),
    join_sentences(
        [
            mark("An optimizer turns gradients into steps, and each has its own way of remembering."),
            choose_comparison(),
        ]
    ),
)
view = choose_view()
{"one": lambda: race(current), "many": lambda: repeats(current), "surface": functions_section}[view]()
try_this(
    mark("Turn all learning rates up until somebody diverges: who goes first, and who does not mind?"),
    mark("Run the race from many starts: does the winner still win, or was it the start?"),
    mark(
        "Watch Momentum and Adam in the ravine: one gathers speed along it, the other measures each direction by its "
        "own slope."
    ),
)
if view != "surface":
    st.caption(t("L-BFGS cannot race: it sees all samples at once."))

"""What is said of a state goes with it: notes, texts that were not understood, and links and files on a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground import Experiment
from playground.experiment import Handout
from playground.live import Run
from playground.stage.connection import connection_of
from playground.web.session import KEY, Session, new_name

APP = Path(__file__).parents[2] / "app.py"
SMALL = Experiment.of(samples=60, hidden=[2])
LEAVINGS: dict[str, Callable[[Session], None]] = {
    "a change": lambda session: session.change("activation", "relu"),
    "a knob": lambda session: session.change("l2", 0.01),
    "reset": lambda session: connection_of(session).command({"name": "reset"}),
    "another start": lambda session: connection_of(session).command({"name": "new_start"}),
    "undo": lambda session: session.undo(),
    "a branch": lambda session: session.branch(0),
    "a link": lambda session: session.start(Experiment(), handout=Handout()),
}


@pytest.mark.parametrize("leave", LEAVINGS)
def test_a_refusal_goes_when_the_state_goes(leave: str) -> None:
    session = Session(SMALL, Run(new_name(), SMALL))
    session.show_run(session.run)
    session.change("hidden", [3])
    session.run.compile()
    session.run.mount()
    session.change("hidden", [4, 0])
    assert session.notes
    LEAVINGS[leave](session)
    assert not session.notes


def test_a_text_that_was_not_understood_goes_with_the_next_change() -> None:
    session = Session(SMALL, Run(new_name(), SMALL))
    session.show_run(session.run)
    session.typed["hidden"] = "four"
    session.change("activation", "relu")
    assert not session.typed


def test_the_link_at_the_top_is_of_what_was_opened_below_it() -> None:
    page = AppTest.from_file(APP, default_timeout=60).run()
    page.switch_page("pages/keep/share.py").run()
    page.text_input(key="open_link").set_value("http://localhost/?dataset=xor&hidden=3").run()
    page.button(key="open_link_go").click().run()
    assert not page.exception
    assert page.session_state[KEY].experiment.problem.dataset == "xor"
    assert "dataset=xor" in page.code[0].value

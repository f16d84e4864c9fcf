"""The one typed object that a visitor's ``st.session_state`` holds, and the one door to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from playground.errors import PlaygroundError
from playground.spec import Experiment, changed, from_query, to_query
from playground.stage import NAMES, pack, scene
from playground.stream import Chunk, Run, checked_want
from playground.ui.language import stage_words, t

KEY = "session"


@dataclass
class Session:
    """A visitor's experiment, its run, and what the stage is told next.

    ``notes`` are sentences for the visitor; ``message`` is the stage's newest message; ``typed`` holds a text that was not
    understood, so that nothing typed is lost.
    """

    experiment: Experiment
    run: Run
    notes: list[str] = field(default_factory=list)
    message: bytes = b""
    paused: bool = True
    typed: dict[str, str] = field(default_factory=dict)

    def configure(self, experiment: Experiment) -> None:
        """Go on with ``experiment``: turned knobs join the run, anything else starts another; raises ``PlaygroundError``, changing nothing."""
        if experiment == self.experiment:
            return
        if replace(experiment, knobs=self.experiment.knobs) == self.experiment:
            self.run.turn(experiment)
            self.experiment = experiment
            self.send(replace(self.run.mount(), frames=(), scene=False, history=None))
        else:
            self.start(experiment)

    def start(self, experiment: Experiment) -> None:
        """Start ``experiment`` from its first frame."""
        run = Run(new_name(), experiment, wait=False)
        run.trainer.prepare_program()
        self.run, self.experiment = run, experiment
        self.send(run.mount())

    def change(self, name: str, value: Any) -> None:
        """Set one field of the experiment; what is not allowed becomes a note and changes nothing."""
        self.notes.clear()
        try:
            self.configure(changed(self.experiment, name, value))
        except PlaygroundError as error:
            self.notes.append(str(error))

    def answer(self, data: Any) -> None:
        """Have the frames ready that the stage asks for; a want that makes no sense is passed over."""
        want = checked_want(data)
        if want is not None:
            self.send(self.run.answer(want))

    def command(self, data: Any) -> None:
        """Do what the stage's buttons ask for: the same start, a new start, or taking note of a pause."""
        match data.get("name") if isinstance(data, dict) else None:
            case "reset":
                self.paused = True
                self.start(self.experiment)
            case "new_start":
                problem = self.experiment.problem
                self.configure(
                    replace(self.experiment, problem=replace(problem, init_seed=(problem.init_seed + 1) % 2**31))
                )
            case "pause":
                self.paused = True
            case "play":
                self.paused = False

    def send(self, chunk: Chunk) -> None:
        """Make ``chunk`` the stage's newest message."""
        header = {"scene": scene(self.run, stage_words()), "playing": not self.paused} if chunk.scene else {}
        self.message = pack(chunk, header | NAMES)


def new_name() -> str:
    """A name that no other run in any browser has."""
    return secrets.token_hex(4)


def session() -> Session:
    """The visitor's session; the first call makes it from the link that was opened."""
    found = st.session_state.get(KEY)
    if isinstance(found, Session):
        return found
    experiment, complaints = from_query(dict(st.query_params))
    run = Run(new_name(), experiment)
    made = Session(experiment, run)
    if complaints:
        made.notes.append(
            t("The link holds something that makes no sense here; defaults stand in for it: ") + complaints[0]
        )
    made.send(run.mount())
    run.trainer.prepare_program()
    st.session_state[KEY] = made
    return made


def keep_link(experiment: Experiment) -> None:
    """Have the address bar hold ``experiment``."""
    query = to_query(experiment)
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)

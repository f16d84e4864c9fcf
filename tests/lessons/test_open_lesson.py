"""A lesson on the page, without a browser: opened by a link, played through the stage's messages, left, resumed."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.experiment import Experiment, Handout
from playground.lessons import (
    Progress,
    bundled_lesson,
    check_code,
    encode_lesson,
    encode_progress,
    lesson_data,
    parse_lesson,
)
from playground.lessons.progress import at_step
from playground.stage.connection import connection_of
from playground.web.components import decode
from playground.web.lesson_steps import lesson_place, open_lesson
from playground.web.session import Session
from tests.test_pages import current, opened

LESSON = bundled_lesson("learning_rate")
MAX_ANSWERS = 60


class Stage:
    """A stage that talks as the browser does, and shows every frame as soon as it has it."""

    def __init__(self, app: AppTest) -> None:
        self.app = app
        self.session: Session = current(app)
        self.connection = connection_of(self.session)
        self.nonce = 0
        self.key = ""
        self.lesson: dict[str, Any] = {}
        self.words: dict[str, Any] = {}
        self.handout: dict[str, Any] = {}
        self.mount()

    def read(self) -> dict[str, Any]:
        """Take the newest message."""
        header = decode(self.connection.message)[0]
        self.lesson, self.handout = header["lesson"] or {}, header["handout"]
        self.key = self.lesson.get("key", "")
        self.words = self.lesson.get("words", self.words)
        return header

    def mount(self) -> dict[str, Any]:
        """Come as an empty stage."""
        self.session.run.compile()
        self.connection.answer({"run": self.session.run.name, "mount": True, "lesson": self.key})
        return self.read()

    def command(self, name: str, **data: Any) -> dict[str, Any]:
        """Press something."""
        self.nonce += 1
        run = self.session.run
        about = {"head": run.last, "epoch": run.epoch, "step": self.words.get("at", 0), "lesson": self.key}
        self.connection.command({"name": name, "talk": "stage", "nonce": self.nonce, **about, **data})
        return self.read()

    def train(self, *, pace: int = 10) -> None:
        """Play until the present condition is true, or training ends."""
        for _ in range(MAX_ANSWERS):
            run = self.session.run
            want = {"run": run.name, "epoch": run.epoch, "from": run.last + 1, "head": run.last, "pace": pace}
            self.connection.answer({**want, "lesson": self.key})
            header = self.read()
            if self.lesson["tick"] is not None or header["state"] in ("diverged", "stopped"):
                return
        raise AssertionError("its condition never became true")

    def play_lesson(self) -> None:
        """Do all that the lesson on the learning rate asks for."""
        self.train()
        self.command("lesson_answer", text="0")
        self.command("lesson_next")
        self.session.change("learning_rate", 0.01)
        self.train()
        self.command("lesson_next")
        self.session.change("learning_rate", 10.0)
        self.train()
        self.command("lesson_shown", run=self.session.run.name)
        self.command("lesson_answer", text="0")
        self.command("lesson_next")
        self.session.change("learning_rate", 0.01)
        self.command("reset")
        self.mount()
        self.train()
        self.command("lesson_next")


@pytest.fixture
def stage() -> Stage:
    return Stage(opened(lesson=LESSON.name))


def test_a_link_opens_it_with_its_experiment_and_its_rules(stage: Stage) -> None:
    session = stage.session
    assert session.experiment.problem.dataset == "plane"
    assert session.handout.is_locked("optimizer")
    assert not session.handout.is_locked("learning_rate")
    assert stage.words["steps"] == [step.title for step in LESSON.steps]
    assert stage.words["at"] == 0
    query = stage.app.query_params
    assert query["lesson"] in (LESSON.name, [LESSON.name])
    assert "lesson_progress" in query
    assert "lock" not in query, "its rules are the lesson's, and in no link of their own"


def test_its_words_are_sent_once(stage: Stage) -> None:
    stage.train()
    assert "words" not in stage.lesson
    stage.key = ""
    stage.command("lesson_shown", run=stage.session.run.name)
    assert stage.lesson["words"]["title"] == LESSON.title
    assert "is_right" not in str(stage.lesson["words"]), "which answer is right is the server's to know"


def test_an_unknown_lesson_is_a_note_that_names_the_nearest() -> None:
    app = opened(lesson="learning_rat")
    assert current(app).lessons.present is None
    assert "learning_rate" in app.info[0].value.replace("\\", "")


def test_it_is_played_to_its_end_and_the_code_holds(stage: Stage) -> None:
    stage.play_lesson()
    assert stage.words["at"] == len(LESSON.steps)
    assert stage.words["conclusion"] == LESSON.conclusion
    assert stage.session.handout == Handout(), "at its end all is free"
    stage.command("lesson_certify", text="   ")
    assert stage.lesson["certificate"] is None
    assert "name" in stage.lesson["error"]
    stage.command("lesson_certify", text="Ada <b>Lovelace</b>")
    certificate: Any = stage.lesson.get("certificate")
    assert "Ada <b>Lovelace</b>" in certificate["line"]
    assert check_code(certificate["code"], "Ada <b>Lovelace</b>", [LESSON]).lesson is LESSON


def test_the_tick_is_at_the_frame_at_which_it_became_true(stage: Stage) -> None:
    stage.train()
    tick = stage.lesson["tick"]
    steps = stage.session.run.past.steps
    assert steps[tick] >= 200 > steps[tick - 1]


def test_what_was_not_done_is_refused_in_the_panel(stage: Stage) -> None:
    stage.command("lesson_next")
    assert stage.words["at"] == 0
    assert "not done" in stage.lesson["error"]
    stage.command("lesson_answer", text="0")
    assert "nothing is asked" in stage.lesson["error"]


def test_a_wrong_answer_gets_its_reply(stage: Stage) -> None:
    stage.train()
    question = LESSON.steps[0].question
    assert question is not None
    stage.command("lesson_answer", text="1")
    assert stage.lesson["verdict"] == {"is_right": False, "reply": question.options[1].reply}
    assert not stage.lesson["is_done"]


def test_a_second_press_is_of_the_step_before(stage: Stage) -> None:
    stage.command("lesson_skip", step=0)
    stage.command("lesson_skip", step=0)
    assert stage.words["at"] == 1


def test_skipping_is_honest(stage: Stage) -> None:
    for step in range(len(LESSON.steps)):
        stage.command("lesson_skip", step=step)
    assert stage.words["skipped"] == [0, 1, 2, 3]
    stage.command("lesson_certify", text="Ada")
    assert stage.lesson["certificate"] is None
    assert "skipped" in stage.lesson["error"]


def test_words_that_came_back_before_the_stage_spoke_are_sent_once_more(stage: Stage) -> None:
    first = stage.key
    stage.session.leave_lesson()
    stage.session.send(stage.session.run.empty_reply())
    assert stage.read()["lesson"] == {"key": ""}, "which leaves the stage without words"
    open_lesson(stage.session, LESSON)
    stage.session.send(stage.session.run.empty_reply())
    assert stage.read()["lesson"]["key"] == first
    assert "words" in stage.lesson


def test_leaving_gives_back_what_was_there_and_coming_back_goes_on() -> None:
    app = opened(dataset="spiral", hide="optimizer")
    session = current(app)
    run, experiment, handout = session.run, session.experiment, session.handout
    open_lesson(session, LESSON)
    stage = Stage(app)
    stage.command("lesson_skip")
    assert session.undo_label == "", "no step goes back behind its beginning"
    stage.command("lesson_leave")
    assert stage.lesson == {"key": ""}, "its panel goes"
    assert {name: stage.handout[name] for name in ("hide", "lock")} == {"hide": ["optimizer"], "lock": []}
    assert (session.run, session.experiment, session.handout) == (run, experiment, handout)
    assert session.redo_label == ""
    open_lesson(session, LESSON)
    assert lesson_place(session) == (LESSON.title, f"step 2 of 4: {LESSON.steps[1].title}", 0.25)
    stage.mount()
    stage.command("lesson_restart")
    assert stage.words["at"] == 0


def test_a_reload_goes_on_in_the_same_experiment() -> None:
    progress = at_step(Progress.start(LESSON), 1)
    app = opened(
        dataset="plane", hidden="8", activation="relu", learning_rate="0.02",
        lesson=LESSON.name, lesson_progress=encode_progress(progress),
    )  # fmt: skip
    session = current(app)
    assert session.experiment.knobs.learning_rate == pytest.approx(0.02)
    assert session.handout == LESSON.handout_of(LESSON.steps[1])
    assert session.lessons.present is not None
    assert session.lessons.present.progress.step == 1
    Stage(app).command("lesson_leave")
    assert session.experiment == Experiment()
    assert session.handout == Handout()


def test_progress_that_somebody_wrote_begins_anew() -> None:
    text = encode_progress(at_step(Progress.start(LESSON), 4), key=b"the key of another server")
    stage = Stage(opened(lesson=LESSON.name, lesson_progress=text))
    assert stage.words["at"] == 0
    assert stage.session.experiment.problem.dataset == "plane"
    assert stage.lesson["is_new"]
    stage.command("lesson_recall", lesson=LESSON.digest, progress=text)
    assert stage.words["at"] == 0
    assert not stage.lesson["is_new"]


def test_what_the_browser_remembers_is_gone_on_with(stage: Stage) -> None:
    text = encode_progress(at_step(Progress.start(LESSON), 2))
    stage.command("lesson_recall", lesson="another lesson", progress=text)
    assert stage.lesson["is_new"]
    stage.command("lesson_recall", lesson=LESSON.digest, progress=text)
    assert stage.words["at"] == 2


def test_a_lesson_in_a_link() -> None:
    lesson = parse_lesson(lesson_data(LESSON) | {"name": "mine", "title": "Mine <script>"})
    stage = Stage(opened(lesson_data=encode_lesson(lesson)))
    assert stage.words["title"] == "Mine <script>"
    assert stage.words["next"] is None
    assert stage.app.query_params["lesson_data"]
    app = opened(lesson_data="damaged")
    assert "damaged" in app.info[0].value


@pytest.mark.parametrize("data", [{}, {"step": "x"}, {"step": True}, {"text": [1] * 9, "step": 0}, {"lesson": {}}])
def test_a_stranger_s_command_changes_nothing(stage: Stage, data: dict[str, Any]) -> None:
    for name in ("lesson_answer", "lesson_next", "lesson_recall", "lesson_open", "lesson_shown"):
        stage.connection.command({"name": name, "nonce": 5, **data})
    assert stage.session.lessons.present is not None
    assert stage.session.lessons.present.progress.step == 0


def test_undo_and_defaults_stay_within_the_step(stage: Stage) -> None:
    stage.session.change("learning_rate", 0.5)
    stage.session.reset()
    assert stage.session.experiment.knobs.learning_rate == pytest.approx(1e-5)
    stage.session.undo()
    stage.session.undo()
    stage.session.undo()
    assert stage.session.experiment.problem.dataset == "plane"
    assert stage.session.lessons.present is not None

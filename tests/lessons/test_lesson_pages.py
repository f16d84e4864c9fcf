"""The pages of the section Learn, as Streamlit runs them."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.errors import PlaygroundError
from playground.experiment import Experiment, replace_field
from playground.language import translate, use_language
from playground.lessons import (
    Lesson,
    Progress,
    bundled_lesson,
    bundled_lessons,
    completion_code,
    encode_progress,
    lesson_data,
    lesson_texts,
    parse_lesson,
)
from playground.lessons.progress import at_step
from playground.lessons.tries import MAX_CODE_TRIES, TRY_MINUTES, TryLimit
from playground.web.session import Session
from playground.workspace.lesson_draft import (
    differing_part,
    new_lesson,
    read_draft,
    take_changes,
    take_experiment,
)
from playground.workspace.lesson_editor import data_in_words, with_labels
from playground.workspace.lesson_list import read_stored
from tests.test_pages import current, opened

LESSON = bundled_lesson("learning_rate")


def page(name: str) -> AppTest:
    return opened().switch_page(f"pages/learn/{name}.py").run()


def texts(app: AppTest) -> str:
    """All that the page says, without the signs that escape Markdown."""
    parts = [*app.markdown, *app.caption, *app.error, *app.success, *app.info]
    return "\n".join(part.value for part in parts).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_each_lesson_has_a_card() -> None:
    app = page("lessons")
    assert not app.exception
    for lesson in bundled_lessons().values():
        assert lesson.title in texts(app)
        assert lesson.summary in texts(app)
        assert app.button(key=f"lesson_open_{lesson.digest}").label == "Begin"


def test_a_card_says_how_far_one_is() -> None:
    app = opened()
    current(app).lessons.keep(at_step(Progress.start(LESSON), 2))
    app.switch_page("pages/learn/lessons.py").run()
    assert app.button(key=f"lesson_open_{LESSON.digest}").label == "Go on"
    assert "step 3 of 4" in texts(app)
    current(app).lessons.keep(at_step(Progress.start(LESSON), 4))
    app.run()
    assert "done" in texts(app)
    assert app.button(key=f"lesson_open_{LESSON.digest}").label == "Begin"


def test_progress_that_is_not_ours_is_passed_over() -> None:
    progress = at_step(Progress.start(LESSON), 2)
    assert read_stored(LESSON, encode_progress(progress)) == progress
    for text in (encode_progress(progress, key=b"another server's"), "x.y", "", None, 5, ["a"]):
        assert read_stored(LESSON, text) is None


def check(app: AppTest, code: str, name: str) -> str:
    """What the page says of a code."""
    app.text_input(key="lesson_code").set_value(code)
    app.text_input(key="lesson_code_name").set_value(name)
    return texts(press(app, "Check"))


def test_a_code_is_checked_with_its_name() -> None:
    code = completion_code(at_step(Progress.start(LESSON), 4), "Ada")
    app = page("lessons")
    assert f"Right: Ada has played “{LESSON.title}”" in check(app, code, "Ada")
    assert "no code of that name" in check(app, code, "Bob").lower()
    assert "12 letters" in check(app, "ABC", "Ada")


def test_codes_cannot_be_tried_without_end() -> None:
    app = page("lessons")
    for _ in range(MAX_CODE_TRIES):
        current(app).lessons.code_tries.take()
    assert "try again later" in check(app, "2222-2222-2222", "Ada")


def test_the_bound_on_tries_passes() -> None:
    now = [0.0]
    limit = TryLimit(lambda: now[0])
    for _ in range(MAX_CODE_TRIES):
        limit.take()
    with pytest.raises(PlaygroundError, match="try again later"):
        limit.take()
    now[0] = 60 * TRY_MINUTES
    limit.take()


# ---- the editor


def widget(app: AppTest, name: str) -> Any:
    """The widget of that name in the present version of the draft."""
    version = app.session_state["lesson_draft_version"] if "lesson_draft_version" in app.session_state else 0  # noqa: SIM401
    key = f"lesson_edit_{version}_{name}"
    return next(
        element
        for group in (app.text_input, app.text_area, app.selectbox, app.radio, app.number_input, app.checkbox)
        for element in group
        if element.key == key
    )


def test_a_lesson_is_written_from_its_first_word_to_its_link() -> None:
    app = page("lesson_editor")
    assert "“Title” is missing" in texts(app)
    for name, text in {"title": "Mine", "concept": "loss", "summary": "What it is."}.items():
        widget(app, f"lesson_{name}").set_value(text)
    widget(app, "lesson_conclusion").set_value("Found.")
    widget(app, "step_0_title").set_value("Train")
    widget(app, "step_0_words").set_value("Press *Play*. <b>no</b>")
    widget(app, "step_0_until").set_value("step >= 1000 and train_los < 1")
    app.run()
    assert "did you mean 'train_loss'" in texts(app)
    widget(app, "step_0_until").set_value("step >= 1000 and train_loss < 9").run()
    assert "Not true of the run" in texts(app)
    assert "○ step 0 (≥ 1000)" in texts(app) or "○ step 0 (≥ 1,000)" in texts(app)
    assert any("lesson_data=" in code.value for code in app.code)
    press(app, "The experiment as it is now")
    assert any('{"experiment"' in code.value for code in app.code)
    press(app, "New step")
    assert "step 2 is missing" in texts(app)
    press(app, "Remove")
    press(app, "Try it from its beginning")
    session: Session = current(app)
    assert session.lessons.present is not None
    assert session.lessons.present.lesson.title == "Mine"


@pytest.mark.parametrize("kind", ["options", "answer"])
def test_a_question_is_written(kind: str) -> None:
    app = page("lesson_editor")
    app.button(key="lesson_copy").click().run()
    widget(app, "0_question").set_value(kind).run()
    widget(app, "0_ask").set_value("How many?")
    if kind == "answer":
        widget(app, "0_answer").set_value("train_loss")
    app.run()
    question = read_draft(app.session_state["lesson_draft"]).steps[0].question
    assert question is not None
    assert question.ask == "How many?"
    assert bool(question.options) == (kind == "options")
    assert (question.number is not None) == (kind == "answer")


def test_a_copied_lesson_is_as_it_was() -> None:
    app = page("lesson_editor")
    app.button(key="lesson_copy").click().run()
    name = str(app.selectbox(key="lesson_from").value)
    for _ in bundled_lesson(name).steps:  # the editor writes back each step that it shows
        assert read_draft(app.session_state["lesson_draft"]) == bundled_lesson(name)
        place = widget(app, "place")
        place.set_value(min(place.value + 1, len(bundled_lesson(name).steps) - 1)).run()


@pytest.mark.parametrize("lesson", bundled_lessons().values(), ids=lambda lesson: lesson.name)
def test_a_copied_lesson_is_in_the_visitors_language(lesson: Lesson) -> None:
    assert parse_lesson(data_in_words(lesson)) == lesson
    with use_language("zh_CN"):
        copied = parse_lesson(data_in_words(lesson))
    texts, originals = lesson_texts(copied), lesson_texts(lesson)
    assert texts == tuple(dict.fromkeys(translate(text, "zh_CN") for text in originals))
    for step, original in zip(copied.steps, lesson.steps, strict=True):
        assert (step.until, step.experiment, step.change) == (original.until, original.experiment, original.change)


def test_what_a_draft_lacks_is_called_as_the_editor_calls_it() -> None:
    draft = new_lesson() | {"title": "T", "concept": "c", "summary": "s", "conclusion": "f"}
    with pytest.raises(PlaygroundError) as caught:
        read_draft(draft)
    assert str(caught.value.sentence).startswith("title of step 1 is missing")
    sentence = with_labels(caught.value.sentence)
    assert str(sentence).startswith("“Title” of step 1 is missing")
    assert translate(sentence, "zh_CN").startswith("缺少步骤 1 的“标题”")


@pytest.mark.parametrize("lesson", bundled_lessons().values(), ids=lambda lesson: lesson.name)
def test_a_draft_reads_as_the_lesson_that_it_was_made_of(lesson: Lesson) -> None:
    assert read_draft(lesson_data(lesson)) == lesson


def test_a_start_is_what_differs_and_reads_the_same() -> None:
    experiment = replace_field(replace_field(Experiment(), "dataset", "plane"), "learning_rate", 0.5)
    assert Experiment.from_dict(differing_part(experiment)) == experiment
    assert len(str(differing_part(experiment))) < 400
    assert Experiment.from_dict(differing_part(Experiment())) == Experiment()


def test_changes_are_those_since_the_step_before() -> None:
    draft = new_lesson()
    draft |= {"title": "T", "concept": "c", "summary": "s", "conclusion": "f"}
    step = {"title": "t", "words": "w", "until": "step >= 10000"}
    draft["steps"] = [dict(step), dict(step)]
    take_experiment(draft, 0, replace_field(Experiment(), "noise", 0.2))
    with pytest.raises(PlaygroundError, match="change something"):
        take_changes(draft, 1, replace_field(Experiment(), "noise", 0.2))
    take_changes(draft, 1, replace_field(replace_field(Experiment(), "noise", 0.2), "learning_rate", 0.3))
    assert draft["steps"][1]["change"] == {"learning_rate": 0.3}
    assert parse_lesson(draft).steps[1].change == {"learning_rate": 0.3}

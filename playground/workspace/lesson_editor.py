"""The editor of a lesson: its words, its steps one by one, what must be true, and the lesson as file and link."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from playground.errors import PlaygroundError
from playground.experiment import CONTROLS
from playground.experiment.handout_areas import AREAS, SIGN
from playground.language import Translatable, mark, mark_in_context, t
from playground.lessons import (
    QUANTITIES,
    Lesson,
    Observation,
    Progress,
    bundled_lessons,
    lesson_data,
    lesson_from_json,
    lesson_texts,
    lesson_to_json,
    parse_condition,
)
from playground.lessons.condition import FUNCTIONS, MAX_CONDITION_CHARS
from playground.lessons.lesson import MAX_LESSON_BYTES, MAX_OPTIONS, POINTS
from playground.lessons.progress import at_step
from playground.web.lesson_link import lesson_address
from playground.web.lesson_state import lesson_text
from playground.web.lesson_steps import open_lesson
from playground.web.markdown import escape_markdown, safe_markdown
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session
from playground.workspace.lesson_draft import (
    Data,
    add_step,
    move_step,
    new_lesson,
    read_draft,
    remove_step,
    take_changes,
    take_experiment,
)

DRAFT, PLACE, VERSION, REFUSED = "lesson_draft", "lesson_draft_place", "lesson_draft_version", "lesson_draft_refused"
"""In the session's state: the draft, the step that is shown, how often the draft was changed by a press (widgets are
made anew then), and why the last press was refused."""
RULES = {SIGN + area.name: area.label for area in AREAS.values()} | CONTROLS
"""What a step can lock or hide, areas first."""
QUESTIONS = {
    "none": mark("No question"),
    "options": mark("Answers to choose from"),
    "answer": mark("A number read from the screen"),
}

LABELS = {
    "title": mark("Title"),
    "concept": mark("Concept"),
    "name": mark("Name in links"),
    "minutes": mark("Minutes"),
    "summary": mark("What is found out in it"),
    "conclusion": mark("What was found, in one sentence"),
    "source": mark("Paper and year, where there is one"),
    "words": mark("What to do, and to look at"),
    "until": mark("What must be true"),
    "hint": mark("Hint"),
    "hint_after": mark("Hint after (seconds)"),
    "point": mark("Show me points at"),
    "question": mark("Question"),
    "ask": mark("What is asked"),
    "answer": mark("The number, as a quantity"),
    "tolerance": mark("May be off by this share of it"),
    "text": mark("Answer"),
    "experiment": mark("It begins with"),
    "change": mark("It begins with"),
}
"""What the editor calls the fields of a lesson, its steps and its questions."""
TEXT_FIELDS = ("title", "concept", "summary", "conclusion", "words", "hint", "ask", "text", "reply")
"""Fields of a lesson, its steps, questions and answers that a learner reads."""


def lesson_editor(current: Session) -> None:
    """The whole editor."""
    draft = st.session_state.setdefault(DRAFT, new_lesson())
    begin_with()
    if sentence := st.session_state.pop(REFUSED, ""):
        st.error(sentence_alone(sentence))
    lesson_fields(draft)
    st.subheader(t(mark_in_context("lesson", "Steps")))
    place = step_choice(draft)
    outline = st.empty()
    step_fields(current, draft, place)
    outline.caption(step_outline(draft, place))
    st.subheader(t("The lesson"))
    finished_lesson(current, draft, place)


def sentence_alone(sentence: str) -> str:
    """The sentence of an error as it stands alone."""
    text = t(sentence)
    return escape_markdown(text[:1].upper() + text[1:])


def with_labels(sentence: str) -> str:
    """``sentence`` about a lesson's data, with the editor's labels in the place of the names of fields."""
    if not isinstance(sentence, Translatable) or not sentence.values:
        return sentence
    values = {name: with_labels(value) if isinstance(value, str) else value for name, value in sentence.values.items()}
    for name in ("name", "field"):
        if label := LABELS.get(str(values.get(name))):
            values[name] = mark("“{label}”", label=label)
    return Translatable(sentence.template, values, plural=sentence.plural, count=sentence.quantity)


def widget_key(name: str) -> str:
    """The key of a widget of the present version of the draft."""
    return f"lesson_edit_{st.session_state.get(VERSION, 0)}_{name}"


def change_draft(change: Callable[[Data], int | None]) -> None:
    """Do something to the draft, and show the step that ``change`` answers; what is refused is said above."""
    try:
        place = change(st.session_state[DRAFT])
    except PlaygroundError as error:
        st.session_state[REFUSED] = error.sentence
        return
    if place is not None:
        st.session_state[PLACE] = place
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1


def begin_with() -> None:
    """A file to go on with, or a lesson that comes with the app to begin from."""
    with st.expander(t("Begin with another lesson")):
        left, right = st.columns(2)
        lessons = bundled_lessons()
        name = left.selectbox(
            t("A lesson of this app"),
            list(lessons),
            format_func=lambda name: t(lessons[name].title),
            key="lesson_from",
            help=t("Its steps come into the editor, to be changed; the lesson itself stays as it is."),
        )
        left.button(t("Copy it here"), key="lesson_copy", on_click=replace_draft, args=(lessons[name],))
        left.button(t("Empty the editor"), key="lesson_empty", on_click=replace_draft, args=(None,))
        file = right.file_uploader(
            t("A lesson's file (JSON)"),
            type=["json"],
            key="lesson_edit_file",
            help=t("One that this page has written."),
        )
        if file is None:
            return
        try:
            lesson = lesson_from_json(file.getvalue()[: MAX_LESSON_BYTES + 1])
        except PlaygroundError as error:
            right.error(sentence_alone(error.sentence))
        else:
            right.button(t("Edit this file"), key="lesson_edit_take", on_click=replace_draft, args=(lesson,))


def replace_draft(lesson: Lesson | None) -> None:
    """Edit ``lesson``, or an empty one, in the place of the draft."""

    def replace(draft: Data) -> int:
        draft.clear()
        draft.update(data_in_words(lesson) if lesson else new_lesson())
        return 0

    change_draft(replace)


def data_in_words(lesson: Lesson) -> Data:
    """The data of ``lesson``, its texts in the visitor's language if it is one of ours."""
    words = {text: lesson_text(lesson, text) for text in lesson_texts(lesson)}

    def translate_values(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {
                name: words.get(item, item)
                if name in TEXT_FIELDS and isinstance(item, str)
                else item
                if name in ("experiment", "change")
                else translate_values(item)
                for name, item in value.items()
            }
        return [translate_values(item) for item in value] if isinstance(value, list | tuple) else value

    return translate_values(lesson_data(lesson))


def text_field(place: Any, data: Data, name: str, label: str, most: int, help: str, height: int = 0) -> None:
    """A text of ``data`` in a box, of several lines where it has a ``height``."""
    key = widget_key(f"{id_of(data)}_{name}")
    value = str(data.get(name) or "")
    if height:
        data[name] = place.text_area(label, value, key=key, max_chars=most, help=help, height=height)
    else:
        data[name] = place.text_input(label, value, key=key, max_chars=most, help=help)


def id_of(data: Data) -> str:
    """What tells the widgets of one part of the draft from those of another: its place in it."""
    draft = st.session_state[DRAFT]
    return "lesson" if data is draft else f"step_{st.session_state.get(PLACE, 0)}"


def lesson_fields(draft: Data) -> None:
    """What the lesson is called and says."""
    left, right = st.columns(2)
    text_field(left, draft, "title", t("Title"), 80, t("It stands above the steps, and in the list of lessons."))
    text_field(left, draft, "concept", t("Concept"), 60, t("What it teaches, in the field's term."))
    text_field(left, draft, "name", t("Name in links"), 40, t("Small letters, digits and _."))
    draft["minutes"] = int(
        left.number_input(
            t("Minutes"),
            1,
            60,
            int(draft.get("minutes", 5)),
            key=widget_key("minutes"),
            help=t("How long it takes somebody who meets it the first time."),
        )
    )
    text_field(
        right,
        draft,
        "summary",
        t("What is found out in it"),
        300,
        t("Two sentences on its card in the list of lessons."),
        90,
    )
    text_field(
        right,
        draft,
        "conclusion",
        t("What was found, in one sentence"),
        400,
        t("It stands at the end of the lesson."),
        90,
    )
    text_field(
        right,
        draft,
        "source",
        t("Paper and year, where there is one"),
        200,
        t("Where what it teaches was found first."),
    )
    rules_fields(draft, "lesson", t("Locked in all steps"), t("Hidden in all steps"))


def rules_fields(data: Data, key: str, lock: str, hide: str) -> None:
    """What is locked and what is hidden."""
    left, right = st.columns(2)
    for box, name, label in ((left, "lock", lock), (right, "hide", hide)):
        data[name] = box.multiselect(
            label,
            list(RULES),
            [control for control in data.get(name) or () if control in RULES],
            format_func=lambda control: t(RULES[control]),
            key=widget_key(f"{key}_{name}"),
            placeholder=t("Choose options"),
            help=t("Controls of the page, by their names."),
        )


def step_choice(draft: Data) -> int:
    """Which step is edited, and presses that add, move and remove one."""
    count = len(draft["steps"])
    place = min(st.session_state.get(PLACE, 0), count - 1)
    with st.container(horizontal=True, vertical_alignment="bottom", key="lesson_edit_steps"):
        chosen = st.selectbox(
            t(mark_in_context("lesson", "Step")),
            range(count),
            place,
            format_func=lambda i: t("Step {number} of {count}", number=i + 1, count=count),
            key=widget_key("place"),
            help=t("The one that is edited below."),
        )
        presses: tuple[tuple[str, str, Callable[[Data], int]], ...] = (
            (t("New step"), "add", lambda draft: add_step(draft, chosen)),
            (t("Copy"), "content_copy", lambda draft: add_step(draft, chosen, is_copy=True)),
            (t("Up"), "arrow_upward", lambda draft: move_step(draft, chosen, -1)),
            (t("Down"), "arrow_downward", lambda draft: move_step(draft, chosen, 1)),
            (t("Remove"), "delete", lambda draft: remove_step(draft, chosen)),
        )
        for label, icon, change in presses:
            st.button(
                label,
                key=f"lesson_step_{icon}",
                icon=f":material/{icon}:",
                disabled=icon == "delete" and count == 1,
                on_click=change_draft,
                args=(change,),
            )
    st.session_state[PLACE] = chosen
    return chosen


def step_outline(draft: Data, place: int) -> str:
    """The titles of all steps in a line, the one that is edited in bold."""
    titles = [escape_markdown(step.get("title") or t("(no title yet)")) for step in draft["steps"]]
    return " · ".join(f"**{i + 1}. {title}**" if i == place else f"{i + 1}. {title}" for i, title in enumerate(titles))


def step_fields(current: Session, draft: Data, place: int) -> None:
    """One step: its words, its start, its condition, its help and its question."""
    step = draft["steps"][place]
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        text_field(st, step, "title", t("Title of the step"), 80, t("A few words: it stands in the list of steps."))
        text_field(
            st, step, "words", t("What to do, and to look at"), 800, t("Markdown without links and pictures."), 140
        )
        start_fields(current, draft, place)
        condition_fields(current, step)
    with right:
        text_field(st, step, "hint", t("Hint"), 400, t("What helps whoever does not get on."), 80)
        first, second = st.columns(2)
        after = first.number_input(
            t("Hint after (seconds)"),
            5,
            600,
            int(step.get("hint_after", 45)),
            5,
            key=widget_key(f"{place}_after"),
            help=t("It can be asked for earlier."),
        )
        step["hint_after"] = int(after)
        names = list(POINTS)
        step["point"] = second.selectbox(
            t("Show me points at"),
            names,
            names.index(step.get("point") or ""),
            format_func=lambda name: t(POINTS[name]),
            key=widget_key(f"{place}_point"),
            help=t("What a press on it highlights on the page."),
        )
        question_fields(step, place)
        own_rules(step, place)


def own_rules(step: Data, place: int) -> None:
    """What is locked and hidden in this step, in the place of the lesson's own."""
    has_own = step.get("lock") is not None or step.get("hide") is not None
    if st.toggle(
        t("This step has rules of its own"),
        has_own,
        key=widget_key(f"{place}_rules"),
        help=t("What is locked and hidden in it, in the place of what the lesson says."),
    ):
        rules_fields(step, str(place), t("Locked in this step"), t("Hidden in this step"))
    else:
        step.pop("lock", None)
        step.pop("hide", None)


def start_fields(current: Session, draft: Data, place: int) -> None:
    """What the step begins with, taken from the experiment as it is now."""
    step = draft["steps"][place]
    st.markdown(f"**{t('It begins with')}**")
    start = {name: step[name] for name in ("experiment", "change") if step.get(name)}
    if start:
        st.code(json.dumps(start, ensure_ascii=False), language=None, wrap_lines=True)
    else:
        st.caption(t("What the step before has left."))
    with st.container(horizontal=True, key="lesson_edit_start"):
        presses: tuple[tuple[str, str, str, Callable[[Data], int | None]], ...] = (
            (
                t("The experiment as it is now"),
                "experiment",
                t("Data, network and training as they stand in the Playground; the step starts a run of it."),
                lambda draft: take_experiment(draft, place, current.experiment),
            ),
            (
                t("What is changed now"),
                "change",
                t("The fields in which the Playground's experiment differs from how the steps before begin."),
                lambda draft: take_changes(draft, place, current.experiment),
            ),
            (t("Nothing"), "nothing", t("The step goes on where the one before ends."), clear_start(place)),
        )
        for label, key, help, change in presses:
            st.button(label, key=f"lesson_start_{key}", help=help, on_click=change_draft, args=(change,))


def clear_start(place: int) -> Callable[[Data], None]:
    """Has a step begin with nothing of its own."""

    def clear(draft: Data) -> None:
        for name in ("experiment", "change"):
            draft["steps"][place].pop(name, None)

    return clear


def condition_fields(current: Session, step: Data) -> None:
    """What must be true, and whether it is so of the run that is there now."""
    text_field(
        st,
        step,
        "until",
        t("What must be true"),
        MAX_CONDITION_CHARS,
        t("A condition such as `test_accuracy >= 95 % and hidden_layers == 1`; the list below has all quantities."),
        80,
    )
    if step["until"]:
        condition_now(current, step["until"])
    with st.expander(t("All quantities and functions")):
        quantity_list()


def condition_now(current: Session, text: str) -> None:
    """How far the condition is at the frame that is shown now."""
    try:
        condition = parse_condition(text)
        observation = Observation.of(current.run, current.shown_index)
        value, readings = condition.value(observation), condition.readings(observation, condition.start())
    except PlaygroundError as error:
        st.error(sentence_alone(error.sentence))
        return
    if value is None:
        st.caption(t("Not known yet: nothing was measured."))
    elif value:
        st.caption(":material/check_circle: " + t("True of the run in the Playground now."))
    else:
        st.caption(":material/radio_button_unchecked: " + t("Not true of the run in the Playground now."))
    for reading in readings:
        parts = " ".join(str(t(part)) for part in (reading.label, reading.value) if part)
        goal = f" ({reading.sign} {reading.target})" if reading.sign else ""
        st.caption(escape_markdown(("✓ " if reading.is_met else "○ ") + parts + goal))


def quantity_list() -> None:
    """All that a condition can be about."""
    wanted = (
        st.text_input(t("Find"), key="lesson_quantity", max_chars=40, help=t("A part of a name or of its explanation."))
        .strip()
        .lower()
    )
    lines = [f"- `{form}`" for form in FUNCTIONS.values() if not wanted or wanted in form]
    for quantity in QUANTITIES.values():
        explanation = str(t(quantity.explanation))
        if wanted in quantity.signature.lower() or wanted in explanation.lower():
            lines.append(f"- `{quantity.signature}` {escape_markdown(explanation)}")
    st.markdown("\n".join(lines) if lines else t("Nothing is called so."))


def question_fields(step: Data, place: int) -> None:
    """The question that is asked once the condition was met."""
    question = step.get("question") or {}
    kind = "options" if question.get("options") else "answer" if "answer" in question else "none"
    chosen = st.radio(
        t("Question"),
        list(QUESTIONS),
        list(QUESTIONS).index(kind),
        format_func=lambda name: t(QUESTIONS[name]),
        key=widget_key(f"{place}_question"),
        help=t("It is asked once the condition was met, and has to be answered to go on."),
    )
    if chosen == "none":
        step.pop("question", None)
        return
    ask = st.text_input(
        t("What is asked"),
        question.get("ask", ""),
        300,
        key=widget_key(f"{place}_ask"),
        help=t("One question whose answer can be seen on the screen."),
    )
    if chosen == "options":
        step["question"] = {"ask": ask, "options": option_fields(question.get("options") or [{}, {}], place)}
        return
    step["question"] = {
        "ask": ask,
        "answer": st.text_input(
            t("The number, as a quantity"),
            question.get("answer", ""),
            MAX_CONDITION_CHARS,
            key=widget_key(f"{place}_answer"),
            placeholder="test_accuracy",
            help=t("What is measured when the answer is given, written as in a condition."),
        ),
        "tolerance": st.number_input(
            t("May be off by this share of it"),
            0.0,
            0.5,
            float(question.get("tolerance", 0.05)),
            0.01,
            key=widget_key(f"{place}_tolerance"),
            help=t("0.05: five per cent more or less are right as well."),
        ),
        "reply": st.text_input(
            t("What is said of a number that is not right"),
            question.get("reply", ""),
            300,
            key=widget_key(f"{place}_reply"),
            help=t("Where to look once more, without the answer itself."),
        ),
    }


def option_fields(options: list[Data], place: int) -> list[Data]:
    """The answers to choose from."""
    count = st.number_input(
        t("How many answers"),
        2,
        MAX_OPTIONS,
        max(2, len(options)),
        key=widget_key(f"{place}_options"),
        help=t("At least one of them is right."),
    )
    edited = []
    for i in range(int(count)):
        option = options[i] if i < len(options) else {}
        key = f"{place}_option_{i}"
        with st.container(border=True):
            text = st.text_input(
                t("Answer {number}", number=i + 1),
                option.get("text", ""),
                160,
                key=widget_key(f"{key}_text"),
                help=t("As it stands on its button."),
            )
            reply = st.text_input(
                t("What is said to whoever chooses it"),
                option.get("reply", ""),
                300,
                key=widget_key(f"{key}_reply"),
                help=t("Why it is right, or where to look once more."),
            )
            is_right = st.checkbox(
                t("It is right"),
                bool(option.get("is_right")),
                key=widget_key(f"{key}_right"),
                help=t("Whoever chooses it goes on."),
            )
        edited.append({"text": text, "reply": reply, "is_right": is_right})
    return edited


def finished_lesson(current: Session, draft: Data, place: int) -> None:
    """The lesson as file and link, and the press that tries it; or what is still missing."""
    preview(draft, place)
    try:
        lesson = read_draft(draft)
    except PlaygroundError as error:
        st.info(sentence_alone(with_labels(error.sentence)), icon=":material/edit_note:")
        return
    with st.container(horizontal=True):
        if st.button(t("Try it from its beginning"), key="lesson_try", type="primary"):
            try_lesson(current, lesson, 0)
        if place and st.button(t("Try it from this step"), key="lesson_try_step"):
            try_lesson(current, lesson, place)
        st.download_button(
            t("Save the file"),
            lambda: lesson_to_json(lesson),
            f"{lesson.name}.json",
            "application/json",
            on_click="ignore",
        )
    link = lesson_address(lesson)
    if link:
        st.caption(t("The link that opens it"))
        st.code(link, language=None, wrap_lines=True)
    else:
        st.caption(t("It is too long for a link; hand out its file."))


def preview(draft: Data, place: int) -> None:
    """The step as a learner reads it."""
    step = draft["steps"][place]
    if not (step.get("title") or step.get("words")):
        return
    with st.container(key="lesson_preview"):
        st.caption(t("Step {number} as a learner reads it", number=place + 1))
        st.markdown(f"**{escape_markdown(step.get('title') or '')}**")
        st.markdown(safe_markdown(step.get("words") or ""))
        if question := step.get("question"):
            st.markdown(escape_markdown(question.get("ask") or ""))
            for option in question.get("options") or ():
                st.markdown("- " + escape_markdown(option.get("text") or ""))


def try_lesson(current: Session, lesson: Lesson, place: int) -> None:
    """Open the draft in the Playground at step ``place``."""
    try:
        progress = at_step(Progress.start(lesson), place) if place else None
        open_lesson(current, lesson, progress, anew=True)
    except PlaygroundError as error:
        st.error(sentence_alone(error.sentence))
        return
    st.switch_page(PLAYGROUND)

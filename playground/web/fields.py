"""One field of the experiment as one of Streamlit's widgets, chosen by the field's rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from playground.datasets import DATASETS, FEATURES, feature_of
from playground.experiment import Choice, Flag, Integer, Number, field_value
from playground.experiment.links.query import RULES
from playground.language import NumberText, join_items, t
from playground.number_format import format_brief
from playground.web.field_help import chosen_entry, rule_help, with_brief
from playground.web.markdown import escape_markdown
from playground.web.session import Session
from playground.web.widget_state import set_widget_value, skip_outdated

LADDER = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def value_of(session: Session, name: str) -> Any:
    """The field's value in the session's experiment."""
    return field_value(session.experiment, name)


Field = TypeVar("Field", bound=Callable[..., None])


def as_handout_allows(field: Field) -> Field:
    """The same control, absent where the handout hides it, and text with its value where the handout locks it."""

    @wraps(field)
    def draw(session: Session, name: str, *arguments: Any, **options: Any) -> None:
        if name in session.handout.hide:
            return
        if name in session.handout.lock:
            locked_field(name, RULES[name].label, field_text(name, value_of(session, name)))
        else:
            field(session, name, *arguments, **options)

    return cast(Field, draw)


def locked_field(name: str, label: str, value: str, icon: str = ":material/lock: ") -> None:
    """A choice that the handout, or another choice, has made: its value as text, with nothing to press."""
    with st.container(key=f"locked_{name}", gap=None):
        st.caption(icon + t(label), help=t("Your teacher has fixed this for the lesson.") if icon else None)
        st.markdown(escape_markdown(value))


def field_text(name: str, value: Any) -> str:
    """The field's ``value`` as a control shows it: an entry's label, a number with its digits, names with commas."""
    rule = RULES[name]
    if isinstance(value, bool):
        return t("on") if value else t("off")
    if isinstance(value, int | float):
        if isinstance(rule, Number) and rule.percent:
            return t("{number} %", number=NumberText(f"{100 * value:g}"))
        return t(format_brief(value))
    if isinstance(value, tuple | list):
        return t(join_items(field_text(name, element) for element in value)) or t("none")
    return choice_label(name, str(value))


def choice_label(name: str, value: str) -> str:
    """What the choice ``value`` of the field ``name`` is called."""
    rule = getattr(RULES[name], "each", RULES[name])
    if name == "dataset" and value in DATASETS:
        return t(DATASETS[value].label)
    if name == "features":
        return t(feature_of(value).label) if value in FEATURES else value.replace("_", " ")
    entry = rule.entry(value) if isinstance(rule, Choice) and value in rule.choices else None
    return t(entry.label) if entry is not None else t(value.replace("_", " ").capitalize())


def decimals(value: float, step: float) -> int:
    """How many digits behind the point show ``value`` as it is: at least as many as ``step`` has, at most 8."""
    for digits in range(9):
        if all(abs(round(number, digits) - number) < 1e-9 for number in (value, step)):
            return digits
    return 8


def percent_format(digits: int) -> str:
    """The format of a slider's number in per cent, with so many digits behind the point: its decimal sign is the
    browser's."""
    number = f"%.{digits}f"
    return t("{number} %", number=number).replace("%", "%%").replace(f"%{number}", number)


def format_number(number: float) -> str:
    """``number`` as it was chosen, as the language writes it."""
    return t(format_brief(number))


def initial_value(key: str, value: Any, *, options: Sequence[Any] = (), at: str = "value") -> dict[str, Any]:
    """The arguments with which the widget ``key`` shows ``value``, also where it is drawn for the first time: with
    ``options``, the place among them.

    What ``set_widget_value`` says reaches the browser once. Whose page is drawn twice in a row may miss it, and its
    widgets would begin at their first options."""
    set_widget_value(key, value)
    first = {"index": options.index(value) if value in options else 0} if options else {at: value}
    return {"key": key, **first}


def _widget(
    session: Session,
    name: str,
    shown: Any,
    read: Callable[[Any], Any] = lambda value: value,
    *,
    key: str = "",
    label: str = "",
    choices: Sequence[Any] | None = None,
    **first: Any,
) -> dict[str, Any]:
    """The arguments that all widgets of a field have in common; ``choices`` are its options, of which the browser says
    the labels; ``first`` are the arguments of ``initial_value``."""
    rule, key = RULES[name], key or f"field_{name}"
    return initial_value(key, shown, **first) | {
        "label": with_brief(t(label or rule.label), chosen_entry(rule, shown)),
        "help": rule_help(rule, shown),
        "on_change": skip_outdated(key, lambda: session.change(name, read(st.session_state[key])), choices),
    }


@as_handout_allows
def choice(
    session: Session, name: str, options: Sequence[str] | None = None, labels: Mapping[str, str] | None = None
) -> None:
    """A select box over a registry, or over some of its names; ``labels`` of options that have others than usual."""
    rule = getattr(RULES[name], "each", RULES[name])
    assert isinstance(rule, Choice)
    names = list(options if options is not None else rule.choices)
    st.selectbox(
        options=names,
        format_func=lambda value: (labels or {}).get(value) or choice_label(name, value),
        **_widget(session, name, value_of(session, name), choices=names, options=names),
    )


@as_handout_allows
def number(
    session: Session,
    name: str,
    *,
    step: float | None = None,
    high: float | None = None,
    key: str = "",
    label: str = "",
) -> None:
    """A slider: over a ladder of sizes where the field is logarithmic, in per cent where it is a share."""
    rule, value = RULES[name], value_of(session, name)
    if isinstance(rule, Number) and rule.log:
        rungs = sorted(
            {*(rung for rung in LADDER if rule.low <= rung <= rule.high), value}
            | ({0.0} if name != "learning_rate" and rule.low == 0 else set())
        )
        st.select_slider(
            options=rungs, format_func=format_number, **_widget(session, name, value, key=key, label=label)
        )
        return
    assert isinstance(rule, Number | Integer)
    top = high if high is not None else rule.high
    if isinstance(rule, Number) and rule.percent:
        percent = round(100 * value, 6)
        st.slider(
            min_value=100.0 * rule.low,
            max_value=max(100.0 * top, percent),
            step=1.0,
            format=percent_format(decimals(percent, 1.0)),
            **_widget(session, name, percent, lambda shown: round(shown / 100, 8), key=key, label=label),
        )
    elif isinstance(rule, Integer):
        st.slider(
            min_value=rule.low,
            max_value=max(int(top), value),
            step=int(step or 1),
            **_widget(session, name, value, key=key, label=label),
        )
    else:
        st.slider(
            min_value=float(rule.low),
            max_value=float(max(top, value)),
            step=step or 0.01,
            format=f"%.{decimals(value, step or 0.01)}f",
            **_widget(session, name, value, key=key, label=label),
        )


@as_handout_allows
def step_slider(session: Session, name: str, steps: Sequence[int]) -> None:
    """A slider over ``steps``, and over the field's value where it is none of them."""
    value = value_of(session, name)
    st.select_slider(options=sorted({*steps, value}), **_widget(session, name, value))


@as_handout_allows
def integer(session: Session, name: str) -> None:
    """A number to type, with steppers."""
    rule = RULES[name]
    assert isinstance(rule, Integer)
    st.number_input(min_value=rule.low, max_value=rule.high, step=1, **_widget(session, name, value_of(session, name)))


@as_handout_allows
def flag(session: Session, name: str) -> None:
    """A switch."""
    assert isinstance(RULES[name], Flag)
    st.toggle(**_widget(session, name, value_of(session, name)))


@as_handout_allows
def multiselect(session: Session, name: str, options: Sequence[str], label: Callable[[str], str] = str) -> None:
    """Any number of names to pick."""
    shown = [option for option in value_of(session, name) if option in options]
    st.multiselect(
        options=list(options),
        format_func=label,
        placeholder=t("Choose options"),
        **_widget(session, name, shown, choices=options, at="default"),
    )

"""One field of the experiment as one of Streamlit's widgets, chosen by the field's rule."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from playground.registry import Registry
from playground.spec import Choice, Flag, Integer, Number
from playground.spec.link import RULES
from playground.ui.explain import rule_help
from playground.ui.language import t
from playground.ui.session import Session
from playground.ui.which_way import told

BEFORE = "before"
UNDER_WAY = 1.0
"""For so many seconds a message may still carry what a widget said before it was made to show something else."""
LADDER = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def value_of(session: Session, name: str) -> Any:
    """The field's value in the session's experiment."""
    experiment = session.experiment
    return next(
        vars(part)[name] for part in (experiment.problem, experiment.structure, experiment.knobs) if name in vars(part)
    )


def show(key: str, value: Any) -> None:
    """Have the widget ``key`` show ``value``: only when it shows something else, lest it jumps under the user's hand."""
    if st.session_state.get(key) != value:
        if key in st.session_state:
            st.session_state.setdefault(BEFORE, {})[key] = (time.monotonic(), st.session_state[key])
        st.session_state[key] = value


def outdated(key: str) -> bool:
    """Whether the widget ``key`` says only what it said before ``show`` had it show something else.

    A stage that plays asks all the time, and each question carries what all widgets said when it left the browser.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return False
    when, before = st.session_state.get(BEFORE, {}).get(key, (-math.inf, None))
    return time.monotonic() - when < UNDER_WAY and st.session_state.get(key) == before


def taken(key: str, act: Callable[..., None]) -> Callable[..., None]:
    """``act``, but for what is ``outdated``: the callback of the widget ``key``."""

    def unless_outdated(*arguments: Any) -> None:
        if not outdated(key):
            act(*arguments)

    return unless_outdated


def change(session: Session, name: str, read: Callable[[Any], Any]) -> None:
    """Take the widget's value over into the experiment."""
    session.change(name, read(st.session_state[f"field_{name}"]))


Field = TypeVar("Field", bound=Callable[..., None])


def unless_hidden(field: Field) -> Field:
    """The same control, absent where the lesson hides it."""

    @wraps(field)
    def shown(session: Session, name: str, *arguments: Any, **options: Any) -> None:
        if name not in session.lesson.hide:
            field(session, name, *arguments, **options)

    return cast(Field, shown)


def beginning(key: str, value: Any, *, options: Sequence[Any] = (), at: str = "value") -> dict[str, Any]:
    """The arguments with which the widget ``key`` shows ``value``, also where it is drawn for the first time: with ``options``, the place among them.

    What ``show`` says reaches the browser once. Whose page is drawn twice in a row may miss it, and its widgets would begin at their first options.
    """
    show(key, value)
    first = {"index": options.index(value) if value in options else 0} if options else {at: value}
    return {"key": key, **first}


def _widget(
    session: Session, name: str, shown: Any, read: Callable[[Any], Any] = lambda value: value, **first: Any
) -> dict[str, Any]:
    """The arguments that all widgets of a field have in common; ``first`` are those of ``beginning``."""
    rule = RULES[name]
    return beginning(f"field_{name}", shown, **first) | {
        "label": t(rule.label),
        "help": rule_help(rule, shown),
        "on_change": taken(f"field_{name}", change),
        "args": (session, name, read),
        "disabled": name in session.lesson.lock,
    }


@unless_hidden
def choice(session: Session, name: str, options: Sequence[str] | None = None) -> None:
    """A select box over a registry, or over some of its names."""
    rule = RULES[name]
    assert isinstance(rule, Choice)
    labels = rule.choices if isinstance(rule.choices, Registry) else None
    names = list(options if options is not None else rule.choices)
    st.selectbox(
        options=names,
        format_func=lambda one: t(labels[one].label) if labels else t(one.replace("_", " ").capitalize()),
        **_widget(session, name, value_of(session, name), options=names),
    )


@unless_hidden
def number(
    session: Session, name: str, *, step: float | None = None, high: float | None = None, percent: bool = False
) -> None:
    """A slider, and below it which way to turn it, where that was asked."""
    _slider(session, name, step=step, high=high, percent=percent)
    told(session, name)


def _slider(session: Session, name: str, *, step: float | None, high: float | None, percent: bool) -> None:
    """Over a ladder of sizes where the field is logarithmic, in per cent where asked for."""
    rule, value = RULES[name], value_of(session, name)
    if isinstance(rule, Number) and rule.log:
        rungs = sorted(
            {*(one for one in LADDER if rule.low <= one <= rule.high), value}
            | ({0.0} if name != "learning_rate" and rule.low == 0 else set())
        )
        st.select_slider(options=rungs, format_func=lambda one: f"{one:g}", **_widget(session, name, value))
        return
    assert isinstance(rule, Number | Integer)
    top = high if high is not None else rule.high
    if percent:
        st.slider(
            min_value=round(rule.low * 100),
            max_value=max(round(top * 100), round(value * 100)),
            step=round((step or 0.01) * 100),
            format="%d %%",
            **_widget(session, name, round(value * 100), lambda shown: shown / 100),
        )
    elif isinstance(rule, Integer):
        st.slider(
            min_value=rule.low, max_value=max(int(top), value), step=int(step or 1), **_widget(session, name, value)
        )
    else:
        st.slider(
            min_value=float(rule.low),
            max_value=float(max(top, value)),
            step=step or 0.01,
            **_widget(session, name, value),
        )


@unless_hidden
def whole(session: Session, name: str) -> None:
    """A number to type, with steppers."""
    rule = RULES[name]
    assert isinstance(rule, Integer)
    st.number_input(min_value=rule.low, max_value=rule.high, step=1, **_widget(session, name, value_of(session, name)))


@unless_hidden
def flag(session: Session, name: str) -> None:
    """A switch."""
    assert isinstance(RULES[name], Flag)
    st.toggle(**_widget(session, name, value_of(session, name)))


@unless_hidden
def several(session: Session, name: str, options: Sequence[str], label: Callable[[str], str] = str) -> None:
    """Any number of names to pick."""
    shown = [one for one in value_of(session, name) if one in options]
    st.multiselect(options=list(options), format_func=label, **_widget(session, name, shown, at="default"))

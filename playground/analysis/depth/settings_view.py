"""Controls of a study of depth: presets, fields, and the address that holds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.samples import dataset_label
from playground.analysis.depth.settings import (
    ACTIVATIONS,
    BRANCH_STARTS,
    DATA,
    DEPTHS,
    INITIALIZERS,
    LINK_NAME,
    RULES,
    DepthSettings,
    read_settings,
    settings_text,
)
from playground.errors import PlaygroundError
from playground.language import t
from playground.nn.activations import ACTIVATIONS as ACTIVATION_ENTRIES
from playground.nn.initializers import INITIALIZERS as INITIALIZER_ENTRIES
from playground.term_links import with_links
from playground.web.fields import format_number, initial_value
from playground.web.markdown import escape_markdown
from playground.web.widget_state import skip_outdated

SETTINGS_KEY, NOTES_KEY, PRESET_KEY = "depth_settings", "depth_notes", "depth_preset"
NETWORKS = (4, 8, 12, 16)
STEPS = (100, 200, 500, 1000, 2000, 5000)
RATES = (0.0003, 0.001, 0.002, 0.003, 0.01, 0.03)


def current_settings() -> DepthSettings:
    """The session's; on its first visit those of the address."""
    if SETTINGS_KEY not in st.session_state:
        settings, notes = read_settings(st.query_params.get(LINK_NAME, ""))
        st.session_state[SETTINGS_KEY], st.session_state[NOTES_KEY] = settings, notes
    return st.session_state[SETTINGS_KEY]


def address_part() -> dict[str, str]:
    """What the address bar holds of the study; nothing where it is the first preset."""
    text = settings_text(current_settings())
    return {LINK_NAME: text} if text else {}


def change_setting(name: str, value: Any) -> None:
    """Set one field; what is not possible becomes a note, and changes nothing."""
    try:
        st.session_state[SETTINGS_KEY] = replace(current_settings(), **{name: value})
        st.session_state[NOTES_KEY] = []
    except PlaygroundError as error:
        st.session_state[NOTES_KEY] = [error.sentence]


def preset_chooser() -> None:
    """One click away: studies worth a minute, and what the chosen one shows."""
    settings = current_settings()
    shown = next((name for name in DEPTH_PRESETS if DEPTH_PRESETS[name].settings == settings), None)

    def use_preset() -> None:
        name = st.session_state[PRESET_KEY]
        if name in DEPTH_PRESETS:
            st.session_state[SETTINGS_KEY], st.session_state[NOTES_KEY] = DEPTH_PRESETS[name].settings, []

    st.pills(
        t("Worth a look"),
        list(DEPTH_PRESETS),
        format_func=lambda name: t(DEPTH_PRESETS[name].label),
        on_change=skip_outdated(PRESET_KEY, use_preset),
        **initial_value(PRESET_KEY, shown, at="default"),
        help=t("A study to begin with; each can be changed below."),
    )
    if shown is not None:
        preset = DEPTH_PRESETS[shown]
        st.markdown(with_links(t(preset.explanation)) + f" :gray[({escape_markdown(preset.source)})]")
    for note in st.session_state.get(NOTES_KEY, ()):
        st.info(escape_markdown(t(note)), icon=":material/info:")


def setting_controls() -> None:
    """All fields; another value is another study."""
    settings = current_settings()

    def widget(name: str) -> tuple[str, dict[str, Any]]:
        key = f"depth_{name}"

        def take() -> None:
            value = st.session_state[key]
            change_setting(name, tuple(value) if isinstance(value, list) else value)

        return key, {"on_change": skip_outdated(key, take)}

    def select(name: str, options: tuple[str, ...], labels: Any) -> None:
        key, arguments = widget(name)
        st.selectbox(
            t(RULES[name].label),
            options,
            format_func=lambda option: t(labels(option)),
            help=t(RULES[name].help),
            **arguments,
            **initial_value(key, getattr(settings, name), options=options),
        )

    def slide(name: str, steps: tuple[Any, ...]) -> None:
        key, arguments = widget(name)
        value = getattr(settings, name)
        options = sorted({*steps, value})
        st.select_slider(
            t(RULES[name].label),
            options,
            format_func=format_number,
            help=t(RULES[name].help),
            **arguments,
            **initial_value(key, value),
        )

    first = st.columns(4, vertical_alignment="bottom")
    with first[0]:
        select("dataset", DATA, dataset_label)
    with first[1]:
        select("activation", ACTIVATIONS, lambda name: ACTIVATION_ENTRIES[name].label)
    with first[2]:
        select("initializer", INITIALIZERS, lambda name: INITIALIZER_ENTRIES[name].label)
    with first[3]:
        select("branches", tuple(BRANCH_STARTS), lambda name: BRANCH_STARTS[name].label)
    second = st.columns(4, vertical_alignment="bottom")
    with second[0]:
        slide("networks", NETWORKS)
    with second[1]:
        slide("steps", STEPS)
    with second[2]:
        slide("learning_rate", RATES)
    with second[3]:
        key, arguments = widget("batch_norm")
        help_text = t(RULES["batch_norm"].help)
        st.toggle(t("Batch normalisation"), help=help_text, **arguments, **initial_value(key, settings.batch_norm))
    key, arguments = widget("depths")
    st.pills(
        t(RULES["depths"].label),
        sorted({*DEPTHS, *settings.depths}),
        selection_mode="multi",
        help=t(RULES["depths"].help),
        **arguments,
        **initial_value(key, list(settings.depths), at="default"),
    )
    st.caption(t(BRANCH_STARTS[settings.branches].explanation) + f" ${BRANCH_STARTS[settings.branches].formula}$")

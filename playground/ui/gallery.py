"""The presets as cards, by group."""

from __future__ import annotations

import streamlit as st

from playground.presets import PRESETS, Preset
from playground.spec import Lesson
from playground.ui.language import t
from playground.ui.session import Session

PLAYGROUND = "pages/play/playground.py"
COLUMNS = 3
LOADED = "preset_loaded"
"""Where the name of the preset that was loaded last is kept."""


def gallery(current: Session) -> None:
    """The presets, each with its words and a button that loads it; of a class, those that its teacher chose."""
    presets = presets_of(current.lesson)
    groups = dict.fromkeys(preset.group for preset in presets)
    for group in groups:
        st.subheader(t(group))
        members = [preset for preset in presets if preset.group == group]
        for first in range(0, len(members), COLUMNS):
            for column, preset in zip(st.columns(COLUMNS), members[first : first + COLUMNS], strict=False):
                with column.container(border=True, height="stretch"):
                    card(current, preset)


def presets_of(lesson: Lesson) -> list[Preset]:
    """Those that ``lesson`` names, in its order; all where it names none that there is."""
    return [PRESETS[name] for name in lesson.gallery if name in PRESETS] or list(PRESETS.values())


def card(current: Session, preset: Preset) -> None:
    """One preset."""
    st.markdown(f"**{t(preset.label)}**")
    st.write(t(preset.explanation))
    if preset.why_bad:
        st.caption(t("Why it goes wrong: ") + t(preset.why_bad))
    if st.button(t("Load"), key=f"preset_{preset.name}", help=t(preset.source)):
        load(current, preset)
        st.switch_page(PLAYGROUND)


def load(current: Session, preset: Preset) -> None:
    """Start a preset's experiment, paused; its words stand above the stage until the experiment is another."""
    current.notes.clear()
    current.paused = True
    # A gallery of the teacher's own is a part of the lesson: its rules hold for all that is in it.
    current.start(preset.experiment, lesson=current.lesson if current.lesson.gallery else Lesson())
    st.session_state[LOADED] = preset.name


def preset_words(current: Session) -> None:
    """What to watch in the preset that was loaded, and the ones before and after it; nothing once it was changed."""
    presets = presets_of(current.lesson)
    place = next((i for i, preset in enumerate(presets) if preset.name == st.session_state.get(LOADED)), None)
    if place is None or presets[place].experiment != current.experiment:
        return
    preset = presets[place]
    with st.container(horizontal=True, key="preset", vertical_alignment="center"):
        st.markdown(f"**{t(preset.label)}.** {t(preset.explanation)}")
        for name, icon, step in (("Previous", "arrow_back", -1), ("Next", "arrow_forward", 1)):
            other = presets[(place + step) % len(presets)]
            st.button(
                t(name),
                key=f"preset_{name.lower()}",
                icon=f":material/{icon}:",
                type="tertiary",
                help=t(other.label),
                on_click=load,
                args=(current, other),
            )

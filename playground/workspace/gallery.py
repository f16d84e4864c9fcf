"""The presets as cards with pictures, by concept."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from playground.errors import PlaygroundError
from playground.experiment import CONTROLS
from playground.experiment.handout import Handout
from playground.figures.preset_picture import SIDE, WIDTH
from playground.language import mark, t
from playground.presets import PRESETS, Preset
from playground.presets.picture import preset_pictures
from playground.term_links import with_links
from playground.web.page_paths import PLAYGROUND
from playground.web.session import Session
from playground.web.stage_files import preset_picture_address
from playground.web.theme_choice import scheme

SENTENCE_END = re.compile(r"\. |[。！？]")
LOADED = "preset_loaded"
"""Where the name of the preset that was loaded last is kept."""


def gallery(current: Session) -> None:
    """The presets, a press loads one; of a class, those that its teacher chose."""
    presets = presets_of(current.handout)
    for place, group in enumerate(dict.fromkeys(preset.group for preset in presets)):
        st.subheader(t(group))
        with st.container(key=f"gallery_{place}"):
            for preset in presets:
                if preset.group == group:
                    with st.container(key=f"card_{preset.name}"):
                        card(current, preset)


def presets_of(handout: Handout) -> list[Preset]:
    """Those that ``handout`` names, in its order; all where it names none that there is."""
    return [PRESETS[name] for name in handout.gallery if name in PRESETS] or list(PRESETS.values())


def locked_fields(current: Session, preset: Preset) -> list[str]:
    """What the present handout locks and ``preset`` would change; nothing where the teacher chose the gallery."""
    return [] if current.handout.gallery else current.locked_changes(preset.experiment)


def card(current: Session, preset: Preset) -> None:
    """One preset: the picture of its training, its name to press, and what is behind it in a sentence."""
    st.html(picture_tag(preset))
    locked = locked_fields(current, preset)
    if st.button(t(preset.label), key=f"preset_{preset.name}", type="tertiary", disabled=bool(locked)):
        load(current, preset)
        st.switch_page(PLAYGROUND)
    if locked:
        words = t("It changes what is locked in this lesson: {control}", control=CONTROLS[locked[0]])
        st.caption(f":material/lock: {words}")
    else:
        st.caption(first_sentence(t(preset.explanation)))


def first_sentence(text: str) -> str:
    """``text`` up to its first full stop, a Latin or a Chinese one."""
    end = SENTENCE_END.search(text)
    return text[: end.end()].rstrip() if end else text


def picture_tag(preset: Preset) -> str:
    """The picture as HTML of our own words alone; its room stands before it is there."""
    address, picture = preset_picture_address(preset.name, scheme()), preset_pictures().get(preset.name)
    if picture is None:
        return f'<div class="preset-picture" style="aspect-ratio: {WIDTH} / {SIDE}"></div>'
    return (
        f'<img class="preset-picture" src="{escape(address)}" width="{WIDTH}" height="{SIDE}" loading="lazy" '
        f'alt="{escape(t(picture.words))}">'
    )


def load(current: Session, preset: Preset) -> None:
    """Start a preset's experiment as the present handout allows: paused, but on a stage that plays, which plays on.
    What the handout locks becomes a note.

    Its words stand above the stage until the experiment is another. A gallery of the teacher's own is a part of the
    handout: its rules hold for all that is in it.
    """
    current.notes.clear()
    current.halt()
    try:
        current.start(preset.experiment, handout=current.handout if current.handout.gallery else None)
    except PlaygroundError as error:
        current.notes.append(error.sentence)
        return
    st.session_state[LOADED] = preset.name


def preset_words(current: Session) -> None:
    """What to watch in the preset that was loaded, and the ones before and after it; nothing once it was changed."""
    presets = [preset for preset in presets_of(current.handout) if not locked_fields(current, preset)]
    place = next((i for i, preset in enumerate(presets) if preset.name == st.session_state.get(LOADED)), None)
    if place is None or presets[place].experiment != current.experiment:
        return
    preset = presets[place]
    with st.container(horizontal=True, key="preset", vertical_alignment="center"):
        reason = f" *{t(preset.why_bad)}*" if preset.why_bad else ""
        words = with_links(t(preset.explanation)) + reason
        st.markdown(t("**{name}.** {words}", name=t(preset.label), words=words), help=t(preset.source))
        for name, icon, step in ((mark("Previous"), "arrow_back", -1), (mark("Next"), "arrow_forward", 1)):
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

"""A link for a class: what is hidden or locked is chosen in a picture of the page; link, QR code and preview follow."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from playground.experiment import CONTROLS, Handout, handout_query, to_query
from playground.experiment.handout import SHOWN
from playground.experiment.handout_areas import AREAS, NEXT, RULE_SETS, State, controls_of, state_of, with_state
from playground.experiment.links.short_link import pack_query
from playground.language import mark, t
from playground.presets import PRESETS
from playground.web.address import address
from playground.web.fields import initial_value
from playground.web.kept_widgets import restore_widgets, widget_values
from playground.web.markdown import escape_markdown, safe_markdown
from playground.web.qr_code import qr_svg
from playground.web.session import Session
from playground.web.widget_state import is_outdated, set_widget_value
from playground.workspace.share import opens_words

DRAFT = "handout_draft"
WIDGETS = (
    "handout_title",
    "handout_words",
    "handout_playing",
    "handout_show",
    "handout_gallery",
)
CHOSEN = "handout_chosen"
"""Where the hidden and the locked controls of the draft are kept: a press in the picture that comes before the browser
has heard of the one before carries what its lists of controls said then."""
LISTS = ("handout_hide", "handout_lock")
STATES: dict[State, tuple[str, str]] = {
    "free": (":material/edit:", mark("free")),
    "lock": (":material/lock:", mark("locked")),
    "hide": (":material/visibility_off:", mark("hidden")),
    "mixed": (":material/tune:", mark("one by one")),
}
LOOKS: dict[State, str] = {
    "free": "",
    "lock": "background: color-mix(in srgb, var(--accent) 14%, transparent); border-color: var(--accent);",
    "hide": "border-style: dashed; opacity: 0.62;",
    "mixed": "border-style: double; border-width: 3px;",
}
SKETCH = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 120 60' fill='none' stroke='#888' stroke-width='1.5'>{}</svg>"
)
SKETCHES = {
    "network": "<path d='M22 20 60 12M22 20 60 30M22 20 60 48M22 40 60 12M22 40 60 30M22 40 60 48M60 12 98 30M60 30 98 "
    "30M60 48 98 30'/>"
    "<g fill='#888'><circle cx='22' cy='20' r='5'/><circle cx='22' cy='40' r='5'/><circle cx='60' cy='12' r='5'/>"
    "<circle cx='60' cy='30' r='5'/><circle cx='60' cy='48' r='5'/><circle cx='98' cy='30' r='5'/></g>",
    "output": "<rect x='34' y='4' width='52' height='52' rx='3'/><circle cx='60' cy='30' r='15' fill='#888' "
    "fill-opacity='0.4'/>",
    "charts": "<path d='M10 8C24 46 40 44 110 48M10 12C30 40 60 34 110 38' transform='translate(0 2)'/>",
}
"""What stands in the page at an area, in a few strokes."""
HEIGHTS = {"data": 308, "network": 132, "output": 132, "charts": 84}
"""Pixels of the areas that are larger than a line, where there is room for the picture."""
PICTURE = ".st-key-handout_picture"
LOCAL = ("localhost", "127.0.0.1", "::1")


def handout_editor(current: Session) -> None:
    """Rules, words and gallery of a handout, and its link in every form."""
    st.subheader(t("A link for a class"))
    st.caption(
        t(
            "It opens {opens}. Press an area of the picture: locked, its values are shown and cannot be moved; "
            "hidden, it is not there; once more, it is free again.",
            opens=opens_words(current),
        )
    )
    restore_widgets(st.session_state.get(DRAFT, {"handout_show": list(current.handout.show)}))
    rules_row()
    page_picture()
    with st.expander(t("Single controls")):
        left, right = st.columns(2)
        for box, label, key, names in zip(
            (left, right), (mark("Hide"), mark("Lock")), LISTS, draft_controls(), strict=True
        ):
            box.multiselect(
                t(label),
                list(CONTROLS),
                format_func=lambda name: t(CONTROLS[name]),
                placeholder=t("Choose options"),
                on_change=choose_singly,
                **initial_value(key, list(names), at="default"),
                help=t("Control by control, where an area is too coarse."),
            )
    handout = draft()
    st.session_state[DRAFT] = widget_values(WIDGETS)
    handing_out(current, handout)
    is_open = current.lessons.present is not None or current.handout != Handout()
    if is_open and not current.is_frozen and st.button(t("Leave the lesson that is open here")):
        if current.lessons.present:
            current.leave_lesson()
        else:
            current.set_handout(Handout(), current.origin)
            current.send(current.run.mount())
        st.rerun()


def rules_row() -> None:
    """Sets of rules to begin with, each at a press."""
    hide, lock = draft_controls()
    with st.container(horizontal=True, key="handout_rules"):
        for rules in RULE_SETS.values():
            st.button(
                t(rules.label),
                key=f"handout_rules_{rules.name}",
                help=t(rules.explanation),
                type="primary" if (set(hide), set(lock)) == tuple(map(set, controls_of(rules))) else "secondary",
                on_click=lambda rules=rules: choose(*controls_of(rules)),
            )


def page_picture() -> None:
    """The page in ten areas, each where it stands there; a press makes it locked, hidden, free."""
    st.html(f"<style>{picture_style()}</style>")
    with st.container(border=True, key="handout_picture"):
        side, stage = st.columns([1, 3.4], gap="small")
        with side:
            area_button("data")
        with stage:
            rows = (("activation", "optimizer", "rate", "regularization"), ("play", "time"), ("network", "output"))
            for row, widths in zip(rows, ([1.1, 1, 0.9, 1], [1, 1], [3, 2]), strict=True):
                for column, name in zip(st.columns(widths, gap="small"), row, strict=True):
                    with column:
                        area_button(name)
            area_button("charts")


def area_button(name: str) -> None:
    """One area, its state, and what a press makes of it."""
    area = AREAS[name]
    icon, word = STATES[state_of(area, *draft_controls())]
    st.button(
        t("{area} · {state}", area=area.label, state=word),
        key=f"handout_area_{name}",
        icon=icon,
        help=t(area.explanation),
        width="stretch",
        on_click=press,
        args=(name,),
    )


def press(name: str) -> None:
    """Make the area the next of free, locked and hidden."""
    hide, lock = draft_controls()
    choose(*with_state(AREAS[name], NEXT[state_of(AREAS[name], hide, lock)], hide, lock))


def draft_controls() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The controls that are hidden in the draft, and those that are locked."""
    hide, lock = st.session_state.get(CHOSEN, ((), ()))
    return hide, tuple(name for name in lock if name not in hide)


def choose(hide: tuple[str, ...], lock: tuple[str, ...]) -> None:
    """Hide and lock these controls, and no others."""
    st.session_state[CHOSEN] = (tuple(hide), tuple(lock))
    for key, names in zip(LISTS, draft_controls(), strict=True):
        set_widget_value(key, list(names))


def choose_singly() -> None:
    """Take over what the lists of controls say, but for what they only say still."""
    present = zip(LISTS, draft_controls(), strict=True)
    chosen = (names if is_outdated(key) else st.session_state[key] for key, names in present)
    # A control's label, and not its name, is what a page in another language has said.
    choose(*(tuple(name for name in names if name in CONTROLS) for names in chosen))


def picture_style() -> str:
    """How each area looks: its state, and a sketch of what stands there."""
    rules = [f"{PICTURE} button p {{ white-space: normal; overflow: visible; line-height: 1.25; }}"]
    for area in AREAS.values():
        button = f".st-key-handout_area_{area.name} button"
        rules.append(f"{button} {{ {LOOKS[state_of(area, *draft_controls())]} }}")
        sketch = quote(SKETCH.format(SKETCHES[area.name])) if area.name in SKETCHES else ""
        drawn = (
            f'background-image: url("data:image/svg+xml,{sketch}"); background-repeat: no-repeat; '
            "background-position: center 88%; background-size: auto 52%; align-items: flex-start; "
            "padding-top: 8px;"
        )
        if area.name in HEIGHTS:
            tall = f"min-height: {HEIGHTS[area.name]}px; {drawn if sketch else ''}"
            rules.append(f"@media (min-width: 641px) {{ {button} {{ {tall} }} }}")
    return " ".join(rules)


def draft() -> Handout:
    """The handout as it is on the page, its words and its gallery chosen here."""
    left, right = st.columns(2)
    title = left.text_input(t("Title"), key="handout_title", max_chars=120, help=t("It stands above the stage."))
    words = left.text_area(
        t("Task in words"),
        key="handout_words",
        max_chars=1000,
        height=120,
        help=t("Markdown: **bold**, lists, $x_1^2$. Links and pictures are shown as text."),
    )
    gallery = right.multiselect(
        t("Experiments of the gallery that the class sees"),
        list(PRESETS),
        format_func=lambda name: t(PRESETS[name].label),
        placeholder=t("All of them"),
        key="handout_gallery",
        help=t("With a choice of your own, these rules hold for each of them as well."),
    )
    show = right.multiselect(
        t("Show from the start"),
        list(SHOWN),
        format_func=lambda state: t(SHOWN[state]),
        placeholder=t("Choose options"),
        key="handout_show",
        help=t("What is switched on when the link is opened."),
    )
    playing = right.toggle(
        t("Start playing"), key="handout_playing", help=t("Training begins by itself when the link is opened.")
    )
    hide, lock = draft_controls()
    return Handout(
        title=title, words=words, hide=hide, lock=lock, show=tuple(show), gallery=tuple(gallery), playing=playing
    )


def handing_out(current: Session, handout: Handout) -> None:
    """The link, short and long, its QR code, and how it will look."""
    query = to_query(current.experiment) | handout_query(handout)
    short, long = address(pack_query(query)), address(query)
    left, right = st.columns([2.2, 1])
    left.markdown(f"**{t('The link')}**")
    left.code(short, language=None, wrap_lines=True)
    if urlsplit(short).hostname in LOCAL:
        left.caption(
            t("This address works on this machine alone; a class needs the one of a server that it can reach.")
        )
    with left.container(horizontal=True):
        st.link_button(t("Open as a student"), short, icon=":material/open_in_new:")
        seen = st.toggle(t("Preview here"), key="handout_preview", help=t("The page as the class will see it, below."))
    with left.expander(t("The same link, to be read and changed by hand")):
        st.code(long, language=None, wrap_lines=True)
    picture = qr_svg(short)
    if picture is None:
        right.caption(t("This link is too long for a QR code."))
    else:
        right.image(picture, width=220, caption=t("For the wall"), alt=t("The link as a QR code"))
        # As a function: the browser looks at once whether a file is there, and the next press has it replaced.
        right.download_button(
            t("Save the QR code"),
            lambda: picture,
            "handout.svg",
            "image/svg+xml",
            on_click="ignore",
            key="handout_qr",
            icon=":material/qr_code_2:",
        )
    if handout.title or handout.words:
        with st.container(border=True):
            st.caption(t("What the class reads"))
            st.markdown(f"**{escape_markdown(handout.title)}**")
            st.markdown(safe_markdown(handout.words))
    if seen:
        st.iframe(short, height=760)

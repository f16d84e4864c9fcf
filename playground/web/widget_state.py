"""Values that the app gives to widgets, and those of them that the browser does not show yet.

Each message of the browser carries the values of all widgets at the time when it left. A stage that plays asks all the
time, and a press on one control may leave before the browser has received what the previous press made another control
show. Such an outdated value is no visitor's wish.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from playground.web.compat.script_run import runs_fragment
from playground.web.compat.widget_keys import widget_keys
from playground.web.i18n import with_language

SHOWN, REPLACED, ADDRESS, KEPT = "shown_values", "replaced_values", "address_sent", "kept_values"
CHOICE = str | int | float | list | tuple
"""What is chosen in a widget that has options, unlike a press, or a file."""
MAX_REPLACED = 20
"""Values that are remembered of one widget."""
UNDER_WAY, BEHIND = 1.0, 10.0
"""Seconds for which a message of the whole page may carry a replaced value: of a browser that has the page's newest
address, and of one that has not. The address is sent after the page's widgets, and each message says it."""


def set_widget_value(key: str, value: Any) -> None:
    """Have the widget ``key`` show ``value``: only when it shows something else, lest it jumps under the user's hand.

    It is sent with every run of the page until the browser is known to have it: Streamlit drops what a run has drawn
    and not sent yet when the next run begins, and would not send the value again.
    """
    shown, replaced = st.session_state.setdefault(SHOWN, {}), st.session_state.setdefault(REPLACED, {})
    says, before = st.session_state.get(key), shown.get(key, value)
    shown[key] = value
    if says == value and key not in replaced:  # a visitor's own wish, or shown already
        return
    older = [(when, old) for when, old in replaced.get(key, ()) if old != value]
    newer = [before] if key not in st.session_state or says == before else [says, before]
    replaced[key] = [*older, *((time.monotonic(), old) for old in newer if old != value)][-MAX_REPLACED:]
    st.session_state[key] = value


def is_outdated(key: str) -> bool:
    """Whether the value of widget ``key`` is the one that ``set_widget_value`` gave it last, or the one before that.

    In a message of a fragment such a value is no choice of the visitor's, however late it comes: a press on a widget
    outside of the fragment reruns the whole page, unless both come at once, and then brings a new value.
    """
    says = st.session_state.get(key)
    if key in st.session_state.get(SHOWN, {}) and st.session_state[SHOWN][key] == says:
        return True
    replaced = [when for when, old in st.session_state.get(REPLACED, {}).get(key, ()) if old == says]
    if not replaced:
        return False
    if runs_fragment():
        return True
    return time.monotonic() - replaced[-1] < (UNDER_WAY if knows_address() else BEHIND)


def skip_outdated(key: str, act: Callable[..., None], options: Collection[Any] | None = None) -> Callable[..., None]:
    """``act``, but for what is ``is_outdated``: the callback of the widget ``key``, which chooses from ``options``.

    Of an option the browser says the label. One that is no option's is of the language that the page had before.
    """

    def unless_outdated(*arguments: Any) -> None:
        forget_known()
        value = st.session_state.get(key)
        chosen = value if isinstance(value, list) else [value]
        if not is_outdated(key) and (options is None or all(option in options for option in chosen)):
            act(*arguments)

    return unless_outdated


def keep_values() -> None:
    """Remember what is chosen: the browser knows options by their labels, which are about to be others."""
    values = {key: st.session_state[key] for key in widget_keys() if key in st.session_state}
    choices = {key: value for key, value in values.items() if isinstance(value, CHOICE) and not isinstance(value, bool)}
    st.session_state[KEPT] = time.monotonic(), choices


def restore_values(*, has_labels: bool) -> None:
    """Before a page is drawn: choose again what ``keep_values`` has remembered, until the browser ``has_labels`` that
    are new. A message that left before says the former ones, which are no options' any more."""
    when, values = st.session_state.get(KEPT, (0.0, {}))
    if has_labels or time.monotonic() - when > BEHIND:
        st.session_state.pop(KEPT, None)
        return
    for key, value in values.items():
        st.session_state[key] = value


def forget_known() -> None:
    """Take note that the browser has sent a message: the values that widgets have now are its own."""
    for key, values in list(st.session_state.get(REPLACED, {}).items()):
        if st.session_state.get(key) not in [old for _, old in values]:
            del st.session_state[REPLACED][key]


def send_address(query: Mapping[str, str]) -> None:
    """Have the address bar hold ``query``."""
    query = with_language(query)
    st.session_state[ADDRESS] = query
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)


def knows_address() -> bool:
    """Whether the browser's message was sent from the address that it was sent last."""
    return st.session_state.get(ADDRESS) in (None, dict(st.query_params))

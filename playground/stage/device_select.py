"""Which device computes: a quiet line, and a choice where there are several."""

from __future__ import annotations

import streamlit as st

from playground.language import t
from playground.programs.devices import AUTOMATIC, choices, device_sentence, devices, label_of, name_of
from playground.web.fields import initial_value
from playground.web.session import Session


def device_select(session: Session) -> None:
    """What it runs on; a chooser only where there is a choice."""
    labels = {name_of(device): label_of(device) for device in devices()}
    if len(labels) > 1:
        st.selectbox(
            t("Device"),
            choices(),
            format_func=lambda name: t("Automatic") if name == AUTOMATIC else labels[name],
            **initial_value("device", session.device, options=choices()),
            help=t("A small network is quickest on the processor. Another device starts the training over."),
            on_change=lambda: session.choose_device(st.session_state["device"]),
        )
    st.caption(t(device_sentence(session.device)))

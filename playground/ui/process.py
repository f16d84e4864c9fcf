"""What is done once a process, before the first visitor's page is drawn."""

from __future__ import annotations

import gc
import time

import streamlit as st

from playground.training.programs import use_persistent_cache

COLLECT_SECONDS = 300.0


@st.cache_resource(show_spinner=False)
def process() -> dict[str, float]:
    """Set up the process: the compilation cache on disk, and a collector that leaves the libraries alone.

    A full collection with JAX and pandas loaded costs about 150 ms under the interpreter's lock, for all visitors: Streamlit's
    own after every run is switched off (``runner.postScriptGC``), and what lives for ever is frozen here.
    """
    use_persistent_cache()
    gc.collect()
    gc.freeze()
    return {"collected": time.monotonic()}


def collect_now_and_then() -> None:
    """A full collection, at most one in five minutes for the whole process."""
    state = process()
    if time.monotonic() - state["collected"] > COLLECT_SECONDS:
        state["collected"] = time.monotonic()
        gc.collect()

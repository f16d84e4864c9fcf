"""What is done once a process: set up before the first visitor's page is drawn, and looked after while it lives."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator

import streamlit as st

from playground.live.scheduling.scheduler import SCHEDULER
from playground.programs.cache import PROGRAMS, ProgramSpec
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices
from playground.programs.memory import trim
from playground.web.compat.batched_presses import count_presses_once
from playground.web.compat.expired_sessions import drop_expired_sessions
from playground.web.compat.page_queue import keep_ended_runs
from playground.web.compat.stale_fragments import ignore_stale
from playground.web.prewarm import prewarm

COLLECT_SECONDS = 300.0
TICK_SECONDS = 2.0
IDLE_SECONDS = 4.0
"""Nobody has trained for so long: time to compile what somebody may want."""


class Housekeeper:
    """The one thread of this process that nobody waits for: it lets go of visitors who left, collects, and compiles
    ahead.

    A full collection with JAX and pandas loaded costs about 150 ms under the interpreter's lock, for all visitors:
    Streamlit's own after every run is switched off (``runner.postScriptGC``), and what lives for ever is frozen, once
    the first programs are there.
    """

    def __init__(self, ahead: Iterator[ProgramSpec], clock: Callable[[], float] = time.monotonic) -> None:
        self._ahead = ahead
        self._clock = clock
        self._collected = clock()
        self._stop = threading.Event()
        self.frozen = False

    def start(self) -> None:
        """Look after the process every ``TICK_SECONDS`` until it ends."""
        threading.Thread(target=self._run, name="housekeeper", daemon=True).start()
        atexit.register(self._stop.set)

    def tick(self) -> None:
        """What is due now."""
        gone = drop_expired_sessions()
        PROGRAMS.evict_unused()
        if not self.frozen and PROGRAMS.compilations and not PROGRAMS.busy and SCHEDULER.idle(IDLE_SECONDS):
            gc.collect()
            gc.freeze()
            trim()
            self.frozen = True
        elif gone or self._clock() - self._collected > COLLECT_SECONDS:
            self._collected = self._clock()
            gc.collect()
            trim()
        elif self.frozen and not PROGRAMS.busy and SCHEDULER.idle(IDLE_SECONDS):
            self.ahead()

    def ahead(self) -> None:
        """Have the next program made that somebody may want."""
        next(self._ahead, None)

    def _run(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            try:
                self.tick()
            except Exception:
                logging.getLogger(__name__).exception("the housekeeper stumbled")


@st.cache_resource(show_spinner=False)
def process() -> Housekeeper:
    """Set up the process: the compilation cache on disk, a collector that leaves the libraries alone, and who looks
    after it.

    ``PLAYGROUND_PREWARM=0``: nothing is compiled ahead.
    """
    configure_devices()
    ignore_stale()
    count_presses_once()
    keep_ended_runs()
    use_persistent_cache()
    if SCHEDULER.limit > 1:
        PROGRAMS.turn = lambda: SCHEDULER.acquire("the compiler", job=True)
    gc.collect()
    gc.freeze()
    keeper = Housekeeper(prewarm() if os.environ.get("PLAYGROUND_PREWARM", "1") != "0" else iter(()))
    keeper.start()
    return keeper

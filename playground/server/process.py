"""The process: its set-up before the first page is drawn, and its housekeeping thread."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator

import streamlit as st

from playground.classroom.registry import CLASSROOMS
from playground.live.scheduling.scheduler import SCHEDULER, Scheduler
from playground.programs.cache import PROGRAMS, ProgramCache, ProgramSpec
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices
from playground.programs.memory import trim
from playground.server.prewarm import prewarm
from playground.web.compat.batched_presses import count_presses_once
from playground.web.compat.expired_sessions import drop_expired_sessions
from playground.web.compat.page_queue import keep_ended_runs
from playground.web.compat.stale_fragments import ignore_stale

COLLECT_SECONDS = 300.0
TICK_SECONDS = 2.0
IDLE_SECONDS = 4.0
"""Nobody has trained for so long: time to compile what somebody may want."""


class Process:
    """The ``programs`` and the ``scheduler`` that all visitors share, and the one thread that nobody waits for: it lets
    go of visitors who left, collects, and compiles what ``ahead`` gives.

    A full collection with JAX and pandas loaded costs about 150 ms under the interpreter's lock, for all visitors:
    Streamlit's own after every run is switched off (``runner.postScriptGC``), and what lives for ever is frozen, once
    the first programs are there.
    """

    def __init__(
        self,
        programs: ProgramCache,
        scheduler: Scheduler,
        ahead: Iterator[ProgramSpec],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.programs = programs
        self.scheduler = scheduler
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
        CLASSROOMS.forget_ended()
        self.programs.evict_unused()
        is_idle = not self.programs.busy and self.scheduler.idle(IDLE_SECONDS)
        if not self.frozen and self.programs.compilations and is_idle:
            gc.collect()
            gc.freeze()
            trim()
            self.frozen = True
        elif gone or self._clock() - self._collected > COLLECT_SECONDS:
            self._collected = self._clock()
            gc.collect()
            trim()
        elif self.frozen and is_idle:
            self.ahead()

    def ahead(self) -> None:
        """Compile the next program that a visitor is likely to need."""
        next(self._ahead, None)

    def _run(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            try:
                self.tick()
            except Exception:
                logging.getLogger(__name__).exception("the housekeeper stumbled")


@st.cache_resource(show_spinner=False)
def process() -> Process:
    """Set up the process, once: devices, the compilation cache on disk, what of Streamlit is mended, a collector that
    leaves the libraries alone; compiling takes turns with training where there is more than one core.

    ``PLAYGROUND_PREWARM=0``: nothing is compiled ahead.
    """
    configure_devices()
    ignore_stale()
    count_presses_once()
    keep_ended_runs()
    use_persistent_cache()
    if SCHEDULER.limit > 1:
        PROGRAMS.take_turns(lambda: SCHEDULER.acquire("the compiler", job=True))
    gc.collect()
    gc.freeze()
    ahead = prewarm() if os.environ.get("PLAYGROUND_PREWARM", "1") != "0" else iter(())
    this_process = Process(PROGRAMS, SCHEDULER, ahead)
    this_process.start()
    return this_process

"""Why a run cannot go on from its newest frame: its numbers broke after it, or early stopping has ended it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from playground.live.diagnostics.divergence import Breakdown, Divergence, find_divergence
from playground.live.history.run_history import RunHistory
from playground.live.history.segment import Segment
from playground.live.protocol.reply import Stop


class StopDiagnosis:
    """Finds the reason, and keeps the last divergence that it found: the cause costs steps of its own."""

    def __init__(self) -> None:
        self._divergence: tuple[Segment, int, Divergence] | None = None

    def find(self, past: RunHistory) -> Stop | None:
        """``"diverged"`` or ``"stopped"``, and a sentence; None while ``past`` can go on."""
        diverged = self.divergence(past)
        return ("diverged", diverged.text) if diverged is not None else early_stop(past)

    def divergence(self, past: RunHistory) -> Divergence | None:
        """Why the newest frame is the last one, where the numbers broke after it."""
        _, state = past.states.state_before(past.last)
        step, now = int(state.bad_step), past.current_segment
        if step < 0 or now.start > past.last:
            return None
        if self._divergence is None or self._divergence[0] is not now or self._divergence[1] != step:
            begun = past.steps[max(0, now.start - 1)]

            def breaks_under(knobs: np.ndarray) -> bool:
                again = replace(now, knobs=knobs).advance(state._replace(bad_step=np.int32(-1)), 1)
                return int(again.bad_step) >= 0

            structure = now.observer.trainer.experiment.structure
            self._divergence = now, step, find_divergence(Breakdown(structure, now.knobs, step, begun, breaks_under))
        return self._divergence[2]


def early_stop(past: RunHistory) -> Stop | None:
    """``"stopped"`` and a sentence, where early stopping has ended it."""
    _, state = past.states.state_before(past.last)
    now, trainer = past.current_segment, past.current_segment.observer.trainer
    if now.start > past.last or not trainer.has_stopped(state, now.knobs):
        return None
    return "stopped", trainer.stop_sentence(state)

"""Longer work in slices."""

from __future__ import annotations

import types
from typing import Any, cast

import pytest

from playground.live.scheduling import job as module
from playground.live.scheduling.job import COMPILE_SECONDS, Job


def test_a_slice_waits_for_a_program_no_longer_than_a_press_may(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = types.SimpleNamespace(now=5.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock.now)
    monkeypatch.setattr(module.time, "sleep", lambda seconds: setattr(clock, "now", clock.now + seconds))
    recipe = cast(Any, types.SimpleNamespace(prefetch=lambda: None, ready=lambda: False))
    job = Job("key", [recipe], lambda: iter([0.5]))
    job.run_slice(10.0)
    assert job.state == "compiling"
    assert COMPILE_SECONDS <= clock.now - 5.0 < 2 * COMPILE_SECONDS


def test_a_slice_ends_with_the_piece_that_somebody_waits_for() -> None:
    done: list[float] = []
    job = Job("key", (), lambda: (done.append(share) or share for share in (0.2, 0.4, 0.6, 0.8)))
    job.run_slice(60.0, lambda: len(done) == 2)
    assert (done, job.share, job.state) == ([0.2, 0.4], 0.4, "working")
    job.run_slice(60.0, lambda: False)
    assert job.state == "done"

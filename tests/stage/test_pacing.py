"""How evenly frames are shown (``static/live/pacing.js``), in Node, with ticks of the test's own."""

from __future__ import annotations

from typing import Any

from tests.stage.scripts import address, run_module

TICK = 1 / 60
BEGIN = f"""
import {{ MAX_FRAME_RATE, Pacing }} from "{address("live/pacing.js")}";
const pacing = new Pacing();
const results = [];
"""


def run(script: str) -> Any:
    """What ``script`` pushes to ``results``."""
    return run_module(BEGIN + script + "\nconsole.log(JSON.stringify(results));")


def test_the_first_frame_after_play_comes_at_the_next_tick() -> None:
    assert run("""
        results.push(pacing.isDue(0, 1, 0));
        pacing.showNext();
        results.push(pacing.isDue(0, 1, 0), pacing.isDue(0, 1, 0));
    """) == [False, True, False]


def test_the_rate_stays_within_its_limits_whatever_arrives() -> None:
    rates = run("""
        for (const [frames, seconds] of [[64, 0.001], [1, 0], [1, 1e9], [64, 2], [0, 0.1]]) {
          for (let i = 0; i < 50; i++) pacing.recordReply(frames, seconds);
          for (const ahead of [0, 1, 500]) for (const waited of [0, 1, 1e9]) results.push(pacing.rate(ahead, waited));
        }
        pacing.maxRate = 20;
        results.push(pacing.rate(500, 0));
    """)
    assert all(0 <= rate <= 62 for rate in rates)
    assert rates[-1] <= 20


def test_frames_that_come_in_bursts_are_shown_evenly() -> None:
    """Twelve frames every 0.4 s are 30 a second: each is shown some two ticks after the one before."""
    gaps = run(f"""
        let [ahead, asked, last] = [0, 0, 0];
        for (let i = 0; i < 1800; i++) {{
          const now = i * {TICK};
          if (i % 24 === 0) [ahead, asked] = [ahead + 12, (pacing.recordReply(12, 0.4), now)];
          if (ahead > 0 && pacing.isDue({TICK}, ahead, now - asked)) {{
            ahead--;
            if (now > 10) results.push(now - last);
            last = now;
          }}
        }}
    """)
    assert 500 < len(gaps) < 650
    assert max(gaps) < 0.1


def test_a_clock_that_jumps_shows_no_more_than_one_frame_at_once() -> None:
    assert (
        run("""
        pacing.isDue(1e6, 100, 0);
        for (let i = 0; i < 5; i++) results.push(pacing.isDue(0, 100, 0));
    """)
        == [False] * 5
    )


def test_over_time_as_many_frames_are_shown_as_the_rate_says() -> None:
    rate, shown = run(f"""
        for (let i = 0; i < 50; i++) pacing.recordReply(10, 0.25);
        results.push(pacing.rate(15, 0));
        let shown = 0;
        for (let i = 0; i < 600; i++) shown += pacing.isDue({TICK}, 15, 0);
        results.push(shown);
    """)
    assert 35 < rate < 45, "not a whole number of ticks a frame"
    assert abs(shown - 10 * rate) <= 2

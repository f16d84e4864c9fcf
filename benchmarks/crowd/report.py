"""A phase in a row: what was served, how quickly, and at which cost."""

from __future__ import annotations

from collections import Counter
from statistics import median

from benchmarks.crowd.browsers import Painted
from benchmarks.crowd.server import Sample
from benchmarks.crowd.tally import Tally, percentile, spread
from benchmarks.rows import record

COLUMNS = (
    "phase",
    "sessions",
    "failures",
    "frames/s a session, median (least)",
    "painted in a browser, frames/s",
    "a knob answered, p50 / p95 / p99 ms",
    "a network's first picture, p50 / p95 / p99 ms",
    "gap between chunks, p50 / p95 / p99 ms",
    "server CPU, cores",
    "RSS, first / second half / most MB",
    "threads, start / most / end",
    "memory maps, start / end",
)


def heading() -> str:
    """The table's first two lines."""
    return f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def line(name: str, sessions: int, tally: Tally, painted: Painted, samples: list[Sample]) -> str:
    """The phase's row; it also goes into the table of all benchmarks."""
    half = len(samples) // 2
    first, second = (median(one.rss for one in part) for part in (samples[: max(1, half)], samples[half:]))
    seconds = max(samples[-1].time - samples[0].time, 1e-9)
    failures = len(tally.failures) + len(painted.failures)
    rates = f"{median(tally.rates):.1f} ({min(tally.rates):.1f})" if tally.rates else "–"
    cells = (
        name,
        str(sessions),
        str(failures),
        rates,
        ", ".join(f"{rate:.1f}" for rate in painted.rates) or "–",
        spread(tally.widgets, 1000),
        spread(tally.structures, 1000),
        spread(tally.gaps, 1000),
        f"{(samples[-1].cpu - samples[0].cpu) / seconds:.2f}",
        f"{first:.0f} / {second:.0f} / {max(one.rss for one in samples):.0f}",
        f"{samples[0].threads} / {max(one.threads for one in samples)} / {samples[-1].threads}",
        f"{samples[0].maps} / {samples[-1].maps}",
    )
    told = f"{sessions} sessions, {failures} failures"
    if tally.rates:
        ends = f"{min(tally.rates):.1f} to {max(tally.rates):.1f}"
        record(f"{name}: frames/s a session ({told})", f"{median(tally.rates):.1f}", ends)
    if tally.widgets:
        record(f"{name}: a turned knob's answer", f"{median(tally.widgets) * 1000:.0f} ms", tail(tally.widgets))
    if tally.gaps:
        record(f"{name}: gap between chunks", f"{median(tally.gaps) * 1000:.0f} ms", tail(tally.gaps))
    ends = f"{min(one.rss for one in samples):.0f} to {max(one.rss for one in samples):.0f}"
    record(f"{name}: server, resident ({told})", f"{median(one.rss for one in samples):.0f} MB", ends)
    return f"| {' | '.join(cells)} |"


def tail(values: list[float]) -> str:
    """95th and 99th percentile in ms."""
    return f"95 %: {percentile(values, 0.95) * 1000:.0f}, 99 %: {percentile(values, 0.99) * 1000:.0f}"


def remarks(tally: Tally, painted: Painted, unhealthy: int, complaints: list[str]) -> list[str]:
    """What a row cannot say, in lines: failures by kind, what the stage was told, questions asked again."""
    said = [f"- {count} x {what}" for what, count in Counter(tally.failures + painted.failures).most_common(10)]
    said.append(f"- health endpoint not `ok`: {unhealthy}; tracebacks in the server's log: {len(complaints)}")
    said += [f"- {count} x {what[:200]}" for what, count in Counter(complaints).most_common(5)]
    if tally.begins:
        said.append(f"- from Play to its first frame: {spread(tally.begins, 1000)} ms")
    if tally.effects:
        said.append(f"- from a knob to the first frame under it: {spread(tally.effects, 1000)} ms")
    if tally.trips:
        said.append(
            f"- a question of the stage answered: {spread(tally.trips, 1000)} ms; asked again: {tally.asked_again}"
        )
    if painted.gaps:
        said.append(f"- interval of painted frames: {spread(painted.gaps, 1000)} ms")
    if tally.states:
        said.append("- the stage was told: " + ", ".join(f"{what} {n}" for what, n in sorted(tally.states.items())))
    said += [f"- in words: {words}" for words in sorted(tally.words)[:5]]
    return said

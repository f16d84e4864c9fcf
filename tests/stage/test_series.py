"""The numbers of past frames (``static/live/series.js`` and ``static/comparison/series.js``), in Node."""

from __future__ import annotations

import bisect
from typing import Any

from tests.stage.scripts import address, run_module

BEGIN = f"""
import {{ COLUMNS, Series }} from "{address("live/series.js")}";
import {{ ComparisonSeries }} from "{address("comparison/series.js")}";
const names = {{ scalars: [...COLUMNS].reverse(), layer_scalars: ["dead", "gradient_norm"] }};
const frame = (step) => ({{ step, scalars: [4, 3, 2, 1, step], layers: [0, step, 0, -step], series: [step, -step] }});
const series = new Series();
series.clear(["a", "b"]);
const comparison = new ComparisonSeries();
comparison.clear(["a", "b"]);
const results = [];
"""
MAX_ROWS = 4000


def run(script: str) -> Any:
    """What ``script`` pushes to ``results``."""
    return run_module(BEGIN + script + "\nconsole.log(JSON.stringify(results));")


def test_numbers_go_into_their_columns_by_name() -> None:
    columns, norms, lanes = run("""
        series.add(frame(7), names);
        comparison.add(frame(7));
        results.push(series.columns, series.norms, comparison.columns);
    """)
    assert columns == {"step": [7], "train_loss": [1], "test_loss": [2], "train_metric": [3], "test_metric": [4]}
    assert norms == lanes == [[7], [-7]]


def test_they_stay_bounded_and_keep_the_first_and_the_newest_row() -> None:
    most, ends, lanes = run("""
        let most = 0;
        for (let step = 0; step <= 12000; step++) {
          series.add(frame(step), names);
          comparison.add(frame(step));
          most = Math.max(most, series.rows, comparison.rows);
        }
        results.push(most, [series.columns.step[0], series.columns.step.at(-1)], comparison.steps.at(-1));
    """)
    assert most == MAX_ROWS
    assert ends == [0, 12000]
    assert lanes == 12000


def test_the_version_changes_when_rows_change_that_were_there() -> None:
    assert (
        run("""
        for (const one of [series, comparison]) {
          const changes = (act) => { const before = one.version; act(); return one.version !== before; };
          for (let step = 0; step < 4000; step++) one.add(frame(step), names);
          results.push(changes(() => one.truncate(3999)), changes(() => one.add(frame(4000), names)));
          results.push(changes(() => one.add(frame(4001), names)), changes(() => one.truncate(5)));
          results.push(changes(() => one.clear(["a"])), one.rows);
        }
    """)
        == [False, True, False, True, True, 0] * 2
    )


def test_rows_until_a_step_are_those_that_are_not_after_it() -> None:
    steps = [0, 1, 1, 4, 9, 9, 9, 30]
    asked = [-1, 0, 1, 2, 4, 8, 9, 10, 30, 99]
    counts = run(f"""
        for (const step of {steps}) {{ series.add(frame(step), names); comparison.add(frame(step)); }}
        for (const step of {asked}) results.push([series.rowsUntil(step), comparison.rowsUntil(step)]);
    """)
    assert counts == [[bisect.bisect_right(steps, step)] * 2 for step in asked]


def test_a_history_takes_the_place_of_the_rows_and_what_is_not_finite_is_no_number() -> None:
    columns, norms, holes = run("""
        const column = [1, null, 3];
        const history = { gradient_norm: [[1, 2], [null, 4], [5, 6]] };
        for (const name of COLUMNS) history[name] = column;
        series.add(frame(99), names);
        series.fill(history);
        results.push(series.columns.step, series.norms, Number.isNaN(series.norms[0][1]));
    """)
    assert columns == [1, None, 3]
    assert norms == [[1, None, 5], [2, 4, 6]]
    assert holes

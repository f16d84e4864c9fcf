"""What docs/operations.md says is in the files that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.analysis.depth import settings as depth
from playground.classroom.attempts import MAX_FAILURES, MAX_VISITOR_FAILURES
from playground.classroom.classroom import MAX_STUDENTS, MAX_TITLE_CHARS, MAX_WORKS
from playground.classroom.nicknames import MAX_NICKNAME_CHARS
from playground.classroom.registry import EMPTY_SECONDS, MAX_CLASSES, MAX_SECONDS
from playground.classroom.snapshot import MAX_CURVE, MAX_POINTS
from playground.datasets.tabular.detection import MAX_BYTES
from playground.datasets.tabular.layout import MAX_COLUMNS, MAX_ROWS
from playground.datasets.tabular.learned_rows import MAX_NUMBERS
from playground.experiment.links.query import MAX_NAMES
from playground.experiment.links.values import MAX_PLACES, MAX_VALUE
from playground.lessons.condition import MAX_CONDITION_CHARS, MAX_DEPTH
from playground.lessons.lesson import MAX_LESSON_BYTES, MAX_STEPS
from playground.lessons.transfer import MAX_LINK_CHARS, MAX_PROGRESS_CHARS
from playground.lessons.tries import MAX_CODE_TRIES, TRY_MINUTES
from playground.live.history.checkpoints import FRAME_BYTES, MAX_STATES, STATE_BYTES
from playground.live.memory_budget import SESSION_BYTES
from playground.live.protocol.command_log import MAX_EARLIER
from playground.live.protocol.request import (
    DEEPEST,
    LONGEST,
    MAX_FRAMES_PER_REQUEST,
    MAX_FRAMES_PER_SECOND,
    MOST_VALUES,
)
from playground.programs.cache import KEPT_BYTES, NEEDED_BYTES, NEEDED_BYTES_SHARED
from playground.programs.cache import MAX_BYTES as PROGRAM_BYTES
from playground.programs.compiler import CACHE_BYTES
from playground.web.lesson_state import MAX_KEPT
from playground.web.session import MAX_BRANCHES

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_every_file_that_is_named_is_there() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([\w./]+\.(?:py|toml|conf))`", row)}
    assert len(named) > 15
    assert not [name for name in named if not ((ROOT / name).exists() or (ROOT / "playground" / name).exists())]


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("a file", [MAX_BYTES // 2**20]),
        ("a trigger of the stage", [MOST_VALUES, DEEPEST, LONGEST]),
        ("commands repeated in one trigger", [MAX_EARLIER]),
        ("frames an answer, steps a frame", [MAX_FRAMES_PER_REQUEST, MAX_FRAMES_PER_SECOND]),
        ("a link", [MAX_NAMES, MAX_VALUE, MAX_PLACES]),
        ("a lesson: its file", [MAX_LESSON_BYTES // 1024, MAX_STEPS, MAX_CONDITION_CHARS, MAX_DEPTH]),
        ("a lesson, or one's progress", [MAX_LINK_CHARS, MAX_PROGRESS_CHARS]),
        ("lessons whose progress", [MAX_KEPT, MAX_CODE_TRIES, TRY_MINUTES]),
        ("one's own table", [MAX_ROWS, MAX_COLUMNS, MAX_NUMBERS]),
        ("states and frames kept of a run", [MAX_STATES, STATE_BYTES // 2**20, FRAME_BYTES // 2**20]),
        ("a study of depth", [depth.MAX_LAYERS, depth.MAX_DEPTHS, depth.MAX_DEPTH, 16, 5000, depth.MAX_LINK_CHARS]),
        ("all that a session holds together", [SESSION_BYTES // 2**20]),
        ("branches of a session", [MAX_BRANCHES]),
        ("a class", [MAX_STUDENTS, MAX_WORKS, MAX_CLASSES, round(MAX_SECONDS / 3600), round(EMPTY_SECONDS / 60)]),
        ("what is kept of a student's stage", [MAX_POINTS, MAX_CURVE]),
        ("a nickname", [MAX_NICKNAME_CHARS, MAX_TITLE_CHARS]),
        ("wrong codes within a minute", [MAX_VISITOR_FAILURES, MAX_FAILURES]),
        ("compiled programs", [PROGRAM_BYTES // 2**20, KEPT_BYTES // 2**20, CACHE_BYTES // 2**20]),
        ("memory that the compiler needs", [NEEDED_BYTES_SHARED // 2**20, NEEDED_BYTES // 2**20]),
    ],
)
def test_limits_are_as_told(row: str, numbers: list[int]) -> None:
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| {row}"))
    said = {int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\d|\d", line.split("|")[2])}
    assert set(numbers) <= said


def test_the_proxy_keeps_a_class_together() -> None:
    for argument in ("class", "teacher"):
        rows = re.search(rf"map \$arg_{argument} \$\w+ {{(.*?)}}", NGINX, re.DOTALL)
        assert rows is not None
        assert re.findall(r"~\*\^(\w)\s+(\w);", rows[1]) == [("a", "a"), ("b", "b")]


def test_the_proxy_takes_an_upload_and_hides_the_figures() -> None:
    found = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert found is not None
    assert int(found[1]) * 2**20 > MAX_BYTES
    assert re.search(r"location ~ /_stcore/\(metrics\|agent[^)]*\) \{\s+return 404;", NGINX)
    assert "log_format" in NGINX
    assert "$request_uri" not in NGINX

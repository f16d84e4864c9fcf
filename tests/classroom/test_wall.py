"""What the wall, the numbers and the table of a class hold, of real stages."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.audience import StudentAudience, TeacherAudience
from playground.classroom.classroom import Classroom
from playground.classroom.snapshot import MAX_POINTS, Snapshot
from playground.classroom.statistics import BINS, class_numbers, class_table, loss_histogram
from playground.classroom.wall import wall
from playground.experiment import Experiment, replace_field
from playground.experiment.links.parse import open_address
from playground.live import FrameRequest, Run
from playground.live.protocol.encoding import decode
from playground.stage.connection import StageConnection, connection_of
from playground.web.csv_text import to_csv
from playground.web.session import Session


def session_of(experiment: Experiment | None = None) -> Session:
    """A visitor's session with a first frame."""
    experiment = experiment or Experiment()
    run = Run("first", experiment)
    session = Session(experiment, run)
    session.show_run(run)
    session.send(run.mount())
    return session


def advance(session: Session, frames: int = 4) -> None:
    """Ask for frames as a stage that plays does."""
    run = session.run
    want = FrameRequest(run.name, run.epoch, run.last + 1, 10, run.last, frames)
    session.paused = False
    session.send(run.answer(want), asked=1)


def in_class(experiment: Experiment | None = None) -> tuple[Classroom, Session, StageConnection]:
    classroom = Classroom("BCDFGH")
    seat = classroom.join("Anna")
    session = session_of(experiment)
    session.audience = StudentAudience(classroom, seat)
    return classroom, session, connection_of(session)


def pixels(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), np.uint8)


def test_a_tile_shows_what_the_stage_shows() -> None:
    classroom, session, connection = in_class()
    assert connection.message
    advance(session)
    assert connection.message
    answer = wall(classroom, 0, classroom.now)
    (tile,) = answer["tiles"]
    frame = session.run.frame(session.run.last)
    assert (tile["nickname"], tile["step"]) == ("Anna", frame.step)
    assert tile["test"] == pytest.approx(frame.scalar("test_loss"), rel=1e-3)
    assert tile["rate"] == session.experiment.knobs.learning_rate
    shades = frame.part(session.run.observer.blocks, "map")
    assert np.array_equal(pixels(tile["map"]).reshape(1, 32, 32), shades[:, ::2, ::2])
    points = pixels(tile["points"]).reshape(-1, 3)
    picture = session.run.trainer.prepared.picture
    assert len(points) == min(MAX_POINTS, picture.train.sum())
    rows = np.flatnonzero(picture.train)
    rows = rows[np.linspace(0, len(rows) - 1, len(points)).astype(int)]
    assert len(set(rows)) == len(points)
    low, high = picture.xlim
    assert np.allclose(points[:, 0] / 255, (picture.x[rows] - low) / (high - low), atol=1 / 255)
    assert np.array_equal(points[:, 2], picture.value[rows])
    assert tile["curve"][-1] == pytest.approx(frame.scalar("test_loss"), rel=0.01)


def test_only_what_has_changed_travels() -> None:
    classroom, session, connection = in_class()
    assert connection.message
    count = wall(classroom, 0, classroom.now)["count"]
    (tile,) = wall(classroom, count, classroom.now)["tiles"]
    assert "map" not in tile
    assert tile["nickname"] == "Anna"
    advance(session)
    assert connection.message
    (tile,) = wall(classroom, count, classroom.now)["tiles"]
    assert "map" in tile
    assert "points" not in tile
    session.start(replace_field(session.experiment, "dataset", "xor", None))
    session.run.compile()
    session.send(session.run.mount())
    assert connection.message
    (tile,) = wall(classroom, count, classroom.now)["tiles"]
    assert "points" in tile


@pytest.mark.parametrize(
    ("fields", "planes"),
    [
        ({"dataset": "blobs", "classes": 3, "loss": "softmax_cross_entropy"}, 2),
        ({"task": "regression", "dataset": "plane"}, 1),
        ({"task": "regression", "dataset": "plane", "features": ["x1"]}, 0),
    ],
)
def test_pictures_of_other_tasks(fields: dict[str, object], planes: int) -> None:
    experiment = open_address([(name, ",".join(value) if isinstance(value, list) else str(value))
                               for name, value in fields.items()]).experiment  # fmt: skip
    classroom, session, connection = in_class(experiment)
    assert connection.message
    (tile,) = wall(classroom, 0, classroom.now)["tiles"]
    if session.run.trainer.prepared.picture.curve:
        assert len(pixels(tile["line"])) == 64
        assert "map" not in tile
    else:
        assert len(pixels(tile["map"])) == max(1, planes) * 32 * 32
    json.dumps(tile, allow_nan=False)


def test_a_look_over_the_shoulder_is_the_whole_stage() -> None:
    classroom, session, connection = in_class()
    (seat,) = classroom.seats
    classroom.watch(seat.number)
    advance(session)
    assert connection.message
    header, blocks = decode(seat.message)
    frame = session.run.frame(session.run.last)
    assert header["scene"]["network"]
    assert header["n"] == 1
    assert blocks["scalars"][0][0] == frame.step
    assert len(header["history"]["step"]) == session.run.last


def test_the_snapshot_of_a_paused_stage_is_the_frame_that_is_shown() -> None:
    _, session, connection = in_class()
    for _ in range(3):
        advance(session, frames=8)
    session.paused, session.head = True, 5
    header, blocks = decode(connection.snapshot())
    assert header["start"] == 5
    assert blocks["scalars"][0][0] == session.run.frame(5).step
    assert header["history"]["step"][-1] < session.run.frame(5).step


def test_a_class_that_follows_can_go_on_from_the_teachers_very_step() -> None:
    classroom = Classroom("BCDFGH")
    session = session_of()
    session.audience = TeacherAudience(classroom)
    connection = connection_of(session)
    classroom.follow(True)
    advance(session)
    assert connection.message
    assert classroom.lecture is not None
    assert classroom.lecture.query is not None
    header, blocks = decode(classroom.lecture.message)
    own = session_of()
    own.open(open_address(list(classroom.lecture.query.items())))
    while not own.run.has_frames:
        own.run.mount()
    assert own.run.past.steps[-1] == blocks["scalars"][0][0] > 0
    assert np.allclose(own.run.frame(own.run.last).floats[1:6], blocks["scalars"][0][1:6], rtol=1e-3)
    assert header["scene"]["title"]


def test_the_table_has_a_row_for_each_and_no_formula() -> None:
    classroom, _, connection = in_class()
    assert connection.message
    classroom.join("=SUM(A1)")
    header, rows = class_table(classroom.seats, classroom.now)
    text = to_csv(header, rows)
    lines = text.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("nickname,experiment,learning_rate,step")
    assert lines[1].startswith("Anna,")
    assert lines[2].startswith("'=SUM(A1),")
    assert {len(row) for row in rows} == {len(header)}


def test_the_gallery_has_no_names() -> None:
    classroom, _, connection = in_class()
    assert connection.message
    classroom.pick(classroom.seats[0].number)
    answer = wall(classroom, 0, classroom.now)
    (work,) = answer["works"]
    assert "Anna" not in json.dumps(work)
    assert "seat" not in work
    assert len(pixels(work["map"])) == 64 * 64
    (work,) = wall(classroom, answer["count"], classroom.now)["works"]
    assert "map" not in work


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40))
def test_every_finite_loss_is_in_one_bin(losses: list[float]) -> None:
    histogram = loss_histogram(losses)
    finite = [loss for loss in losses if math.isfinite(loss) and loss >= 0]
    assert sum(histogram["counts"]) == len(finite)
    if not finite:
        return
    edges = histogram["edges"]
    assert len(histogram["counts"]) == BINS == len(edges) - 1
    assert all(low < high for low, high in pairwise(edges))


def test_bins_are_where_the_losses_are() -> None:
    losses = [0.01, 0.011, 0.1, 1.0]
    histogram = loss_histogram(losses)
    expected, _ = np.histogram(np.log10(losses), bins=BINS)
    assert histogram["counts"] == expected.tolist()
    assert histogram["edges"][0] == pytest.approx(0.01)
    assert histogram["edges"][-1] == pytest.approx(1.0)


def test_the_class_is_a_sweep_and_says_who_has_diverged() -> None:
    classroom = Classroom("BCDFGH")
    for rate, loss in ((0.01, 0.5), (10.0, math.nan)):
        stage = Snapshot("r", "t", {}, rate, test_loss=loss, shades=np.zeros((1, 64, 64), np.uint8))
        classroom.show(classroom.join(""), replace(stage, run=str(rate)), bytes)
    numbers = class_numbers(classroom.seats)
    assert [(row["rate"], row["loss"]) for row in numbers["rates"]] == [(0.01, 0.5), (10.0, None)]
    assert sum(numbers["histogram"]["counts"]) == 1

"""The pull of a sample, as the stage asks for it: of the frame and the point that it names, whatever the socket
says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from playground import Experiment
from playground.experiment import Handout
from playground.live import Run, parse_request
from playground.live.inspection.per_example_gradients import PerExampleGradients
from playground.live.protocol.request import FrameRequest
from playground.stage.connection import connection_of
from playground.web.components import decode
from tests.test_pages import current, opened


def test_the_pull_is_of_the_frame_and_the_point_that_are_asked_about() -> None:
    run = Run("r", Experiment.of(samples=60, hidden=[3]))
    run.compile()
    PerExampleGradients(run.trainer).recipe.program()
    run.answer(FrameRequest("r", 0, 1, 10, 0, 3))
    found = run.inspect("pulls", 1, 7)
    assert found
    assert (found["frame"], found["point"]) == (1, 7)
    known = PerExampleGradients(run.trainer)(run.state(1), point=7)
    np.testing.assert_allclose(found["pull"], known.pull)
    np.testing.assert_allclose(found["cosine"], known.cosine, atol=6e-4)


@pytest.mark.parametrize(("point", "taken"), [(3, 3), (-5, -1), ("x", -1), (True, -1), (1e12, 2**31), (None, -1)])
def test_a_point_is_checked(point: object, taken: int) -> None:
    want = parse_request({"run": "r", "look": "pulls", "point": point})
    assert want
    assert want.point == taken


def test_the_stage_is_told_and_no_such_point_is_said_to_be_none() -> None:
    session = current(opened(hidden="2", samples="60"))
    PerExampleGradients(session.run.trainer).recipe.program()
    connection_of(session).answer({"run": session.run.name, "look": "pulls", "head": 0, "point": 5})
    look = decode(connection_of(session).message)[0]["look"]
    assert look["point"] == 5
    assert look["cosine"][5] == pytest.approx(1, abs=1e-3)
    connection_of(session).answer({"run": session.run.name, "look": "pulls", "head": 0, "point": 99_999})
    assert decode(connection_of(session).message)[0]["look"]["point"] == -1
    session.handout = Handout(hide=("pulls",))
    connection_of(session).answer({"run": session.run.name, "look": "pulls", "head": 0, "point": 5})
    assert "look" not in decode(connection_of(session).message)[0]
    json.dumps(decode(connection_of(session).message)[0], allow_nan=False)

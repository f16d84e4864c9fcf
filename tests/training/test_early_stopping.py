"""Early stopping: the same experiment ends at the same step however its steps are cut, whoever trains it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import Experiment, Trainer
from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.gradient_flow.simulation import FlowSimulation
from playground.analysis.race.simulation import Contestant, RaceSimulation
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.cli.main import main
from playground.experiment import replace_field
from playground.live.protocol.request import FrameRequest
from playground.live.replay.log import decode_log, encode_log
from playground.live.run import Run

BASE: dict[str, Any] = {"samples": 60, "hidden": [3], "noise": 0.3, "batch_size": 7, "learning_rate": 0.5}
CASES: dict[str, dict[str, Any]] = {
    "general": BASE | {"patience": 4},
    "never better": BASE | {"patience": 3, "learning_rate": 0},
    "adam": BASE | {"patience": 2.5, "optimizer": "adam", "learning_rate": 0.05, "dropout": 0.2},
    "a program of its own": BASE | {"patience": 4, "normalization": "batch"},
}
LONG = 3000


@cache
def expected(case: str) -> tuple[int, int, float]:
    """The last step, and step and loss of the best epoch: epoch by epoch from scores alone."""
    experiment = Experiment.of(**CASES[case])
    trainer = Trainer(replace_field(experiment, "patience", 0.0))
    state, best, best_epoch, epoch = trainer.init(), np.inf, 0, 0
    best = trainer.scores(state).test_loss
    while epoch - best_epoch < experiment.knobs.patience:
        state, epoch = trainer.advance(state, trainer.steps_per_epoch), epoch + 1
        if (loss := trainer.scores(state).test_loss) < best:
            best, best_epoch = loss, epoch
    assert int(state.step) < LONG
    return int(state.step), best_epoch * trainer.steps_per_epoch, best


@cache
def whole(case: str) -> tuple[Trainer, Any]:
    trainer = Trainer(Experiment.of(**CASES[case]))
    return trainer, trainer.advance(trainer.init(), LONG)


def same(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(np.asarray(a), np.asarray(b))
        for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    )


@pytest.mark.parametrize("case", CASES)
def test_it_ends_where_the_test_losses_say(case: str) -> None:
    trainer, state = whole(case)
    end, best_step, best = expected(case)
    assert (int(state.step), int(state.best.step)) == (end, best_step)
    assert float(state.best.loss) == pytest.approx(best, rel=1e-6)
    assert trainer.has_stopped(state)
    assert same(trainer.advance(state, 100), state)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, 200), min_size=1, max_size=8))
def test_any_cut_of_the_steps_gives_the_same_states(case: str, cuts: list[int]) -> None:
    trainer, end = whole(case)
    state = trainer.init()
    for steps in cuts:
        state = trainer.advance(state, steps)
    assert same(trainer.advance(state, LONG), end)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("pace", [1, 5, 13, 400])
def test_the_stage_ends_there_at_any_size_of_frames(case: str, pace: int) -> None:
    run = Run("r", Experiment.of(**CASES[case]))
    while (chunk := run.answer(FrameRequest("r", 0, run.last + 1, pace, run.last, 24))).state == "ready":
        assert chunk.frames
    end, best_step, _ = expected(case)
    each = run.trainer.steps_per_epoch
    assert chunk.state == "stopped"
    assert f"at epoch {best_step // each}, {(end - best_step) // each} epochs ago" in chunk.text
    assert same(run.state(run.last), whole(case)[1])
    made_again = run.past.state(run.last // 2)
    assert same(run.trainer.advance(made_again, LONG), whole(case)[1])
    branch = run.branch("b", run.last // 2)
    while branch.answer(FrameRequest("b", 0, branch.last + 1, 7, branch.last, 24)).state == "ready":
        pass
    assert same(branch.state(branch.last), whole(case)[1])


@pytest.mark.parametrize("every", [None, 1, 7, 1000])
def test_the_command_line_ends_there_however_often_it_looks(
    every: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.json").write_text(Experiment.of(**CASES["general"]).to_json())
    options = [] if every is None else ["--every", str(every)]
    main(["train", "--spec", str(tmp_path / "s.json"), "--steps", str(LONG), *options])
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["step"] == expected("general")[0]
    assert last["stopped"].startswith("Stopped early: the test loss was best")


def test_a_replay_with_a_turned_knob_ends_where_the_run_did() -> None:
    def played(run: Run) -> Run:
        while run.answer(FrameRequest(run.name, run.epoch, run.last + 1, 10, run.last, 24)).state == "ready":
            pass
        return run

    run = Run("r", Experiment.of(**CASES["general"]))
    for _ in range(2):
        run.answer(FrameRequest("r", 0, run.last + 1, 5, run.last, 3))
    turned = replace_field(run.experiment, "learning_rate", 0.3)
    run.update_knobs(turned)
    played(run)
    steps = run.past.steps[-1]
    story = decode_log(encode_log(run), steps, turned)
    assert story is not None
    again = Run("again", Experiment.of(**CASES["general"]))
    again.start_replay(story, turned)
    while again.mount().state == "returning":
        pass
    assert same(again.state(again.last), run.state(run.last))
    assert again.answer(FrameRequest("again", again.epoch, again.last + 1, 10, again.last, 4)).state == "stopped"


def test_a_turned_knob_begins_to_wait_anew() -> None:
    run = Run("r", Experiment.of(**CASES["never better"]))
    for _ in range(9):
        run.answer(FrameRequest("r", 0, run.last + 1, 10, run.last, 24))
    ended = run.past.steps[-1]
    run.update_knobs(replace_field(run.experiment, "learning_rate", 0.1))
    assert run.answer(FrameRequest("r", 1, run.last + 1, 1, run.last, 4)).state == "ready"
    assert run.past.steps[-1] > ended


def test_who_races_ends_where_it_would_alone() -> None:
    alone = expected("general")[0]
    slow = replace_field(Experiment.of(**CASES["general"]), "learning_rate", 0.01)
    race = RaceSimulation([Contestant("a", Experiment.of(**CASES["general"])), Contestant("b", slow)])
    state = race.first_state()
    for _ in range(6):
        state = race.advance(state, LONG // 6 + 1)
    assert int(race.contest.state(state, 0).step) == alone
    by_itself = Trainer(slow)
    assert same(race.contest.state(state, 1), by_itself.advance(by_itself.init(), int(state.step)))
    both = RaceSimulation([Contestant("a", Experiment.of(**CASES["general"]))])
    assert both.stop_reason(both.advance(both.first_state(), LONG)) is not None


def test_lanes_that_were_all_stopped_say_so() -> None:
    flows = FlowSimulation([LayerFlowAnalysis(Trainer(Experiment.of(**CASES["general"])))])
    state = flows.advance(flows.advance(flows.first_state(), 100), LONG)
    assert int(state.states[0].step) == expected("general")[0]
    assert flows.stop_reason(state) is not None


def test_without_a_test_set_it_never_stops() -> None:
    trainer = Trainer(Experiment.of(**BASE | {"patience": 1, "learning_rate": 0, "train_fraction": 1.0}))
    assert int(trainer.advance(trainer.init(), 100).step) == 100


@pytest.mark.parametrize("case", ["general", "a program of its own"])
def test_many_networks_stop_each_at_its_own_step(case: str) -> None:
    """Their last losses are those that each has alone, by whichever program they are trained."""
    experiment = Experiment.of(**CASES[case])
    many = SeedEnsemble(experiment, networks=6, steps=600, grouped=True)
    for _ in many.work():
        pass
    for k in range(6):
        own = replace_field(experiment, "init_seed", experiment.problem.init_seed + k)
        trainer = Trainer(own)
        state = trainer.advance(trainer.init(), 600)
        assert many.outcome.curves[-1, 1, k] == pytest.approx(trainer.scores(state).test_loss, rel=2e-3)

"""Why a training breaks: a table of cases, on the stage and on the command line alike, and a state that stays
finite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from playground import Experiment, Trainer
from playground.cli.main import main
from playground.live.diagnostics.divergence import CAUSES, Breakdown, most_shrinking, trainer_divergence
from playground.live.protocol.request import FrameRequest
from playground.live.run import Run
from playground.objectives.optimizers import OPTIMIZERS
from playground.training.weights import load

DEAD = {"hidden": [3], "initializer": "zeros", "samples": 50}
"""No gradient reaches the first weights."""
BOUNDED = {"hidden": [2], "samples": 50, "learning_rate": 1.0}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "epsilon of Adam": ("epsilon", DEAD | {"optimizer": "adam", "epsilon": 0}),
    "epsilon of NAdam, at a rate that would be too high": (
        "epsilon",
        DEAD | {"optimizer": "nadam", "epsilon": 0, "learning_rate": 10},
    ),
    "epsilon of RMSprop": ("epsilon", DEAD | {"optimizer": "rmsprop", "epsilon": 0}),
    "epsilon of Adadelta": ("epsilon", DEAD | {"optimizer": "adadelta", "epsilon": 0}),
    "epsilon of LAMB": ("epsilon", DEAD | {"optimizer": "lamb", "epsilon": 0}),
    "epsilon in a network of its own": (
        "epsilon",
        DEAD | {"optimizer": "adam", "epsilon": 0, "normalization": "layer"},
    ),
    "epsilon beside too much L2": (
        "epsilon",
        DEAD | {"optimizer": "adam", "epsilon": 0, "l2": 3.0, "learning_rate": 1},
    ),
    "L2": ("l2", BOUNDED | {"l2": 2.2}),
    "L2 under momentum": ("l2", BOUNDED | {"l2": 4.0, "momentum": 0.9}),
    "L2 with a look ahead": ("l2", BOUNDED | {"l2": 1.6, "optimizer": "nesterov", "momentum": 0.9}),
    "L2, once it is warm": ("l2", BOUNDED | {"l2": 2.5, "schedule": "warmup_cosine", "schedule_steps": 5000}),
    "weight decay": ("weight_decay", BOUNDED | {"learning_rate": 4.0, "weight_decay": 0.6}),
    "weight decay of AdamW": (
        "weight_decay",
        BOUNDED | {"learning_rate": 4.0, "weight_decay": 0.6, "optimizer": "adamw"},
    ),
    "rate": ("rate", {"dataset": "plane", "activation": "relu", "hidden": [8], "learning_rate": 10.0}),
    "rate beside a harmless L2": (
        "rate",
        {"dataset": "plane", "activation": "relu", "hidden": [8], "learning_rate": 1.0, "l2": 1.2},
    ),
    "rate beside L1": (
        "rate",
        {"dataset": "plane", "activation": "relu", "hidden": [8], "learning_rate": 1.0, "l1": 3.0},
    ),
}
STEPS = 3000


def diverged(given: dict[str, Any]) -> tuple[Trainer, Any]:
    trainer = Trainer(Experiment.of(**given))
    return trainer, trainer.advance(trainer.init(), STEPS)


@pytest.mark.parametrize("case", CASES)
def test_the_cause_is_named_and_every_number_stays_finite(case: str) -> None:
    cause, given = CASES[case]
    trainer, state = diverged(given)
    assert 0 <= int(state.bad_step) == int(state.step) < STEPS
    assert all(np.isfinite(np.asarray(leaf)).all() for leaf in jax.tree.leaves(state))
    assert trainer_divergence(trainer, state).cause == cause


def test_every_cause_but_that_of_the_start_and_of_the_search_has_a_case() -> None:
    assert {cause for cause, _ in CASES.values()} == set(CAUSES) - {"start", "line_search"}


@pytest.mark.parametrize("case", ["epsilon of Adam", "epsilon in a network of its own", "L2"])
def test_what_breaks_in_one_call_breaks_at_the_same_step_in_many(case: str) -> None:
    """Also where the step that breaks is the last of a call."""
    trainer, state = diverged(CASES[case][1])
    single = trainer.init()
    for _ in range(int(state.step)):
        single = trainer.advance(single, 1)
        assert int(single.bad_step) == -1
    stopped = trainer.advance(single, 1)
    for ours, theirs in zip(jax.tree.leaves(stopped), jax.tree.leaves(state), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["sgd", "nesterov"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_bound_of_l2_is_that_of_its_own_recursion(name: str, momentum: float) -> None:
    """By the eigenvalues of a step of a weight and its velocity that nothing but L2 moves."""

    def grows(product: float) -> bool:
        if name == "sgd":
            step = np.array([[1 - product, -momentum], [product, momentum]])
        else:
            step = np.array([[1 - product - momentum * product, -(momentum**2)], [product, momentum]])
        return bool(np.abs(np.linalg.eigvals(step)).max() > 1 + 1e-9)

    experiment = Experiment.of(optimizer=name, momentum=momentum)
    trainer = Trainer(experiment)
    found = Breakdown(experiment.structure, trainer.knobs(), 0, 0, lambda _: True)
    assert grows(most_shrinking(found) + 1e-3)
    assert not grows(most_shrinking(found) - 1e-3)


def test_clipped_steps_are_never_thrown_away_by_l2() -> None:
    trainer = Trainer(Experiment.of(**BOUNDED | {"l2": 3.0, "clip_norm": 1.0}))
    assert int(trainer.advance(trainer.init(), 500).bad_step) == -1


def test_weights_that_are_too_large_from_the_start_are_not_the_rate_s_fault() -> None:
    trainer = Trainer(Experiment.of(dataset="plane", hidden=[8], activation="relu", samples=50))
    first = trainer.init()
    huge = trainer.advance(trainer.init(jax.tree.map(lambda leaf: np.asarray(leaf) * 1e12, first.params)), 10)
    assert (int(huge.step), int(huge.bad_step)) == (0, 0)
    assert trainer_divergence(trainer, huge).cause == "start"


@pytest.mark.parametrize("case", ["epsilon of Adam", "L2", "rate"])
def test_the_stage_and_the_command_line_say_the_same(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cause, given = CASES[case]
    experiment = Experiment.of(**given)
    run = Run("r", experiment)
    while (chunk := run.answer(FrameRequest("r", 0, run.last + 1, 50, run.last, 24))).state == "ready":
        pass
    (tmp_path / "s.json").write_text(json.dumps(experiment.to_dict()))
    weights = tmp_path / "w.safetensors"
    main(["train", "--spec", str(tmp_path / "s.json"), "--steps", str(STEPS), "--out", str(weights)])
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert chunk.state == "diverged"
    assert (last["diverged"], last["step"]) == (chunk.text, int(run.state(run.last).step))
    notice = run.notices(run.last)[0]
    assert (notice.name, notice.sentence) == ("divergence", chunk.text)
    changes = {"epsilon": "epsilon", "l2": "l2", "rate": "learning_rate"}[cause]
    assert changes in notice.remedies[0].changes
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(load(weights)))
    fixed = run.cure("fixed", Experiment.of(**given | dict(notice.remedies[0].changes)), notice.remedies[0].step)
    if not fixed.has_begun:
        fixed.compile()
        fixed.mount()
    begun = fixed.last
    for _ in range(5):
        assert fixed.answer(FrameRequest("fixed", fixed.epoch, fixed.last + 1, 20, fixed.last, 4)).state == "ready"
    assert fixed.last > begun


def test_every_optimizer_with_an_epsilon_survives_a_gradient_of_nothing() -> None:
    """Or stops before it, and says why."""
    for optimizer in OPTIMIZERS.values():
        if "epsilon" in optimizer.knobs:
            trainer, state = diverged(DEAD | {"optimizer": optimizer.name, "epsilon": 0, "samples": 50})
            assert all(np.isfinite(np.asarray(leaf)).all() for leaf in jax.tree.leaves(state))
            assert int(state.bad_step) < 0 or trainer_divergence(trainer, state).cause == "epsilon", optimizer.name

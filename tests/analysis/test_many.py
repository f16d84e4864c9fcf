"""Many networks at once: each is the network that it would be alone, and what is said of all of them is what was counted."""

from __future__ import annotations

import json
from statistics import NormalDist

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import Experiment, PlaygroundError, Trainer
from playground.analysis.interval import wilson_interval
from playground.analysis.many import GRID, Many, checkpoints, quantiles, ranked, solved
from playground.cli.main import main
from playground.nn.network import signals
from playground.stream.job import Job

CASES = {
    "plain": {"hidden": [4, 2]},
    "adam, dropout, penalty, clipping": {
        "hidden": [5],
        "optimizer": "adam",
        "dropout": 0.3,
        "l1": 0.01,
        "clip_norm": 0.1,
        "schedule": "cosine",
    },
    "five classes": {"dataset": "blobs", "classes": 5, "loss": "softmax_cross_entropy", "hidden": [6]},
    "residual, relu": {"hidden": [4, 4], "activation": "relu", "residual": True, "optimizer": "adamw"},
    "layer normalisation": {"hidden": [4], "normalization": "layer"},
    "all samples a step": {"hidden": [3], "optimizer": "lbfgs", "samples": 60},
    "no hidden layer": {"hidden": []},
    "a regression": {"dataset": "plane", "hidden": [3]},
    "thirty columns": {"dataset": "breast_cancer", "hidden": [4], "loss": "binary_cross_entropy"},
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("own", [False, True], ids=["same samples", "own samples"])
def test_each_network_is_the_one_it_would_be_alone(case: str, own: bool) -> None:
    experiment = Experiment.of(**CASES[case])
    # A line search amplifies rounding, so that soon nothing can be compared.
    steps = 3 if experiment.structure.optimizer == "lbfgs" else 40
    many = Many(experiment, networks=3, steps=steps, own_samples=own, points=3)
    list(many.work())
    for k in range(3):
        trainer = Trainer(many.one(k))
        scores = trainer.scores(trainer.advance(trainer.init(), steps))
        alone = [scores.train_loss, scores.test_loss, scores.train_metric, scores.test_metric]
        np.testing.assert_allclose(many.outcome.curves[-1, :, k], alone, rtol=2e-3, atol=2e-3)
    first = Trainer(many.one(1))
    start = first.scores(first.init())
    np.testing.assert_allclose(many.outcome.curves[0, 0, 1], start.train_loss, rtol=1e-5)


def test_the_mean_picture_is_the_mean_of_the_networks() -> None:
    many = Many(Experiment.of(hidden=[3]), networks=5, steps=30)
    list(many.work())
    outputs = []
    for k in range(5):
        trainer = Trainer(many.one(k))
        state = trainer.advance(trainer.init(), 30)
        grid = jnp.asarray(trainer.prepared.picture.grid(GRID))
        outputs.append(np.asarray(signals(trainer.network, state.params, state.stats, grid)[-1].h)[:, 0])
    outputs = np.stack(outputs)
    np.testing.assert_allclose(many.outcome.mean[:, 0], np.clip(outputs, -1, 1).mean(axis=0), atol=1e-4)
    share = (outputs > 0).mean(axis=0)
    sure = (np.abs(outputs) > 1e-3).all(axis=0)
    np.testing.assert_allclose(many.outcome.disagreement[sure], (4 * share * (1 - share))[sure], atol=1e-5)


def test_a_network_that_breaks_disturbs_no_other_and_counts_as_not_solved() -> None:
    experiment = Experiment.of(hidden=[4, 4], activation="relu", output_activation="identity", learning_rate=1.6)
    many = Many(experiment, networks=48, steps=60)
    list(many.work())
    bad = many.outcome.bad_step >= 0
    assert 0 < bad.sum() < 48
    assert np.isinf(many.outcome.final("test_loss")[bad]).all()
    assert not solved(many.outcome, "binary", 0.01)[bad].any()
    for k in (int(np.flatnonzero(bad)[0]), int(np.flatnonzero(~bad)[0])):
        trainer = Trainer(many.one(k))
        assert int(trainer.advance(trainer.init(), 60).bad_step) == many.outcome.bad_step[k]
    assert ranked(many.outcome)["worst"] in np.flatnonzero(bad)
    assert np.isfinite(many.outcome.mean).all()


@given(trials=st.integers(1, 2000), share=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
def test_the_interval_solves_wilsons_equation(trials: int, share: float, confidence: float) -> None:
    successes = round(share * trials)
    seen, z = successes / trials, NormalDist().inv_cdf((1 + confidence) / 2)
    low, high = wilson_interval(successes, trials, confidence)
    assert 0 <= low <= seen + 1e-12
    assert seen - 1e-12 <= high <= 1
    for p in (low, high):
        assert np.isclose((seen - p) ** 2, z * z * p * (1 - p) / trials, atol=1e-9)


def test_the_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I: 81 of 263 and 0 of 20, score method without continuity correction.
    np.testing.assert_allclose(wilson_interval(81, 263), (0.2553, 0.3662), atol=5e-5)
    np.testing.assert_allclose(wilson_interval(0, 20), (0.0, 0.1611), atol=5e-5)


def test_quantiles_and_checkpoints() -> None:
    np.testing.assert_array_equal(quantiles(np.array([3.0, 1, np.inf, 2, 0]), (0, 0.5, 1)), [0, 2, np.inf])
    marks = checkpoints(1000, 16)
    assert marks[0] == 0
    assert marks[-1] == 1000
    assert (np.diff(marks) > 0).all()


def test_a_job_can_be_stopped_and_keeps_what_it_found() -> None:
    many = Many(Experiment.of(hidden=[2]), networks=64, steps=50)
    job = Job("one", many.recipes, many.work)
    for recipe in many.recipes:
        recipe.program()
    while not many.outcome.finished:
        job.go_on(1e-4)
    job.cancel()
    before = many.outcome.finished
    job.go_on()
    assert (job.state, many.outcome.finished) == ("cancelled", before)
    assert 0 < job.share < 1


@pytest.mark.parametrize(
    ("options", "words"),
    [({"networks": 1}, "2 to 1024"), ({"networks": 2000}, "2 to 1024"), ({"steps": 0}, "1 to 100")],
)
def test_odd_numbers_are_refused_in_a_sentence(options: dict, words: str) -> None:
    with pytest.raises(PlaygroundError, match=words):
        Many(Experiment(), **options)


def test_the_command_prints_one_object(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(Experiment.of(dataset="xor", hidden=[4]).to_json())
    assert main(["many", "--spec", str(spec), "--seeds", "10", "--steps", "100", "--goal", "0.8"]) == 0
    said = json.loads(capsys.readouterr().out)
    many = Many(Experiment.of(dataset="xor", hidden=[4]), networks=10, steps=100, points=1)
    list(many.work(picture=False))
    successes = int(solved(many.outcome, "binary", 0.8).sum())
    assert said["success_rate"] == successes / 10
    np.testing.assert_allclose(said["interval_95"], wilson_interval(successes, 10), atol=1e-6)
    assert said["test_loss"]["5%"] == pytest.approx(many.outcome.final("test_loss").min())
    assert said["network_steps_per_cpu_second"] > 0
    assert main(["many", "--seeds", "0"]) == 2
    assert "2 to 1024" in capsys.readouterr().err


def test_no_second_compilation_for_other_knobs() -> None:
    from playground.training.programs import PROGRAMS

    many = Many(Experiment.of(hidden=[3, 2]), networks=16, steps=10)
    list(many.work())
    before = PROGRAMS.compilations
    other = Many(Experiment.of(hidden=[3, 2], learning_rate=0.1, l2=0.01, noise=0.1), networks=32, steps=20)
    list(other.work())
    assert PROGRAMS.compilations - before == 0
    assert jax.tree.leaves(other.outcome.curves)

"""Many networks at once: each is the network that it would be alone, and what is said of all of them is what was
counted."""

from __future__ import annotations

import json
from statistics import NormalDist
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import Experiment, PlaygroundError, Trainer
from playground.analysis.intervals import wilson_interval
from playground.analysis.seeds.general import STATES_PER_CALL, GeneralTraining
from playground.analysis.seeds.grouped import GroupedTraining
from playground.analysis.seeds.parts import GRID, Part
from playground.analysis.seeds.seed_ensemble import SeedEnsemble, checkpoints, quantiles, rank_networks, solved_mask
from playground.cli.main import main
from playground.live.scheduling.job import Job
from playground.nn.network import forward
from playground.programs.cache import PROGRAMS
from tests.sampling import mark_long_except

COMPILED: list[str] = []
"""What JAX compiled, in ``PROGRAMS`` or beside it."""


def note_compilation(event: str, duration_secs: float, **_: Any) -> None:
    if event == "/jax/core/compile/backend_compile_duration":
        COMPILED.append(event)


jax.monitoring.register_event_duration_secs_listener(note_compilation)

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


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
@pytest.mark.parametrize("case", mark_long_except(CASES, "plain", "layer normalisation", "thirty columns"))
@pytest.mark.parametrize("own", [False, True], ids=["same samples", "own samples"])
def test_each_network_is_the_one_it_would_be_alone(case: str, own: bool, grouped: bool) -> None:
    experiment = Experiment.of(**CASES[case])
    # A line search amplifies rounding, so that soon nothing can be compared.
    steps = 3 if experiment.structure.optimizer == "lbfgs" else 40
    many = SeedEnsemble(experiment, networks=3, steps=steps, own_samples=own, points=3, grouped=grouped)
    if many.trainer.padded is None and not grouped:
        return  # there is no general program
    assert isinstance(many.training, GroupedTraining if grouped else GeneralTraining)
    list(many.work())
    for k in range(3):
        trainer = Trainer(many.member_experiment(k))
        scores = trainer.scores(trainer.advance(trainer.init(), steps))
        alone = [scores.train_loss, scores.test_loss, scores.train_metric, scores.test_metric]
        np.testing.assert_allclose(many.outcome.curves[-1, :, k], alone, rtol=2e-3, atol=2e-3)
    first = Trainer(many.member_experiment(1))
    start = first.scores(first.init())
    np.testing.assert_allclose(many.outcome.curves[0, 0, 1], start.train_loss, rtol=1e-5)


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
def test_the_mean_picture_is_the_mean_of_the_networks(grouped: bool) -> None:
    many = SeedEnsemble(Experiment.of(hidden=[3]), networks=5, steps=30, grouped=grouped)
    list(many.work())
    outputs = []
    for k in range(5):
        trainer = Trainer(many.member_experiment(k))
        state = trainer.advance(trainer.init(), 30)
        grid = jnp.asarray(trainer.prepared.picture.grid(GRID))
        outputs.append(np.asarray(forward(trainer.network, state.params, state.stats, grid)[-1].h)[:, 0])
    outputs = np.stack(outputs)
    np.testing.assert_allclose(many.outcome.mean[:, 0], np.clip(outputs, -1, 1).mean(axis=0), atol=1e-4)
    share = (outputs > 0).mean(axis=0)
    sure = (np.abs(outputs) > 1e-3).all(axis=0)
    np.testing.assert_allclose(many.outcome.disagreement[sure], (4 * share * (1 - share))[sure], atol=1e-5)


PICTURES: list[dict[str, Any]] = [
    {"hidden": [3]},
    {"dataset": "plane", "hidden": [3]},
    {"hidden": [3], "loss": "softmax_cross_entropy"},
    {"dataset": "blobs", "classes": 4, "hidden": [3], "loss": "softmax_cross_entropy"},
    {"dataset": "blobs", "classes": 4, "hidden": [3], "output_activation": "identity"},
]


@pytest.mark.parametrize("case", PICTURES, ids=str)
def test_one_by_one_and_in_groups_tell_the_same(case: dict[str, Any]) -> None:
    ends = []
    for grouped in (False, True):
        many = SeedEnsemble(
            Experiment.of(samples=60, learning_rate=0.01, **case), networks=4, steps=20, grouped=grouped
        )
        list(many.work())
        ends.append(many.outcome)
    np.testing.assert_allclose(ends[0].curves, ends[1].curves, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ends[0].mean, ends[1].mean, rtol=1e-4, atol=1e-5)
    # A decision at a border may fall either way.
    assert (np.abs(ends[0].disagreement - ends[1].disagreement) > 1e-4).mean() < 0.005
    assert ends[0].disagreement.max() > 0.1


def test_where_a_loss_finds_no_class_all_have_their_share() -> None:
    """Of four real classes among eight outputs, all far below: a quarter each."""
    experiment = Experiment.of(dataset="blobs", classes=4, hidden=[], output_activation="identity", samples=60)
    many = SeedEnsemble(experiment, networks=2, steps=1, grouped=False)
    training = many.training
    assert isinstance(training, GeneralTraining)
    params = training.trainer.init().params
    sunk = tuple({"w": np.zeros_like(layer["w"]), "b": np.full_like(layer["b"], -5.0)} for layer in params)
    arguments = many.trainer.padded_arguments(sunk, many.trainer.knobs(), None)
    states = np.stack([arguments[0]] * STATES_PER_CALL)
    _, value, _ = training.recipes[1].program()(*arguments, states, np.int32(1), np.bool_(True), training._grid)
    np.testing.assert_allclose(np.asarray(value)[:, :4], 0.25, rtol=1e-6)
    assert not np.asarray(value)[:, 4:].any()


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
def test_a_network_that_breaks_disturbs_no_other_and_counts_as_not_solved(grouped: bool) -> None:
    experiment = Experiment.of(hidden=[4, 4], activation="relu", output_activation="identity", learning_rate=1.6)
    many = SeedEnsemble(experiment, networks=48, steps=60, grouped=grouped)
    list(many.work())
    bad = many.outcome.bad_step >= 0
    assert 0 < bad.sum() < 48
    assert np.isinf(many.outcome.final("test_loss")[bad]).all()
    assert not solved_mask(many.outcome, "binary", 0.01)[bad].any()
    for k in (int(np.flatnonzero(bad)[0]), int(np.flatnonzero(~bad)[0])):
        trainer = Trainer(many.member_experiment(k))
        assert int(trainer.advance(trainer.init(), 60).bad_step) == many.outcome.bad_step[k]
    assert rank_networks(many.outcome)["worst"] in np.flatnonzero(bad)
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


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
def test_a_job_can_be_stopped_and_keeps_what_it_found(grouped: bool) -> None:
    many = SeedEnsemble(Experiment.of(hidden=[2]), networks=128, steps=50, grouped=grouped)
    job = Job("one", many.recipes, many.work)
    for recipe in many.recipes:
        recipe.program()
    while not many.outcome.finished:
        job.run_slice(1e-4)
    job.cancel()
    before = many.outcome.finished
    job.run_slice()
    assert (job.state, many.outcome.finished) == ("cancelled", before)
    assert 0 < job.share < 1


@pytest.mark.parametrize(
    ("options", "words"),
    [({"networks": 1}, "2 to 1024"), ({"networks": 2000}, "2 to 1024"), ({"steps": 0}, "1 to 100")],
)
def test_odd_numbers_are_refused_in_a_sentence(options: dict, words: str) -> None:
    with pytest.raises(PlaygroundError, match=words):
        SeedEnsemble(Experiment(), **options)


def test_the_command_prints_one_object(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(Experiment.of(dataset="xor", hidden=[4]).to_json())
    assert main(["many", "--spec", str(spec), "--seeds", "10", "--steps", "100", "--goal", "0.8"]) == 0
    said = json.loads(capsys.readouterr().out)
    many = SeedEnsemble(Experiment.of(dataset="xor", hidden=[4]), networks=10, steps=100, points=1)
    list(many.work(picture=False))
    successes = int(solved_mask(many.outcome, "binary", 0.8).sum())
    assert said["success_rate"] == successes / 10
    np.testing.assert_allclose(said["interval_95"], wilson_interval(successes, 10), atol=1e-6)
    assert said["test_loss"]["5%"] == pytest.approx(many.outcome.final("test_loss").min())
    assert said["network_steps_per_cpu_second"] > 0
    assert main(["many", "--seeds", "0"]) == 2
    assert "2 to 1024" in capsys.readouterr().err


def test_no_second_compilation_for_other_knobs() -> None:
    many = SeedEnsemble(Experiment.of(hidden=[3, 2]), networks=16, steps=10, grouped=True)
    list(many.work())
    before = PROGRAMS.compilations
    given = {"learning_rate": 0.1, "l2": 0.01, "noise": 0.1, "dropout": 0.1, "clip_norm": 1.0}
    other = SeedEnsemble(Experiment.of(hidden=[3, 2], **given), networks=80, steps=20, grouped=True)
    list(other.work())
    assert PROGRAMS.compilations - before == 0
    assert jax.tree.leaves(other.outcome.curves)


def test_a_network_never_seen_needs_no_compiler() -> None:
    """The general programs of a bucket are there: another network, task, loss, optimizer compiles nothing at all, JAX's
    own small programs included."""
    list(SeedEnsemble(Experiment.of(hidden=[3, 2]), networks=2, steps=10).work())
    before = PROGRAMS.compilations
    unseen = {"hidden": [5, 4, 3], "activation": "mish", "optimizer": "yogi", "loss": "log_cosh", "dataset": "xor"}
    for own in (False, True):
        many = SeedEnsemble(Experiment.of(**unseen), networks=8, steps=200, own_samples=own)
        COMPILED.clear()
        list(many.work())
        assert many.outcome.finished == 8
        assert (PROGRAMS.compilations - before, COMPILED) == (0, [])


def test_which_way_depends_on_the_question_alone() -> None:
    def grouped(networks: int, steps: int, **given: Any) -> bool:
        return isinstance(
            SeedEnsemble(Experiment.of(**given), networks=networks, steps=steps).training, GroupedTraining
        )

    assert not grouped(64, 2000, hidden=[4, 2])
    assert grouped(1024, 2000, hidden=[4, 2])
    assert grouped(64, 2000, hidden=[32, 32])
    assert not grouped(8, 200, hidden=[32, 32])
    assert grouped(2, 1, hidden=[4], normalization="batch")


@pytest.mark.parametrize("grouped", [None, True], ids=["small", "large"])
def test_equal_questions_get_equal_answers_bit_for_bit(grouped: bool | None) -> None:
    """Even when the programs of the other way lie ready, and when they are compiled anew."""
    ends = []
    for turn in range(3):
        many = SeedEnsemble(Experiment.of(hidden=[4, 2], dropout=0.1), networks=6, steps=120, grouped=grouped)
        list(many.work())
        ends.append(many.outcome)
        if turn == 0:
            list(
                SeedEnsemble(
                    Experiment.of(hidden=[4, 2], dropout=0.1), networks=6, steps=120, grouped=not grouped
                ).work()
            )
        else:
            PROGRAMS.purge()
    for other in ends[1:]:
        for name in ("curves", "bad_step", "mean", "disagreement"):
            np.testing.assert_array_equal(getattr(ends[0], name), getattr(other, name))


@given(
    marks=st.lists(st.integers(1, 500), min_size=1, max_size=6, unique=True).map(sorted), longest=st.integers(1, 200)
)
def test_pieces_are_short_and_reach_every_mark(marks: list[int], longest: int) -> None:
    at, reached = 0, []
    for piece in Part(np.arange(2), np.array(marks), False).pieces(longest):
        assert 0 <= piece.steps <= longest
        at += piece.steps
        assert piece.share == at / marks[-1]
        if piece.reached:
            reached.append((piece.row, at))
    assert reached == list(enumerate(marks))


@pytest.mark.parametrize("grouped", [False, True], ids=["one by one", "in groups"])
def test_no_piece_is_long_however_many_steps_are_asked_for(grouped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops a training waits for one piece, and cutting it changes no number."""
    whole, cut = (
        SeedEnsemble(Experiment.of(hidden=[4]), networks=3, steps=97, points=2, grouped=grouped) for _ in range(2)
    )
    in_few = list(whole.work())
    monkeypatch.setattr(type(cut.training), "_steps_per_piece", 10)
    shares = list(cut.work())
    assert len(shares) > len(in_few) + 5
    assert shares == sorted(shares)
    np.testing.assert_array_equal(whole.outcome.curves, cut.outcome.curves)

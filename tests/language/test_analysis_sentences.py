"""What is said of a run, a race, a landscape and a step is a whole text with values: nothing is glued to it."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from playground.analysis.gradient_flow.variants import TITLES, gradient_words, presets, variant_name, variant_words
from playground.analysis.hypergradient.hypergradient import reason_without_slope
from playground.analysis.intervals import share_words
from playground.analysis.landscape.curvature import stability_sentence
from playground.analysis.landscape.mode_connectivity import wall_words
from playground.analysis.race.benchmark_functions import own_surface
from playground.analysis.race.entrants import optimizers, rates, schedules
from playground.analysis.race.reasons import KINDS, kind_words, race_reasons, repeat_reasons
from playground.analysis.race.significance import verdict, verdict_words
from playground.analysis.seeds.seed_ensemble import SeedEnsemble
from playground.analysis.step.payload import target_words
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import catalogue, translatable, translate
from playground.live.diagnostics.divergence import CAUSES, Breakdown
from playground.live.diagnostics.notices import list_units, name_of
from playground.live.diagnostics.remedies import ADAM, batch_normalization_remedy, lower_rate_remedy
from playground.live.history.segment import Edit, check_edit
from playground.training.knobs import knob_vector
from playground.training.trainer import Trainer
from tests.analysis.race.test_race_reasons import CURVES, STEPS

PLACES = np.linspace(-0.25, 1.25, 61)
WALL = 1 + np.exp(-(((PLACES - 0.5) / 0.15) ** 2))
EXPERIMENTS: tuple[dict[str, Any], ...] = (
    {"hidden": []},
    {"hidden": [3], "optimizer": "adam"},
    {"hidden": [3, 3], "momentum": 0.9, "normalization": "batch", "learning_rate": 1.0},
    {"hidden": [3, 2], "optimizer": "lion", "normalization": "layer", "residual": True, "dropout": 0.1},
    {"optimizer": "lbfgs", "dataset": "plane"},
    {"dataset": "blobs", "batch_size": 1},
)


class Bracketed(gettext.NullTranslations):
    """Every text in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message != catalogue.SAMPLE_NUMBER else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture(autouse=True)
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translatable, "load_catalogue", lambda _: Bracketed())


def assert_whole(texts: Iterable[str]) -> None:
    """Each of ``texts`` is one text of a catalogue from its first letter to its last."""
    checked = list(texts)
    assert checked
    for text in checked:
        shown = translate(text, "en_XA")
        depths = np.cumsum([{"⟦": 1, "⟧": -1}.get(sign, 0) for sign in shown])
        assert (depths[:-1] > 0).all(), shown
        assert shown[0] == "⟦", shown


def errors(*calls: Any) -> Iterable[str]:
    """The sentences that ``calls`` raise."""
    for call in calls:
        with pytest.raises(PlaygroundError) as raised:
            call()
        yield raised.value.sentence


def test_the_check_sees_pieces() -> None:
    for text in ("a sentence", translatable.mark("a") + translatable.mark("b"), translatable.mark("a") + "."):
        with pytest.raises(AssertionError):
            assert_whole([text])


def test_why_a_training_diverged() -> None:
    for fields in EXPERIMENTS:
        experiment = Experiment.of(**fields)
        knobs = knob_vector(experiment.knobs)
        breakdown = Breakdown(experiment.structure, knobs, 1200, 0, lambda _: True)
        for name, cause in CAUSES.items():
            assert_whole([cause.what(1200)])
            if name != "epsilon" or "epsilon" in breakdown.optimizer.defaults:
                assert_whole([cause.text(breakdown)])


def test_remedies_and_names_of_layers() -> None:
    experiment = Experiment.of(learning_rate=3, batch_size=1)
    remedies = [ADAM, batch_normalization_remedy(experiment), *(lower_rate_remedy(experiment, n) for n in (None, 0, 9))]
    assert_whole(remedy.to_dict()["label"] for remedy in remedies)
    assert_whole([name_of(0, 2), name_of(1, 2), list_units(3).sentence, list_units(33).sentence])


def test_why_a_race_ended_so() -> None:
    first = np.where(STEPS >= 30, 0.01, 1.0)
    losses = np.stack([first, first, *CURVES.values()], axis=1)
    names = ["A", "B", *CURVES]
    assert_whole(race_reasons(STEPS, losses, names, 0.05))
    assert_whole(repeat_reasons(STEPS, losses[:, None], names, 0.05))
    assert_whole(kind_words(kind, [1.0, high]) for kind in KINDS for high in (1.0, 2.0))


@pytest.mark.parametrize("arrivals", [[[1, 2]] * 40, [[1, 1]] * 4, [[1, 2], [2, 1], [3, 3]], [[np.inf, np.inf]], [[1]]])
def test_who_is_first_how_often(arrivals: list[list[float]]) -> None:
    names = ["A", "B"][: len(arrivals[0])]
    answer, explanation = verdict_words(verdict(np.array(arrivals, float)), names)
    assert_whole([text for text in (answer, explanation) if text])
    assert_whole([share_words(3, 9)])


def test_what_races_and_what_is_compared() -> None:
    own = Experiment.of()
    constant = schedules(own, "adam", ["constant", "cosine"], 9)
    assert_whole(
        entrant.name for entrant in (*optimizers(own, ["sgd", "momentum", "adam", "textbook_adam"]), *constant)
    )
    assert [translate(entrant.name, "en_XA") for entrant in rates(own, "sgd", [0.5])] == ["0.5"]
    assert_whole([own_surface("x1+x2", 1, (0, 0)).label])
    for name, variants in presets(own).items():
        assert_whole([name, *(variant.name for variant in variants)])
    assert_whole(TITLES.values())


def test_a_network_in_a_few_words() -> None:
    for fields in EXPERIMENTS:
        experiment = Experiment.of(**fields)
        assert_whole([variant_name(experiment)])
        parts = translate(variant_words(experiment), "en_XA").split(" · ")
        assert len(parts) == 3 + experiment.structure.residual
        assert all(part.startswith("⟦") and part.endswith("⟧") for part in parts)


@pytest.mark.parametrize(
    "norms", [[1, 1], [0, 1], [1e-3, 1, 1], [1, 3], [3, 1], [1e-9, 1e-6, 1e-3, 1], [1, 1e-3, 1e-6, 1e-9]], ids=str
)
def test_what_becomes_of_a_gradient(norms: list[float]) -> None:
    assert_whole([gradient_words(np.array(norms, float))])


def test_what_a_landscape_says() -> None:
    for fields in EXPERIMENTS:
        for sharpness in (np.nan, -1.0, 0.1, 3.0, 1e6):
            assert_whole(stability_sentence(Experiment.of(**fields), sharpness, full) for full in (True, False))
    flat, broken = np.ones_like(PLACES), np.where(abs(PLACES - 0.5) < 0.1, np.inf, 1.0)
    for matched in (None, flat, WALL, 1 + 2 * (WALL - 1), 1 + (WALL - 1) / 2):
        assert_whole([wall_words(PLACES, WALL, matched)])
    assert_whole([wall_words(PLACES, flat, None), wall_words(PLACES, broken, None)])


def test_what_a_step_compares_and_what_has_no_slope() -> None:
    for fields in EXPERIMENTS:
        experiment = Experiment.of(**fields)
        assert_whole([target_words(Trainer(experiment))])
        assert_whole(
            [reason for name in ("l2", "dropout") if (reason := reason_without_slope(experiment, name))] or ["⟦⟧"]
        )


def test_errors() -> None:
    trainer = Trainer(Experiment.of())
    assert_whole(
        errors(
            lambda: SeedEnsemble(Experiment.of(), networks=1),
            lambda: SeedEnsemble(Experiment.of(), steps=0),
            lambda: own_surface("x1/0", 1, (0, 0)),
            lambda: check_edit(trainer.network, Edit(9, 0, 0, 1.0)),
            lambda: check_edit(trainer.network, Edit(0, 0, 0, 1e9)),
        )
    )

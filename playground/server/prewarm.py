"""Programs that visitors are likely to need, compiled while the server is idle."""

from __future__ import annotations

from collections.abc import Iterator

from playground.analysis.gradient_flow.layer_flow import LayerFlowAnalysis
from playground.analysis.hypergradient.hypergradient import Hypergradient
from playground.analysis.landscape.curvature import Sharpness
from playground.analysis.landscape.loss_surface import LossLine, LossSurface, affordable_side
from playground.analysis.race.simulation import Contestant, RaceSimulation
from playground.analysis.seeds.seed_ensemble import FEWEST, SeedEnsemble
from playground.analysis.step import StepExplainer
from playground.experiment import Experiment
from playground.live.frames.general_rollout import rollout_recipe
from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import PerExampleGradients
from playground.live.inspection.sample_losses import SampleLosses
from playground.programs.cache import LATER, ProgramSpec
from playground.training.general import BUCKETS_AHEAD
from playground.training.trainer import Trainer, train_loop_recipe


def likely_recipes() -> list[ProgramSpec]:
    """What most visitors need, likeliest first: the frames of the usual buckets, and the training and the answers that
    the other pages show of the usual one."""
    first, *others = [rollout_recipe(bucket) for bucket in BUCKETS_AHEAD]
    return list(dict.fromkeys([first, train_loop_recipe(BUCKETS_AHEAD[0]), *answer_recipes(), *others]))


def answer_recipes() -> list[ProgramSpec]:
    """What the pages that answer questions need of the usual bucket."""
    experiment = Experiment()
    trainer = Trainer(experiment)
    return [
        *(
            analysis.recipe
            for analysis in (
                PerExampleGradients(trainer),
                SampleLosses(trainer),
                Ablation(trainer),
                LayerFlowAnalysis(trainer),
            )
        ),
        *RaceSimulation([Contestant("", experiment)]).recipes,
        *StepExplainer(trainer).recipes(),
        LossSurface(trainer, affordable_side(trainer)).recipe,
        Sharpness(trainer).recipe,
        LossLine(trainer).recipe,
        *Hypergradient(trainer).recipes,
        *SeedEnsemble(experiment, networks=FEWEST, steps=1).recipes,
    ]


def prewarm() -> Iterator[ProgramSpec]:
    """Have one program after another made, at the end of the line."""
    for recipe in likely_recipes():
        recipe.prefetch(LATER)
        yield recipe

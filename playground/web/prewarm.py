"""Programs that somebody will want, compiled while nobody wants anything."""

from __future__ import annotations

from collections.abc import Iterator

from playground.analysis.gradient_flow.layer_flow import Flow
from playground.analysis.hypergradient.hypergradient import Hypergradient
from playground.analysis.landscape.curvature import Sharpness
from playground.analysis.landscape.loss_surface import Landscape, affordable_side
from playground.analysis.race.simulation import Contestant, Race
from playground.analysis.seeds.seed_ensemble import FEWEST, Many
from playground.analysis.step import Explained
from playground.experiment import Experiment
from playground.live.frames.general_rollout import rollout_recipe
from playground.live.inspection.ablation import Ablation
from playground.live.inspection.per_example_gradients import Pulls
from playground.live.inspection.sample_losses import Samples
from playground.programs.cache import LATER, Recipe
from playground.training.general import BUCKETS_AHEAD
from playground.training.trainer import Trainer, train_loop_recipe


def likely_recipes() -> list[Recipe]:
    """What most visitors need, likeliest first: the frames of the usual buckets, and the training and the answers that
    the other pages show of the usual one."""
    first, *others = [rollout_recipe(bucket) for bucket in BUCKETS_AHEAD]
    return list(dict.fromkeys([first, train_loop_recipe(BUCKETS_AHEAD[0]), *answer_recipes(), *others]))


def answer_recipes() -> list[Recipe]:
    """What the pages that answer questions need of the usual bucket."""
    experiment = Experiment()
    trainer = Trainer(experiment)
    landscape = Landscape(trainer, affordable_side(trainer))
    return [
        *(analysis.recipe for analysis in (Pulls(trainer), Samples(trainer), Ablation(trainer), Flow(trainer))),
        *Race([Contestant("", experiment)]).recipes,
        *Explained(trainer).recipes(),
        landscape.recipe,
        Sharpness(trainer).recipe,
        landscape.line_recipe,
        *Hypergradient(trainer).recipes,
        *Many(experiment, networks=FEWEST, steps=1).recipes,
    ]


def prewarm() -> Iterator[Recipe]:
    """Have one program after another made, at the end of the line."""
    for recipe in likely_recipes():
        recipe.prepare_program(LATER)
        yield recipe

"""``python -m playground many``: one experiment from many starts, as one JSON object."""

from __future__ import annotations

import argparse
import json

from playground.analysis.intervals import wilson_interval
from playground.analysis.seeds.seed_ensemble import SeedEnsemble, quantiles, rank_networks, solved_mask
from playground.cli.own_table import own_table
from playground.cli.train import finite, read_spec
from playground.experiment import Experiment
from playground.live.scheduling.job import Job
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices

GOAL = {"regression": 0.9}
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def many(arguments: argparse.Namespace) -> None:
    """Train so many networks and print how they ended; raises ``PlaygroundError`` for bad input."""
    configure_devices()
    use_persistent_cache()
    data = read_spec(arguments.spec)
    table = own_table(arguments, data)
    experiment = Experiment.from_dict(data, table)
    ensemble = SeedEnsemble(
        experiment,
        table,
        networks=arguments.seeds,
        steps=arguments.steps,
        own_samples=arguments.samples,
        points=1,
        device=arguments.device,
    )
    job = Job("many", ensemble.recipes, lambda: ensemble.work(picture=False))
    job.finish()
    outcome = ensemble.outcome
    goal = GOAL.get(experiment.task, 0.95) if arguments.goal is None else arguments.goal
    successes = int(solved_mask(outcome, experiment.task, goal).sum())
    low, high = wilson_interval(successes, outcome.finished)
    name = "r2" if experiment.task == "regression" else "accuracy"
    order = rank_networks(outcome)
    line = {
        "networks": outcome.finished,
        "steps": arguments.steps,
        "solved_from": {name: goal},
        "success_rate": successes / outcome.finished,
        "interval_95": [round(low, 6), round(high, 6)],
        "diverged": int((outcome.bad_step >= 0).sum()),
    }
    for part in ("train_loss", "test_loss"):
        values = quantiles(outcome.final(part), SHARES)
        line[part] = {f"{share:.0%}": finite(float(value)) for share, value in zip(SHARES, values, strict=True)}
    line |= {f"{which}_init_seed": int(outcome.seeds[k]) for which, k in order.items()}
    line["network_steps_per_cpu_second"] = round(outcome.network_steps / max(outcome.cpu_seconds, 1e-9))
    print(json.dumps(line), flush=True)

"""``python -m playground sharpness``: how steeply the training loss curves, and the learning rate that this allows."""

from __future__ import annotations

import argparse
from pathlib import Path

from playground.analysis.landscape.curvature import Sharpness, limit_of, stability_sentence
from playground.cli.json_lines import print_json
from playground.cli.own_table import own_table
from playground.cli.train import finite, read_spec
from playground.experiment import Experiment
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices
from playground.training.trainer import Trainer
from playground.training.weights import load


def sharpness(arguments: argparse.Namespace) -> None:
    """Print one JSON object on the state of the weights given, or of the start; raises ``PlaygroundError`` for bad
    input."""
    configure_devices()
    use_persistent_cache()
    data = read_spec(arguments.spec)
    table = own_table(arguments, data)
    experiment = Experiment.from_dict(data, table)
    trainer = Trainer(experiment, table)
    state = trainer.begin_with(*load(Path(arguments.weights))) if arguments.weights else trainer.init()
    largest, second = (float(value) for value in Sharpness(trainer)(state).values)
    full = trainer.batch_size >= int(trainer.prepared.data.train.n)
    line = {
        "sharpness": finite(largest),
        "second_eigenvalue": finite(second),
        "stable_learning_rate": finite(limit_of(experiment, largest)),
        "learning_rate": experiment.knobs.learning_rate,
        "meaning": stability_sentence(experiment, largest, full),
    }
    print_json(line)

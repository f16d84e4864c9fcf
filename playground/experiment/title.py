"""An experiment in a line: what it is called in headings, links and beside a picture."""

from __future__ import annotations

from playground.datasets import DATASETS, Table
from playground.experiment.experiment import Experiment
from playground.experiment.problem import OWN_DATA
from playground.language import Translatable, mark
from playground.objectives.optimizers import OPTIMIZERS

MAX_NAME_CHARS = 40
"""Letters of a file's name in a title."""


def experiment_title(experiment: Experiment, table: Table | None = None) -> Translatable:
    """Dataset (of one's own rows in ``table``, their file's name), widths, activation, optimizer."""
    structure, name = experiment.structure, table.name if table is not None else ""
    own = name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"
    dataset = (
        (own or mark("own data"))
        if experiment.problem.dataset == OWN_DATA
        else DATASETS[experiment.problem.dataset].label
    )
    return mark(
        "{dataset} · {hidden} {activations} · {optimizer}",
        dataset=dataset,
        hidden="-".join(map(str, structure.hidden)) or mark("no hidden layer"),
        activations="/".join(sorted(set(structure.activations)) or ["linear"]),
        optimizer=OPTIMIZERS[structure.optimizer].label,
    )

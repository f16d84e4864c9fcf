"""What the stage needs to draw a run's network: its nodes, their words, what is switched off."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from playground.datasets import DATASETS, FEATURES, feature_of
from playground.datasets.formula import is_formula
from playground.datasets.labels import class_label, column_label
from playground.language import join_items
from playground.live import Run
from playground.live.diagnostics.layer_health import shut_word
from playground.live.frames.diagram import SHOWN_ENDS, SMALL, Diagram
from playground.nn.activations import ACTIVATIONS
from playground.number_format import format_precise
from playground.training.data import feature_columns
from playground.training.projection import cell_centres
from playground.training.trainer import network_of


def diagram(run: Run) -> dict[str, Any]:
    """The network as plain JSON values: widths in full and as drawn, activations, features with their maps."""
    experiment, network = run.experiment, network_of(run.experiment)
    structure = experiment.structure
    return {
        "widths": list(network.widths),
        "shown": list(Diagram(network).widths),
        "hidden": list(structure.hidden),
        "activations": list(network.activations),
        "shut_words": [shut_word(name) for name in structure.activations] + [""],
        "choices": [[entry.name, entry.label] for entry in ACTIVATIONS.values()],
        "small": SMALL,
        "residual": structure.residual,
        "normalization": structure.normalization,
        "features": features(run),
        "outputs": outputs(run, network.widths[-1]),
    }


def outputs(run: Run, width: int) -> list[str]:
    """What each output speaks of: a class each, two classes, or what a regression predicts."""
    prepared = run.trainer.prepared
    names = [class_label(name) for name in prepared.class_names]
    if width > 1:
        return names
    return [join_items(names, "or") if names else prepared.target.label]


def features(run: Run) -> list[dict[str, Any]]:
    """The input nodes: what is used (``input``: its place among the inputs) and what could be (-1), with a map each."""
    problem = run.experiment.problem
    used = problem.features
    names = (
        [*dict.fromkeys((*problem.choices, *used))]
        if not problem.tabular
        else [*dict.fromkeys((*used, *problem.choices))]
    )
    picture = run.trainer.prepared.picture
    drawn, constants = used[:SHOWN_ENDS], constant_features(run)
    names = [name for name in names if name in drawn or name not in used]
    if problem.tabular:
        names = names[: max(SHOWN_ENDS, len(drawn))]
        columns = picture.grid(SMALL)
        values = {name: columns[:, used.index(name)] for name in drawn}
    else:
        half = DATASETS[problem.dataset].domain or 6.0
        places = cell_centres((-half, half), (-half, half), SMALL)
        values = {name: feature_columns((name,), places)[:, 0] for name in names}
    return [
        {
            "name": name,
            "label": name.replace("_", " ") if problem.tabular else label_of(name),
            "words": column_label(problem.dataset, name) if problem.tabular else feature_of(name).explanation,
            "input": used.index(name) if name in drawn else -1,
            "map": encode_map(values[name]) if name in values and name not in constants else "",
            "held": constants.get(name, ""),
        }
        for name in names
    ]


def constant_features(run: Run) -> dict[str, str]:
    """The columns that do not change over the picture, each with the value that it has everywhere in it."""
    problem, prepared = run.experiment.problem, run.trainer.prepared
    if not problem.tabular:
        return {}
    cells, plane = prepared.picture.grid(SMALL), prepared.plane
    raw = cells[0] * plane.deviation + plane.mean
    still = np.ptp(cells, axis=0) == 0
    return {name: format_precise(float(raw[i])) for i, name in enumerate(problem.features) if still[i]}


def label_of(name: str) -> str:
    """A feature's short name."""
    return feature_of(name).label if name in FEATURES or is_formula(name) else name.replace("_", " ")


def encode_map(values: np.ndarray) -> str:
    """A map of ``values (cells,)`` over their largest magnitude as base64 of uint8, 128 for zero."""
    peak = float(np.abs(values).max()) or 1.0
    return base64.b64encode(np.round(values / peak * 127 + 128).astype(np.uint8).tobytes()).decode()


def mask_history(run: Run) -> list[dict[str, Any]]:
    """From which frame on what was off: ``units`` [layer, unit], ``links`` [layer, source, unit], ``frozen`` layers."""
    entries = []
    for start, masks in run.mask_changes():
        off: dict[str, Any] = {"from": start, "units": [], "links": [], "frozen": []}
        if masks is not None:
            for name in ("units", "links"):
                for layer, part in enumerate(getattr(masks, name)):
                    off[name] += [[layer, *map(int, at)] for at in np.argwhere(np.asarray(part) == 0)]
            off["frozen"] = [int(at) for at in np.flatnonzero(np.asarray(masks.learning) == 0)]
        if not entries or {**entries[-1], "from": 0} != {**off, "from": 0}:
            entries.append(off)
    return entries

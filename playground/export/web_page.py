"""A trained network as one HTML file that works without a network: the weights, rows to ask, and the boundary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from playground.datasets import feature_of
from playground.datasets.labels import class_label, column_label
from playground.export.expressions import feature_expression, nested_lists
from playground.export.source import Subject, title
from playground.language import current_language, mark, t, translate_tree
from playground.nn.activations import ACTIVATIONS
from playground.nn.normalization import EPSILON
from playground.palette import EXPORTED_PAGE, NEGATIVE, OKABE_ITO, POSITIVE, css_variables
from playground.training.data import samples_of

TEMPLATE = Path(__file__).with_name("web_page.html")
SHOWN_ROWS = 4
WORDS = (
    mark("A trained network"),
    mark("Ask it"),
    mark("Another row"),
    mark("What it answers"),
    mark("The network"),
    mark("Blue links are positive, orange ones negative; the wider, the stronger."),
    mark("All weights"),
    mark("no number"),
    mark("{name} ({share} %)"),
    mark("{column}, row {row}"),
    mark("not a number"),
    mark("Across:"),
    mark("up:"),
    mark("Other columns are those of the first row above. It begins with the two that move its answer most."),
    mark("least {number}"),
    mark("most {number}"),
    mark("{name} from {low} to {high}"),
    mark("Classes over {ranges}"),
    mark("{range} over {ranges}"),
    mark("A network of {widths} units"),
    mark("Layer {number}: {activation}"),
    mark("unit {number}"),
    mark("bias"),
    mark("scale"),
    mark("offset"),
    mark("mean"),
    mark("variance"),
)
"""Every text of the page: what it writes by itself is asked for by its English."""


def to_web_page(subject: Subject) -> str:
    """The file's text. Names may be anybody's: they stand in JSON without a ``<``, and the page shows them as text."""
    text = json.dumps(translate_tree(model_of(subject)), ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")
    before, after = template().split(">MODEL<")
    return f"{before}>{text}<{after}"


def template() -> str:
    """The page in its colours and its language, with MODEL where the model's JSON is to stand."""
    light, dark = (
        css_variables(EXPORTED_PAGE[is_dark] | {"negative": NEGATIVE[is_dark], "positive": POSITIVE[is_dark]})
        for is_dark in (False, True)
    )
    rules = (
        f":root {{ color-scheme: light dark; {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    )
    classes = json.dumps([colour.lower() for colour in (OKABE_ITO[1], OKABE_ITO[0], *OKABE_ITO[2:])])
    text = TEMPLATE.read_text(encoding="utf-8")
    text = text.replace("LANGUAGE", current_language().replace("_", "-"), 1)
    return text.replace("[/* COLOURS */]", classes).replace("/* COLOURS */", rules)


def model_of(subject: Subject) -> dict[str, Any]:
    """What the page shows and computes with, as JSON has it."""
    problem, prepared, network = subject.experiment.problem, subject.trainer.prepared, subject.trainer.network
    raw, columns, _ = samples_of(subject.experiment, subject.trainer.table)
    asked = prepared.order[1] if len(prepared.order[1]) else prepared.order[0]
    rows = raw[asked[np.linspace(0, len(asked) - 1, min(SHOWN_ROWS, len(asked))).astype(int)]]
    if problem.tabular:
        columns = [column_label(problem.dataset, name) for name in columns]
    arrays = [
        {name: np.asarray(value).tolist() for name, value in {**layer, **stats}.items()}
        for layer, stats in zip(subject.state.params, [*subject.state.stats, *[{}] * network.depth], strict=False)
    ]
    layers = [
        values | {"activation": name, "label": ACTIVATIONS[name].label, "residual": network.skips(i)}
        for i, (values, name) in enumerate(zip(arrays, network.activations, strict=True))
    ]
    return {
        "title": title(subject),
        "words": {str(text): translated for text in WORDS if (translated := t(text)) != text},
        "columns": list(columns),
        "inputs": list(columns) if problem.tabular else [feature_of(name).label for name in problem.features],
        "expressions": None
        if problem.tabular
        else [nested_lists(feature_expression(name)) for name in problem.features],
        "mean": list(map(float, prepared.plane.mean)),
        "deviation": list(map(float, prepared.plane.deviation)),
        "layers": layers,
        "epsilon": EPSILON,
        "classes": [class_label(name) for name in prepared.class_names] if prepared.class_names else None,
        "logits": subject.loss.logits,
        "target": {
            "name": prepared.target.name,
            "mean": float(prepared.target.mean),
            "deviation": float(prepared.target.deviation),
        },
        "rows": rows.astype(float).tolist(),
        "ranges": [[float(column.min()), float(column.max())] for column in raw.T],
    }

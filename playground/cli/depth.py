"""``python -m playground depth``: plain and residual networks of several depths, a JSON object a look."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

import numpy as np

from playground.analysis.depth.degradation import Comparison, degradation_words, find_degradation
from playground.analysis.depth.presets import DEPTH_PRESETS
from playground.analysis.depth.settings import RULES, DepthSettings
from playground.analysis.depth.study import KINDS, SCORES, DepthStudy
from playground.analysis.depth.surgery import LayerSurgery
from playground.analysis.intervals import median_interval
from playground.cli.json_lines import print_json
from playground.cli.train import finite
from playground.errors import PlaygroundError
from playground.language import mark
from playground.live.scheduling.job import Job
from playground.programs.compiler import use_persistent_cache
from playground.programs.devices import configure_devices


def depth_settings(arguments: argparse.Namespace) -> DepthSettings:
    """The study that the command line asks for; raises ``PlaygroundError`` for what makes no sense."""
    settings = DEPTH_PRESETS[arguments.preset].settings if arguments.preset is not None else DepthSettings()
    changes: dict[str, Any] = {name: getattr(arguments, name) for name in RULES if getattr(arguments, name) is not None}
    if "depths" in changes:
        changes["depths"] = [
            int(part) if part.strip().isdigit() else part.strip() for part in changes["depths"].split(",")
        ]
    return replace(settings, **changes)


def depth(arguments: argparse.Namespace) -> None:
    """Train, print a line at each look and the answer at last; raises ``PlaygroundError`` for bad input."""
    settings = depth_settings(arguments)
    if arguments.remove_layers is not None and arguments.remove_layers not in settings.depths:
        raise PlaygroundError(
            mark(
                "there are no networks of {depth} layers to take some out of; choose one of {depths}.",
                depth=arguments.remove_layers,
                depths=", ".join(map(str, settings.depths)),
            )
        )
    configure_devices()
    use_persistent_cache()
    study = DepthStudy(settings)
    for recipe in study.recipes:
        recipe.program()
    looks = 0
    for _ in study.work():
        if study.looks > looks:
            looks = study.looks
            print_json(look_line(study))
    if arguments.remove_layers is not None:
        surgery = LayerSurgery(study, arguments.remove_layers)
        Job("surgery", surgery.recipes, surgery.work).finish()
        print_json(surgery_line(surgery))
    degradation = find_degradation(settings.depths, study.score("train_loss"))
    line: dict[str, Any] = {"verdict": degradation.kind, "meaning": degradation_words(degradation)}
    line |= {"deepest": degradation.deepest, "best": degradation.best}
    for name in ("plain", "cure", "residual"):
        comparison = getattr(degradation, name)
        if comparison is not None:
            line[name] = comparison_numbers(comparison)
    print_json(line | {"final": True})


def look_line(study: DepthStudy) -> dict[str, Any]:
    """Medians over the starts at the newest look, a number for each depth."""
    line: dict[str, Any] = {"step": int(study.marks[study.looks - 1]), "depths": list(study.settings.depths)}
    for name in SCORES:
        middles = np.median(study.score(name), axis=2)
        line[name] = {kind: [finite(float(value)) for value in middles[:, k]] for k, kind in enumerate(KINDS)}
    return line


def comparison_numbers(comparison: Comparison) -> dict[str, Any]:
    """A comparison's counts, ratio and chance."""
    ratio = comparison.ratio
    return {
        "higher": comparison.higher,
        "lower": comparison.lower,
        "starts": comparison.starts,
        "ratio": finite(ratio.middle),
        "interval": [finite(ratio.low), finite(ratio.high)],
        "confidence": ratio.confidence,
        "p": comparison.chance,
    }


def surgery_line(surgery: LayerSurgery) -> dict[str, Any]:
    """Medians over the starts of loss and share of right answers, as trained and without one layer each."""
    line: dict[str, Any] = {"layers_removed_from": surgery.depth}
    for k, kind in enumerate(KINDS):
        losses = [median_interval(row).middle for row in surgery.without[:, 0, k]]
        rights = [median_interval(row).middle for row in surgery.without[:, 1, k]]
        line[kind] = {
            "train_loss": finite(median_interval(surgery.intact[0, k]).middle),
            "train_accuracy": median_interval(surgery.intact[1, k]).middle,
            "train_loss_without": [finite(value) for value in losses],
            "train_accuracy_without": rights,
        }
    return line

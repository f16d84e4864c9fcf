"""An experiment in a few words: what a folded section holds, and what all of it is."""

from __future__ import annotations

from collections.abc import Container, Mapping
from math import ceil

from playground.datasets import DATASETS
from playground.experiment import OWN_DATA, Experiment
from playground.experiment.regularization import active_kinds
from playground.language import join_items, t, t_plural
from playground.number_format import format_brief
from playground.objectives.regularizers import REGULARIZERS
from playground.web.fields import choice_label, field_text

Hidden = Container[str]
"""Names of the controls that a handout hides: nothing is said of those."""


def data_summary(experiment: Experiment, hidden: Hidden = ()) -> str:
    """How much data there is, how noisy, and how it is split."""
    problem = experiment.problem
    is_table = problem.dataset == OWN_DATA or DATASETS[problem.dataset].domain is None
    share = field_text("train_fraction", problem.train_fraction)
    parts = {
        "features": t_plural("{count} column", "{count} columns", len(problem.features)) if is_table else "",
        "samples": "" if is_table else t_plural("{count:,} sample", "{count:,} samples", problem.samples),
        "noise": "" if is_table else t("noise {noise}", noise=field_text("noise", problem.noise)),
        "train_fraction": t("{share} to train", share=share),
    }
    return join_parts(parts, hidden)


def network_summary(experiment: Experiment, hidden: Hidden = ()) -> str:
    """Layers, initialisation, and what is unusual."""
    structure = experiment.structure
    is_normalized = structure.normalization != "none"
    parts = {
        "hidden": " - ".join(map(str, structure.hidden)) or t("no hidden layer"),
        "initializer": choice_label("initializer", structure.initializer),
        "normalization": choice_label("normalization", structure.normalization) if is_normalized else "",
        "residual": t("residual") if structure.residual else "",
    }
    return join_parts(parts, hidden)


def training_summary(experiment: Experiment, hidden: Hidden = ()) -> str:
    """The learning rate's schedule, clipping, and whether samples are shuffled."""
    structure, knobs = experiment.structure, experiment.knobs
    parts = {
        "schedule": t("rate {schedule}", schedule=choice_label("schedule", structure.schedule).lower()),
        "clip_norm": t("clipped at {norm}", norm=format_brief(knobs.clip_norm)) if knobs.clip_norm else "",
        "shuffle": t("shuffled") if structure.shuffle else t("not shuffled"),
    }
    return join_parts(parts, hidden)


def regularization_summary(experiment: Experiment, hidden: Hidden = ()) -> str:
    """What keeps it simple, with its strength."""
    knobs = experiment.knobs
    parts = {
        name: f"{t(REGULARIZERS[name].label)} {field_text(name, getattr(knobs, name))}"
        for name in active_kinds(experiment)
    }
    if knobs.label_smoothing:
        parts["label_smoothing"] = t("label smoothing {share:g}", share=knobs.label_smoothing)
    if knobs.patience:
        parts["patience"] = t_plural(
            "stops after {epochs:g} epoch", "stops after {epochs:g} epochs", ceil(knobs.patience), epochs=knobs.patience
        )
    return join_parts(parts, hidden) or t("none")


def join_parts(parts: Mapping[str, str], hidden: Hidden) -> str:
    """The parts that are not empty, by the name of their control, but for those that are hidden."""
    return t(join_items(text for name, text in parts.items() if text and name not in hidden))


def experiment_summary(experiment: Experiment, hidden: Hidden = ()) -> str:
    """All that stands in the row of choices, in one line."""
    problem, structure, knobs = experiment.problem, experiment.structure, experiment.knobs
    activations = list(dict.fromkeys(structure.activations))
    rate = "" if "learning_rate" in hidden else f" {t(format_brief(knobs.learning_rate))}"
    parts = {
        "dataset": choice_label("dataset", problem.dataset),
        "activation": t(join_items(choice_label("activation", name) for name in activations[:2])),
        "loss": choice_label("loss", structure.loss),
        "optimizer": choice_label("optimizer", structure.optimizer) + rate,
        "l2": regularization_summary(experiment, hidden) if active_kinds(experiment) else "",
        "batch_size": t("batch {size}", size=structure.batch_size),
    }
    return " · ".join(text for name, text in parts.items() if text and name not in hidden)

"""An experiment in a few words: what a folded section holds, and what all of it is."""

from __future__ import annotations

from playground.datasets import DATASETS
from playground.nn.initializers import INITIALIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.spec import OWN_DATA, Experiment
from playground.spec.regularization import active_kinds
from playground.ui.fields import choice_label, field_text
from playground.ui.language import t


def data_summary(experiment: Experiment) -> str:
    """How much data there is, how noisy, and how it is split."""
    problem = experiment.problem
    share = t("{share} to train").format(share=field_text("train_fraction", problem.train_fraction))
    if problem.dataset == OWN_DATA or DATASETS[problem.dataset].domain is None:
        return ", ".join((t("{count} columns").format(count=len(problem.features)), share))
    noise = t("noise {noise}").format(noise=field_text("noise", problem.noise))
    return ", ".join((t("{count} samples").format(count=f"{problem.samples:,}"), noise, share))


def network_summary(experiment: Experiment) -> str:
    """Layers, initialisation, and what is unusual."""
    structure = experiment.structure
    layers = " - ".join(map(str, structure.hidden)) or t("no hidden layer")
    parts = [layers, t(INITIALIZERS[structure.initializer].label)]
    if structure.normalization != "none":
        parts.append(choice_label("normalization", structure.normalization))
    if structure.residual:
        parts.append(t("residual"))
    return ", ".join(parts)


def training_summary(experiment: Experiment) -> str:
    """What of the training differs from a constant rate on shuffled batches, and that it does not."""
    structure, knobs = experiment.structure, experiment.knobs
    parts = [t("rate {schedule}").format(schedule=choice_label("schedule", structure.schedule).lower())]
    if knobs.clip_norm:
        parts.append(t("clipped at {norm}").format(norm=f"{knobs.clip_norm:g}"))
    parts.append(t("shuffled") if structure.shuffle else t("not shuffled"))
    return ", ".join(parts)


def regularization_summary(experiment: Experiment) -> str:
    """What keeps it simple, with its strength."""
    knobs = experiment.knobs
    named = {name: t(REGULARIZERS[name].label) for name in active_kinds(experiment)}
    parts = [f"{label} {field_text(name, getattr(knobs, name))}" for name, label in named.items()]
    if knobs.label_smoothing:
        parts.append(t("label smoothing {share}").format(share=f"{knobs.label_smoothing:g}"))
    if knobs.patience:
        parts.append(t("stops after {epochs} epochs").format(epochs=f"{knobs.patience:g}"))
    return ", ".join(parts) or t("none")


def experiment_summary(experiment: Experiment) -> str:
    """All that stands in the row of choices, in one line."""
    problem, structure, knobs = experiment.problem, experiment.structure, experiment.knobs
    names = list(dict.fromkeys(structure.activations))
    parts = [
        choice_label("dataset", problem.dataset),
        *(choice_label("activation", name) for name in names[:2]),
        choice_label("loss", structure.loss),
        f"{choice_label('optimizer', structure.optimizer)} {knobs.learning_rate:g}",
        regularization_summary(experiment) if active_kinds(experiment) else "",
        t("batch {size}").format(size=structure.batch_size),
    ]
    return " · ".join(part for part in parts if part)

"""The experiment's settings as a line of text, for saved pictures, films and the projector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from playground.datasets import DATASETS
from playground.experiment import OWN_DATA, Experiment, Knobs
from playground.experiment.fields import get_rule
from playground.language import NumberText, Translatable, mark, mark_plural
from playground.live import Run
from playground.number_format import format_percent
from playground.objectives.losses import LOSSES
from playground.objectives.optimizers import OPTIMIZERS
from playground.objectives.regularizers import REGULARIZERS
from playground.objectives.schedules import SCHEDULES
from playground.training.knobs import knobs_of

MAX_SETTINGS = 32
"""The latest stretches of a run whose knobs the stage is told; it says nothing of older ones."""
LABELS = {field.name: get_rule(field).label for field in fields(Knobs)}


def choices(experiment: Experiment) -> Translatable:
    """What holds for the whole of a run: samples, loss, schedule, batch."""
    problem, structure = experiment.problem, experiment.structure
    parts = []
    if problem.dataset != OWN_DATA and DATASETS[problem.dataset].domain is not None:
        parts.append(mark_plural("{count} sample", "{count} samples", problem.samples))
        parts.append(mark("noise {noise}", noise=format_percent(problem.noise)))
    parts.append(mark("{share} for training", share=format_percent(problem.train_fraction)))
    parts.append(mark("loss {loss}", loss=LOSSES[structure.loss].label))
    if structure.schedule != "constant":
        parts.append(mark("schedule {schedule}", schedule=SCHEDULES[structure.schedule].label))
    parts.append(mark("batch {size}", size=structure.batch_size))
    return _join_settings(parts)


def knob_words(experiment: Experiment, knobs: Knobs) -> Translatable:
    """The knobs that matter for ``experiment``: the learning rate, its optimizer's own, and what regularizes or
    clips."""
    return _join_settings(
        mark("{name} {value}", name=LABELS[name], value=NumberText(f"{getattr(knobs, name):g}"))
        for name in _used_knobs(experiment, knobs)
    )


def _join_settings(parts: Iterable[Translatable]) -> Translatable:
    """``parts`` in one line."""
    first, *others = parts
    for part in others:
        first += " · " + part
    return first


def _used_knobs(experiment: Experiment, knobs: Knobs) -> Iterator[str]:
    yield "learning_rate"
    optimizer = OPTIMIZERS[experiment.structure.optimizer]
    yield from (
        name
        for name in optimizer.knobs
        if name != "learning_rate" and getattr(knobs, name) != optimizer.defaults.get(name)
    )
    shrinking = dict.fromkeys((*REGULARIZERS, "dropout", "clip_norm"))
    yield from (name for name in shrinking if name in LABELS and getattr(knobs, name))


def settings(run: Run) -> list[tuple[int, str]]:
    """From which frame on a run went under which knobs, in words: the latest ``MAX_SETTINGS`` that differ."""
    experiment = run.experiment
    if run.last <= 0:
        return [(0, knob_words(experiment, run.knobs))]
    words: list[tuple[int, str]] = []
    for segment in run.past.segments:
        sentence = knob_words(experiment, knobs_of(segment.knobs))
        if not words or words[-1][1] != sentence:
            words.append((segment.start, sentence))
    return words[-MAX_SETTINGS:]

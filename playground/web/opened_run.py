"""The run that a link opens, and notes where the link could not be taken as it stands."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from playground.experiment import Experiment
from playground.experiment.links.parse import PAST_LEFT_OUT
from playground.experiment.links.query import RULES
from playground.experiment.links.tensorflow_playground import Opened
from playground.language import Translatable, join_sentences, mark
from playground.live import Run
from playground.live.replay.log_text import decode_log_text
from playground.programs.devices import AUTOMATIC
from playground.web.field_names import name_field

MAX_LINK_SENTENCES = 6
"""On a link that are shown."""


def new_name() -> str:
    """A name that no other run in any browser has."""
    return secrets.token_hex(4)


def first_run(experiment: Experiment, device: str = AUTOMATIC) -> Run:
    """The run with which a page opens: with its first frame where its program is there, else while that is made."""
    return Run(new_name(), experiment, wait=False, device=device)


def run_of_link(opened: Opened, device: str = AUTOMATIC) -> tuple[Run, tuple[str, ...]]:
    """The run that a link opens: at its first step, or on its way to the step that it tells of, in which case it comes
    there a slice at a time; and a sentence where its past makes no sense. Raises ``PlaygroundError``."""
    experiment = opened.experiment
    story = decode_log_text(opened.past, experiment) if opened.past else None
    if story is None:
        return first_run(experiment, device), (PAST_LEFT_OUT,) if opened.past else ()
    run = first_run(replace(experiment, knobs=story.changes[0].knobs), device)
    if story.switches and not run.observer.general:
        return first_run(experiment, device), (PAST_LEFT_OUT,)
    run.start_replay(story, experiment)
    return run, ()


LABELS = {name: rule.label for name, rule in RULES.items()} | {"regularization": mark("Regularization")}
"""What the page calls a field of a link, and the one of TensorFlow Playground's that is a word of ours."""


def with_field_label(sentence: str) -> str:
    """``sentence`` on a link, with the page's label of the field that it begins with, and a capital letter."""
    name = sentence.partition(" ")[0].rstrip(":")
    if label := LABELS.get(name):
        sentence = name_field(sentence, name, label)
    is_key = name != name.lower()  # as TensorFlow Playground writes it
    if is_key:
        return sentence
    return sentence.capitalized if isinstance(sentence, Translatable) else sentence[:1].upper() + sentence[1:]


def link_notes(sentences: Sequence[str]) -> list[str]:
    """What a visitor is told of a link that was not opened as it stands: one note, none where all is as it says."""
    if not sentences:
        return []
    others = len(sentences) - MAX_LINK_SENTENCES
    note: list[str] = [mark("Not all of the link could be taken as it stands.")]
    note += map(with_field_label, sentences[:MAX_LINK_SENTENCES])
    if others > 0:
        note.append(mark("And {others:,} more.", others=others))
    return [join_sentences(note)]

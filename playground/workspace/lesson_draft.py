"""A lesson that is being written: plain data as in its file, and what the editor does to it."""

from __future__ import annotations

import copy
from typing import Any

from playground.errors import PlaygroundError
from playground.experiment import OWN_DATA, Experiment, differing_fields, field_value
from playground.language import mark
from playground.lessons import Lesson, parse_lesson, prepare_experiment
from playground.lessons.lesson import MAX_STEPS, Step
from playground.lessons.records import read_record

Data = dict[str, Any]
MAX_ROUNDS = 4
"""In which the fields are found that a step's start needs: one that is set brings others with it."""
NEW_STEP: Data = {"title": "", "words": "", "until": ""}
NEW_LESSON: Data = {
    "name": "my_lesson",
    "title": "",
    "concept": "",
    "summary": "",
    "minutes": 5,
    "steps": [NEW_STEP],
    "conclusion": "",
}


def new_lesson() -> Data:
    """The data of an empty lesson of one step."""
    return copy.deepcopy(NEW_LESSON)


def without_blanks(value: Any) -> Any:
    """``value`` without the fields that say nothing; empty lists stay where they say
    that there is none: in an experiment, and of what is locked or hidden."""
    if isinstance(value, dict):
        return {
            name: item if name in ("experiment", "change") else without_blanks(item)
            for name, item in value.items()
            if item not in (None, "", [], {}) or (item == [] and name in ("lock", "hide"))
        }
    return [without_blanks(item) for item in value] if isinstance(value, list) else value


def read_draft(draft: Data) -> Lesson:
    """The lesson that ``draft`` describes; raises ``PlaygroundError`` that names what is missing."""
    return parse_lesson(without_blanks(draft))


def experiment_before(draft: Data, place: int) -> Experiment:
    """The experiment with which step ``place`` would begin if it changed nothing; raises ``PlaygroundError``."""
    experiment = Experiment()
    for number, data in enumerate(draft["steps"][:place], 1):
        start = {name: data[name] for name in ("experiment", "change") if data.get(name)}
        step = read_record(Step, mark("step {number}", number=number), {"title": "-", "words": "-", **start})
        experiment = prepare_experiment(step, experiment)
    return experiment


def take_experiment(draft: Data, place: int, experiment: Experiment) -> None:
    """Have step ``place`` start ``experiment``; raises ``PlaygroundError`` for rows of one's own."""
    refuse_own_rows(experiment)
    draft["steps"][place]["experiment"] = differing_part(experiment)
    draft["steps"][place].pop("change", None)


def take_changes(draft: Data, place: int, experiment: Experiment) -> None:
    """Have step ``place`` set the fields in which ``experiment`` differs from how the steps before leave it; raises
    ``PlaygroundError``."""
    refuse_own_rows(experiment)
    before = experiment_before(draft, place)
    fields = differing_fields(before, experiment)
    if not fields:
        raise PlaygroundError(
            mark("the experiment is as the steps before begin it; change something in the Playground first.")
        )
    draft["steps"][place]["change"] = {name: plain(field_value(experiment, name)) for name in fields}
    draft["steps"][place].pop("experiment", None)


def refuse_own_rows(experiment: Experiment) -> None:
    """Raise ``PlaygroundError`` for an experiment that no file of a lesson can hold."""
    if experiment.problem.dataset == OWN_DATA:
        raise PlaygroundError(mark("a lesson cannot hold rows of your own; choose one of the datasets."))


def differing_part(experiment: Experiment) -> Data:
    """``experiment`` as JSON with those fields alone without which it would read as another one."""
    whole = experiment.to_dict()
    part: Data = {"problem": {"dataset": experiment.problem.dataset}}
    for _ in range(MAX_ROUNDS):
        try:
            fields = differing_fields(Experiment.from_dict(part), experiment)
        except PlaygroundError:
            return whole
        if not fields:
            return part
        for name, values in whole.items():
            others = {field: value for field, value in values.items() if field in fields}
            if others:
                part[name] = {**part.get(name, {}), **others}
    return whole


def plain(value: Any) -> Any:
    """``value`` of a field as JSON has it."""
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def add_step(draft: Data, place: int, *, is_copy: bool = False) -> int:
    """Put a step after ``place``, a copy of that one or an empty one; the place of the new one. Raises
    ``PlaygroundError`` where there are as many as can be."""
    if len(draft["steps"]) >= MAX_STEPS:
        raise PlaygroundError(mark("a lesson has at most {limit} steps; make two lessons of it.", limit=MAX_STEPS))
    draft["steps"].insert(place + 1, copy.deepcopy(draft["steps"][place] if is_copy else NEW_STEP))
    return place + 1


def move_step(draft: Data, place: int, by: int) -> int:
    """Move step ``place`` up (-1) or down (1); its new place."""
    target = min(max(place + by, 0), len(draft["steps"]) - 1)
    draft["steps"].insert(target, draft["steps"].pop(place))
    return target


def remove_step(draft: Data, place: int) -> int:
    """Take step ``place`` out, unless it is the only one; the place that is shown then."""
    if len(draft["steps"]) > 1:
        del draft["steps"][place]
    return min(place, len(draft["steps"]) - 1)

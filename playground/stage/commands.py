"""Commands of the stage: each by its name, its data validated, since it comes from a socket."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.errors import PlaygroundError
from playground.language import mark
from playground.live.history.segment import Edit
from playground.live.protocol.request import clamp_int
from playground.nn.masks import full_masks

if TYPE_CHECKING:
    from playground.web.session import Session

CONTROL_OF = {
    "edit": "diagram",
    "switch": "diagram",
    "branch": "branches",
    "choose_branch": "branches",
    "bookmark": "branches",
    "cure": "notices",
    "resize": "hidden",
    "feature": "features",
    "activate": "activation",
    "redo": "undo",
}
"""By which control of a handout a command is locked, where it has another name."""

NEED_FRAMES = ("branch", "bookmark", "cure")
"""Commands that are about a frame: they wait until there is one."""

Command = Callable[["Session", Mapping[str, Any]], None]
COMMANDS: dict[str, Command] = {}
MANY = 2**31


def command(name: str) -> Callable[[Command], Command]:
    """Register what ``name`` does."""

    def register(function: Command) -> Command:
        assert name not in COMMANDS
        COMMANDS[name] = function
        return function

    return register


def number(value: Any) -> float:
    """A number from the socket, or NaN, which every check refuses."""
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
    except OverflowError:  # JSON knows whole numbers of any length
        return float("nan")


def index(value: Any) -> int:
    """A place in a list from the socket, or -1, which every check refuses."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MANY else -1


@command("play")
def play(session: Session, data: Mapping[str, Any]) -> None:
    """Take note that frames are wanted one after another."""
    session.paused, session.head, session.resumes = False, -1, ""


@command("pause")
def pause(session: Session, data: Mapping[str, Any]) -> None:
    """Take note of a pause, and of the frame that is shown; where the handout locks playing, what plays goes on."""
    session.halt()
    session.resumes = ""
    if session.paused:
        head = clamp_int(data, "head", -1, -1, MANY)
        session.head = head if head < 0 else max(head, session.least_head)
        session.run.mark_shown(head)
        if session.lessons.present and head >= 0:
            session.lessons.present.mark_shown(session.run, head)


@command("reset")
def reset(session: Session, data: Mapping[str, Any]) -> None:
    """The same start again."""
    session.halt()
    session.start(session.experiment)


@command("undo")
def undo(session: Session, data: Mapping[str, Any]) -> None:
    """Take the last change of the experiment back."""
    session.undo()


@command("redo")
def redo(session: Session, data: Mapping[str, Any]) -> None:
    """Make the change again that was taken back last."""
    session.redo()


@command("new_start")
def new_start(session: Session, data: Mapping[str, Any]) -> None:
    """Other initial weights."""
    session.change("init_seed", (session.experiment.problem.init_seed + 1) % MANY)


@command("new_samples")
def new_samples(session: Session, data: Mapping[str, Any]) -> None:
    """Other samples of the same kind."""
    session.change("seed", secrets.randbelow(MANY))


@command("change")
def change(session: Session, data: Mapping[str, Any]) -> None:
    """Set fields of the experiment, one after another, all or none."""
    session.change_fields(parse_changes(data))


@command("cure")
def cure(session: Session, data: Mapping[str, Any]) -> None:
    """Take what a notice offers: its changes, from the step that it names."""
    step = clamp_int(data, "step", -1, -1, MANY)
    session.cure(parse_changes(data), None if step < 0 else step)


def parse_changes(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that ``data`` sets, by name."""
    changes = data.get("changes")
    return {str(name): value for name, value in changes.items()} if isinstance(changes, Mapping) else {}


@command("resize")
def resize(session: Session, data: Mapping[str, Any]) -> None:
    """One unit more or less (``by``) in hidden layer ``layer``; one layer more or less where there is none.

    By how much, not to how many: two quick presses count twice, though the second came before the first one was shown.
    """
    structure = session.experiment.structure
    hidden, by, layer = list(structure.hidden), data.get("by"), index(data.get("layer"))
    if by not in (-1, 1) or (layer >= len(hidden)):
        return
    if layer >= 0:
        hidden[layer] += by
    elif by > 0:
        hidden.append(min(hidden[-1], 8) if hidden else 4)
    else:
        hidden = hidden[:-1]
    session.change("hidden", hidden)


@command("activate")
def activate(session: Session, data: Mapping[str, Any]) -> None:
    """Give hidden layer ``layer`` the activation ``name_of``."""
    names, layer = list(session.experiment.structure.activations), index(data.get("layer"))
    if not 0 <= layer < len(names):
        return
    names[layer] = str(data.get("name_of"))
    session.change("activation", names[0] if len(set(names)) == 1 else names)


@command("feature")
def feature(session: Session, data: Mapping[str, Any]) -> None:
    """Take the feature ``name`` in, or leave it out."""
    name, chosen = str(data.get("name_of")), session.experiment.problem.features
    session.change(
        "features",
        [feature_name for feature_name in chosen if feature_name != name] if name in chosen else [*chosen, name],
    )


@command("edit")
def edit(session: Session, data: Mapping[str, Any]) -> None:
    """Set a weight, or a bias where ``source`` is null."""
    source = data.get("source")
    edit = Edit(
        index(data.get("layer")),
        None if source is None else index(source),
        index(data.get("unit")),
        number(data.get("value")),
    )
    session.intervene(data, edits=(edit,))


@command("switch")
def switch(session: Session, data: Mapping[str, Any]) -> None:
    """Switch a unit (``layer``, ``unit``), a link (``layer``, ``source``, ``unit``) or a layer's learning on or off."""
    run = session.run
    known = run.masks_of(session.head_of(data)) or full_masks(run.trainer.network)
    units, links, learning = (
        [np.array(array) for array in known.units],
        [np.array(array) for array in known.links],
        np.array(known.learning),
    )
    layer, unit, source, on = (index(data.get(name)) for name in ("layer", "unit", "source", "on"))
    try:
        match data.get("kind"):
            case "unit" if unit >= 0 and layer >= 0:
                units[layer][unit] = on == 1
            case "link" if unit >= 0 and layer >= 0 and source >= 0:
                links[layer][source, unit] = on == 1
            case "layer" if layer >= 0:
                learning[layer] = on == 1
            case _:
                return
    except IndexError:
        session.notes.append(mark("this network has no such unit or link any more; look at the diagram as it is now."))
        return
    session.intervene(data, masks=known._replace(units=tuple(units), links=tuple(links), learning=learning))


@command("paint")
def paint(session: Session, data: Mapping[str, Any]) -> None:
    """Add points ``[x1, x2, target]``, erase those within ``[x1, x2, radius]``, or clear all painted ones."""
    problem = session.experiment.problem
    points: list[Any] = [] if data.get("clear") is True else [list(point) for point in problem.painted]
    for x1, x2, radius in _triples(data.get("erase")):
        points = [point for point in points if not math.hypot(point[0] - x1, point[1] - x2) <= radius]
    points += _triples(data.get("add"))
    if [tuple(point) for point in points] == list(problem.painted):
        return
    session.notes.clear()
    try:
        only = problem.only_painted and bool(points)
        painted = replace(session.experiment, problem=replace(problem, painted=tuple(points), only_painted=only))  # pyright: ignore[reportArgumentType]
        session.refuse_locked(painted)
    except PlaygroundError as error:
        session.notes.append(error.sentence)
        session.send_points()
        return
    session.intervene(data, experiment=painted)


def _triples(entries: Any) -> list[list[float]]:
    rows = entries if isinstance(entries, list) else []
    return [[number(item) for item in row] for row in rows[:300] if isinstance(row, list) and len(row) == 3]


@command("branch")
def branch(session: Session, data: Mapping[str, Any]) -> None:
    """Go on from the frame that is shown in another branch; the present one is kept."""
    session.branch(session.head_of(data))


@command("choose_branch")
def choose_branch(session: Session, data: Mapping[str, Any]) -> None:
    """Show another branch."""
    session.choose_branch(str(data.get("branch")))


@command("bookmark")
def bookmark(session: Session, data: Mapping[str, Any]) -> None:
    """Remember the frame that is shown as ``a`` or ``b``, to compare the two."""
    if data.get("mark") in ("a", "b"):
        session.bookmark(str(data["mark"]), session.head_of(data))

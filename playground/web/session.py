"""A visitor's session: the typed object in ``st.session_state``, and the function that returns it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import streamlit as st

from playground.datasets import Table
from playground.errors import PlaygroundError
from playground.experiment import (
    CONTROLS,
    OWN_DATA,
    Experiment,
    Handout,
    Problem,
    Structure,
    differing_fields,
    field_value,
    replace_field,
)
from playground.experiment.links.parse import open_address
from playground.experiment.links.query import RULES
from playground.experiment.links.tensorflow_playground import Opened
from playground.experiment.title import experiment_title
from playground.language import mark
from playground.live import FrameReply, Run
from playground.live.frames.observer import Frame, Observer
from playground.live.memory_budget import MemoryBudget, do_nothing
from playground.live.protocol.request import clamp_int
from playground.programs.devices import AUTOMATIC, choices
from playground.training import TrainState
from playground.web.field_names import name_field
from playground.web.lesson_state import Lessons
from playground.web.opened_run import first_run, link_notes, new_name, run_of_link
from playground.web.undo_history import STROKE, UndoHistory, Version, change_label

KEY = "session"
MAX_BRANCHES = 4
NO_ROOM = mark("There was no room for all branches: the one that was looked at longest ago has left.")
VIEW = ("axes",)
"""Fields that say what the picture shows of a training, and nothing of the training."""
STARTS_ANEW = {name for part in (Problem, Structure) for name in part.__dataclass_fields__} - {*STROKE, *VIEW}
"""Fields that another run is started for."""


class Reply(NamedTuple):
    """Frames for the stage, and what else its header holds."""

    chunk: FrameReply
    fields: dict[str, Any]


class Audience(Protocol):
    """Somebody else who sees what a visitor's stage shows."""

    def show(self, session: Session, chunk: FrameReply, encode: Callable[[], bytes]) -> None:
        """The stage of ``session`` is sent ``chunk``; ``encode`` makes what it shows a message of its own, b"" where
        there is no picture yet."""
        ...


@dataclass
class Session:
    """A visitor's experiment, its run, and what the stage is told next.

    ``branches`` are all runs of this experiment by name, the shown one too; ``touched`` tells that the stage changed
    what the page around it shows; ``opened`` that it was made from a link and no stage has taken its run yet. ``notes``
    are sentences for the visitor; ``typed`` holds a text that was not understood, so that nothing typed is lost.
    ``device`` is the visitor's choice of one. ``budget`` bounds all that is held for the visitor; ``origin``: the
    experiment with which the handout began. ``resumes`` names the run that trains at once when it is shown: the cure of
    one that had ended. ``reply`` is what the stage is told next; ``stage`` is the connection to it, which it makes
    itself. ``lessons``: the one that is open, and how far others were done. ``audience`` sees what the stage shows;
    ``handout_before_freeze`` is the handout that holds again once a frozen stage is let go, None while it is not
    frozen."""

    experiment: Experiment
    run: Run
    table: Table | None = None
    handout: Handout = field(default_factory=Handout)
    origin: Experiment = field(default_factory=Experiment)
    notes: list[str] = field(default_factory=list)
    paused: bool = True
    touched: bool = False
    opened: bool = False
    branches: dict[str, Run] = field(default_factory=dict)
    bookmarks: dict[str, Bookmark] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    device: str = AUTOMATIC
    budget: MemoryBudget = field(default_factory=MemoryBudget)
    history: UndoHistory = field(default_factory=UndoHistory)
    resumes: str = ""
    letter_places: dict[str, int] = field(default_factory=dict)
    reply: Reply | None = None
    stage: Any = None
    lessons: Lessons = field(default_factory=Lessons)
    audience: Audience | None = None
    handout_before_freeze: Handout | None = None

    def configure(self, experiment: Experiment) -> None:
        """Continue with ``experiment``: other knobs join the run, other axes change its picture, anything else starts
        another run. Raises ``PlaygroundError``, changing nothing."""
        if experiment == self.experiment:
            return
        if set(differing_fields(self.experiment, experiment)) & {*STARTS_ANEW, *STROKE}:
            self.start(experiment)
        else:
            self.record(experiment)
            self._continue(experiment)

    def _continue(self, experiment: Experiment) -> None:
        """Other knobs from the frame on that the stage shows, or other axes of the picture, in all branches."""
        self.touched = True
        axes = experiment.problem.axes
        is_same_picture = axes == self.experiment.problem.axes
        for run in () if is_same_picture else {id(run): run for run in (self.run, *self.branches.values())}.values():
            run.set_axes(axes)
        if experiment.knobs != self.run.knobs:
            self.run.update_knobs(experiment)
        self.experiment = experiment
        if is_same_picture:
            self.send(replace(self.run.mount(), frames=(), scene=False, history=None))
        else:
            self.send(self.run.mount(with_past=True))

    def start(
        self,
        experiment: Experiment,
        weights: tuple[Any, Any] | None = None,
        step: int = 0,
        table: Table | None = None,
        handout: Handout | None = None,
    ) -> None:
        """Start ``experiment`` from its first frame, with ``weights`` if given, which a training had after ``step``
        steps; ``table``: new rows of the user's own; ``handout``: what surrounds it from now on.

        Raises ``PlaygroundError``, changing nothing, when they do not fit, or change what the present handout locks.
        """
        self.refuse_frozen()
        if handout is None:
            self.refuse_locked(experiment)
        own = experiment.problem.dataset == OWN_DATA
        table = (table or self.table) if own else None
        run = Run(new_name(), experiment, table, wait=False, weights=weights, step=step, device=self.device)
        is_same = experiment == self.experiment and table is self.table_used and weights is None
        if not is_same or self.run.last > 0:
            self.record(experiment)
        if handout is not None:
            self.set_handout(handout, experiment)
        self._start(run, table)

    def open(self, opened: Opened) -> None:
        """Start what a link holds, with the handout around it. Raises ``PlaygroundError``, changing nothing."""
        self.refuse_frozen()
        run, left_out = run_of_link(opened, self.device)
        self.leave_lesson()
        if opened.experiment != self.experiment or self.run.last > 0:
            self.record(opened.experiment)
        self.set_handout(opened.handout, opened.experiment)
        self._start(run, None)
        self.notes[:] = link_notes((*opened.notes, *left_out))

    def set_handout(self, handout: Handout, origin: Experiment) -> None:
        """Have ``handout`` around the stage, and ``origin`` to come back to; a frozen stage stays locked, and has it
        once it is let go."""
        self.origin = origin
        if self.is_frozen:
            self.handout_before_freeze = handout
            handout = replace(handout, lock=tuple(CONTROLS), playing=False)
        self.handout = handout

    def freeze(self) -> None:
        """Pause, with all controls locked, until ``release``."""
        if self.handout_before_freeze is None:
            self.paused, self.resumes = True, ""
            self.handout_before_freeze = self.handout
            self.set_handout(self.handout, self.origin)
            self._send_handout()

    def release(self) -> None:
        """Give the controls back that ``freeze`` has locked."""
        if self.handout_before_freeze is not None:
            self.handout, self.handout_before_freeze = self.handout_before_freeze, None
            self._send_handout()

    def _send_handout(self) -> None:
        """Tell the stage what is locked, and whether it plays."""
        self.touched = True
        self.send(replace(self.run.mount(), frames=(), scene=False, history=None))

    @property
    def is_frozen(self) -> bool:
        """Whether the stage stands still until ``release``."""
        return self.handout_before_freeze is not None

    def refuse_frozen(self) -> None:
        """Raise ``PlaygroundError`` where the stage is frozen."""
        if self.is_frozen:
            raise PlaygroundError(
                mark("your teacher has stopped all stages for a moment; wait until they are released.")
            )

    def adopt(self, experiment: Experiment) -> bool:
        """Start an experiment that another page hands over, paused; tells whether it does: what is refused becomes a
        note."""
        self.halt()
        self.notes.clear()
        try:
            self.start(experiment, table=self.table_used)
        except PlaygroundError as error:
            self.notes.append(error.sentence)
        return not self.notes

    def locked_changes(self, experiment: Experiment) -> list[str]:
        """Fields that the handout locks or hides, and that are others in ``experiment``."""
        return [name for name in differing_fields(self.experiment, experiment) if self.handout.is_locked(name)]

    def refuse_locked(self, experiment: Experiment) -> None:
        """Raise ``PlaygroundError`` where ``experiment`` changes what the handout locks."""
        if locked := self.locked_changes(experiment):
            raise PlaygroundError(
                mark("this would change {control}, which is locked in this lesson.", control=CONTROLS[locked[0]])
            )

    def _with_locked_values(self, experiment: Experiment) -> Experiment:
        """``experiment`` with what is locked as it was: a choice brings other values with it. Raises
        ``PlaygroundError`` where those do not fit it."""
        suited = experiment
        for name in self.locked_changes(experiment):
            try:
                suited = replace_field(suited, name, field_value(self.experiment, name), self.table)
            except PlaygroundError:
                self.refuse_locked(experiment)
        self.refuse_locked(suited)
        return suited

    def _start(self, run: Run, table: Table | None) -> None:
        """Show ``run``, which is new, without branches; notes about the former run are removed."""
        self.notes.clear()
        self.typed.clear()
        experiment = run.experiment
        self.run.reduce_memory()
        self.experiment, self.table = experiment, table or self.table
        self.touched, self.opened = True, False
        self.branches = {}
        self.show_run(run)
        self.send(run.mount())

    def show_run(self, run: Run) -> None:
        """``run`` is a branch that is shown now."""
        name, self.run, self.branches[run.name] = run.name, run, run
        self.track_memory(run, lambda: self._drop_run(name))  # by name: who replaces the run has it leave

    @property
    def version(self) -> Version:
        """What is shown now, to come back to."""
        return Version(
            experiment=self.experiment,
            table=self.table_used,
            handout=self.handout_before_freeze or self.handout,
            origin=self.origin,
            run=self.run,
            branches=dict(self.branches),
        )

    def record(self, experiment: Experiment, kind: str = "") -> None:
        """``experiment`` is about to take the place of the present one."""
        self.history.record(self.version, experiment, kind)

    def undo(self) -> None:
        """Show what there was before the last change: with its run, where it is still kept."""
        self._restore(self.history.undo(self.version))

    def redo(self) -> None:
        """Show again what was undone last."""
        self._restore(self.history.redo(self.version))

    def leave_lesson(self) -> None:
        """Close the lesson that is open, and show what was there before it; how far it was done is kept."""
        if closed := self.lessons.close():
            self.history = closed.history
            self.halt()
            self.undo()
            self.history.undone.clear()

    def restore(self, version: Version) -> None:
        """Show ``version`` again; can be undone itself."""
        self.record(version.experiment)
        self._restore(version)

    def reset(self) -> None:
        """Back to the defaults; can be undone."""
        self.notes.clear()
        self.typed.clear()
        self.configure(self.defaults)

    @property
    def defaults(self) -> Experiment:
        """What ``reset`` comes back to: the experiment that a handout began with, else the Playground's."""
        is_free = self.handout == Handout() and self.lessons.present is None
        return Experiment() if is_free else self.origin

    @property
    def undo_label(self) -> str:
        """What ``undo`` changes, "" when there is nothing to undo."""
        return change_label(self.version, self.history.versions)

    @property
    def redo_label(self) -> str:
        """What ``redo`` changes, "" when there is nothing to do again."""
        return change_label(self.version, self.history.undone)

    def _restore(self, version: Version | None) -> None:
        if version is None:
            return
        self.notes.clear()
        self.typed.clear()
        self.set_handout(version.handout, version.origin)
        if version.run is not None and version.run is not self.run:
            self.run.reduce_memory()
            self.table, self.branches = version.table or self.table, dict(version.branches)
            self.show_run(version.run)
            self.experiment = version.run.experiment
        self.touched, self.opened = True, False
        fields = differing_fields(self.experiment, version.experiment)
        if version.table is not self.table_used or set(fields) & STARTS_ANEW:
            self._start(
                Run(new_name(), version.experiment, version.table, wait=False, device=self.device), version.table
            )
        elif set(fields) & set(STROKE):
            self.send(self.run.intervene(self.shown_index, experiment=version.experiment), points=True)
            self.experiment = self.run.experiment
        elif fields:
            self._continue(version.experiment)
        else:
            self.send(self.run.mount(with_past=True))

    def track_memory(self, owner: Any, leave: Callable[[], Any] = do_nothing, of: Any = None) -> None:
        """Mark ``owner`` (or what it stands for, ``of``) as used now: it counts against the budget, and what was used
        longest ago is released; ``leave`` removes ``owner`` from where it is kept."""
        self.budget.touch(owner, leave, of)
        self.budget.enforce(self.run)

    def _drop_run(self, name: str) -> None:
        """Remove a run, since the budget has no room for it."""
        self.history.forget_run(name)
        self.lessons.forget_run(name)
        if self.branches.pop(name, None) is not None:
            self.notes.append(NO_ROOM)
            self.touched = True

    def memory_by_object(self) -> dict[int, int]:
        """What it holds beside runs, in bytes: own rows, those of versions to come back to too."""
        return ({} if self.table is None else {id(self.table): self.table.nbytes}) | self.history.tables

    def choose_device(self, device: str) -> None:
        """Compute on ``device`` from now on, from the first frame; one that is not there changes nothing."""
        if device != self.device and device in choices():
            self.device = device
            self.history.forget_runs()
            self._start(Run(new_name(), self.experiment, self.table_used, wait=False, device=device), self.table_used)

    def intervene(self, data: Mapping[str, Any], **what: Any) -> None:
        """Change something by hand at the frame that is shown; what cannot be done becomes a note and changes
        nothing."""
        self.notes.clear()
        self.touched = "experiment" in what
        before = self.version
        try:
            chunk = self.run.intervene(self.head_of(data), **what)
        except PlaygroundError as error:
            self.notes.append(error.sentence)
            self.touched = True
            return
        if self.run.experiment != before.experiment:
            self.history.record(before, self.run.experiment)
        self.experiment = self.run.experiment
        self.head = -1
        self.send(chunk, points="experiment" in what)

    def head_of(self, data: Mapping[str, Any]) -> int:
        """The frame that a command is about, with what was changed by hand before it."""
        head = max(clamp_int(data, "head", self.run.last, 0, 2**31), self.least_head)
        return self.run.epoch_shown_since(head, clamp_int(data, "epoch", 2**31, 0, 2**31))

    @property
    def least_head(self) -> int:
        """The earliest frame that may be gone back to: where the handout locks the time line, the latest one shown."""
        return min(self.run.seen, self.run.last) if self.handout.is_locked("time_line") else 0

    def halt(self) -> None:
        """Pause; where the handout locks playing, its own state of play stays."""
        self.paused = not (self.handout.is_locked("play") and self.handout.playing)

    def send_points(self) -> None:
        """Tell the stage which points there are, when it shows some that were not taken."""
        self.touched = True
        self.send(replace(self.run.mount(), frames=(), scene=False, history=None), points=True)

    def branch(self, head: int) -> None:
        """Go on from frame ``head`` in a new branch, keeping what there is; at most ``MAX_BRANCHES``, the oldest unseen
        leaves."""
        self.record(self.experiment, "branch")
        self.head = min(head, self.run.last)
        run = self.run.branch(new_name(), self.head)
        self._add_branch(run)
        self.choose_branch(run.name)

    def _add_branch(self, run: Run) -> None:
        self.branches[run.name] = run
        for old in [name for name in self.branches if name not in (run.name, self.run.name)][: -MAX_BRANCHES + 2]:
            del self.branches[old]

    def choose_branch(self, name: str) -> None:
        """Show the branch ``name``; an unknown one changes nothing."""
        if name in self.branches:
            self.notes.clear()
            if self.run.name != name:
                self.record(self.branches[name].experiment, "branch")
            self._show_branch(self.branches[name])

    def _show_branch(self, run: Run) -> None:
        if self.run is not run:
            self.run.reduce_memory()
        self.show_run(run)
        self.experiment = run.experiment
        self.touched = True
        self.send(run.mount(with_past=True))

    def bookmark(self, mark: str, head: int) -> None:
        """Remember frame ``head`` of the shown branch, which has frames, as ``mark``; forget it where it is that frame
        already."""
        run, index = self.run, min(head, self.run.last)
        place = (run.name, index)
        if mark in self.bookmarks and self.bookmarks[mark].place == place:
            del self.bookmarks[mark]
            return
        letter = self.letters[run.name]
        bookmark = self.bookmarks[mark] = Bookmark(
            experiment_title(run.experiment, run.table), letter, place, run.observer, run.frame(index)
        )
        self.track_memory(bookmark, lambda: self.bookmarks.pop(mark, None))

    def change(self, name: str, value: Any) -> None:
        """Set one field of the experiment; what is not allowed becomes a note and changes nothing."""
        self.change_fields({name: value})

    def change_fields(self, values: Mapping[str, Any]) -> None:
        """Set fields of the experiment, one after another, all or none; what is not allowed becomes a note."""
        self.notes.clear()
        try:
            self.configure(self._with_locked_values(self.changed_experiment(values)))
        except PlaygroundError as error:
            self.notes.append(with_label(error))
            return
        self.typed.clear()

    def changed_experiment(self, values: Mapping[str, Any]) -> Experiment:
        """The experiment with other ``values`` of its fields; raises ``PlaygroundError`` for one that is locked or not
        allowed."""
        experiment = self.experiment
        for name, value in values.items():
            if self.handout.is_locked(name):
                raise PlaygroundError(mark("{control} is locked in this lesson.", control=CONTROLS[name]))
            experiment = replace_field(experiment, name, value, self.table)
        return experiment

    def cure(self, values: Mapping[str, Any], step: int | None) -> None:
        """Set fields of the experiment from ``step`` on, None for here, in a run of its own; ``undo`` shows the present
        one again."""
        self.notes.clear()
        try:
            experiment = self._with_locked_values(self.changed_experiment(values))
            if experiment == self.experiment:
                return
            run = self.run.cure(new_name(), experiment, step)
        except PlaygroundError as error:
            self.notes.append(error.sentence)
            return
        self.record(experiment)
        self.resumes = run.name if self.run.is_end(self.shown_index) else ""
        if replace(experiment, knobs=self.experiment.knobs) == self.experiment:
            self._add_branch(run)
            self._show_branch(run)
        else:
            self._start(run, self.table_used)

    @property
    def table_used(self) -> Table | None:
        """The visitor's own rows, when the experiment learns them."""
        return self.table if self.experiment.problem.dataset == OWN_DATA else None

    @property
    def head(self) -> int:
        """The frame that the stage showed last when it was paused, -1 for the newest."""
        return self.run.head

    @head.setter
    def head(self, index: int) -> None:
        self.run.head = index

    @property
    def shown_index(self) -> int:
        """The frame that is looked at while it is paused."""
        return self.run.last if self.head < 0 else min(self.head, self.run.last)

    def frame(self, index: int) -> Frame:
        """Frame ``index`` of the shown run; what is unpacked to make it again counts among what is held."""
        try:
            return self.run.frame(index)
        finally:
            self.budget.enforce(self.run)

    def state(self, index: int) -> TrainState:
        """The state of frame ``index`` of the shown run, likewise."""
        try:
            return self.run.state(index)
        finally:
            self.budget.enforce(self.run)

    def send(self, chunk: FrameReply, **fields: Any) -> None:
        """Have the stage told ``chunk`` next, and ``fields`` with it (see ``playground.stage.messages``)."""
        self.reply = Reply(chunk, fields)
        if self.lessons.present:
            self.lessons.present.observe(self.run, chunk)
        self.track_memory(self)

    @property
    def letters(self) -> dict[str, str]:
        """A letter for each branch, by its name, that stays while others come and go."""
        self.letter_places = {name: place for name, place in self.letter_places.items() if name in self.branches}
        for name in self.branches:
            taken = set(self.letter_places.values())
            self.letter_places.setdefault(name, next(place for place in range(len(taken) + 1) if place not in taken))
        return {name: branch_letter(self.letter_places[name]) for name in self.branches}


@dataclass(frozen=True)
class Bookmark:
    """A moment to compare with another: whose it is, and its frame; ``place``: its run's name, and its index there."""

    title: str
    branch: str
    place: tuple[str, int]
    observer: Observer
    frame: Frame


def branch_letter(place: int) -> str:
    """A, B, C ... for the places of branches."""
    return chr(ord("A") + place % 26)


def with_label(error: PlaygroundError) -> str:
    """The sentence of ``error``; one that begins with its field and what that must be has the page's label instead."""
    sentence, name = error.sentence, error.field
    if name not in RULES or not sentence.startswith(f"{name} must "):
        return sentence
    return name_field(sentence, name, RULES[name].label)


def session() -> Session:
    """The visitor's session; the first call makes it from the link that was opened."""
    current = st.session_state.get(KEY)
    if isinstance(current, Session):
        return current
    opened = open_address([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    experiment, handout, notes = opened.experiment, opened.handout, opened.notes
    try:
        run, left_out = run_of_link(opened)
    except PlaygroundError as error:
        left_out = (error.sentence,)
        experiment = Experiment()
        run = first_run(experiment)
    new_session = Session(experiment, run, handout=handout, origin=experiment, paused=not handout.playing, opened=True)
    new_session.notes += link_notes((*notes, *left_out))
    new_session.show_run(run)
    new_session.send(run.mount())
    st.session_state[KEY] = new_session
    return new_session


def track_memory(owner: Any, leave: Callable[[], Any] = do_nothing, of: Any = None) -> None:
    """``Session.track_memory`` of the visitor's session."""
    session().track_memory(owner, leave, of)

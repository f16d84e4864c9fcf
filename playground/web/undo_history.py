"""What the visitor's experiment was before each change, so that changes can be undone and done again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from playground.datasets import Table
from playground.experiment import Experiment, Handout, differing_fields
from playground.experiment.links.query import RULES
from playground.language import join_items, mark
from playground.live import Run

MAX_VERSIONS = 50
MAX_RUNS = 6
"""Runs that are kept with their frames, before the present one and after it; of older versions only the experiment
is."""
MAX_TABLE_BYTES = 4 * 2**20
"""Own rows that versions keep beside those in use: one table at its largest."""
MERGE_SECONDS = 1.0
"""A field that is changed again within so many seconds is still the same change: a stroke of the brush, a slider that
is drawn."""
STROKE = ("painted", "only_painted")
MAX_FIELDS = 3
"""Fields that are named of a change."""
UNDO_LABELS = {
    "init_seed": mark("New start (other initial weights)"),
    "seed": mark("Other samples"),
    "painted": mark("Painted points"),
}
"""What a change of a field is called where its label alone, such as *Start*, does not say what was done."""


@dataclass(eq=False, kw_only=True)
class Version:
    """What was shown: ``experiment`` with its own ``table``, the ``handout`` around it and that one's ``origin``;
    ``run`` among its ``branches``. Without ``run`` it was let go of, and is trained again from its start."""

    experiment: Experiment
    table: Table | None = None
    handout: Handout = field(default_factory=Handout)
    origin: Experiment = field(default_factory=Experiment)
    run: Run | None = None
    branches: Mapping[str, Run] = field(default_factory=dict)

    def drop_run(self) -> None:
        """Keep the experiment alone."""
        self.run, self.branches = None, {}


class UndoHistory:
    """At most ``MAX_VERSIONS`` versions before the present one, and those that were undone; ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.undone: list[Version] = []
        self.versions: list[Version] = []
        self._clock = clock
        self._changed_at, self._kind = -MERGE_SECONDS, ""

    def record(self, before: Version, after: Experiment, kind: str = "") -> None:
        """The version ``before`` is about to be replaced by ``after``; what was undone cannot be done again any more.

        What follows a change of its own ``kind`` is a part of it: other branches that are chosen, points of one stroke.
        """
        now = self._clock()
        if set(differing_fields(before.experiment, after)) & set(STROKE):
            kind = "points" if now - self._changed_at < MERGE_SECONDS or self._kind != "points" else ""
        is_same_change = kind and kind == self._kind and self.versions and not self.undone
        self._changed_at, self._kind = now, kind
        self.undone = []
        if not is_same_change:
            self.versions.append(before)
            self._trim()

    def undo(self, present: Version) -> Version | None:
        """The version before ``present``, which can then be done again; None when there is none."""
        return self._move(present, self.versions, self.undone)

    def redo(self, present: Version) -> Version | None:
        """The version that was undone last; None when there is none."""
        return self._move(present, self.undone, self.versions)

    def forget_run(self, name: str) -> None:
        """Let go of the run ``name``: its versions keep the experiment alone."""
        for version in self._all():
            if version.run is not None and version.run.name == name:
                version.drop_run()
            else:
                version.branches = {key: run for key, run in version.branches.items() if key != name}

    def forget_runs(self) -> None:
        """Let go of all runs."""
        for version in self._all():
            version.drop_run()

    @property
    def runs(self) -> list[Run]:
        """The runs that versions hold, each once, branches too."""
        runs = {id(run): run for version in self._all() for run in (version.run, *version.branches.values()) if run}
        return list(runs.values())

    @property
    def tables(self) -> dict[int, int]:
        """Bytes of the own rows that versions hold, by identity."""
        return {id(version.table): version.table.nbytes for version in self._all() if version.table is not None}

    def _all(self) -> list[Version]:
        return [*self.versions, *self.undone]

    def _move(self, present: Version, source: list[Version], target: list[Version]) -> Version | None:
        if not source:
            return None
        self._kind = ""
        target.append(present)
        version = source.pop()
        self._trim()
        return version

    def _trim(self) -> None:
        del self.versions[:-MAX_VERSIONS]
        for nearest_last in (self.versions, self.undone):
            kept: set[int] = set()
            for version in reversed(nearest_last):
                kept |= {id(version.run)} if version.run is not None else set()
                if len(kept) > MAX_RUNS:
                    version.drop_run()
        while self.versions and sum(self.tables.values()) > MAX_TABLE_BYTES:
            del self.versions[0]


def change_label(present: Version, versions: Sequence[Version]) -> str:
    """What differs between ``present`` and the latest of ``versions``, for a button; "" where there is none."""
    if not versions:
        return ""
    if versions[-1].table is not present.table:
        return mark("your own table")
    fields = differing_fields(present.experiment, versions[-1].experiment)
    names = join_items(UNDO_LABELS.get(name, RULES[name].label) for name in fields[:MAX_FIELDS])
    if fields[MAX_FIELDS:]:
        return names + "…"
    return names or (mark("Branch") if versions[-1].branches.keys() & present.branches.keys() else mark("Training"))

"""A problem's samples as the padded arrays that programs take, and as the picture that people see."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import jax
import numpy as np

from playground.datasets import DATASETS, Points, Table, feature_of, split, standardization
from playground.datasets.labels import class_label, class_names, short_column_label, target_name
from playground.errors import PlaygroundError
from playground.experiment import Experiment
from playground.language import mark
from playground.objectives.losses import LOSSES, Loss
from playground.training.projection import Picture, Plane, curve_picture, limits, plane_picture, table_picture
from playground.training.readout import TargetScale, readout_kind


class Split(NamedTuple):
    """Rows of one set: ``x (rows, features)`` and ``y (rows, outputs)`` float32, of which the first ``n`` are real, the
    others 0.

    NumPy arrays on the host, JAX arrays on the device and inside programs.
    """

    x: Any
    y: Any
    n: Any


class Data(NamedTuple):
    """The train and the test set."""

    train: Split
    test: Split


@dataclass(frozen=True)
class Prepared:
    """All that a run needs of its problem: ``data`` for the programs, ``picture`` for the eye, names for the labels.

    ``target``: what is learned, and a regression's units. ``scale`` (0, inf): the largest target of a regression, as it
    is learned, by which a picture divides. ``order``: which of the picture's samples the rows of the train and of the
    test set are. ``plane``: how features become inputs. ``table``: where the rows come from, if they are the user's
    own."""

    data: Data
    picture: Picture
    class_names: tuple[str, ...]
    target: TargetScale
    scale: float
    order: tuple[np.ndarray, np.ndarray]
    plane: Plane
    notes: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def targets(self) -> np.ndarray:
        """Each of the picture's samples' target (n,): a class index, or a number in the target's units."""
        value = self.picture.value
        return value if self.class_names else self.target.in_units(value * self.scale)

    @property
    def target_deviation(self) -> tuple[float, float]:
        """The targets' standard deviation over the train and over the test set, in their units; NaN for an empty
        set."""
        return tuple(float(self.targets[rows].std()) if len(rows) else math.nan for rows in self.order)  # pyright: ignore[reportReturnType]

    def on(self, device: Any) -> Data:
        """``data`` on a device, one copy for all who ask; None: where arrays lie by themselves, which on the processor
        is no copy at all."""
        placed: dict[Any, Data] = self.__dict__.setdefault("_placed", {})
        if device not in placed:
            placed[device] = jax.device_put(self.data, device)
        return placed[device]

    def padded_on(self, device: Any, shape: Hashable, pad: Callable[[Split], Split]) -> Data:
        """``data`` padded to ``shape`` by ``pad`` on a device: the same for all who ask for what was asked last."""
        latest: tuple[Any, Data] | None = self.__dict__.get("_padded")
        if latest is None or latest[0] != (device, shape):
            placed = jax.device_put(Data(*map(pad, self.data)), device)
            latest = self.__dict__["_padded"] = (device, shape), placed
        return latest[1]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, without the ``table``, and without what is padded."""
        elsewhere = sum(placed is not None for placed in self.__dict__.get("_placed", ()))
        return self._numbers * (1 + elsewhere) + self._beside

    def padded_bytes(self) -> dict[int, int]:
        """Bytes of what is padded, by the identity of each array: who asked earlier may still hold others."""
        return array_bytes(self.__dict__.get("_padded", ((), ()))[1])

    @cached_property
    def _numbers(self) -> int:
        return sum(array.nbytes for array in jax.tree.leaves(self.data))

    @cached_property
    def _beside(self) -> int:
        picture, arrays = self.picture, jax.tree.leaves(self.data)
        looked_at = sum(part.nbytes for part in (picture.x, picture.y, picture.value, picture.train, *self.order))
        return len(arrays) * ARRAY_BYTES + looked_at


ARRAY_BYTES = 1800
"""What a JAX array costs beside its numbers."""


def array_bytes(tree: Any) -> dict[int, int]:
    """Bytes of each JAX array of ``tree``, by its identity."""
    return {id(array): array.nbytes + ARRAY_BYTES for array in jax.tree.leaves(tree)}


LARGEST = 1e30
"""Of a feature: float32 ends a little beyond."""


def bucket(rows: int) -> int:
    """The padded number of rows: the next of 64, 96, 128, 192, 256 ..., so that a few samples more need no new
    program."""
    power = 2 ** max(6, math.ceil(math.log2(max(rows, 1))))
    return power * 3 // 4 if power > 64 and rows <= power * 3 // 4 else power


def allocate_aligned(shape: tuple[int, int]) -> np.ndarray:
    """Zeros (float32) that begin where the processor's programs want an array to begin: they take it as it is, without
    a copy."""
    size = shape[0] * shape[1] * 4
    block = np.zeros(size + 64, np.uint8)
    start = -block.ctypes.data % 64
    return block[start : start + size].view(np.float32).reshape(shape)


def pad_rows(x: np.ndarray, y: np.ndarray) -> Split:
    """``x`` and ``y`` with rows of 0 appended up to their bucket."""
    rows = bucket(len(x))
    wide_x, wide_y = (allocate_aligned((rows, part.shape[1])) for part in (x, y))
    wide_x[: len(x)], wide_y[: len(x)] = x, y
    return Split(wide_x, wide_y, np.int32(len(x)))


def feature_columns(names: tuple[str, ...], x: np.ndarray) -> np.ndarray:
    """The input features ``names`` of points ``x (n, 2)``: (n, len(names)).

    Raises ``PlaygroundError`` for a formula that is infinite, or no number, at one of them.
    """
    columns = []
    with np.errstate(all="ignore"):
        for name in names:
            column = np.asarray(feature_of(name).fn(np, x[:, 0], x[:, 1]), np.float64)
            if not (np.abs(column) <= LARGEST).all():
                x1, x2 = x[int(np.argmin(np.abs(column) <= LARGEST))]
                raise PlaygroundError(
                    mark(
                        "{feature} is no ordinary number at x1 = {x1:.3g}, x2 = {x2:.3g}; choose a formula that is one "
                        "everywhere.",
                        feature=name,
                        x1=x1,
                        x2=x2,
                    ),
                    field="features",
                )
            columns.append(column)
    return np.stack(columns, axis=1)


def feature_tex(name: str) -> str:
    """A feature of the plane in TeX."""
    return feature_of(name).formula


def _samples(experiment: Experiment, table: Table | None) -> Points:
    problem = experiment.problem
    if table is not None:
        return Points(table.x, table.y)
    rng = np.random.default_rng([problem.seed, 0])
    return DATASETS[problem.dataset].sample(rng, problem.samples, problem.noise, problem.classes)


def _with_painted(
    experiment: Experiment, points: Points, train: np.ndarray, test: np.ndarray
) -> tuple[Points, Any, Any]:
    """The samples and the painted points after them, all of which are trained on, whatever the split of the others."""
    painted = np.array(experiment.problem.painted, np.float64).reshape(-1, 3)
    y = painted[:, 2].astype(points.y.dtype)
    if experiment.problem.only_painted:
        return Points(painted[:, :2], y), np.arange(len(y)), np.zeros(0, np.intp)
    joined = Points(np.concatenate([points.x, painted[:, :2]]), np.concatenate([points.y, y]))
    return joined, np.concatenate([train, np.arange(len(points.y), len(joined.y))]), test


_SHARED: WeakValueDictionary[Hashable, Prepared] = WeakValueDictionary()


def prepare(experiment: Experiment, table: Table | None = None) -> Prepared:
    """Sample, split, standardise and pad the problem of ``experiment``; ``table`` holds the rows when they are the
    user's own.

    The same problem is there once, as long as anybody holds it. Raises ``PlaygroundError`` when the table lacks a
    column, or the rows are too few to split."""
    structure, problem = experiment.structure, replace(experiment.problem, init_seed=0)
    key = (problem, structure.loss, structure.shuffle, experiment.task, id(table))
    prepared = _SHARED.get(key)
    if prepared is None or prepared.table is not table:
        prepared = _SHARED[key] = _prepare(experiment, table)
    return prepared


def samples_of(experiment: Experiment, table: Table | None = None) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    """The samples as they are, in the picture's order: columns ``(n, d)``, their names, targets ``(n,)``."""
    problem = experiment.problem
    points = _samples(experiment, table)
    if problem.tabular:
        return _columns(experiment, points, table), problem.features, points.y
    if problem.painted:
        points, *_ = _with_painted(experiment, points, np.zeros(0, np.intp), np.zeros(0, np.intp))
    return points.x, ("x1", "x2"), points.y


def _columns(experiment: Experiment, points: Points, table: Table | None) -> np.ndarray:
    names = table.columns if table is not None else DATASETS[experiment.problem.dataset].columns
    return points.x[:, [names.index(name) for name in experiment.problem.features]]


def largest_shown(target: np.ndarray, as_curve: bool) -> float:
    """By what a picture divides a regression's numbers ``target (n,)``: the largest; of a curve, the axis' end."""
    ends = limits(target) if as_curve else (target.min(), target.max())
    return float(np.abs(ends).max() or 1.0)


def loss_targets(y: np.ndarray, loss: Loss) -> np.ndarray:
    """The classes 0 and 1 of ``y (n,)`` as a curve's height: probabilities 0 and 1 where the loss makes them, else -1
    and 1."""
    return np.asarray(y, np.float64) if readout_kind(loss, "binary") == "probability" else 2.0 * y - 1


def curve_labels(names: tuple[str, ...], units: TargetScale, loss: Loss) -> str:
    """What the height of a curve is called."""
    if not names:
        return units.name
    if readout_kind(loss, "binary") == "probability":
        return mark("probability of {class_name}", class_name=class_label(names[1]))
    return mark("output")


def _prepare(experiment: Experiment, table: Table | None) -> Prepared:
    problem, structure = experiment.problem, experiment.structure
    points = _samples(experiment, table)
    regression = experiment.task == "regression"
    in_order = table is not None and not structure.shuffle
    rng = None if in_order else np.random.default_rng([problem.seed, 1])
    train, test = split(rng, points.y, problem.train_fraction, stratify=not regression)
    if problem.painted:
        points, train, test = _with_painted(experiment, points, train, test)
    elif not regression and len(np.unique(points.y[train])) < 2:
        raise PlaygroundError(
            mark("the train set holds one class only; take a larger train_fraction, or shuffle the rows."),
            field="train_fraction",
        )

    if problem.tabular:
        raw = _columns(experiment, points, table)
        labels = problem.features
    else:
        raw = feature_columns(problem.features, points.x)
        labels = tuple(feature_of(name).label for name in problem.features)

    mean, deviation = (
        standardization(raw[train]) if problem.standardize else (np.zeros(raw.shape[1]), np.ones(raw.shape[1]))
    )
    target, name = np.asarray(points.y, np.float64), target_name(problem.dataset, table)
    units = TargetScale(name)
    if regression and problem.standardize:
        y_mean, y_deviation = standardization(target[train][:, None])
        units = TargetScale(name, float(y_mean[0]), float(y_deviation[0]))
        target = (target - units.mean) / units.deviation
    loss = LOSSES[structure.loss]
    encoded = loss.target(target if regression else points.y, experiment.task, problem.classes)
    inputs = (raw - mean) / deviation

    is_train = np.zeros(len(points.y), bool)
    is_train[train] = True
    names = class_names(problem.dataset, problem.classes, table)
    as_curve = raw.shape[1] == 1 and (regression or (problem.tabular and len(names) == 2))
    scale = largest_shown(target, as_curve) if regression else 1.0
    shown = target / scale if regression else points.y.astype(np.float64)
    if as_curve:
        labelled = curve_labels(names, units, loss)
        y = units.in_units(target) if regression else loss_targets(points.y, loss)
        picture = curve_picture(raw[:, 0], y, shown, is_train, (labels[0], labelled), Plane(mean, deviation))
    elif problem.tabular:
        label_of = partial(short_column_label, problem.dataset)
        picture = table_picture(raw, labels, problem.axes, shown, is_train, Plane(mean, deviation), label_of)
    else:
        half = DATASETS[problem.dataset].domain or 6.0
        picture = plane_picture(
            points.x, half, shown, is_train, lambda xy: (feature_columns(problem.features, xy) - mean) / deviation
        )

    return Prepared(
        data=Data(pad_rows(inputs[train], encoded[train]), pad_rows(inputs[test], encoded[test])),
        picture=picture,
        class_names=() if regression else names,
        target=units,
        scale=scale,
        order=(train, test),
        plane=Plane(mean, deviation),
        notes=table.notes if table is not None else (),
        table=table,
    )

"""What a lesson sees at one moment: the experiment, and the numbers of one frame of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from playground.experiment import Experiment
from playground.live import Run
from playground.live.frames.boundary import signed_value
from playground.live.frames.diagram import UNIT_SCALARS
from playground.live.frames.layer_statistics import LAYER_SCALARS
from playground.live.frames.observer import SCALARS, Frame, Observer
from playground.training.knobs import knob_vector, knobs_of
from playground.training.projection_units import picture_units

StopKind = Literal["", "diverged", "stopped"]
"""Why training cannot go on from a frame; "" while it can."""


class LayerNumbers(NamedTuple):
    """What is drawn of a layer: weights and their gradients ``(fan_in, units)``, biases and theirs ``(units,)``, and
    of each unit its mean output and the standard deviation of that over the train set ``(units,)``."""

    weights: np.ndarray
    biases: np.ndarray
    weight_gradients: np.ndarray
    bias_gradients: np.ndarray
    unit_means: np.ndarray
    unit_deviations: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One moment of an experiment: everything that a condition can be about.

    Without a frame (``index`` -1) only the experiment is known, as long as its program is being compiled. ``scalars``:
    those of a frame by name; ``layers``: each layer's numbers by name, the output layer last. What takes work is read
    when a condition needs it: ``read_curves`` gives the numbers of all frames of the run up to this one by name,
    ``read_layers`` what the diagram shows, ``read_picture(x1, x2)`` the picture's value at a place, None off it.
    ``units_off``: inputs and hidden units that are switched off; ``edits``: weights set by hand so far.
    """

    experiment: Experiment
    run: str = ""
    index: int = -1
    stop: StopKind = ""
    scalars: Mapping[str, float] = field(default_factory=dict)
    layers: Sequence[Mapping[str, float]] = ()
    units_off: int = 0
    edits: int = 0
    read_curves: Callable[[], Mapping[str, np.ndarray]] = dict
    read_layers: Callable[[], Sequence[LayerNumbers]] = tuple
    read_picture: Callable[[float, float], float | None] = lambda x1, x2: None

    @cached_property
    def curves(self) -> Mapping[str, np.ndarray]:
        """The numbers of the run's frames up to this one, oldest first."""
        return self.read_curves()

    @cached_property
    def diagram_layers(self) -> Sequence[LayerNumbers]:
        """What the diagram shows of each layer, the output layer last."""
        return self.read_layers()

    @property
    def has_frame(self) -> bool:
        """Whether anything was measured."""
        return self.index >= 0

    @classmethod
    def of(cls, run: Run, index: int) -> Observation:
        """Frame ``index`` of ``run`` as it was made, under its own knobs; the experiment alone where there is no frame
        yet."""
        if not run.has_frames:
            return cls(experiment=run.experiment, run=run.name)
        index = min(max(index, 0), run.last)
        past, segment = run.past, run.past.segment_at(index)
        frame, observer, masks = past.recent.at(index) or run.frame(index), segment.observer, segment.masks
        is_present = np.array_equal(segment.knobs, knob_vector(run.experiment.knobs))
        knobs = run.experiment.knobs if is_present else knobs_of(segment.knobs)
        return cls(
            experiment=replace(observer.trainer.experiment, knobs=knobs),
            run=run.name,
            index=index,
            stop=stop_kind(run, index, frame),
            scalars={name: frame.scalar(name) for name in SCALARS},
            layers=[
                dict(zip(LAYER_SCALARS, row.tolist(), strict=True))
                for row in frame.layers(observer.trainer.network.depth)
            ],
            units_off=0 if masks is None else int(sum(np.sum(np.asarray(part) == 0) for part in masks.units)),
            edits=sum(len(part.edits) for part in past.segments if part.start <= index),
            read_curves=lambda: past.curves.until(index + 1),
            read_layers=lambda: layer_numbers(observer, frame),
            read_picture=lambda x1, x2: picture_value(observer, frame, x1, x2),
        )

    @classmethod
    def now(cls, run: Run, index: int) -> Observation:
        """The experiment of ``run`` as it stands, with the numbers of frame ``index``, which is shown, where that was
        made under it: what was measured before a knob was turned says nothing of what it does now."""
        observation = cls.of(run, index)
        is_measured = observation.has_frame and is_made_under_present(run, observation.index)
        return observation if is_measured else cls(experiment=run.experiment, run=run.name)


def is_made_under_present(run: Run, index: int) -> bool:
    """Whether frame ``index`` was made under the knobs, masks and data that hold now."""
    segment = run.past.segment_at(index)
    is_same = np.array_equal(segment.knobs, knob_vector(run.experiment.knobs)) and segment.masks is run.masks
    return is_same and segment.observer is run.observer


def stop_kind(run: Run, index: int, frame: Frame) -> StopKind:
    """Why training could not go on from ``frame``, which has that index in ``run``."""
    if frame.bad_step >= 0:
        return "diverged"
    stop = run.stop_reason() if index == run.last else None
    return stop[0] if stop else ""


def layer_numbers(observer: Observer, frame: Frame) -> list[LayerNumbers]:
    """What the diagram of ``frame`` shows, layer by layer."""
    widths = observer.diagram.widths
    weights, gradients = (frame.part(observer.blocks, name) for name in ("weights", "slopes"))
    units = frame.part(observer.blocks, "units")
    means, deviations = (units[:, UNIT_SCALARS.index(name)] for name in ("mean", "deviation"))
    layers, at, unit = [], 0, 0
    for fan_in, fan_out in pairwise(widths):
        end = at + fan_in * fan_out
        sides = [
            (numbers[at:end].reshape(fan_in, fan_out), numbers[end : end + fan_out]) for numbers in (weights, gradients)
        ]
        (weight, bias), (weight_gradient, bias_gradient) = sides
        rows = slice(unit, unit + fan_out)
        layers.append(LayerNumbers(weight, bias, weight_gradient, bias_gradient, means[rows], deviations[rows]))
        at, unit = end + fan_out, unit + fan_out
    return layers


def picture_value(observer: Observer, frame: Frame, x1: float, x2: float) -> float | None:
    """The value of the picture's cell at a place, in the picture's units, to a 127th of its scale; None beyond the
    picture, and where it shows no value of two coordinates (a table, a curve, several classes)."""
    experiment, prepared = observer.trainer.experiment, observer.trainer.prepared
    picture = prepared.picture
    if experiment.problem.tabular or picture.curve or experiment.task == "multiclass":
        return None
    cells = frame.part(observer.blocks, "map")[0]
    rows, columns = cells.shape
    across = (x1 - picture.xlim[0]) / (picture.xlim[1] - picture.xlim[0])
    down = (picture.ylim[1] - x2) / (picture.ylim[1] - picture.ylim[0])
    if not (0 <= across <= 1 and 0 <= down <= 1):
        return None
    cell = cells[min(int(down * rows), rows - 1), min(int(across * columns), columns - 1)]
    units = picture_units(experiment, prepared)
    return units.zero + units.unit * signed_value(int(cell))

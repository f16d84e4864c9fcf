"""A network, its state and its data, padded to the shapes of a general program."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import jax
import numpy as np

from playground.experiment import Experiment
from playground.nn.activations import ACTIVATIONS
from playground.nn.masks import Masks, full_masks
from playground.nn.network import Network, Params
from playground.nn.parameters import flatten_params
from playground.objectives.losses import LOSSES
from playground.objectives.schedules import SCHEDULES
from playground.training.data import Split, allocate_aligned
from playground.training.early_stopping import NOTHING_TESTED, BestLoss
from playground.training.general.bucket import MAX_WEIGHT_LAYERS, Bucket
from playground.training.general.loss_switch import loss_number
from playground.training.general.optimizer_switch import elementwise_optimizers, state_layout, state_size
from playground.training.general.reading import reading_number
from playground.training.train_loop import TrainState


class PaddedState(NamedTuple):
    """A ``TrainState`` in the shapes of a bucket.

    Parameters and last update ``(n,)``, the optimizer's vectors ``(v, n)`` and scalars ``(s,)``.
    """

    params: Any
    vectors: Any
    scalars: Any
    best: Any
    update: Any
    step: Any
    bad_step: Any


class Plan(NamedTuple):
    """What a network is and how it is trained, as arguments.

    ``L`` layers of ``U`` units and ``n`` parameters, padding included.

    ``depth``: number of hidden layers. ``activations (L,)``, ``optimizer``, ``schedule``, ``loss``: numbers of entries;
    ``reading``: of how outputs are read. ``skips (L,)``: 1 where a residual connection goes around.
    ``widths (L,)``: units of each layer. ``inputs (U,)``, ``gates (L, U)``, ``links (L, U, U)``, ``free (n,)``:
    1 for what is there and switched on, and for parameters that may move. ``real_units (L, U)``,
    ``real (L, U * U + U)``: 1 for what is there. ``smoothing (2,)``: by which label smoothing shrinks a target, and
    what it adds. ``decays``: whether weight decay is the training's, not the optimizer's.
    """

    depth: Any
    activations: Any
    optimizer: Any
    schedule: Any
    loss: Any
    reading: Any
    skips: Any
    widths: Any
    inputs: Any
    gates: Any
    links: Any
    free: Any
    real_units: Any
    real: Any
    smoothing: Any
    decays: Any
    shuffle: Any
    batch: Any


class PaddedNetwork:
    """``experiment``'s network in a ``bucket``; ``batch``: samples of a full batch."""

    def __init__(self, experiment: Experiment, network: Network, bucket: Bucket, batch: int) -> None:
        self.experiment = experiment
        self.network = network
        self.bucket = bucket
        self.batch = batch
        self._layout = state_layout(experiment.structure.optimizer)

    @cached_property
    def places(self) -> np.ndarray:
        """Where each parameter (in the order of ``flatten_params``: a layer's ``b``, then its ``w``) lies in the padded
        vector."""
        parts, units = [], self.bucket.units
        for layer, (fan_in, fan_out) in enumerate(self._shapes):
            parts.append(self.bucket.weights + layer * units + np.arange(fan_out))
            parts.append(layer * units * units + (np.arange(fan_in)[:, None] * units + np.arange(fan_out)).ravel())
        return np.concatenate(parts)

    @property
    def _shapes(self) -> list[tuple[int, int]]:
        widths = self.network.widths
        return [(widths[layer], widths[layer + 1]) for layer in range(self.network.depth)]

    def first_state(self, params: Params) -> TrainState:
        """The state before the first step: NumPy arrays, so that nothing is compiled."""
        size = self.places.size
        leaves = [np.full(size if leaf.is_vector else (), leaf.initial, leaf.dtype) for leaf in self._layout.leaves]
        zeros = tuple({name: np.zeros_like(value) for name, value in layer.items()} for layer in params)
        stats: tuple[Any, ...] = ({},) * (self.network.depth - 1)
        opt_state = jax.tree.unflatten(self._layout.tree, leaves)
        return TrainState(params, stats, opt_state, NOTHING_TESTED, zeros, np.int32(0), np.int32(-1))  # pyright: ignore[reportArgumentType]

    def pack(self, state: TrainState) -> PaddedState:
        """``state`` in the shapes of the bucket."""
        vector_count, scalar_count = state_size()
        rows = np.zeros((2 + vector_count, self.bucket.parameters), np.float32)
        scalars = np.zeros(scalar_count, np.int32)
        rows[0, self.places], rows[1, self.places] = flatten_params(state.params), flatten_params(state.update)
        for leaf, value in zip(self._layout.leaves, jax.tree.leaves(state.opt_state), strict=True):
            if leaf.is_vector:
                rows[2 + leaf.slot, self.places] = value
            else:
                scalars[leaf.slot] = np.asarray(value).view(np.int32)
        best = BestLoss(np.float32(state.best.loss), np.int32(state.best.step), np.int32(state.best.tested))
        return PaddedState(rows[0], rows[2:], scalars, best, rows[1], np.int32(state.step), np.int32(state.bad_step))

    def pack_params(self, params: Params | np.ndarray) -> np.ndarray:
        """Parameters, or a vector of them, in the padded vector."""
        vector = np.zeros(self.bucket.parameters, np.float32)
        vector[self.places] = params if isinstance(params, np.ndarray) else flatten_params(params)
        return vector

    def unpack_params(self, vector: Any) -> Params:
        """The inverse of ``pack_params``: NumPy arrays."""
        return self._layers(np.asarray(vector)[self.places])

    def unpack(self, state: PaddedState) -> TrainState:
        """The inverse of ``pack``: NumPy arrays."""
        vectors, scalars = np.asarray(state.vectors), np.asarray(state.scalars)
        leaves = [
            vectors[leaf.slot, self.places] if leaf.is_vector else scalars[leaf.slot].view(leaf.dtype)
            for leaf in self._layout.leaves
        ]
        return TrainState(
            self._layers(np.asarray(state.params)[self.places]),
            ({},) * (self.network.depth - 1),
            jax.tree.unflatten(self._layout.tree, leaves),
            BestLoss(*map(np.asarray, state.best)),
            self._layers(np.asarray(state.update)[self.places]),
            np.asarray(state.step),  # pyright: ignore[reportArgumentType]
            np.asarray(state.bad_step),  # pyright: ignore[reportArgumentType]
        )

    def _layers(self, numbers: np.ndarray) -> Params:
        layers, start = [], 0
        for fan_in, fan_out in self._shapes:
            middle, end = start + fan_out, start + fan_out + fan_in * fan_out
            layers.append({"w": numbers[middle:end].reshape(fan_in, fan_out), "b": numbers[start:middle]})
            start = end
        return tuple(layers)

    def plan(self, masks: Masks | None = None) -> Plan:
        """What the program takes of this network, with what ``masks`` switch off."""
        structure, units = self.experiment.structure, self.bucket.units
        network, hidden = self.network, self.network.depth - 1
        masks = masks or full_masks(network)
        names = list(ACTIVATIONS)
        activations = np.zeros(MAX_WEIGHT_LAYERS, np.int32)
        skips = np.zeros(MAX_WEIGHT_LAYERS, np.float32)
        widths = np.ones(MAX_WEIGHT_LAYERS, np.int32)
        gates, real_units = np.zeros((2, MAX_WEIGHT_LAYERS, units), np.float32)
        links, real_links, free_links = np.zeros((3, MAX_WEIGHT_LAYERS, units, units), np.float32)
        free_biases = np.zeros((MAX_WEIGHT_LAYERS, units), np.float32)
        inputs = np.zeros(units, np.float32)
        inputs[: network.widths[0]] = masks.units[0]
        before = np.asarray(masks.units[0])
        for layer, (fan_in, fan_out) in enumerate(self._shapes):
            on = np.asarray(masks.units[layer + 1]) if layer < hidden else np.ones(fan_out, np.float32)
            activations[layer] = names.index(network.activations[layer])
            skips[layer] = network.skips(layer)
            widths[layer] = fan_out
            gates[layer, :fan_out], real_units[layer, :fan_out] = on, 1
            links[layer, :fan_in, :fan_out], real_links[layer, :fan_in, :fan_out] = masks.links[layer], 1
            learns = float(masks.learning[layer])
            free_links[layer, :fan_in, :fan_out] = learns * np.asarray(masks.links[layer]) * before[:, None] * on[None]
            free_biases[layer, :fan_out] = learns * on
            before = on
        optimizer = next(i for i, entry in enumerate(elementwise_optimizers()) if entry.name == structure.optimizer)
        loss = LOSSES[structure.loss]
        ends = np.zeros((1, network.widths[-1]), np.float32), np.ones((1, network.widths[-1]), np.float32)
        low, high = (float(np.asarray(loss.smooth(end, np.float32(1), self.experiment.task))[0, 0]) for end in ends)  # pyright: ignore[reportArgumentType]
        return Plan(
            depth=np.int32(hidden),
            activations=activations,
            optimizer=np.int32(optimizer),
            schedule=np.int32(list(SCHEDULES).index(structure.schedule)),
            reading=np.int32(reading_number(structure.loss, self.experiment.task)),
            loss=np.int32(loss_number(structure.loss, network.widths[-1])),
            skips=skips,
            widths=widths,
            inputs=inputs,
            gates=gates,
            links=links,
            free=np.concatenate([free_links.ravel(), free_biases.ravel()]),
            real_units=real_units,
            real=np.concatenate([real_links.reshape(MAX_WEIGHT_LAYERS, -1), real_units], axis=1),
            smoothing=np.array([1 - (high - low), low], np.float32),
            decays=np.bool_("weight_decay" not in elementwise_optimizers()[optimizer].knobs),
            shuffle=np.bool_(structure.shuffle),
            batch=np.int32(self.batch),
        )

    def split(self, part: Split) -> Split:
        """A train or test set in the shapes of the bucket: what is beyond its samples, features and outputs is 0."""
        count = int(part.n)
        x, y = (allocate_aligned((self.bucket.rows, self.bucket.units)) for _ in range(2))
        x[:count, : part.x.shape[1]], y[:count, : part.y.shape[1]] = part.x[:count], part.y[:count]
        return Split(x, y, part.n)

    def inputs(self, rows: np.ndarray) -> np.ndarray:
        """Rows of inputs ``(rows, features)`` in the width of the bucket."""
        wide = allocate_aligned((len(rows), self.bucket.units))
        wide[:, : rows.shape[1]] = rows
        return wide


def example_state(bucket: Bucket) -> PaddedState:
    """A state of the shapes of ``bucket``, to compile for."""
    vectors, scalars = state_size()
    numbers = np.zeros(bucket.parameters, np.float32)
    rows = np.zeros((vectors, bucket.parameters), np.float32)
    return PaddedState(numbers, rows, np.zeros(scalars, np.int32), NOTHING_TESTED, numbers, np.int32(0), np.int32(-1))


def example_split(bucket: Bucket) -> Split:
    """A set of the shapes of ``bucket``, to compile for."""
    rows = np.zeros((bucket.rows, bucket.units), np.float32)
    return Split(rows, rows, np.int32(1))


def example_plan(bucket: Bucket) -> Plan:
    """A plan of the shapes of ``bucket``, to compile for: any network's."""
    network = Network(widths=(2, 1), activations=("identity",))
    return PaddedNetwork(Experiment(), network, bucket, 1).plan()

"""What a frame shows of a padded network, as one function for all networks of a bucket; and the host's choice of what
is real in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from playground.live.diagnostics.layer_health import dead_and_saturated, is_shut
from playground.live.frames.boundary import boundary
from playground.live.frames.diagram import SHOWN_ENDS, SMALL, UNIT_SCALARS, Diagram, coarse_bytes, peak
from playground.live.frames.layer_statistics import BINS, LAYER_SCALARS, PaddedLayers, padded_layer_statistics
from playground.nn.network import Network
from playground.objectives.regularizers import penalty, penalty_slope
from playground.training.data import Data, Split
from playground.training.general.bucket import MAX_WEIGHT_LAYERS, Bucket
from playground.training.general.loss_switch import loss_and_slope, row_losses, smooth_targets
from playground.training.general.padded import PaddedState, Plan
from playground.training.general.products import chain
from playground.training.general.reading import Reading, readings
from playground.training.general.train_loop import layers_of, output_gate, schedule_factor, value_and_slope, value_of
from playground.training.knobs import knob_dict
from playground.training.objective import Knob, Score, mean_loss, metric, weights_of

GRID = 64
"""Cells of the picture along one side."""
SCALAR_COUNT = 8
MAX_PLANES = 2
MAX_CHAINED = 8
"""Units up to which a chain of products over all cells beats a matrix product."""


def shown_units(bucket: Bucket) -> int:
    """Units of a layer that may be drawn."""
    return min(bucket.units, SHOWN_ENDS)


class Evaluation(NamedTuple):
    """What outputs are worth: losses and metrics of train and test set, the picture's ``planes (2, cells)``, and the
    loss's gradient with respect to the train outputs."""

    train: Score
    test: Score
    planes: Array
    slope: Array


def evaluate(
    plan: Plan,
    train_output: Array,
    output: Array,
    data: Data,
    knobs: Knob,
    scale: Array,
    cells: int = GRID * GRID,
) -> Evaluation:
    """Of the outputs ``(rows, units)`` on the train set, and ``(units, places)`` on the test set, the ``cells`` of the
    picture and whatever follows them."""
    real = output_gate(plan)
    rows = data.train.x.shape[0]
    smooth = smooth_targets(plan.smoothing, data.train.y, knobs)
    share = weights_of(data.train) / data.train.n.astype(jnp.float32)
    _, slope = loss_and_slope(plan.loss, train_output, smooth, share, real, knobs)
    both = jnp.concatenate([train_output, output[:, :rows].T]), jnp.concatenate([data.train.y, data.test.y])
    losses = row_losses(plan.loss, *both, real, knobs)

    def branch(reading: Reading) -> Callable[[tuple[Array, Array]], tuple[Array, Array, Array]]:
        classes = real.sum() if reading.task == "multiclass" else None

        def read(outputs: tuple[Array, Array]) -> tuple[Array, Array, Array]:
            on_train, elsewhere = outputs
            ends = rows, rows + cells
            on_test, picture = elsewhere[:, : ends[0]].T, elsewhere[:, ends[0] : ends[1]].T

            def of_set(values: Array, part: Split) -> Array:
                targets = part._replace(y=reading.outputs(part.y, real))
                return metric(reading.outputs(values, real), targets, reading.loss, reading.task)

            planes = boundary(reading.outputs(picture, real), reading.loss, reading.task, scale, classes)
            padded_planes = jnp.pad(planes, ((0, MAX_PLANES - planes.shape[0]), (0, 0)))
            return of_set(on_train, data.train), of_set(on_test, data.test), padded_planes

        return read

    branches = [branch(reading) for reading in readings()]
    *metrics, planes = jax.lax.switch(plan.reading, branches, (train_output, output))
    train, test = (
        Score(mean_loss(part_losses, part), value)
        for part_losses, part, value in zip((losses[:rows], losses[rows:]), data, metrics, strict=True)
    )
    return Evaluation(train, test, planes, slope)


def make_general_observe(bucket: Bucket) -> Callable[..., tuple[Array, Array]]:
    """The function ``observe(state, plan, data, grid, small, knobs, scale, per_epoch) -> (floats, bytes)``, to be
    compiled.

    ``grid (cells, units)``, ``small (cells, units)``: inputs at the cells of the picture and of a unit's map.
    """
    units, rows, drawn = bucket.units, bucket.rows, shown_units(bucket)
    cells = SMALL * SMALL

    def product(w: Array, h: Array) -> Array:
        return chain([w[i][:, None] * h[i][None] for i in range(units)]) if units <= MAX_CHAINED else w.T @ h

    def observe(
        state: PaddedState,
        plan: Plan,
        data: Data,
        grid: Array,
        small: Array,
        vector: Array,
        scale: Array,
        per_epoch: Array,
    ) -> tuple[Array, Array]:
        knobs = knob_dict(vector)
        raw, biases = layers_of(state.params, bucket)
        weights = raw * plan.links
        weight = weights_of(data.train)[:, None]
        count = data.train.n.astype(jnp.float32)

        def on_train(layer: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
            h, inputs, slopes, statistics = carry
            value, slope = value_and_slope(h @ weights[layer] + biases[layer][None], plan.activations[layer])
            gate = plan.gates[layer][None]
            new = (value + h * plan.skips[layer]) * gate
            mean = jnp.where(weight > 0, new, 0.0).sum(0) / count
            shut = jnp.where((weight > 0) & is_shut(slope, plan.activations[layer]), 1.0, 0.0).sum(0) / count
            variance = (jnp.square(new - mean[None]) * weight).sum(0) / count
            row = jnp.stack([mean, jnp.sqrt(variance), shut])
            return new, inputs.at[layer].set(h), slopes.at[layer].set(slope * gate), statistics.at[layer].set(row)

        room = jnp.zeros((MAX_WEIGHT_LAYERS, rows, units))
        first = data.train.x * plan.inputs[None], room, room, jnp.zeros((MAX_WEIGHT_LAYERS, 3, units))
        train_output, inputs, slopes, statistics = jax.lax.fori_loop(0, plan.depth + 1, on_train, first)

        def elsewhere(layer: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            h, maps, peaks = carry
            z = product(weights[layer], h) + biases[layer][:, None]
            value = value_of(z, plan.activations[layer])
            h = (value + h * plan.skips[layer]) * plan.gates[layer][:, None]
            places = h[:drawn, -cells:].T
            return h, maps.at[layer].set(coarse_bytes(places).T), peaks.at[layer].set(peak(places))

        # Units first: what is elementwise then runs along the many cells.
        looked = (jnp.concatenate([data.test.x, grid, small]) * plan.inputs[None]).T
        first = looked, jnp.zeros((MAX_WEIGHT_LAYERS, drawn, cells), jnp.uint8), jnp.ones((MAX_WEIGHT_LAYERS, drawn))
        output, maps, peaks = jax.lax.fori_loop(0, plan.depth + 1, elsewhere, first)
        evaluation = evaluate(plan, train_output, output, data, knobs, scale)

        def backward(i: Array, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            slope, to_weights, to_biases = carry
            layer = plan.depth - i
            to_sums = slope * slopes[layer]
            back = to_sums @ weights[layer].T + slope * (plan.skips[layer] * plan.gates[layer])[None]
            gradient = (inputs[layer].T @ to_sums) * plan.links[layer] + penalty_slope(weights[layer], knobs)
            return back, to_weights.at[layer].set(gradient), to_biases.at[layer].set(to_sums.sum(0))

        first = evaluation.slope, jnp.zeros_like(weights), jnp.zeros_like(biases)
        _, to_weights, to_biases = jax.lax.fori_loop(0, plan.depth + 1, backward, first)

        mean, deviation, shut = statistics[:, 0], statistics[:, 1], statistics[:, 2]
        update = jnp.concatenate(
            [part.reshape(MAX_WEIGHT_LAYERS, -1) for part in layers_of(state.update, bucket)], axis=1
        )
        layers = PaddedLayers(
            jnp.concatenate([to_weights.reshape(MAX_WEIGHT_LAYERS, -1), to_biases], axis=1),
            jnp.concatenate([weights.reshape(MAX_WEIGHT_LAYERS, -1), biases], axis=1),
            update,
        )
        health = dead_and_saturated(shut, plan.real_units, plan.activations, plan.depth)
        numbers, bins = padded_layer_statistics(layers, plan.real, mean, plan.real_units, health)
        scalars = jnp.stack(
            [
                state.step.astype(jnp.float32),
                state.step / per_epoch,
                evaluation.train.loss,
                evaluation.test.loss,
                evaluation.train.metric,
                evaluation.test.metric,
                penalty(({"w": weights},), knobs),
                knobs["learning_rate"] * schedule_factor(plan.schedule, state.step, knobs),
            ]
        )
        of_units = jnp.stack([mean[:, :drawn], deviation[:, :drawn], peaks, shut[:, :drawn]], axis=2)
        parameters = [raw[:, :drawn, :drawn], biases[:, :drawn], to_weights[:, :drawn, :drawn], to_biases[:, :drawn]]
        floats = [scalars, numbers, of_units, *parameters]
        shades = [evaluation.planes, bins, maps]
        return tuple(jnp.concatenate([part.ravel() for part in parts]) for parts in (floats, shades))  # pyright: ignore[reportReturnType]

    return observe


@lru_cache(maxsize=256)
def real_places(network: Network, planes: int, bucket: Bucket) -> tuple[np.ndarray, np.ndarray]:
    """Where the numbers and the shades of a frame of ``network`` lie among those of its bucket, in the order of the
    frame's blocks."""
    diagram, depth, drawn = Diagram(network), network.depth, shown_units(bucket)
    widths, cells = diagram.widths, SMALL * SMALL
    layer_numbers, unit_numbers = MAX_WEIGHT_LAYERS * len(LAYER_SCALARS), MAX_WEIGHT_LAYERS * drawn * len(UNIT_SCALARS)
    floats, start = [np.arange(SCALAR_COUNT), SCALAR_COUNT + np.arange(depth * len(LAYER_SCALARS))], SCALAR_COUNT
    start += layer_numbers
    floats += [
        start + layer * drawn * len(UNIT_SCALARS) + np.arange(widths[layer + 1] * len(UNIT_SCALARS))
        for layer in range(depth)
    ]
    start += unit_numbers
    weight_count, bias_count = MAX_WEIGHT_LAYERS * drawn * drawn, MAX_WEIGHT_LAYERS * drawn
    for part in range(2):  # the parameters, then their gradient
        at = start + part * (weight_count + bias_count)
        for layer in range(depth):
            rows, columns = np.arange(widths[layer])[:, None], np.arange(widths[layer + 1])
            floats.append((at + layer * drawn * drawn + rows * drawn + columns).ravel())
            floats.append(at + weight_count + layer * drawn + columns)
    shades = [np.arange(planes * GRID * GRID)]
    start = MAX_PLANES * GRID * GRID
    shades.append(start + np.arange(depth * BINS))
    start += MAX_WEIGHT_LAYERS * BINS
    with_maps = depth if network.widths[-1] > 1 else depth - 1
    shades += [start + layer * drawn * cells + np.arange(widths[layer + 1] * cells) for layer in range(with_maps)]
    return np.concatenate(floats), np.concatenate(shades)


def frame_sizes(bucket: Bucket) -> tuple[int, int]:
    """How many numbers, and how many shades, a frame of ``bucket`` has."""
    drawn, cells = shown_units(bucket), SMALL * SMALL
    per_layer = len(LAYER_SCALARS) + drawn * len(UNIT_SCALARS) + 2 * (drawn * drawn + drawn)
    return SCALAR_COUNT + MAX_WEIGHT_LAYERS * per_layer, prod((MAX_PLANES, GRID, GRID)) + MAX_WEIGHT_LAYERS * (
        BINS + drawn * cells
    )
